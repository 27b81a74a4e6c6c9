"""One date as a page writes it: with or without zone, in words or numbers, or told from now ("3 小时前"). Pure.

The day is the one the page writes, in its own zone. A time without zone is one of the page's country, where the language tells the
country (PubDate without zone: Asia/Shanghai); the instant then says when the public could know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from crawlers.dates import EARLIEST_YEAR, LATEST_YEAR, DatePoint, read_date

_OFFSET_HOURS = {"zh": 8, "ja": 9, "ko": 9}  # languages of one zone; none of them has summer time
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)\s?日?(?:[\sT-]{0,3}(\d{1,2})[:：时](\d{2})(?!\d)(?:[:：分]?(\d{2})(?!\d))?)?"
)
_ZONED = re.compile(r"\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})")
_DAY_FIRST = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d{2}|\d{2})(?![\d.])")  # dots: never month first
_MONTHS = {  # beginnings of the names in English, German, French, Spanish, Portuguese, Italian and Dutch
    "jan": 1, "ene": 1, "gen": 1, "fév": 2, "fev": 2, "feb": 2, "mar": 3, "mär": 3, "maa": 3, "apr": 4, "avr": 4, "abr": 4,
    "mai": 5, "may": 5, "mag": 5, "mei": 5, "juin": 6, "jun": 6, "giu": 6, "juil": 7, "jul": 7, "lug": 7, "aug": 8, "aoû": 8, "ago": 8,
    "sep": 9, "set": 9, "oct": 10, "okt": 10, "out": 10, "ott": 10, "nov": 11, "dec": 12, "dez": 12, "déc": 12, "dic": 12,
}  # fmt: skip
_MONTH_NAME = rf"({'|'.join(_MONTHS)})[^\W\d_]{{0,7}}\.?"
_MONTH_DAY = re.compile(rf"\b{_MONTH_NAME}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d{{2}})\b", re.IGNORECASE)
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?{_MONTH_NAME},?\s+(?:de\s+)?((?:19|20)\d{{2}})\b", re.IGNORECASE
)
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?$")
_AGO = re.compile(
    r"(\d{1,3})\s?(?:个)?(秒钟|秒|分钟|分|小时|天|日|周|星期|second|minute|min|hour|hr|day|week)s?\s?(?:之前|以前|前|ago\b)", re.IGNORECASE
)
_UNIT_HOURS = {
    "秒": 0, "秒钟": 0, "分": 1 / 60, "分钟": 1 / 60, "小时": 1, "天": 24, "日": 24, "周": 168, "星期": 168,
    "second": 0, "minute": 1 / 60, "min": 1 / 60, "hour": 1, "hr": 1, "day": 24, "week": 168,
}  # fmt: skip
_NAMED_DAYS = (
    ("大前天", 3), ("前天", 2), ("昨天", 1), ("昨日", 1), ("今天", 0), ("今日", 0), ("刚刚", 0), ("yesterday", 1), ("just now", 0),
)  # fmt: skip
_LONGEST = 160
_LONGEST_RELATIVE = 30


@dataclass(frozen=True, slots=True)
class Clock:
    """What a date without zone or year is told from: hours east of UTC (None: unknown) and the time of the response."""

    offset_hours: int | None = None
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A date as it was told: the day in the page's own zone, and the instant where one was stated."""

    point: DatePoint
    at: datetime | None = None

    @property
    def available_on(self) -> date:
        """The first day, in UTC, on which the public certainly knew; never before the day the page writes."""
        return max(self.point.last_on, self.at.astimezone(UTC).date()) if self.at else self.point.last_on


def clock_for(lang: str | None, fetched_at: datetime | None) -> Clock:
    """Return the clock of pages in a language."""
    return Clock(_OFFSET_HOURS.get(lang or ""), fetched_at)


def read_day(said: str | None, clock: Clock) -> Told | None:
    """Return the date a text states; None where it states none for certain (01/02/2020 could be two days)."""
    text = (said or "").strip()
    if not text or len(text) > _LONGEST:
        return None
    if match := _EPOCH.fullmatch(text):
        return _instant(datetime.fromtimestamp(int(match[1]), UTC))
    if not _ZONED.search(text) and (match := _YEAR_FIRST.match(text)):
        return _local(match, clock)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if moment.tzinfo is not None:
            return _instant(moment)
    point = read_date(text)
    return Told(point) if point else find_day(text, clock)


def find_day(text: str, clock: Clock) -> Told | None:
    """Return the first date told anywhere in a short text, absolute before relative."""
    text = text[:_LONGEST]
    if match := _YEAR_FIRST.search(text):
        return _local(match, clock)
    if match := _DAY_FIRST.search(text):
        year = int(match[3]) if len(match[3]) == 4 else 2000 + int(match[3])
        return _day(year, int(match[2]), int(match[1]))
    if match := _MONTH_DAY.search(text):
        return _day(int(match[3]), _MONTHS[match[1].lower()], int(match[2]))
    if match := _DAY_MONTH.search(text):
        return _day(int(match[3]), _MONTHS[match[2].lower()], int(match[1]))
    return _relative(text, clock)


def _day(year: int, month: int, day: int) -> Told | None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        return Told(DatePoint(date(year, month, day)))
    except ValueError:
        return None


def _instant(moment: datetime) -> Told | None:
    """An instant at the very edges of the calendar has no day in UTC and is none a page could mean."""
    return Told(DatePoint(moment.date()), moment) if EARLIEST_YEAR <= moment.year <= LATEST_YEAR else None


def _local(match: re.Match[str], clock: Clock) -> Told | None:
    year, month, day = (int(part) for part in match.group(1, 2, 3))
    if match[4] is None or clock.offset_hours is None:
        return _day(year, month, day)
    zone = timezone(timedelta(hours=clock.offset_hours))
    try:
        return _instant(datetime(year, month, day, int(match[4]), int(match[5]), int(match[6] or 0), tzinfo=zone))
    except ValueError:
        return _day(year, month, day)


def _relative(text: str, clock: Clock) -> Told | None:
    """Only where little else is said: "今天" inside a sentence dates nothing."""
    if clock.fetched_at is None or len(text) > _LONGEST_RELATIVE:
        return None
    now = clock.fetched_at.astimezone(timezone(timedelta(hours=clock.offset_hours or 0)))
    if match := _AGO.search(text):
        return _instant(now - timedelta(hours=int(match[1]) * _UNIT_HOURS[match[2].lower()]))
    days = next((count for name, count in _NAMED_DAYS if text.lower().startswith(name)), None)
    # Whoever writes "yesterday" means the day before in the page's own zone.
    return Told(DatePoint((now - timedelta(days=days)).date())) if days is not None else None
