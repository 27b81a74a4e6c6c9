from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.text import fold, plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a &amp;amp; b", "a & b"),
        ("&amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt;", "bold"),
        ("<p>One.</p><p>Two</p>", "One. Two"),
        ("H<sub>2</sub>O", "H2O"),
        ("<script>alert(1)</script>safe", "safe"),
        ("Vec<T> in depth, 5 < 6", "Vec<T> in depth, 5 < 6"),
        ("<b>Vec<T></b>", "Vec<T>"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("zero\u200bwidth \u202eodd\x1b\x00 \ud800end", "zerowidth odd end"),
        (None, ""),
    ],
)
def test_what_a_reader_sees(markup: str | None, text: str) -> None:
    assert plain(markup) == text


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    fold(text).encode()
