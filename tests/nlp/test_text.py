"""Clean text, its language, names that compare equal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.text import clean, language, normalise_name


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<jats:p>H<sub>2</sub>O &amp;amp; <i>more</i></jats:p>", "H2O & more"),
        ("if a <b and c> d", "if a <b and c> d"),
        (r"MoS$_2$ at $T_c=90$ K, YBa$_2$Cu$_3$O$_{7-\delta}$", "MoS2 at Tc=90 K, YBa2Cu3O7-δ"),
        (r"Schr\"odinger, Erd\H{o}s, na\"{\i}ve Fran\c{c}ois", "Schrödinger, Erdős, naïve François"),
        ("raised $5 million and $10 million", "raised $5 million and $10 million"),
        ("\u202eab\u200bc\x00\ud800 \ufb01ne™", "abc fine"),
        ("脑机接口（ＢＣＩ），新进展", "脑机接口（BCI），新进展"),
        (" \n\t ", ""),
    ],
)
def test_clean_keeps_what_is_read_and_nothing_else(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@given(st.text(alphabet=st.sampled_from(list("ab<>&;/$\\{}_^'\"é中，　\u200b\ud800xp=1")), max_size=40))
def test_cleaning_again_changes_nothing_and_the_result_can_be_stored(raw: str) -> None:
    once = clean(raw)
    once.encode("utf-8")
    assert clean(once) == once


@pytest.mark.parametrize(
    ("title", "abstract", "stated", "expected"),
    [
        ("脑机接口", "", None, "zh"),
        ("6G 网络", "", "en", "zh"),
        ("Deep learning for images", "", "zh", "en"),  # a translated record keeps the label of its original
        ("GaN HEMT", "", None, "en"),
        ("量子コンピュータの研究", "", None, "ja"),
        ("Über die Quantenmechanik der Atome und Moleküle in starken Feldern", "", None, "de"),
        ("Procede de commande d'un drone a voilure tournante", "", "fr", "fr"),
        ("Биологически активная добавка", "", None, "ru"),
        ("2024", "", None, "und"),
    ],
)
def test_language(title: str, abstract: str, stated: str | None, expected: str) -> None:
    assert language(title, abstract, stated) == expected


@pytest.mark.parametrize(
    "spellings",
    [
        ("Müller, Jörg", "Jörg Müller", "JORG MULLER"),
        ("Samsung Electronics Co., Ltd.", "SAMSUNG ELECTRONICS CO LTD", "Samsung Electronics"),
        ("I.B.M. Corp.", "IBM"),
        ("华为技术有限公司", "华为技术"),
        ("The Boeing Company", "Boeing"),
    ],
)
def test_spellings_of_one_name_share_a_key(spellings: tuple[str, ...]) -> None:
    assert len({normalise_name(spelling) for spelling in spellings}) == 1


def test_different_names_keep_different_keys() -> None:
    names = ["University of California, Berkeley", "University of California, Davis", "Siemens AG", "Siemens Energy", "张三", "李四"]
    assert len({normalise_name(name) for name in names}) == len(names)
