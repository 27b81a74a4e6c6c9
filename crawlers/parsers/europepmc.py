"""Europe PMC search results, formats lite and core: papers, preprints, books, and patents (europepmc.org/RestfulWebService).

One row is one record of one of its sources: a paper may stand there as MED, PMC and PPR; the rows share identifiers and stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from crawlers.parsers.europepmc_dates import earliest_priority, read_dates
from crawlers.parsers.europepmc_envelope import read_page
from crawlers.parsers.europepmc_links import links_of, state_of
from crawlers.parsers.json_reading import list_at, text_at, texts_at
from crawlers.parsers.json_records import read_each
from crawlers.parsers.markup import clean_abstract, clean_title
from crawlers.parsers.paper_identifiers import paper_identifiers
from crawlers.parsers.patent_codes import symbol
from crawlers.records import Actor, Code, Document, Parsed
from crawlers.rejects import UnreadableError, reject

SOURCE, PATENTS = "europepmc", "europepmc_patents"
_PATENT = "PAT"
_SCHEMES = {"IPC": "ipc", "IPCR": "ipc", "CPC": "cpc"}  # EPO is ECLA, which ended in 2012 and is no CPC
_LANGUAGES = {  # MARC codes of the languages the records are written in
    "eng": "en", "chi": "zh", "zho": "zh", "jpn": "ja", "kor": "ko", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr", "spa": "es",
    "por": "pt", "ita": "it", "rus": "ru", "pol": "pl", "dut": "nl", "nld": "nl", "tur": "tr", "ukr": "uk",
}  # fmt: skip
_MAIL = re.compile(r"(?:\s*Electronic address:)?\s*\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\.?", re.IGNORECASE)  # a person's, not the organisation's
_MAX_AUTHORS = 5000


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the papers of one answer, in its order; an error inside HTTP 200 is one reject."""
    return _parse(SOURCE, body)


def parse_patents(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the patents of one answer of a search within `SRC:PAT`."""
    return _parse(PATENTS, body)


def _parse(source: str, body: bytes) -> Parsed:
    try:
        page = read_page(body)
    except UnreadableError as error:
        return Parsed(rejects=(reject(source, 0, error),))
    return read_each(source, page.records, partial(_read_record, source), "id")


def _read_record(source: str, record: dict[str, Any]) -> Document:
    kept_by, number = text_at(record, "source").upper(), text_at(record, "id")
    if not (kept_by and number):
        raise UnreadableError("no_identifier", "the record has no source and id")
    title = clean_title(text_at(record, "title")).strip()
    if not title:
        raise UnreadableError("no_title", f"{kept_by}/{number} has no title")
    dates = read_dates(record)
    published = dates.published
    is_patent = kept_by == _PATENT
    return Document(
        source=source,
        source_id=f"{kept_by}/{number}",
        kind="patent" if is_patent else "paper",
        title=title,
        abstract=clean_abstract(text_at(record, "abstractText")),
        published_on=published.on if published else None,
        date_precision=published.precision if published else "day",
        available_on=dates.available_on,
        updated_on=dates.updated_on,
        lang=_language(record, kept_by),
        url=f"https://europepmc.org/article/{kept_by}/{number}",
        licence=text_at(record, "license") or None,
        state=state_of(record, title),
        identifiers=_patent_identifiers(record) if is_patent else _paper_identifiers(record),
        actors=tuple(dict.fromkeys(_parties(record) if is_patent else _authors(record))),
        codes=tuple(dict.fromkeys(_classes(record) if is_patent else _terms(record))),
        extras=_extras(record, dates.said, is_patent),
    )


def _language(record: dict[str, Any], kept_by: str) -> str | None:
    """PubMed puts titles and abstracts into English, whatever the paper is written in."""
    if kept_by == "MED":
        return "en"
    said = text_at(record, "language").lower()
    return _LANGUAGES.get(said) or (said if len(said) == 2 and said.isalpha() else None)


def _paper_identifiers(record: dict[str, Any]) -> dict[str, str]:
    return paper_identifiers(doi=text_at(record, "doi"), pmid=text_at(record, "pmid"), pmcid=text_at(record, "pmcid"))


def _patent_identifiers(record: dict[str, Any]) -> dict[str, str]:
    application = "".join(text_at(record, "patentDetails", "application", "applicationNumber").split())
    return {"application": application} if application else {}


def _authors(record: dict[str, Any]) -> Iterator[Actor]:
    people = list_at(record, "authorList", "author")[:_MAX_AUTHORS]
    for person in people:
        whole = " ".join(part for part in (text_at(person, "firstName"), text_at(person, "lastName")) if part)
        is_whole = text_at(person, "firstName") and text_at(person, "lastName")
        if name := (whole if is_whole else "") or text_at(person, "fullName") or text_at(person, "collectiveName") or whole:
            yield Actor("author", clean_title(name))
    if not people:
        yield from (Actor("author", name) for name in _split_names(text_at(record, "authorString")))
    for person in people:
        places = list_at(person, "authorAffiliationDetailsList", "authorAffiliation")
        for place in (*(text_at(one, "affiliation") for one in places), text_at(person, "affiliation")):
            if name := clean_title(_MAIL.sub("", place)):
                yield Actor("organisation", name)


def _parties(record: dict[str, Any]) -> Iterator[Actor]:
    """Of a patent `authorString` names the inventors, `affiliation` who holds the rights."""
    yield from (Actor("inventor", name) for name in _split_names(text_at(record, "authorString")))
    if holder := text_at(record, "affiliation"):
        yield Actor("assignee", holder)


def _split_names(line: str) -> list[str]:
    """'Jeong S, Kim TM, Choi B.' -> the names; the stop at the end belongs to the line."""
    names = (name.strip() for name in line.removesuffix(".").split(", "))
    return [name for name in names if name][:_MAX_AUTHORS]


def _terms(record: dict[str, Any]) -> Iterator[Code]:
    headings = (text_at(one, "descriptorName") for one in list_at(record, "meshHeadingList", "meshHeading"))
    for term in (*headings, *texts_at(record, "keywordList", "keyword")):
        if cleaned := clean_title(term):
            yield Code("category", cleaned)


def _classes(record: dict[str, Any]) -> Iterator[Code]:
    for one in list_at(record, "patentDetails", "classifierList", "classifier"):
        scheme, code = _SCHEMES.get(text_at(one, "classificationType").upper()), text_at(one, "classification")
        if scheme and code:
            yield Code(scheme, symbol(code))


def _extras(record: dict[str, Any], dates: dict[str, str], is_patent: bool) -> dict[str, Any]:
    """What else is worth keeping, without the counts that change every day."""
    extras: dict[str, Any] = {
        "types": texts_at(record, "pubTypeList", "pubType") or [one for one in text_at(record, "pubType").split("; ") if one],
        "container": text_at(record, "journalInfo", "journal", "title") or text_at(record, "journalTitle"),
        "publisher": text_at(record, "bookOrReportDetails", "publisher") or text_at(record, "publisher"),
        "issn": text_at(record, "journalInfo", "journal", "ISSN") or text_at(record, "journalIssn"),
        "volume": text_at(record, "journalInfo", "volume") or text_at(record, "journalVolume"),
        "issue": text_at(record, "journalInfo", "issue") or text_at(record, "issue"),
        "page": text_at(record, "pageInfo"),
        "language": text_at(record, "language"),
        "is_open_access": text_at(record, "isOpenAccess") == "Y",
        "preprint_version": text_at(record, "versionNumber"),
        "funders": list(dict.fromkeys(name for one in list_at(record, "grantsList", "grant") if (name := text_at(one, "agency")))),
        "dates": dates,
        "relations": links_of(record),
    }
    if is_patent:
        extras |= {
            "country": text_at(record, "patentDetails", "countryCode"),
            "kind_code": text_at(record, "patentDetails", "typeCode"),
            "kind_said": text_at(record, "patentDetails", "typeDescription"),
            "priority_on": earliest_priority(record),
            "ecla": [text_at(one, "classification") for one in _ecla(record)],
        }
    return {name: value for name, value in extras.items() if value}


def _ecla(record: dict[str, Any]) -> list[Any]:
    classifiers = list_at(record, "patentDetails", "classifierList", "classifier")
    return [one for one in classifiers if text_at(one, "classificationType").upper() == "EPO"]
