from __future__ import annotations

import pytest

from crawlers.parsers.patent_codes import joined, symbol, us_class


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("G06F 15/16", "G06F15/16"),
        ("A61B005/00", "A61B5/00"),
        ("G06F 1516", "G06F15/16"),
        ("B60R  900", "B60R9/00"),
        ("A47J 2721", "A47J27/21"),
        ("C07D40112", "C07D401/12"),
        ("H01L 21 28", "H01L21/28"),
        ("odd one", "ODDONE"),
    ],
)
def test_symbols_have_one_spelling(written: str, one: str) -> None:
    assert symbol(written) == one


@pytest.mark.parametrize(
    ("written", "one"),
    [("709228", "709/228"), ("224 4207", "224/42.07"), ("600300000", "600/300"), ("705026000", "705/26"), ("D14138", "D14/138"), ("", "")],
)
def test_us_classes_are_read_by_column(written: str, one: str) -> None:
    assert us_class(written) == one


def test_five_parts_make_a_symbol_and_a_broken_subclass_none() -> None:
    assert joined("G", "06", "F", "15", "16") == "G06F15/16"
    assert joined("G", "06", "F", "", "") == "G06F"
    assert joined("G", "", "F", "15", "16") == ""
