"""Strangers' texts and links are shown as what they are, whatever they hold."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from flows.reports.texts import clean_text, markdown_text, safe_link


@given(st.text(max_size=400), st.integers(min_value=2, max_value=60))
def test_a_cleaned_text_is_one_bounded_line_without_hidden_characters(text: str, limit: int) -> None:
    cleaned = clean_text(text, limit)
    assert len(cleaned) <= limit
    assert cleaned == " ".join(cleaned.split())
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") for character in cleaned)


def test_direction_marks_towers_of_marks_and_length_are_tamed() -> None:
    assert clean_text("a\u202etxt.exe\u202c\x00b\u200b") == "atxt.exeb"
    assert len(clean_text("e" + "\u0301" * 50)) <= 3
    assert clean_text("word " * 3000, 20) == "word word word word…"


@given(st.text(alphabet=st.sampled_from("ab1 *_`[]()<>&#+-=.!|~\\:/@$%\"'w"), max_size=40))
def test_markdown_shows_exactly_the_characters_it_was_given(text: str) -> None:
    line = clean_text(text)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown_text(line))
    shown = [child for token in tokens for child in token.children or []]
    assert all(child.type in ("text", "text_special") for child in shown)
    assert "".join(child.content for child in shown) == line
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example/x",
        "https://user:secret@example.org/",
        "https://exa mple.org",
        "https://example.org/\n",
        "http://[::1",
        "https:/\\evil.example",
        "https://",
        "https://example.org/" + "a" * 3000,
    ],
)
def test_what_is_no_plain_web_address_becomes_no_link(url: str | None) -> None:
    assert safe_link(url) is None


def test_a_link_cannot_leave_its_attribute_or_its_brackets() -> None:
    assert safe_link('https://example.org/a?x="<b>&y=1') == "https://example.org/a?x=%22%3Cb%3E&y=1"
