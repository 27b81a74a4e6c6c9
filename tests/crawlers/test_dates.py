from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.dates import DatePoint, read_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-29", "2024-02-29"),
        ("2024-02-29T23:30:00Z", "2024-02-29"),
        ("2024-03-01T00:30:00+08:00", "2024-02-29"),
        ("20240229", "2024-02-29"),
        ("2024/3/1 08:00", "2024-03-01"),
        ("2024年3月1日 21:27", "2024-03-01"),
        ("Sun, 01 Apr 2007 16:37:36 GMT", "2007-04-01"),
        ("Thu, 01 Aug 2019 16:15 EDT", "2019-08-01"),
        ("Thu, 07 Dec 17 10:00:29 -0800", "2017-12-07"),
        ("Thu,28 Jul 2022 4:35:5 GMT+9", "2022-07-27"),
        ("19020107", "1902-01-07"),
    ],
)
def test_dates_people_write(text: str, day: str) -> None:
    assert read_date(text) == DatePoint(date.fromisoformat(day))


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "03/04/2022",
        "3.4.2022",
        "2023-02-29",
        "20190332",
        "0000-01-01",
        "9999-01-01",
        "soon",
        "1518478934",
        "Mon, 99 Foo 2020",
        "2020-13-01",
    ],
)
def test_what_is_impossible_or_could_be_read_two_ways_is_no_date(text: str | None) -> None:
    assert read_date(text) is None


def test_a_month_or_a_year_becomes_public_on_its_last_day() -> None:
    month, year, padded = read_date("2024-02"), read_date("2024"), read_date("19761100")
    assert (month, year, padded) == (
        DatePoint(date(2024, 2, 1), "month"),
        DatePoint(date(2024, 1, 1), "year"),
        DatePoint(date(1976, 11, 1), "month"),
    )
    assert [point.last_on.isoformat() for point in (month, year, padded) if point] == ["2024-02-29", "2024-12-31", "1976-11-30"]


@given(st.dates(date(1800, 1, 1), date(2100, 12, 31)))
def test_iso_days_survive(day: date) -> None:
    assert read_date(day.isoformat()) == DatePoint(day)


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    read_date(text)
