"""Crossref works (api.crossref.org/swagger-ui). One work that was published by itself is one paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crawlers.parsers.crossref_dates import read_dates
from crawlers.parsers.crossref_envelope import read_page
from crawlers.parsers.crossref_links import links_of, state_of
from crawlers.parsers.json_reading import list_at, text_at, texts_at, value_at, whole_at
from crawlers.parsers.json_records import read_each
from crawlers.parsers.markup import clean_abstract, clean_title
from crawlers.parsers.paper_identifiers import bare_doi, paper_identifiers
from crawlers.records import Actor, Code, Document, Parsed
from crawlers.rejects import UnreadableError, reject

SOURCE = "crossref"
# Parts of a work, containers of works, opinions on works, and awards. api.crossref.org/types has the whole list.
_NOT_WORKS = frozenset(
    {
        *("component", "sa-component", "report-component", "peer-review", "grant", "award", "database", "journal", "journal-volume"),
        *("journal-issue", "book-series", "book-set", "report-series", "proceedings-series", "standard-series"),
    }
)
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
_OPEN = "creativecommons.org"
_MAX_AUTHORS = 5000


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the works of one answer, be it a list or one work; an error envelope is one reject."""
    try:
        page = read_page(body)
    except UnreadableError as error:
        return Parsed(rejects=(reject(SOURCE, 0, error),))
    return read_each(SOURCE, page.works, _read_work, "DOI")


def _read_work(work: dict[str, Any]) -> Document:
    doi, kind = bare_doi(text_at(work, "DOI")), text_at(work, "type")
    if not doi:
        raise UnreadableError("no_identifier", "the work has no DOI")
    if kind in _NOT_WORKS:
        raise UnreadableError("not_a_document", f"a {kind} is no work of its own")
    titles = [title for one in list_at(work, "title") if isinstance(one, str) and (title := clean_title(one))]
    if not titles:
        raise UnreadableError("no_title", f"{doi} has no title")
    dates = read_dates(work)
    published = dates.published
    return Document(
        source=SOURCE,
        source_id=doi,
        kind="paper",
        title=titles[0],
        abstract=_abstract(work),
        published_on=published.on if published else None,
        date_precision=published.precision if published else "day",
        available_on=dates.available_on,
        updated_on=dates.updated_on,
        lang=_language(work),
        url=f"https://doi.org/{doi}",
        licence=_licence(work),
        state=state_of(work, titles[0]),
        identifiers=paper_identifiers(doi=doi),
        actors=tuple(dict.fromkeys(_actors(work))),
        codes=tuple(dict.fromkeys(_codes(work))),
        extras=_extras(work, titles, dates.said),
    )


def _abstract(work: dict[str, Any]) -> str:
    abstract = value_at(work, "abstract")
    return clean_abstract(abstract if isinstance(abstract, str) else " ".join(texts_at(work, "abstract")))


def _language(work: dict[str, Any]) -> str | None:
    match = _LANGUAGE.fullmatch(text_at(work, "language"))
    return match[1].lower() if match else None


def _licence(work: dict[str, Any]) -> str | None:
    """The open licence where there is one, else the one of the version of record."""
    said = [(text_at(one, "URL"), text_at(one, "content-version")) for one in list_at(work, "license")]
    addresses = [url for url, _ in said if _OPEN in url] or [url for url, version in said if version == "vor"] or [url for url, _ in said]
    return next((url for url in addresses if url), None)


def _actors(work: dict[str, Any]) -> Iterator[Actor]:
    """Authors, persons and groups alike; editors only of a work without authors. Then the places they work at."""
    people = (list_at(work, "author") or list_at(work, "editor"))[:_MAX_AUTHORS]
    for person in people:
        whole = " ".join(part for part in (text_at(person, "given"), text_at(person, "family"), text_at(person, "suffix")) if part)
        if name := clean_title(whole or text_at(person, "name")):
            yield Actor("author", name)
    for place in (place for owner in (*people, work) for place in (*list_at(owner, "affiliation"), *list_at(owner, "institution"))):
        if name := clean_title(text_at(place, "name")):
            yield Actor("organisation", name)


def _codes(work: dict[str, Any]) -> Iterator[Code]:
    """Subjects of the journal (until 2024), and the section of a preprint server."""
    for term in (*texts_at(work, "subject"), text_at(work, "group-title")):
        if term:
            yield Code("category", clean_title(term))


def _extras(work: dict[str, Any], titles: list[str], dates: dict[str, str]) -> dict[str, Any]:
    """What else is worth keeping. Counts that change every day (citations, `indexed`, `score`) would make every night a new version."""
    extras: dict[str, Any] = {
        "type": text_at(work, "type"),
        "subtype": text_at(work, "subtype"),
        "other_titles": titles[1:],
        "subtitle": [clean_title(one) for one in texts_at(work, "subtitle")],
        "original_title": [clean_title(one) for one in texts_at(work, "original-title")],
        "container": clean_title(next(iter(texts_at(work, "container-title")), "")),
        "publisher": text_at(work, "publisher"),
        "issn": texts_at(work, "ISSN"),
        "isbn": texts_at(work, "ISBN"),
        "volume": text_at(work, "volume"),
        "issue": text_at(work, "issue"),
        "page": text_at(work, "page") or text_at(work, "article-number"),
        "event": clean_title(text_at(work, "event", "name")),
        "version": text_at(work, "version", "version") or text_at(work, "version"),
        "references_count": whole_at(work, "reference-count"),
        "funders": [name for one in list_at(work, "funder") if (name := text_at(one, "name"))],
        "dates": dates,
        "relations": links_of(work),
    }
    return {name: value for name, value in extras.items() if value not in ("", None, [], {})}
