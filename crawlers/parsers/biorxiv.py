"""bioRxiv and medRxiv by the API they share (api.biorxiv.org): /details, one row a version, and /pubs, one row a journal version.

"NA" stands for nothing. `date` of a row of /details is the day its version was posted; the first day of a revised preprint is
only known from its DOI, which is given when a manuscript comes in (10.64898/2026.07.31.741992; 10.1101 before late 2025).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from crawlers.dates import DatePoint, read_date
from crawlers.parsers.json_reading import list_at, map_at, read_json, text_at, whole_at
from crawlers.parsers.paper_identifiers import bare_doi
from crawlers.records import Actor, Code, Document, Parsed, Reject, State
from crawlers.rejects import UnreadableError, reject

SOURCE = "biorxiv"
NOTHING_FOUND = "no posts found"
_DAY_OF_DOI = re.compile(r"10\.\d{4,9}/(\d{4})\.(\d{2})\.(\d{2})\.\d+")
_DOI_GRACE = timedelta(days=7)  # a manuscript gets its DOI when it comes in and is posted some days later
_WITHDRAWN = re.compile(r"\W*(?:withdrawn|withdrawal|removed)\b", re.IGNORECASE)
_WITHDRAWN_TEXT = re.compile(
    r"^(?:withdrawal statement\b|(?:this|the) (?:manuscript|article|preprint|paper|work) has been (?:\w+ )?(?:withdrawn|removed)\b"
    r"|the authors? (?:have|has) withdrawn\b)|\b(?:bio|med)rxiv has (?:withdrawn|removed) this\b",
    re.IGNORECASE,
)


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the rows of one page of /details or /pubs in its order; `no posts found` is an empty answer, another status a reject."""
    try:
        answer = read_json(body)
        rows = _rows(answer)
    except UnreadableError as error:
        return Parsed(rejects=(reject(SOURCE, 0, error),))
    documents: list[Document] = []
    rejects: list[Reject] = []
    for position, row in enumerate(rows):
        try:
            documents.append(_read_row(row))
        except UnreadableError as error:
            rejects.append(reject(SOURCE, position, error, _said(row, "doi") or _said(row, "preprint_doi") or None))
    return Parsed(tuple(documents), tuple(rejects))


def status_of(answer: Any) -> str:
    """Return how the server says it went: `ok`, `no posts found`, or its complaint; '' when it does not say."""
    return text_at(map_at(answer, "messages", 0), "status")


def _rows(answer: Any) -> list[Any]:
    status = status_of(answer)
    if status.lower() == NOTHING_FOUND:
        return []
    if status.lower() not in ("ok", ""):
        raise UnreadableError("source_error", status[:300])
    if not isinstance(answer, dict) or not isinstance(answer.get("collection"), list):
        raise UnreadableError("unknown_format", "the answer has no collection")
    return list_at(answer, "collection")


def _said(row: Any, name: str) -> str:
    """The text of a field, '' for the ways in which the API says nothing."""
    value = text_at(row, name)
    return "" if value.upper() in ("NA", "N/A") else value


def _read_row(row: Any) -> Document:
    if not isinstance(row, dict):
        raise UnreadableError("unknown_format", "the row is not a record")
    is_link = "preprint_doi" in row
    prefix = "preprint_" if is_link else ""
    doi = bare_doi(_said(row, f"{prefix}doi"))
    if not doi:
        raise UnreadableError("no_identifier", "the row has no DOI")
    title, abstract = _said(row, f"{prefix}title"), _said(row, f"{prefix}abstract")
    if not title:
        raise UnreadableError("no_title", "the row has no title")
    posted = read_date(_said(row, f"{prefix}date"))
    version = whole_at(row, "version") or 1
    journal_doi = bare_doi(_said(row, "published_doi") or _said(row, "published"))
    journal_on = read_date(_said(row, "published_date"))
    published, available_on = first_posted(doi, posted, version)
    server = _said(row, "server") or _said(row, "preprint_platform")
    category = _said(row, f"{prefix}category")
    extras = {
        "server": server,
        "version": version if not is_link else 0,
        "type": _said(row, "type"),
        "journal": _said(row, "published_journal"),
        "funder": _funder(row),
        "jatsxml": _said(row, "jatsxml"),
        "dates": {name: said for name in ("date", "preprint_date", "published_date") if (said := _said(row, name))},
        "relations": [_relation(journal_doi, journal_on)] if journal_doi else [],
    }
    return Document(
        source=SOURCE,
        source_id=doi,
        kind="paper",
        title=title,
        abstract=abstract,
        published_on=published.on if published else None,
        date_precision=published.precision if published else "day",
        available_on=available_on,
        updated_on=_updated_on(posted, journal_on if is_link else None),
        lang="en",
        url=f"https://doi.org/{doi}",
        licence=_said(row, "license") or None,
        state=_state(_said(row, "type"), title, abstract),
        identifiers={"doi": doi},
        actors=_actors(row, prefix),
        codes=(Code("category", category),) if category else (),
        extras={name: value for name, value in extras.items() if value},
    )


def first_posted(doi: str, posted: DatePoint | None, version: int) -> tuple[DatePoint | None, date | None]:
    """Return when the first version appeared, and the day on which the public certainly knew it.

    The first version is posted on the day of its row. Of a later one only the day of its DOI is known, or nothing but its own day.
    """
    match = _DAY_OF_DOI.fullmatch(doi)
    given = read_date("-".join(match.groups())) if match else None
    if version == 1 or posted is None or given is None:
        return posted, posted.last_on if posted else None
    return given, min(given.last_on + _DOI_GRACE, posted.last_on)


def _updated_on(*points: DatePoint | None) -> date | None:
    return max((point.on for point in points if point), default=None)


def _relation(journal_doi: str, journal_on: DatePoint | None) -> dict[str, str]:
    found = {"relation": "is-preprint-of", "doi": journal_doi}
    return {**found, "on": journal_on.on.isoformat()} if journal_on and journal_on.precision == "day" else found


def _state(kind: str, title: str, abstract: str) -> State:
    says_so = _WITHDRAWN.match(kind) or re.match(r"\W*(?:withdrawn|removed)\s*[:\]]", title, re.IGNORECASE)
    return "withdrawn" if says_so or _WITHDRAWN_TEXT.search(abstract[:400]) else "live"


def _funder(row: Any) -> list[str]:
    """Names of the funders, which are one text, a list of records, or nothing."""
    names = (text_at(one, "name") or text_at(one) for one in list_at(row, "funder"))
    return [name for name in names if name and name.upper() != "NA"]


def _actors(row: Any, prefix: str) -> tuple[Actor, ...]:
    """Authors stand in one text, 'Loconsole, M.; Xue, C.'; of their places only that of the corresponding one is named."""
    names = (_forenames_first(name) for name in _said(row, f"{prefix}authors").split(";"))
    institution = _said(row, f"{prefix}author_corresponding_institution")
    places = [Actor("organisation", institution)] if institution else []
    return (*dict.fromkeys(Actor("author", name) for name in names if name), *places)


def _forenames_first(name: str) -> str:
    key, _, fore = (part.strip() for part in name.partition(","))
    return f"{fore} {key}".strip()
