"""The dates of a Crossref record. Each is `date-parts` of one to three numbers, or of null; none is mixed with another.

Meaning of the fields: github.com/CrossRef/rest-api-doc, api_format.md. `issued` is the earlier of print and online, `created` the
day the DOI was registered and the record became public, `deposited` the day the publisher last sent the record.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawlers.dates import DatePoint, read_date
from crawlers.parsers.json_reading import list_at, text_at, value_at, whole_at

_PUBLISHED = ("issued", "published", "published-online", "published-print", "posted", "published-other")
_PUBLIC = (*_PUBLISHED, "created")
_OTHERS = ("accepted", "approved", "content-created", "content-updated")
_DAY_PARTS = 3


@dataclass(frozen=True, slots=True)
class WorkDates:
    """`published` is what the record says of the work; `available_on` the first day anybody could know of it; `said` all of them."""

    published: DatePoint | None
    available_on: date | None
    updated_on: date | None
    said: dict[str, str]


def read_dates(work: dict[str, Any]) -> WorkDates:
    """Return the dates of one work. A publication in the future is published then, and available since its DOI was registered."""
    points = {name: read_point(work.get(name)) for name in (*_PUBLIC, *_OTHERS, "deposited")}
    public = [point.last_on for name in _PUBLIC if (point := points[name])]
    deposited = points["deposited"]
    return WorkDates(
        published=next((point for name in _PUBLISHED if (point := points[name])), None),
        available_on=min(public) if public else None,
        updated_on=deposited.on if deposited else None,
        said={name: said for name in points if (said := _said(work.get(name)))},
    )


def read_point(value: Any) -> DatePoint | None:
    """Return the day, month or year in `{"date-parts": [[2012, 3]]}`; None for [[null]], an impossible date, any other shape."""
    parts = _parts(value)
    point = read_date("-".join(map(str, parts))) if parts else None
    return point or read_date(text_at(value, "date-time"))


def _parts(value: Any) -> list[int]:
    first = value_at(value, "date-parts", 0)
    inner = first if isinstance(first, list) else list_at(value, "date-parts")  # [[2012, 3]], seldom [2012, 3]
    parts: list[int] = []
    for position in range(min(len(inner), _DAY_PARTS)):
        number = whole_at(inner, position)
        if not number or number < 0:
            break
        parts.append(number)
    return parts


def _said(value: Any) -> str:
    """The date as the record writes it, '2012-03'; '' for none, the raw parts where they make no date."""
    parts = _parts(value)
    if parts:
        return "-".join(f"{number:02d}" for number in parts)
    raw = value_at(value, "date-parts")
    return "" if raw in (None, [], [[]], [[None]], [None]) else json.dumps(raw, default=str)[:100]
