from __future__ import annotations

from datetime import date

import pytest

from crawlers.dates import DatePoint
from crawlers.parsers.arxiv_oai import bare_id, code_of_set, first_published, split_authors


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("oai:arXiv.org:1008.3222", "1008.3222"),
        ("oai:arXiv.org:hep-th/0703166", "hep-th/0703166"),
        ("2405.00017v12", "2405.00017"),
        ("http://arxiv.org/abs/math.GT/0309136v1", "math.GT/0309136"),
        ("", ""),
    ],
)
def test_ids_lose_prefix_and_version(written: str, bare: str) -> None:
    assert bare_id(written) == bare


def test_created_of_a_revision_gives_way_to_the_month_of_the_id() -> None:
    assert first_published("0806.4129", DatePoint(date(2014, 12, 12))) == DatePoint(date(2008, 6, 1), "month")
    assert first_published("2405.00017", DatePoint(date(2024, 4, 30))) == DatePoint(date(2024, 4, 30))
    assert first_published("q-bio/0310041", DatePoint(date(2003, 11, 1))) == DatePoint(date(2003, 11, 1))
    assert first_published("icra2000:845135", DatePoint(date(2000, 5, 1))) == DatePoint(date(2000, 5, 1))
    assert first_published("0806.4129", None) is None


def test_places_in_brackets_are_no_authors() -> None:
    line = "A. Csiszar (1, 2), F. Hiai and D. Petz (2 and 3) ((1) Budapest, Hungary, (2) Sendai)"
    assert split_authors(line) == ["A. Csiszar", "F. Hiai", "D. Petz"]
    assert split_authors("") == []


def test_sets_name_categories() -> None:
    assert [code_of_set(name) for name in ("cs:cs:LG", "physics:hep-th", "physics:physics:optics", "math")] == [
        "cs.LG",
        "hep-th",
        "physics.optics",
        "",
    ]
