"""ISO weeks as a report names them: `2026-W47`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_PATTERN = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)


class WeekError(ValueError):
    """A week that cannot be read; the message is one sentence for the person who typed it."""


@dataclass(frozen=True, slots=True, order=True)
class IsoWeek:
    """One ISO 8601 week, Monday to Sunday; `year` is the ISO year, which may differ from the calendar year at its edges."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @property
    def first_on(self) -> date:
        """Its Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def last_on(self) -> date:
        """Its Sunday."""
        return date.fromisocalendar(self.year, self.number, 7)

    def previous(self) -> IsoWeek:
        """The week before."""
        return week_of(self.first_on - timedelta(days=7))


def week_of(day: date) -> IsoWeek:
    """The ISO week that holds `day`."""
    year, number, _ = day.isocalendar()
    return IsoWeek(year, number)


def parse_week(text: str) -> IsoWeek:
    """Read `2026-W47`.

    Raises WeekError with one sentence when the form is another or the year has no such week.
    """
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise WeekError(f"A week is written like 2026-W47, not {text.strip()[:40]!r}.")
    year, number = int(match[1]), int(match[2])
    try:
        date.fromisocalendar(year, number, 7)
    except ValueError:
        raise WeekError(f"The year {year} has no week {number}.") from None
    return IsoWeek(year, number)
