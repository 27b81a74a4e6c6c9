"""The dates of a Europe PMC record (europepmc.org/docs/EBI_Europe_PMC_Web_Service_Reference.pdf, fields of the core format).

A printed issue known by its month has `printPublicationDate` on the first of it, so only `dateOfPublication` ('2021 Jun') tells
how fine the date is. For a patent `firstPublicationDate` often repeats the day of filing or of priority, on which nobody outside
knew of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from crawlers.dates import DatePoint, read_date
from crawlers.parsers.json_reading import text_at, value_at

_TOP = (
    "firstPublicationDate",
    "electronicPublicationDate",
    "dateOfCreation",
    "dateOfCompletion",
    "dateOfRevision",
    "firstIndexDate",
    "fullTextReceivedDate",
    "embargoDate",
)
_ISSUE = ("printPublicationDate", "dateOfPublication")
_DAY_SAID = re.compile(r"\d{4}\s+[A-Za-z]{3,}\s+\d{1,2}\b(?!\s*-)")
_MONTH_SAID = re.compile(r"\d{4}\s+[A-Za-z]{3}")


@dataclass(frozen=True, slots=True)
class RecordDates:
    """`published` is what the record says of the work; `available_on` the first day anybody could know of it; `said` all of them."""

    published: DatePoint | None
    available_on: date | None
    updated_on: date | None
    said: dict[str, str]


def read_dates(record: dict[str, Any]) -> RecordDates:
    """Return the dates of one record."""
    said = {name: text_at(record, name) for name in _TOP}
    said |= {name: text_at(record, "journalInfo", name) for name in _ISSUE}
    said |= {name: text_at(record, "patentDetails", "application", name) for name in ("applicationDate",)}
    said["pubYear"] = text_at(record, "pubYear") or text_at(record, "journalInfo", "yearOfPublication")
    published = _published(said)
    indexed = read_date(said["firstIndexDate"])
    public = [point.last_on for point in (published, read_date(said["electronicPublicationDate"]), indexed) if point]
    revised = read_date(said["dateOfRevision"])
    return RecordDates(
        published=published,
        available_on=min(public) if public else None,
        updated_on=revised.on if revised else None,
        said={name: value for name, value in said.items() if value},
    )


def earliest_priority(record: dict[str, Any]) -> str:
    """Return the earliest priority day of a patent as it is written, '' for none."""
    priorities = value_at(record, "patentDetails", "priorityList", "priority")
    days = [text_at(one, "priorityDate") for one in (priorities if isinstance(priorities, list) else [priorities])]
    return min((day for day in days if read_date(day)), default="")


def _published(said: dict[str, str]) -> DatePoint | None:
    first = said["firstPublicationDate"]
    filed = read_date(said["applicationDate"])
    if (point := read_date(first)) is not None and filed and point.on <= filed.on:
        return None
    if point is not None:
        return _as_fine_as_said(point, said)
    for name in ("electronicPublicationDate", "printPublicationDate"):
        if (point := read_date(said[name])) is not None:
            return _as_fine_as_said(point, said)
    return None if said["applicationDate"] else read_date(said["pubYear"])


def _as_fine_as_said(point: DatePoint, said: dict[str, str]) -> DatePoint:
    is_of_issue = point == read_date(said["printPublicationDate"]) and point != read_date(said["electronicPublicationDate"])
    if not is_of_issue or point.on.day != 1 or _DAY_SAID.match(said["dateOfPublication"]):
        return point
    if _MONTH_SAID.match(said["dateOfPublication"]):
        return replace(point, precision="month")
    is_year = bool(said["dateOfPublication"]) and point.on.month == 1
    return replace(point, precision="year" if is_year else "month")
