"""PubMed by E-utilities: the sets of records that efetch gives (ncbi.nlm.nih.gov/books/NBK25499). One record is one paper.

A set holds articles, books and chapters, and in update files the ids of records that were deleted. What esearch, epost and
esummary answer describes no work in full and is refused, an error among it under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from crawlers.parsers.json_reading import map_at, read_json, text_at
from crawlers.parsers.paper_identifiers import bare_doi
from crawlers.parsers.pubmed_dates import RecordDates, dates_of, read_point
from crawlers.parsers.pubmed_links import links_of, state_of
from crawlers.parsers.xml_reading import below, child, children, local, read_xml, text
from crawlers.records import Actor, Code, Document, Parsed, Reject
from crawlers.rejects import UnreadableError, reject

SOURCE = "pubmed"
_SETS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet"})
_OTHER_ANSWERS = frozenset({"eSearchResult", "ePostResult", "eSummaryResult", "eInfoResult", "eLinkResult", "eFetchResult", "eSpellResult"})
_ARTICLE, _BOOK, _DELETED = "PubmedArticle", "PubmedBookArticle", "DeleteCitation"
_NO_TITLE = re.compile(r"\[?not available\]?\.?", re.IGNORECASE)
_UNLABELLED = "UNLABELLED"
_MAIL = re.compile(r"\s?(?:Electronic address: ?)?[^\s@]{1,80}@\S{1,200}", re.IGNORECASE)


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the records of one answer of efetch, in its order; each deleted id is a document in the state deleted."""
    documents: list[Document] = []
    rejects: list[Reject] = []
    try:
        if body.lstrip().startswith(b"{"):
            raise _refusal_of_json(read_json(body))
        records = _records(read_xml(body))
    except UnreadableError as error:
        return Parsed(rejects=(reject(SOURCE, 0, error),))
    for position, record in enumerate(records):
        try:
            documents.append(_read_record(record))
        except UnreadableError as error:
            rejects.append(reject(SOURCE, position, error, _pmid_of(record) or None))
    return Parsed(tuple(documents), tuple(rejects))


def _refusal_of_json(answer: Any) -> UnreadableError:
    """Why an answer in JSON, which efetch never gives, is no document: esearch says `ERROR`, the gate before it `error`."""
    said = text_at(map_at(answer, "esearchresult"), "ERROR") or text_at(answer, "error") or text_at(map_at(answer, "result"), "error")
    return UnreadableError("source_error", said[:300]) if said else UnreadableError("not_a_document", "the answer lists no records")


def _records(root: Any) -> list[Any]:
    """The records below `root`, a deleted one by its PMID element. Raises UnreadableError for an answer that holds none by its kind."""
    if errors := error_messages(root):
        raise UnreadableError("source_error", "; ".join(errors)[:300])
    if local(root) in (_ARTICLE, _BOOK):
        return [root]
    if local(root) == "html":
        raise UnreadableError("html_page", "the response is a web page, not data")
    if local(root) in _OTHER_ANSWERS:
        raise UnreadableError("not_a_document", f"<{local(root)}> describes no published work in full")
    if local(root) not in _SETS:
        raise UnreadableError("unknown_format", f"<{local(root)}> is no answer of PubMed's efetch"[:200])
    found: list[Any] = []
    for node in root:
        found += children(node, "PMID") if local(node) == _DELETED else [node]
    return found


def error_messages(root: Any) -> list[str]:
    """Return what an answer of the E-utilities says went wrong, in its own words; [] when nothing did."""
    return [text(node) or "error without a message" for node in root.iter() if local(node) in ("ERROR", "error")]


def _read_record(record: Any) -> Document:
    match local(record):
        case "PMID":
            return _deleted(text(record))
        case name if name == _ARTICLE:
            return _read_article(record)
        case name if name == _BOOK:
            return _read_book(record)
        case other:
            raise UnreadableError("unknown_format", f"<{other}> is neither an article, a book nor a deletion"[:200])


def _pmid_of(record: Any) -> str:
    if local(record) == "PMID":
        return text(record)
    return text(child(record, "MedlineCitation", "PMID")) or text(child(record, "BookDocument", "PMID"))


def _required_pmid(pmid: str) -> str:
    if not pmid:
        raise UnreadableError("no_identifier", "the record has no PMID")
    return pmid


def _deleted(pmid: str) -> Document:
    pmid = _required_pmid(pmid)
    return Document(
        source=SOURCE,
        source_id=pmid,
        kind="paper",
        title="",
        abstract="",
        published_on=None,
        date_precision="day",
        available_on=None,
        state="deleted",
        url=_address(pmid),
        identifiers={"pmid": pmid},
    )


def _read_article(record: Any) -> Document:
    citation = child(record, "MedlineCitation")
    article = child(citation, "Article")
    journal = child(article, "Journal")
    dates = dates_of(record, child(journal, "JournalIssue", "PubDate"), *children(article, "ArticleDate"))
    return _document(
        record,
        citation,
        article,
        dates,
        title=text(child(article, "ArticleTitle")),
        identifiers=_identifiers(child(record, "PubmedData"), article),
        extras={
            "journal": text(child(journal, "Title")),
            "issn": text(child(journal, "ISSN")),
            "status": citation.get("Status", "") if citation is not None else "",
        },
    )


def _read_book(record: Any) -> Document:
    document = child(record, "BookDocument")
    book = child(document, "Book")
    dates = dates_of(record, child(book, "PubDate"), child(document, "ContributionDate"))
    book_title = text(child(book, "BookTitle"))
    title = text(child(document, "ArticleTitle"))
    return _document(
        record,
        document,
        document,
        dates,
        title=title or book_title,
        identifiers=_identifiers(record, document),
        extras={
            "book": book_title if title else "",
            "publisher": text(child(book, "Publisher", "PublisherName")),
            "isbn": [text(node) for node in children(book, "Isbn")],
        },
        more_authors=children(book, "AuthorList"),
    )


def _document(
    record: Any,
    citation: Any,
    article: Any,
    dates: RecordDates,
    *,
    title: str,
    identifiers: dict[str, str],
    extras: dict[str, Any],
    more_authors: Iterable[Any] = (),
) -> Document:
    pmid = _required_pmid(_pmid_of(record))
    vernacular = text(child(article, "VernacularTitle"))
    if not title or _NO_TITLE.fullmatch(title):
        title = vernacular
    if not title:
        raise UnreadableError("no_title", "the record has no title")
    types = [text(node) for node in below(article, "PublicationType")]
    revised = read_point(child(citation, "DateRevised"))
    abstract = child(article, "Abstract")
    said = {
        "pmid_version": child(citation, "PMID").get("Version", ""),
        "dates": dates.said,
        "vernacular_title": vernacular if title != vernacular else "",
        "languages": [text(node) for node in children(article, "Language")],
        "types": types,
        "other_abstracts": [_other_abstract(node) for node in children(citation, "OtherAbstract")],
        "relations": list(links_of(citation, types)),
        **extras,
    }
    return Document(
        source=SOURCE,
        source_id=pmid,
        kind="paper",
        title=title,
        abstract=_abstract_text(abstract),
        published_on=dates.published.on if dates.published else None,
        date_precision=dates.published.precision if dates.published else "day",
        available_on=dates.available_on,
        updated_on=revised.on if revised else None,
        lang=None if title == vernacular else "en",  # titles and abstracts are put into English
        url=_address(pmid),
        licence=text(child(abstract, "CopyrightInformation")) or None,
        state=state_of(citation, title, types),
        identifiers={"pmid": pmid, **identifiers},
        actors=_actors([*children(article, "AuthorList"), *more_authors]),
        codes=tuple(dict.fromkeys(_codes(citation))),
        extras={name: value for name, value in said.items() if value},
    )


def _address(pmid: str) -> str:
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"


def _identifiers(data: Any, article: Any) -> dict[str, str]:
    """The record's own DOI and PMC id; those of its references lie deeper."""
    said = [(node.get("IdType", ""), text(node)) for node in children(child(data, "ArticleIdList"), "ArticleId")]
    said += [(node.get("EIdType", ""), text(node)) for node in children(article, "ELocationID") if node.get("ValidYN", "Y") == "Y"]
    found: dict[str, str] = {}
    for kind, value in said:
        if kind == "doi" and (doi := bare_doi(value)):
            found.setdefault("doi", doi)
        elif kind == "pmc" and value:
            found.setdefault("pmcid", value.upper())
    return found


def _abstract_text(abstract: Any) -> str:
    """The parts of an abstract in one text, each behind its label ('METHODS: ...')."""
    parts = []
    for node in children(abstract, "AbstractText"):
        label, words = node.get("Label", "").strip(), text(node)
        if words:
            parts.append(f"{label}: {words}" if label and label != _UNLABELLED else words)
    return " ".join(parts)


def _other_abstract(node: Any) -> dict[str, str]:
    return {"type": node.get("Type", ""), "language": node.get("Language", ""), "text": _abstract_text(node)}


def _actors(lists: Iterable[Any]) -> tuple[Actor, ...]:
    """Authors, people and groups alike, then the places they name. A name marked as wrong has its corrected twin beside it."""
    authors: list[Actor] = []
    places: list[Actor] = []
    for node in (author for one in lists for author in children(one, "Author")):
        if node.get("ValidYN", "Y") != "Y":
            continue
        person = (text(child(node, part)) for part in ("ForeName", "LastName", "Suffix"))
        if name := " ".join(part for part in person if part) or text(child(node, "CollectiveName")):
            authors.append(Actor("author", name))
        for place in children(node, "AffiliationInfo"):
            if organisation := _MAIL.sub("", text(child(place, "Affiliation"))).strip():
                places.append(Actor("organisation", organisation))
    return tuple(dict.fromkeys([*authors, *places]))


def _codes(citation: Any) -> Iterable[Code]:
    """Subject headings of the National Library of Medicine, then the authors' keywords."""
    headings = (child(node, "DescriptorName") for node in children(child(citation, "MeshHeadingList"), "MeshHeading"))
    keywords = (node for one in children(citation, "KeywordList") for node in children(one, "Keyword"))
    return (Code("category", term) for node in (*headings, *keywords) if (term := text(node)))
