"""Dates as records write them, without guessing: an order of day and month that is not certain is no date. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from crawlers.records import Precision

EARLIEST_YEAR = 1790  # the first United States patent
LATEST_YEAR = 2100

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?!\d)")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?$")
_YEAR = re.compile(r"(\d{4})年?$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_GMT_OFFSET = re.compile(r"\b(?:GMT|UTC)([+-])(\d{1,2})(?::?(\d{2}))?$")


@dataclass(frozen=True, slots=True)
class DatePoint:
    """A day, with how finely the record states it. A month or a year is given by its first day; `last_on` is its last."""

    on: date
    precision: Precision = "day"

    @property
    def last_on(self) -> date:
        """The last day of the period: the first day on which the public certainly knew."""
        if self.precision == "year":
            return date(self.on.year, 12, 31)
        if self.precision == "month":
            return self.on.replace(day=monthrange(self.on.year, self.on.month)[1])
        return self.on


def read_date(text: str | None) -> DatePoint | None:
    """Return the date in `text`, or None when there is none, it is impossible, or its day and month could be swapped.

    Understands ISO 8601 (whole or shortened), year-first dates as in China and Japan, YYYYMMDD, and RFC 822 with the
    common misspellings. An instant with a time zone becomes its day in UTC.
    """
    text = (text or "").strip()
    if not text or len(text) > 100:
        return None
    return _read_iso(text) or _read_year_first(text) or _read_rfc822(text)


def _possible(year: int, month: int = 1, day: int = 1, precision: Precision = "day") -> DatePoint | None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        return DatePoint(date(year, month, day), precision)
    except ValueError:
        return None


def _utc_day(moment: datetime) -> DatePoint | None:
    if not EARLIEST_YEAR < moment.year <= LATEST_YEAR:
        return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return DatePoint(moment.date())


def _read_iso(text: str) -> DatePoint | None:
    if len(text) < len("2024-01-01T00") or text[4] != "-":
        return None
    try:
        return _utc_day(datetime.fromisoformat(text))
    except ValueError:
        return None


def _read_year_first(text: str) -> DatePoint | None:
    if match := _COMPACT.match(text):
        year, month, day = (int(part) for part in match.groups())
        if month and not day:  # the patent offices write 19761100 for "November 1976"
            return _possible(year, month, 1, "month")
        return _possible(year, month, day)
    if match := _DAY.match(text):
        year, month, day = (int(part) for part in match.groups())
        return _possible(year, month, day)
    if match := _MONTH.match(text):
        return _possible(int(match[1]), int(match[2]), 1, "month")
    if match := _YEAR.match(text):
        return _possible(int(match[1]), 1, 1, "year")
    return None


def _read_rfc822(text: str) -> DatePoint | None:
    if not re.search("[A-Za-z]{3}", text):
        return None  # only digits: 01/02/2020 could be either month
    repaired = re.sub(r",(?=\S)", ", ", text)
    repaired = _GMT_OFFSET.sub(lambda m: f"{m[1]}{int(m[2]):02d}{m[3] or '00'}", repaired)
    repaired = re.sub(r"\b(\d{1,2}):(\d{1,2}):(\d{1,2})\b", lambda m: ":".join(f"{int(p):02d}" for p in m.groups()), repaired)
    try:
        return _utc_day(parsedate_to_datetime(repaired))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
