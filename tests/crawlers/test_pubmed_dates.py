from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.parsers.pubmed_dates import dates_of, read_phrase
from crawlers.parsers.xml_reading import child, read_xml

HISTORY = (
    "<History><PubMedPubDate PubStatus='entrez'><Year>{0}</Year><Month>{1}</Month><Day>{2}</Day></PubMedPubDate>"
    "<PubMedPubDate PubStatus='accepted'><Year>1999</Year><Month>1</Month><Day>1</Day></PubMedPubDate></History>"
)


@pytest.mark.parametrize(
    ("phrase", "first", "precision", "last"),
    [
        ("1998 Dec-1999 Jan", "1998-12-01", "month", "1999-01-31"),
        ("2000 Nov-Dec", "2000-11-01", "month", "2000-12-31"),
        ("1999 Jul 15-30", "1999-07-15", "day", "1999-07-30"),
        ("2001 Mar 30-Apr 2", "2001-03-30", "day", "2001-04-02"),
        ("1978-1979", "1978-01-01", "year", "1979-12-31"),
        ("2000 Spring", "2000-01-01", "year", "2000-12-31"),
        ("2000 Spring-Summer", "2000-01-01", "year", "2000-12-31"),
        ("Dec-Jan 1999", "1999-12-01", "month", "1999-12-31"),
        ("1983 1st Quart", "1983-01-01", "year", "1983-12-31"),
        ("2004 Aug/Sep", "2004-08-01", "month", "2004-09-30"),
    ],
)
def test_a_medline_date_is_a_period(phrase: str, first: str, precision: str, last: str) -> None:
    period = read_phrase(phrase)
    assert period is not None
    assert (str(period.first.on), period.first.precision, str(period.last_on)) == (first, precision, last)


@given(st.text(alphabet="0123456789 -/JanFebDecSpring", max_size=40))
def test_any_phrase_is_a_period_in_order_or_none(phrase: str) -> None:
    period = read_phrase(phrase)
    assert period is None or period.first.on <= period.last_on


def record(issue: str, history: tuple[int, int, int]) -> tuple[str | None, str | None]:
    root = read_xml(f"<A><PubDate>{issue}</PubDate><PubmedData>{HISTORY.format(*history)}</PubmedData></A>".encode())
    dates = dates_of(root, child(root, "PubDate"))
    published = dates.published.on if dates.published else None
    return str(published), str(dates.available_on)


def test_a_record_is_public_when_it_is_entered_though_its_issue_comes_later() -> None:
    assert record("<Year>2024</Year><Month>Nov</Month>", (2024, 8, 4)) == ("2024-11-01", "2024-08-04")


def test_the_day_of_entry_is_no_public_day_where_it_is_a_copy_of_the_issue() -> None:
    before_pubmed, added_later = (1987, 3, 2), (2005, 1, 1)
    assert record("<Year>1987</Year>", before_pubmed) == ("1987-01-01", str(date(1987, 12, 31)))
    assert record("<Year>2005</Year>", added_later) == ("2005-01-01", str(date(2005, 12, 31)))
