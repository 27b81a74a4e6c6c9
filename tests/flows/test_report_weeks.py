"""Weeks are ISO weeks, also at the edges of a year."""

from __future__ import annotations

from datetime import date

import pytest

from flows.reports.weeks import IsoWeek, WeekError, parse_week, week_of


def test_a_week_is_read_and_written_alike() -> None:
    week = parse_week("2026-W47")
    assert (str(week), week.first_on, week.last_on) == ("2026-W47", date(2026, 11, 16), date(2026, 11, 22))


def test_the_year_of_a_week_is_that_of_its_thursday() -> None:
    assert week_of(date(2027, 1, 1)) == IsoWeek(2026, 53)
    assert IsoWeek(2027, 1).previous() == IsoWeek(2026, 53)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-47", "A week is written like 2026-W47, not '2026-47'."),
        ("", "A week is written like 2026-W47, not ''."),
        ("２０２６-W47", "A week is written like 2026-W47, not '２０２６-W47'."),
        ("2025-W53", "The year 2025 has no week 53."),
        ("2026-W00", "The year 2026 has no week 0."),
        ("0000-W01", "The year 0 has no week 1."),
    ],
)
def test_what_is_no_week_is_refused_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(WeekError, match=r"^[^\n]+$") as caught:
        parse_week(text)
    assert str(caught.value) == sentence
