"""Rows of an import file: documents, or one sentence."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.records import Document, Reject
from flows.import_columns import code_scheme, last_day, read_row, to_columns

TODAY = date(2025, 6, 1)
ROW: dict[str, Any] = {
    "source": "held",
    "kind": "paper",
    "id": "arxiv:2401.00001",
    "title": "A title",
    "abstract": "An abstract.",
    "published": date(2024, 2, 1),
}


def read(**changes: Any) -> Document:
    item = read_row({**ROW, **changes}, 1, TODAY)
    assert isinstance(item, Document), item
    return item


@pytest.mark.parametrize(
    ("change", "reason", "words"),
    [
        ({"kind": "preprint"}, "unknown_kind", "kind 'preprint'"),
        ({"published": "2024-02-30"}, "bad_date", "published '2024-02-30' is no date"),
        ({"published": "0000-01-01"}, "bad_date", "published"),
        ({"published": date(2031, 1, 1)}, "bad_date", "impossible"),
        ({"published": 20240201}, "wrong_type", "published holds int"),
        ({"title": "  "}, "no_title", "title is empty"),
        ({"id": None}, "no_id", "id is empty"),
        ({"abstract": ["a"]}, "wrong_type", "abstract holds list"),
        ({"authors": 3}, "wrong_type", "authors holds int"),
        ({"extras": "{"}, "wrong_type", "extras is not JSON"),
        ({"date_precision": "week"}, "bad_precision", "'week'"),
    ],
)
def test_a_row_that_is_no_document_says_why(change: dict[str, Any], reason: str, words: str) -> None:
    item = read_row({**ROW, **change}, 12, TODAY)
    assert isinstance(item, Reject)
    assert item.reason == reason
    assert item.detail.startswith("row 12: ")
    assert words in item.detail


def test_what_is_available_is_the_end_of_what_published_names() -> None:
    assert read(date_precision="month").available_on == date(2024, 2, 29)
    assert read(date_precision="year").available_on == date(2024, 12, 31)
    assert read(available_on="2024-03-05").available_on == date(2024, 3, 5)
    assert last_day(date(2024, 12, 3), "month") == date(2024, 12, 31)
    undated = read(published=None)
    assert (undated.published_on, undated.available_on) == (None, None)


def test_unknown_columns_are_kept_and_codes_know_their_scheme() -> None:
    document = read(impact="high", categories=["cs.LG", "G06F11/30", "H01L", "quant-ph", "ICRA"], published=datetime(2024, 2, 1, 9, 30))
    assert document.extras == {"impact": "high"}
    assert document.published_on == date(2024, 2, 1)
    assert [code.scheme for code in document.codes] == ["arxiv", "cpc", "cpc", "arxiv", "category"]
    assert code_scheme("task and motion planning") == "category"


def test_lists_in_csv_cells() -> None:
    document = read(authors="A. One; B. Two", categories='["cs.RO"]')
    assert [actor.name for actor in document.actors] == ["A. One", "B. Two"]
    assert document.codes[0].code == "cs.RO"


@given(
    st.fixed_dictionaries(
        {
            name: st.one_of(st.none(), st.text(), st.integers(), st.dates(), st.lists(st.text()))
            for name in (*ROW, "extras", "authors", "countries")
        }
    )
)
def test_no_row_raises(row: dict[str, Any]) -> None:
    assert isinstance(read_row(row, 1, TODAY), Document | Reject)


def test_what_parse_prints_can_be_imported_again() -> None:
    document = read(categories=["cs.LG"], authors=["A. One"], orgs=["An Institute"], extras={"doi": "10.1000/X"})
    again = read_row(json.loads(json.dumps(to_columns(document))), 1, TODAY)
    assert isinstance(again, Document)
    assert to_columns(again) == to_columns(document)
