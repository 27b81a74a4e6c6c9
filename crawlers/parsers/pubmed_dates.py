"""The dates of a PubMed record: the issue's, which may be a phrase, the electronic one, and the history.

Elements and their meaning: nlm.nih.gov/bsd/licensee/elements_article_source.html and the DTD at dtd.nlm.nih.gov/ncbi/pubmed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawlers.dates import DatePoint, read_date
from crawlers.parsers.xml_reading import child, children, text

# What a reader outside could see; received, accepted and medline say when somebody worked on it.
_PUBLIC = frozenset({"entrez", "pubmed", "epublish", "ppublish", "aheadofprint", "ecollection", "pmc-release"})
_OPENED_ON = date(1997, 6, 26)  # before this day PubMed was not public: earlier days of its history are copies of the issue's date
_MONTHS = dict(zip(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), range(1, 13), strict=True))
_NUMBER = re.compile(r"\d{1,2}")
_TOKEN = re.compile(r"(?P<year>\d{4})|(?P<month>[A-Za-z]+)|(?P<day>\d{1,2})(?!\w)")


@dataclass(frozen=True, slots=True)
class Period:
    """When an issue appeared: its first day with how finely it is known, its last day, and how the record writes it."""

    first: DatePoint
    last_on: date
    raw: str


@dataclass(frozen=True, slots=True)
class RecordDates:
    """The dates of one record. `said` holds each one the record states, by its name, as `YYYY[-MM[-DD]]` or as it is written."""

    published: DatePoint | None
    available_on: date | None
    said: dict[str, str]


def read_point(node: Any) -> DatePoint | None:
    """Return the date in an element with Year, Month ('8', '08' or 'Aug') and Day; None where it has no possible year."""
    year, month, day = (text(child(node, name)) for name in ("Year", "Month", "Day"))
    number = _MONTHS.get(month[:3].lower()) or (int(month) if _NUMBER.fullmatch(month) else None)
    return _point(year, number, day)


def read_issue(node: Any) -> Period | None:
    """Return the period in a PubDate, be it in parts or one MedlineDate; a season says no more than its year."""
    if phrase := text(child(node, "MedlineDate")):
        return read_phrase(phrase)
    point = read_point(node)
    if point is None:
        return None
    raw = " ".join(part for part in (text(child(node, name)) for name in ("Year", "Season", "Month", "Day")) if part)
    return Period(point, point.last_on, raw)


def read_phrase(phrase: str) -> Period | None:
    """Return the period of a MedlineDate: '1998 Dec-1999 Jan', '2000 Nov-Dec', '1999 Jul 15-30', '2000 Spring', '1978-1979'."""
    start, _, end = phrase[:100].replace("/", "-").partition("-")
    begins = _half(start, _half(phrase[:100], {}))
    first = _point_of(begins)
    if first is None:
        return None
    last = _point_of(_half(end, begins)) or first
    return Period(first, max(first.last_on, last.last_on), phrase)


def _half(phrase: str, before: dict[str, str]) -> dict[str, str]:
    """Return the year, month and day that one half of a phrase names; the greater ones it leaves out it has from `before`."""
    own: dict[str, str] = {}
    for match in _TOKEN.finditer(phrase):
        kind = str(match.lastgroup)
        if kind != "month" or match[0][:3].lower() in _MONTHS:
            own.setdefault(kind, match[0])
    if not own or "year" in own:
        return own
    kept = ("year",) if "month" in own else ("year", "month")
    return {**{kind: before[kind] for kind in kept if kind in before}, **own}


def _point_of(parts: dict[str, str]) -> DatePoint | None:
    return _point(parts.get("year", ""), _MONTHS.get(parts.get("month", "")[:3].lower()), parts.get("day", ""))


def _point(year: str, month: int | None, day: str) -> DatePoint | None:
    if month is None or not 1 <= month <= 12:
        return read_date(year)
    whole = read_date(f"{year}-{month}-{day}") if _NUMBER.fullmatch(day) else None
    return whole or read_date(f"{year}-{month}")


def dates_of(record: Any, issue: Any, *electronic: Any) -> RecordDates:
    """Return the dates of `record`: `issue` is its PubDate, `electronic` the elements that say when it went online.

    Published is the first of them all. Available is the first day that is certain: the last of the issue's period, the day online,
    or a public day of PubMed's history.
    """
    period = read_issue(issue) if issue is not None else None
    online = [point for node in electronic if node is not None and (point := read_point(node))]
    said = {"issue": period.raw} if period else {}
    if online:
        said["electronic"] = _written(online[0])
    public = [point.last_on for point in online] + ([period.last_on] if period else [])
    history = child(record, "PubmedData", "History")
    for node in children(history if history is not None else child(record, "PubmedBookData", "History"), "PubMedPubDate"):
        point, status = read_point(node), node.get("PubStatus", "")
        if point is None:
            continue
        said.setdefault(status, _written(point))
        # A record added years later has the first day of its issue as the day it was entered.
        is_copied = period is not None and period.first.precision != "day" and point.on == period.first.on
        if status in _PUBLIC and point.on >= _OPENED_ON and not is_copied:
            public.append(point.last_on)
    if revised := read_point(child(record, "MedlineCitation", "DateRevised")):
        said["revised"] = _written(revised)
    points = [(point.last_on, point) for point in online] + ([(period.last_on, period.first)] if period else [])
    published = min(points, key=lambda one: one[0])[1] if points else None  # by last days: a day says more than the year around it
    return RecordDates(published, min(public, default=None), said)


def _written(point: DatePoint) -> str:
    return point.on.isoformat()[: {"year": 4, "month": 7, "day": 10}[point.precision]]
