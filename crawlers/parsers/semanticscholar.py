"""Semantic Scholar's Academic Graph (api.semanticscholar.org/api-docs/graph): searches, batches, single papers, recommendations.

Answers about authors and citations describe no work. Retractions are only seen in titles. Where only the year is known, the
service itself counts a paper as of 1 January; here such a date keeps its precision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crawlers.dates import read_date
from crawlers.parsers.json_reading import list_at, map_at, text_at, texts_at, value_at, whole_at
from crawlers.parsers.json_records import read_each, read_values, refuse_error
from crawlers.parsers.markup import clean_abstract, clean_title
from crawlers.parsers.paper_identifiers import paper_identifiers
from crawlers.parsers.title_marks import state_in_title
from crawlers.records import Actor, Code, Document, Parsed
from crawlers.rejects import UnreadableError, reject

SOURCE = "semanticscholar"
_PAPER_LISTS = ("data", "recommendedPapers")


@dataclass(frozen=True, slots=True)
class PapersPage:
    """`total` is the service's estimate of how many papers the query has; an empty `token` ends a bulk search."""

    papers: tuple[Any, ...]
    total: int | None
    token: str


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the papers of one answer. A null in a batch, an id nobody knows, is a reject at its position."""
    try:
        page = read_page(body)
    except UnreadableError as error:
        return Parsed(rejects=(reject(SOURCE, 0, error),))
    return read_each(SOURCE, page.papers, _read_paper, "paperId")


def read_page(body: bytes) -> PapersPage:
    """Return the entries of an answer. Raises UnreadableError: source_error, not_a_document, unknown_format, and what JSON suffers from."""
    value = read_values(body)
    if isinstance(value, list):
        return PapersPage(tuple(value), None, "")
    total = whole_at(value, "total")
    for name in _PAPER_LISTS:
        if isinstance(value_at(value, name), list):
            return PapersPage(tuple(list_at(value, name)), total, text_at(value, "token"))
    if text_at(value, "paperId"):
        return PapersPage((value,), None, "")
    refuse_error(value)
    if total == 0:  # the relevance search leaves `data` out when it found nothing
        return PapersPage((), 0, "")
    if text_at(value, "authorId") or isinstance(value_at(value, "matches"), list):
        raise UnreadableError("not_a_document", "the answer is about an author or completes a title")
    raise UnreadableError("unknown_format", "the answer is neither a list of papers nor a paper")


def _read_paper(paper: dict[str, Any]) -> Document:
    paper_id = text_at(paper, "paperId")
    if not paper_id:
        raise _no_paper(paper)
    said = map_at(paper, "externalIds")
    identifiers = paper_identifiers(
        doi=text_at(said, "DOI"),
        arxiv=text_at(said, "ArXiv"),
        pmid=text_at(said, "PubMed"),
        pmcid=text_at(said, "PubMedCentral"),
        s2=paper_id,
    )
    title, abstract = clean_title(text_at(paper, "title")), clean_abstract(text_at(paper, "abstract"))
    if not (title or abstract or "doi" in identifiers):
        raise UnreadableError("no_title", f"{paper_id} has neither title nor abstract nor DOI")
    published = read_date(text_at(paper, "publicationDate")) or read_date(text_at(paper, "year"))
    return Document(
        source=SOURCE,
        source_id=paper_id,
        kind="paper",
        title=title,
        abstract=abstract,
        published_on=published.on if published else None,
        date_precision=published.precision if published else "day",
        available_on=published.last_on if published else None,
        url=text_at(paper, "url") or f"https://www.semanticscholar.org/paper/{paper_id}",
        licence=text_at(paper, "openAccessPdf", "license") or None,
        state=state_in_title(title),
        identifiers=identifiers,
        actors=tuple(dict.fromkeys(_actors(paper))),
        codes=tuple(dict.fromkeys(_codes(paper))),
        extras=_extras(paper),
    )


def _no_paper(entry: dict[str, Any]) -> UnreadableError:
    if {"citingPaper", "citedPaper"} & entry.keys():
        return UnreadableError("not_a_document", "the entry is a citation of one paper by another")
    if "authorId" in entry:
        return UnreadableError("not_a_document", "the entry is an author")
    return UnreadableError("no_identifier", "the paper has no id")


def _actors(paper: dict[str, Any]) -> Iterator[Actor]:
    authors = list_at(paper, "authors")
    yield from (Actor("author", name) for one in authors if (name := text_at(one, "name")))
    yield from (Actor("organisation", place) for one in authors for place in texts_at(one, "affiliations"))


def _codes(paper: dict[str, Any]) -> Iterator[Code]:
    fields = [text_at(one, "category") for one in list_at(paper, "s2FieldsOfStudy")]
    yield from (Code("category", name) for name in (*fields, *texts_at(paper, "fieldsOfStudy")) if name)


def _extras(paper: dict[str, Any]) -> dict[str, Any]:
    dates = {"published": text_at(paper, "publicationDate"), "year": text_at(paper, "year")}
    extras = {
        "types": texts_at(paper, "publicationTypes"),
        "venue": text_at(paper, "venue") or text_at(paper, "publicationVenue", "name") or text_at(paper, "journal", "name"),
        "corpus_id": text_at(paper, "corpusId") or text_at(paper, "externalIds", "CorpusId"),
        "dates": {name: said for name, said in dates.items() if said},
    }
    return {name: value for name, value in extras.items() if value}
