"""arXiv by its Atom API (info.arxiv.org/help/api/user-manual.html). One entry is one paper in its latest version.

`published` is the day of the first version, `updated` that of the one described. An error is a feed with one entry called
"Error", which an incautious reader takes for a hit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawlers.dates import read_date
from crawlers.parsers.arxiv_days import available_from
from crawlers.parsers.arxiv_oai import bare_id, month_of_id, state_of
from crawlers.parsers.paper_identifiers import bare_doi
from crawlers.parsers.xml_reading import child, children, local, read_xml, text
from crawlers.records import Actor, Code, Document, Parsed, Reject
from crawlers.rejects import UnreadableError, reject

SOURCE = "arxiv_api"
_ERROR_ADDRESS = re.compile(r"https?://(?:\w+\.)?arxiv\.org/api/errors\b", re.IGNORECASE)
_VERSION = re.compile(r"v(\d{1,4})$")
_NUMBER = re.compile(r"\d{1,12}")
_CATEGORY = re.compile(r"[a-z-]+(?:\.[A-Za-z-]{2,8})?")  # cs.LG, hep-th, physics.optics, cond-mat.mes-hall


@dataclass(frozen=True, slots=True)
class Page:
    """What paging needs of one answer: how many hits there are, where this page begins, how many it holds, and what went wrong."""

    total: int
    start: int
    count: int
    errors: tuple[str, ...]


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the papers of one page of results in its order; a page without hits is empty, an error is a reject."""
    try:
        entries = children(_read_feed(body), "entry")
    except UnreadableError as error:
        return Parsed(rejects=(reject(SOURCE, 0, error),))
    documents: list[Document] = []
    rejects: list[Reject] = []
    for position, entry in enumerate(entries):
        try:
            documents.append(_read_entry(entry))
        except UnreadableError as error:
            rejects.append(reject(SOURCE, position, error, text(child(entry, "id")) or None))
    return Parsed(tuple(documents), tuple(rejects))


def read_page(body: bytes) -> Page:
    """Return what paging needs of one answer. Raises UnreadableError for a body that is no page of results."""
    root = _read_feed(body)
    entries = children(root, "entry")
    total, start = (text(child(root, name)) for name in ("totalResults", "startIndex"))
    if not (_NUMBER.fullmatch(total) and _NUMBER.fullmatch(start)):
        raise UnreadableError("unknown_format", "the feed does not say how many results there are")
    errors = tuple(message for entry in entries if (message := _error_of(entry)))
    return Page(int(total), int(start), len(entries), errors)


def _read_feed(body: bytes) -> Any:
    root = read_xml(body)
    if local(root) == "html":
        raise UnreadableError("html_page", "the response is a web page, not data")
    if local(root) != "feed":
        raise UnreadableError("unknown_format", f"an Atom feed was due, not <{local(root)}>"[:200])
    return root


def _error_of(entry: Any) -> str:
    """What an error entry says; '' for a paper, even for one whose title is "Error"."""
    if _ERROR_ADDRESS.match(text(child(entry, "id"))):
        return text(child(entry, "summary")) or "an error without a message"
    return ""


def _read_entry(entry: Any) -> Document:
    if message := _error_of(entry):
        raise UnreadableError("source_error", message[:300])
    address = text(child(entry, "id"))
    source_id = bare_id(address)
    if month_of_id(source_id) is None:
        raise UnreadableError("no_identifier", "the entry's id is not one of arXiv's")
    title, abstract, comment = (text(child(entry, name)) for name in ("title", "summary", "comment"))
    if not title:
        raise UnreadableError("no_title", "the entry has no title")
    published, updated = (read_date(text(child(entry, name))) for name in ("published", "updated"))
    published = published or month_of_id(source_id)
    version = _VERSION.search(address)
    doi = bare_doi(text(child(entry, "doi")))
    identifiers = {"arxiv": source_id}
    if doi:
        identifiers["doi"] = doi
    said = {
        "version": int(version[1]) if version else 0,
        "comments": comment,
        "journal_ref": text(child(entry, "journal_ref")),
        "preprint_doi": f"10.48550/arxiv.{source_id.lower()}",
        "relations": [{"relation": "is-preprint-of", "doi": doi}] if doi else [],
        "dates": {name: said for name in ("published", "updated") if (said := text(child(entry, name)))},
    }
    return Document(
        source=SOURCE,
        source_id=source_id,
        kind="paper",
        title=title,
        abstract=abstract,
        published_on=published.on if published else None,
        date_precision=published.precision if published else "day",
        available_on=available_from(published),
        updated_on=updated.on if updated else None,
        url=f"https://arxiv.org/abs/{source_id}",
        state=state_of(comment, abstract),
        identifiers=identifiers,
        actors=_actors(entry),
        codes=_codes(entry),
        extras={name: value for name, value in said.items() if value},
    )


def _actors(entry: Any) -> tuple[Actor, ...]:
    authors = children(entry, "author")
    names = (text(child(author, "name")) for author in authors)
    places = (text(place) for author in authors for place in children(author, "affiliation"))
    people = [Actor("author", name) for name in names if name]
    return (*people, *dict.fromkeys(Actor("organisation", place) for place in places if place))


def _codes(entry: Any) -> tuple[Code, ...]:
    """The primary category first. Terms that are no categories of arXiv are classes of mathematics or computing."""
    terms = [node.get("term", "") for node in (*children(entry, "primary_category"), *children(entry, "category"))]
    return tuple(dict.fromkeys(Code("arxiv" if _CATEGORY.fullmatch(term) else "category", term) for term in terms if term))
