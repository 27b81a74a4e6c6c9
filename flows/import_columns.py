"""The import columns: the one flat form in which a document enters from a file and leaves `observatory parse`."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, get_args

from crawlers.records import KINDS, Actor, Code, Document, Precision, Reject, State

REQUIRED = ("source", "kind", "id", "title", "abstract", "published")
OPTIONAL = (
    "date_precision",
    "available_on",
    "updated",
    "url",
    "authors",
    "assignees",
    "orgs",
    "countries",
    "categories",
    "lang",
    "licence",
    "extras",
)
LATEST_YEARS_AHEAD = 2
"""A publication date may lie a little ahead (journal issues do); further ahead it is a mistake."""

ARXIV_CODE = re.compile(r"[a-z][a-z-]+(\.[A-Za-z-]{2,})?")
CPC_CODE = re.compile(r"[A-HY]\d\d[A-Z]\d{1,4}/\d{2,6}|[A-HY]\d\d[A-Z]")


class BadRow(ValueError):
    """A row that is no document; the message names the column and what is wrong, `reason` is the short word for it."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def read_row(row: Mapping[str, Any], position: int, today: date) -> Document | Reject:
    """One row of an import file as a document, or as a reject with one sentence. Columns that are not known are kept in `extras`."""
    try:
        return _document(row, today)
    except BadRow as error:
        name = row.get("id")
        return Reject(
            str(row.get("source") or "import"), position, None if name is None else str(name), error.reason, f"row {position}: {error}"
        )


def _document(row: Mapping[str, Any], today: date) -> Document:
    source, name, title = (_text(row, column) for column in ("source", "id", "title"))
    for column, value in (("source", source), ("id", name), ("title", title)):
        if not value:
            raise BadRow(f"no_{column}", f"column {column} is empty.")
    kind = row.get("kind")
    if kind not in KINDS:
        raise BadRow("unknown_kind", f"kind {kind!r} is not one of {', '.join(KINDS)}.")
    published = _day(row, "published", today)
    precision: Any = row.get("date_precision") or "day"
    if precision not in get_args(Precision):
        raise BadRow("bad_precision", f"date_precision {precision!r} is not day, month or year.")
    available = _day(row, "available_on", today) or (last_day(published, precision) if published else None)
    extras, state = _extras(row)
    identifiers = extras.pop("identifiers", {})
    return Document(
        source=source,
        source_id=name,
        kind=kind,
        title=title,
        abstract=_text(row, "abstract"),
        published_on=published,
        date_precision=precision,
        available_on=available,
        updated_on=_day(row, "updated", today),
        lang=_text(row, "lang") or None,
        url=_text(row, "url") or None,
        licence=_text(row, "licence") or None,
        state=state,
        identifiers=_identifiers(name, extras)
        | ({str(key): str(value) for key, value in identifiers.items()} if isinstance(identifiers, dict) else {}),
        actors=_actors(row),
        codes=tuple(Code(code_scheme(code), code) for code in _texts(row, "categories")),
        extras=extras,
    )


def last_day(day: date, precision: str) -> date:
    """The last day of the month or year that `day` stands for: the first day on which the public certainly knew."""
    if precision == "year":
        return date(day.year, 12, 31)
    if precision == "month":
        return date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
    return day


def code_scheme(code: str) -> str:
    """arxiv for `cs.LG` or `quant-ph`, cpc for `G06F11/30` or `H01L`, category for anything else."""
    if CPC_CODE.fullmatch(code):
        return "cpc"
    return "arxiv" if ARXIV_CODE.fullmatch(code) and ("." in code or "-" in code) else "category"


def to_columns(document: Document) -> dict[str, Any]:
    """A document in the import columns, JSON-ready: what `observatory parse` prints. `read_row` takes it back."""
    extras = {**document.extras}
    if document.identifiers:
        extras["identifiers"] = document.identifiers
    if document.state != "live":
        extras["state"] = document.state
    by_role: dict[str, list[str]] = {}
    for actor in document.actors:
        by_role.setdefault(actor.role, []).append(actor.name)
    return {
        "source": document.source,
        "kind": document.kind,
        "id": document.source_id,
        "title": document.title,
        "abstract": document.abstract,
        "published": _iso(document.published_on),
        "date_precision": document.date_precision,
        "available_on": _iso(document.available_on),
        "updated": _iso(document.updated_on),
        "url": document.url,
        "authors": by_role.get("author", []) + by_role.get("inventor", []),
        "assignees": by_role.get("assignee", []),
        "orgs": by_role.get("organisation", []),
        "countries": sorted({actor.country for actor in document.actors if actor.country}),
        "categories": [code.code for code in document.codes],
        "lang": document.lang,
        "licence": document.licence,
        "extras": extras,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    if value is None or value != value:  # NaN, as CSV readers give it
        return ""
    if not isinstance(value, str | int):
        raise BadRow("wrong_type", f"column {column} holds {type(value).__name__}, not text.")
    text = str(value).strip()
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        raise BadRow("bad_encoding", f"column {column} holds half a character.")
    return text


def _texts(row: Mapping[str, Any], column: str) -> list[str]:
    value = row.get(column)
    if value is None or value == "":
        return []
    if isinstance(value, str):
        value = _json_or_split(value)
    if not isinstance(value, Sequence):
        raise BadRow("wrong_type", f"column {column} holds {type(value).__name__}, not a list of texts.")
    return [str(item).strip() for item in value if item is not None and str(item).strip()]


def _json_or_split(value: str) -> list[Any]:
    """A list in a CSV cell: JSON when it looks like it, else separated by semicolons."""
    if value.startswith("["):
        try:
            parsed = json.loads(value)
        except json.JSONDecodeError:
            raise BadRow("wrong_type", f"{value[:40]!r} begins like a JSON list but is none.") from None
        return parsed if isinstance(parsed, list) else [parsed]
    return value.split(";")


def _day(row: Mapping[str, Any], column: str, today: date) -> date | None:
    value = row.get(column)
    if value is None or value == "" or value != value:
        return None
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    elif isinstance(value, str):
        try:
            day = date.fromisoformat(value.strip()[:10])
        except ValueError:
            raise BadRow("bad_date", f"{column} {value!r} is no date; write it as 2024-01-31.") from None
    else:
        raise BadRow("wrong_type", f"column {column} holds {type(value).__name__}, not a date.")
    if day.year < 1000 or day.year > today.year + LATEST_YEARS_AHEAD:
        raise BadRow("bad_date", f"{column} {day} is impossible.")
    return day


def _extras(row: Mapping[str, Any]) -> tuple[dict[str, Any], State]:
    """What is kept beside the known columns, and the state as `to_columns` writes it into extras. A column called state is only kept."""
    value = row.get("extras")
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise BadRow("wrong_type", "column extras is not JSON.") from None
    extras = dict(value) if isinstance(value, Mapping) else {}
    state = extras.pop("state", "live")
    if state not in get_args(State):
        raise BadRow("bad_state", f"extras.state {state!r} is not one of {', '.join(get_args(State))}.")
    for column, item in row.items():
        if column not in REQUIRED and column not in OPTIONAL and item is not None and item != [] and item == item:
            extras[column] = item
    try:
        json.dumps(extras, default=str, allow_nan=False)
    except ValueError:
        raise BadRow("wrong_type", "column extras holds a number that is none.") from None
    return extras, state


def _identifiers(name: str, extras: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    if name.startswith("arxiv:"):
        found["arxiv"] = name.removeprefix("arxiv:")
    if isinstance(extras.get("doi"), str) and extras["doi"]:
        found["doi"] = extras["doi"].lower().removeprefix("https://doi.org/")
    return found


def _actors(row: Mapping[str, Any]) -> tuple[Actor, ...]:
    countries = _texts(row, "countries")
    only = countries[0] if len(countries) == 1 and len(countries[0]) == 2 else None
    inventor_or_author: Literal["inventor", "author"] = "inventor" if row.get("kind") == "patent" else "author"
    return (
        *(Actor(inventor_or_author, name) for name in _texts(row, "authors")),
        *(Actor("assignee", name, only) for name in _texts(row, "assignees")),
        *(Actor("organisation", name, only) for name in _texts(row, "orgs")),
    )
