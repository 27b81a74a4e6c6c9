"""Titles and abstracts as a reader sees them, whatever markup a publisher left in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.parsers.markup import clean_abstract, clean_title
from crawlers.parsers.title_marks import state_in_title

MATH = (
    "<jats:inline-formula><jats:alternatives><jats:tex-math>\\documentclass{minimal}$$\\sigma$$</jats:tex-math>"
    "<mml:math><mml:mi>σ</mml:mi></mml:math></jats:alternatives></jats:inline-formula>"
)


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        (None, ""),
        ("<jats:title>Abstract</jats:title><jats:p>Cells fade.</jats:p>", "Cells fade."),
        ("<title>Summary.</title><p>Cells fade.</p>", "Cells fade."),
        ("<jats:sec><jats:title>Aim</jats:title><jats:p>A.</jats:p></jats:sec><jats:title>Results:</jats:title>B.", "Aim: A. Results: B."),
        ("<h4>Background</h4>A <i>E. coli</i>.<h4>Methods</h4>B.", "Background: A E. coli. Methods: B."),
        ("Heat &amp;amp; light, p &lt; 0.05, R&amp;amp;D", "Heat & light, p < 0.05, R&D"),
        ("&lt;jats:p&gt;Twice &amp;lt;i&amp;gt;escaped&amp;lt;/i&amp;gt;.&lt;/jats:p&gt;", "Twice escaped."),
        ("CO<jats:sub>2</jats:sub> and H<sub>2</sub>O", "CO2 and H2O"),
        (f"at {MATH} S/m", "at σ S/m"),
        ("<jats:tex-math>\\begin{document}$$x_2$$\\end{document}</jats:tex-math> holds", "x_2 holds"),
        ("<mml:math><mml:mi>x</mml:mi><mml:annotation>x</mml:annotation></mml:math>!", "x!"),
        ("Abstract: a motor", "a motor"),
        ("Abstract interpretation of programs", "Abstract interpretation of programs"),
        ("Vec<T> holds a<b, and x < y", "Vec<T> holds a<b, and x < y"),
        ("<jats:p>Never closed <jats:title>Abs", "Never closed Abs"),
    ],
)
def test_what_a_reader_sees(markup: str | None, seen: str) -> None:
    assert clean_abstract(markup) == seen


def test_a_title_keeps_the_word_abstract() -> None:
    assert clean_title("Abstract: a <b>painting</b>") == "Abstract: a painting"


@given(st.text(alphabet="<>/&;:$ jatsmlpith1é", max_size=80))
def test_any_text_gives_one_clean_line(markup: str) -> None:
    seen = clean_abstract(markup)
    assert seen == " ".join(seen.split())


@pytest.mark.parametrize(
    ("title", "state"),
    [
        ("RETRACTED: Cold fusion in a teapot", "retracted"),
        ("RETRACTED ARTICLE: Cold fusion", "retracted"),
        ("[Retracted] Cold fusion", "retracted"),
        ("Cold fusion (Retracted article. See vol. 3, pg 2, 2031)", "retracted"),
        ("撤稿：茶壶中的冷聚变", "retracted"),
        ("WITHDRAWN: A motor without heat", "withdrawn"),
        ("TEMPORARY REMOVAL: A motor", "live"),
        ("Withdrawn - A motor", "withdrawn"),
        ("Retraction: Cold fusion in a teapot", "live"),
        ("Retraction notice to: Cold fusion", "live"),
        ("Retracted papers in medicine: a survey", "live"),
        ("Why drugs are withdrawn: a survey", "live"),
    ],
)
def test_the_mark_before_a_title_says_whether_the_work_stands(title: str, state: str) -> None:
    assert state_in_title(title) == state
