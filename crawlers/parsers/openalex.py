"""OpenAlex works (developers.openalex.org/api-reference/works). One work is one paper, in all its versions.

Only whole dates are written: a work known by its year is dated 1 January, one known by its month the first of it (of the fifty
works cited most, 32 are dated the first of a month, 12 of them 1 January). Such a date is taken as the year or the
month. `created_date`, the day on which OpenAlex had the work, is then the first day on which the public certainly knew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from crawlers.dates import DatePoint, read_date
from crawlers.parsers.json_reading import list_at, map_at, text_at, texts_at, value_at
from crawlers.parsers.json_records import read_each
from crawlers.parsers.markup import clean_abstract, clean_title
from crawlers.parsers.openalex_envelope import read_page
from crawlers.parsers.paper_identifiers import arxiv_number, paper_identifiers
from crawlers.parsers.title_marks import state_in_title
from crawlers.records import Actor, Code, Document, Parsed
from crawlers.rejects import UnreadableError, reject

SOURCE = "openalex"
_ENTITY = re.compile(r"(?:https?://(?:api\.)?openalex\.org/(?:\w+/)?)?([A-Z]\d+)", re.IGNORECASE)
_ASKED = re.compile(r"/works/(W\d+)(?:[?#]|$)", re.IGNORECASE)
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_DELETED = "W4285719527"  # the record that all deleted works were merged into
_NOT_WORKS = frozenset({"paratext", "peer-review", "supplementary-materials", "libguides", "grant"})


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the works of one answer. A work asked for in `url` by an id that was merged names that id in its extras."""
    try:
        page = read_page(body)
    except UnreadableError as error:
        return Parsed(rejects=(reject(SOURCE, 0, error),))
    asked = _ASKED.search(url)
    return read_each(SOURCE, page.works, partial(_read_work, asked=asked[1].upper() if asked else ""), "id")


def abstract_text(index: Any) -> str:
    """Return the text of an inverted index (word -> its positions), in the order of the positions; gaps are passed over."""
    if not isinstance(index, dict):
        return ""
    placed = [
        (position, word)
        for word, positions in index.items()
        for position in (positions if isinstance(positions, list) else ())
        if isinstance(position, int)
    ]
    placed.sort(key=lambda pair: pair[0])
    return " ".join(word for _, word in placed)


def _read_work(work: dict[str, Any], asked: str) -> Document:
    identity = _ENTITY.fullmatch(text_at(work, "id"))
    if identity is None:
        raise UnreadableError("no_identifier", "the work has no OpenAlex id")
    work_id = identity[1].upper()
    _refuse_others(work, work_id)
    title = clean_title(text_at(work, "title") or text_at(work, "display_name"))
    abstract = clean_abstract(abstract_text(value_at(work, "abstract_inverted_index")))
    identifiers = _identifiers(work, work_id)
    if not (title or abstract or "doi" in identifiers):
        raise UnreadableError("no_title", f"{work_id} has neither title nor abstract nor DOI")
    published = _published(work)
    created, updated = (read_date(text_at(work, name)) for name in ("created_date", "updated_date"))
    known_on = [point for point in (published.last_on if published else None, created.on if created else None) if point]
    return Document(
        source=SOURCE,
        source_id=work_id,
        kind="paper",
        title=title,
        abstract=abstract,
        published_on=published.on if published else None,
        date_precision=published.precision if published else "day",
        available_on=min(known_on) if published else None,
        updated_on=updated.on if updated else None,
        lang=_said(_LANGUAGE, text_at(work, "language")),
        url=_address(work, identifiers, work_id),
        licence=text_at(work, "primary_location", "license") or text_at(work, "best_oa_location", "license") or None,
        state="retracted" if value_at(work, "is_retracted") is True else state_in_title(title),
        identifiers=identifiers,
        actors=tuple(dict.fromkeys(_actors(work))),
        codes=tuple(dict.fromkeys(_codes(work))),
        extras=_extras(work, asked if asked != work_id else ""),
    )


def _refuse_others(work: dict[str, Any], work_id: str) -> None:
    if not work_id.startswith("W"):
        raise UnreadableError("not_a_document", f"{work_id} is no work")
    if work_id == _DELETED:
        raise UnreadableError("not_a_document", f"{work_id} stands for works that were deleted")
    if value_at(work, "is_paratext") is True:
        raise UnreadableError("not_a_document", f"{work_id} is paratext: a cover, a contents page, an editorial board")
    if (kind := text_at(work, "type")) in _NOT_WORKS:
        raise UnreadableError("not_a_document", f"{work_id} is of the type {kind}")


def _published(work: dict[str, Any]) -> DatePoint | None:
    point = read_date(text_at(work, "publication_date")) or read_date(text_at(work, "publication_year"))
    if point is None or point.precision != "day" or point.on.day != 1:
        return point
    return DatePoint(point.on, "year" if point.on == date(point.on.year, 1, 1) else "month")


def _identifiers(work: dict[str, Any], work_id: str) -> dict[str, str]:
    places = (text_at(place, "landing_page_url") for place in list_at(work, "locations"))
    arxiv = next((number for number in map(arxiv_number, places) if number), "")
    said = map_at(work, "ids")
    return paper_identifiers(
        doi=text_at(work, "doi") or text_at(said, "doi"),
        arxiv=arxiv,
        pmid=text_at(said, "pmid"),
        pmcid=text_at(said, "pmcid"),
        openalex=work_id,
    )


def _address(work: dict[str, Any], identifiers: dict[str, str], work_id: str) -> str:
    landing = text_at(work, "primary_location", "landing_page_url")
    if landing.startswith(("http://", "https://")):
        return landing
    return f"https://doi.org/{identifiers['doi']}" if "doi" in identifiers else f"https://openalex.org/{work_id}"


def _actors(work: dict[str, Any]) -> Iterator[Actor]:
    """Authors in their order, each with the first country stated, then the institutions."""
    authorships = list_at(work, "authorships")
    for one in authorships:
        places = [text_at(place, "country_code") for place in list_at(one, "institutions")]
        country = next((code for code in (*texts_at(one, "countries"), *places) if _COUNTRY.fullmatch(code)), None)
        if name := text_at(one, "author", "display_name") or text_at(one, "raw_author_name"):
            yield Actor("author", name, country)
    for one in authorships:
        for place in list_at(one, "institutions"):
            if name := text_at(place, "display_name"):
                yield Actor("organisation", name, _said(_COUNTRY, text_at(place, "country_code")))


def _codes(work: dict[str, Any]) -> Iterator[Code]:
    for field, name in (("topics", "display_name"), ("keywords", "display_name"), ("mesh", "descriptor_name")):
        for one in list_at(work, field):
            if heading := text_at(one, name):
                yield Code("category", heading)


def _extras(work: dict[str, Any], merged_id: str) -> dict[str, Any]:
    places = [place for one in list_at(work, "authorships") for place in list_at(one, "institutions")]
    dates = {name: text_at(work, field) for name, field in _DATES}
    extras = {
        "type": text_at(work, "type"),
        "venue": text_at(work, "primary_location", "source", "display_name"),
        "is_xpac": value_at(work, "is_xpac") is True,
        "merged_id": merged_id,
        "ror": {text_at(place, "ror"): text_at(place, "display_name") for place in places if text_at(place, "ror")},
        "topics": [text_at(one, "id").rpartition("/")[2] for one in list_at(work, "topics") if text_at(one, "id")],
        "dates": {name: said for name, said in dates.items() if said},
    }
    return {name: value for name, value in extras.items() if value}


_DATES = (("published", "publication_date"), ("created", "created_date"), ("updated", "updated_date"))


def _said(form: re.Pattern[str], text: str) -> str | None:
    return text if form.fullmatch(text) else None
