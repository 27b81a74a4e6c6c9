"""arXiv by OAI-PMH: the formats arXiv, arXivRaw and oai_dc (info.arxiv.org/help/oa). One record is one paper.

arXivRaw and oai_dc date every version; `created` of the format arXiv is the date of the version described (see
`record_formats.xml` of arXiv's own server, github.com/arXiv/oaipmh), so that for a revised paper the first day is only
known to the month its id was given in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from crawlers.dates import DatePoint, read_date
from crawlers.parsers.arxiv_days import available_from
from crawlers.parsers.oai_envelope import header_of, read_envelope
from crawlers.parsers.xml_reading import child, children, local, text
from crawlers.records import Actor, Code, Document, Parsed, Reject, State
from crawlers.rejects import UnreadableError, reject

SOURCE = "arxiv_oai"
_ID = re.compile(r"(?:oai:arXiv\.org:|https?://arxiv\.org/abs/|arXiv:)?(\S+?)(?:v\d+)?$", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:[a-z-]+(?:\.[A-Z]{2})?/)?(\d{2})(\d{2})(?:\d{3}|\.\d{4,5})")
_ID_GRACE = timedelta(days=7)  # the id is given at announcement, a few days around the turn of a month
_DOI = re.compile(r"10\.\d{4,9}/\S+")
# arXiv keeps withdrawn papers; only the comment or the abstract says so.
_WITHDRAWN = re.compile(
    r"^\W*withdrawn\b|^(?:this|the) (?:paper|article|manuscript|submission|preprint|work)\b[^.]{0,60}\bwithdrawn\b"
    r"|\b(?:paper|article|manuscript|submission|preprint|work) (?:has been|is|was) (?:\w+ )?(?:withdrawn|retracted)\b",
    re.IGNORECASE,
)
_EARLIER_VERSION = re.compile(r"\b(?:earlier|previous|former|old|first) (?:version|draft)|\bversion \d", re.IGNORECASE)
_AUTHOR_BREAK = re.compile(r",\s+and\s+|,\s*|\s+and\s+|\s*;\s*")


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the papers of one response. Error envelopes become rejects; `noRecordsMatch` is an empty answer, not a fault."""
    try:
        envelope = read_envelope(body)
    except UnreadableError as error:
        return Parsed(rejects=(reject(SOURCE, 0, error),))
    documents: list[Document] = []
    rejects: list[Reject] = [
        reject(SOURCE, 0, UnreadableError("oai_error", f"{code}: {message}"[:300]))
        for code, message in envelope.errors
        if code != "noRecordsMatch"
    ]
    for position, record in enumerate(envelope.records):
        try:
            documents.append(_read_record(record))
        except UnreadableError as error:
            rejects.append(reject(SOURCE, position, error, header_of(record)[0] or None))
    return Parsed(tuple(documents), tuple(rejects))


def bare_id(identifier: str) -> str:
    """Return `1008.3222` or `hep-th/0703166` from any of arXiv's spellings, without the version; '' where there is none."""
    match = _ID.match(identifier.strip())
    return match[1] if match else ""


def month_of_id(source_id: str) -> DatePoint | None:
    """Return the month an arXiv id was given in (`hep-th/0703166` -> March 2007), or None for an id of another form."""
    match = _NUMBERED.fullmatch(source_id)
    if not match or not 1 <= int(match[2]) <= 12:
        return None
    year = int(match[1])
    return DatePoint(date(year + (1900 if year > 90 else 2000), int(match[2]), 1), "month")


def first_published(source_id: str, created: DatePoint | None) -> DatePoint | None:
    """Return when the first version appeared: `created`, unless the id is clearly older (then `created` dates a revision)."""
    given = month_of_id(source_id)
    is_revision = given is not None and created is not None and created.on > given.last_on + _ID_GRACE
    return given if is_revision else created


def _read_record(record: Any) -> Document:
    identifier, datestamp, is_deleted, sets = header_of(record)
    source_id = bare_id(identifier)
    metadata = next(iter(child(record, "metadata") if child(record, "metadata") is not None else ()), None)
    if metadata is not None:
        source_id = source_id or bare_id(text(child(metadata, "id")))
    if not source_id:
        raise UnreadableError("no_identifier", "the record has no identifier")
    extras: dict[str, Any] = {"datestamp": datestamp, "sets": list(sets)}
    if is_deleted:
        return _document(source_id, state="deleted", extras=extras)
    if metadata is None:
        raise UnreadableError("unknown_format", "the record has neither metadata nor the mark of a deletion")
    match local(metadata):
        case "arXiv":
            document = _read_arxiv(metadata, source_id, extras)
        case "arXivRaw":
            document = _read_raw(metadata, source_id, extras)
        case "dc":
            document = _read_dublin_core(metadata, source_id, sets, extras)
        case other:
            raise UnreadableError("unknown_format", f"the metadata format <{other}> is not one of arXiv, arXivRaw, oai_dc"[:200])
    if not document.title:
        raise UnreadableError("no_title", "the record has no title")
    return document


def _document(
    source_id: str,
    *,
    title: str = "",
    abstract: str = "",
    created: DatePoint | None = None,
    updated: DatePoint | None = None,
    state: State = "live",
    doi: str = "",
    actors: tuple[Actor, ...] = (),
    codes: tuple[Code, ...] = (),
    licence: str = "",
    extras: dict[str, Any],
) -> Document:
    identifiers = {"arxiv": source_id}
    if match := _DOI.search(doi):
        identifiers["doi"] = match[0].lower()
    latest = updated or created
    known = read_date(extras.get("datestamp", ""))  # the record was public when the source last touched it
    return Document(
        source=SOURCE,
        source_id=source_id,
        kind="paper",
        title=title,
        abstract=abstract,
        published_on=created.on if created else None,
        date_precision=created.precision if created else "day",
        available_on=available_from(created, known.on if known else None),
        updated_on=latest.on if latest else None,
        url=f"https://arxiv.org/abs/{source_id}",
        licence=licence or None,
        state=state,
        identifiers=identifiers,
        actors=actors,
        codes=codes,
        extras={key: value for key, value in extras.items() if value},
    )


def state_of(comments: str, abstract: str) -> State:
    """Return `withdrawn` when the comment, or the beginning of the abstract, says so of the paper itself and not of an earlier version."""
    said = _WITHDRAWN.search(comments) or _WITHDRAWN.search(abstract[:200])
    return "withdrawn" if said and not _EARLIER_VERSION.search(comments) else "live"


def _shared(metadata: Any, source_id: str, extras: dict[str, Any]) -> dict[str, Any]:
    """What the formats arXiv and arXivRaw name alike."""
    comments, abstract = text(child(metadata, "comments")), text(child(metadata, "abstract"))
    categories = text(child(metadata, "categories")).split()
    return {
        "source_id": source_id,
        "title": text(child(metadata, "title")),
        "abstract": abstract,
        "state": state_of(comments, abstract),
        "doi": text(child(metadata, "doi")),
        "codes": tuple(Code("arxiv", code) for code in dict.fromkeys(categories)),
        "licence": text(child(metadata, "license")),
        "extras": extras
        | {
            "comments": comments,
            "journal_ref": text(child(metadata, "journal-ref")),
            "report_no": text(child(metadata, "report-no")),
            "msc_class": text(child(metadata, "msc-class")),
            "acm_class": text(child(metadata, "acm-class")),
        },
    }


def _read_arxiv(metadata: Any, source_id: str, extras: dict[str, Any]) -> Document:
    authors: list[Actor] = []
    organisations: dict[str, Actor] = {}
    for author in children(child(metadata, "authors"), "author"):
        names = (text(child(author, part)) for part in ("forenames", "keyname", "suffix"))
        if name := " ".join(part for part in names if part):
            authors.append(Actor("author", name))
        for place in children(author, "affiliation"):
            if organisation := text(place):
                organisations.setdefault(organisation, Actor("organisation", organisation))
    created = read_date(text(child(metadata, "created")))
    return _document(
        **_shared(metadata, source_id, extras | {"version_on": str(created.on) if created else ""}),
        created=first_published(source_id, created),
        updated=read_date(text(child(metadata, "updated"))) or created,
        actors=(*authors, *organisations.values()),
    )


def _read_raw(metadata: Any, source_id: str, extras: dict[str, Any]) -> Document:
    versions = [read_date(text(child(version, "date"))) for version in children(metadata, "version")]
    dated = [version for version in versions if version]
    authors = text(child(metadata, "authors"))
    return _document(
        **_shared(metadata, source_id, extras | {"version_count": len(versions)}),
        created=dated[0] if dated else None,
        updated=dated[-1] if dated else None,
        actors=tuple(Actor("author", name) for name in split_authors(authors)),
    )


def split_authors(line: str) -> list[str]:
    """Split arXivRaw's author line ('A. Csiszar (1), F. Hiai and D. Petz (2) ((1) Budapest)'); brackets hold places, not names."""
    outside: list[str] = []
    depth = 0
    for character in line:
        if character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            outside.append(character)
    names = (name.strip(" ,;") for name in _AUTHOR_BREAK.split("".join(outside)))
    return [" ".join(name.split()) for name in names if name]


def _read_dublin_core(metadata: Any, source_id: str, sets: tuple[str, ...], extras: dict[str, Any]) -> Document:
    said = {
        name: [text(node) for node in children(metadata, name)]
        for name in ("title", "creator", "subject", "description", "date", "identifier", "rights")
    }
    dates = sorted((point for point in map(read_date, said["date"]) if point), key=lambda point: point.on)
    comments = [line.removeprefix("Comment:").strip() for line in said["description"] if line.startswith("Comment:")]
    abstracts = [line for line in said["description"] if not line.startswith("Comment:")]
    abstract = abstracts[0] if abstracts else ""
    codes = [Code("arxiv", code) for code in map(code_of_set, sets) if code]
    return _document(
        source_id,
        title=said["title"][0] if said["title"] else "",
        abstract=abstract,
        created=dates[0] if dates else None,
        updated=dates[-1] if dates else None,
        state=state_of(" ".join(comments), abstract),
        doi=next((line for line in said["identifier"] if line.lower().startswith("doi:")), ""),
        actors=tuple(Actor("author", _forenames_first(name)) for name in said["creator"] if name),
        codes=(*codes, *(Code("category", subject) for subject in said["subject"] if subject)),
        licence=said["rights"][0] if said["rights"] else "",
        extras=extras | {"comments": " ".join(comments)},
    )


def _forenames_first(name: str) -> str:
    key, comma, fore = name.partition(", ")
    return f"{fore} {key}" if comma else name


def code_of_set(name: str) -> str:
    """Return the category a set stands for: `cs:cs:LG` -> `cs.LG`, `physics:hep-th` -> `hep-th`, a whole archive -> ''."""
    parts = name.split(":")
    if len(parts) == 3:
        return f"{parts[1]}.{parts[2]}"
    return parts[1] if len(parts) == 2 and parts[0] == "physics" else ""
