"""The USPTO Open Data Portal's patent file wrappers (`api/v1/patent/applications/search`): one record is one application.

A record has no abstract; it dates filing, publication and grant apart. Production puts the facts under `applicationMetaData`
of `patentFileWrapperDataBag[]`; the beta of 2024 had them flat in `patentBag[]`. Types change from record to record: numbers
are text or not, flags are `Y` or false, lists of people hold maps or names (data.uspto.gov/swagger).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crawlers.dates import DatePoint, read_date
from crawlers.parsers.json_reading import list_at, map_at, read_json, text_at, texts_at, value_at
from crawlers.parsers.patent_codes import symbol
from crawlers.parsers.patent_record import LICENCE, codes_of, country_code, person
from crawlers.records import Actor, Code, Document, Parsed, Reject
from crawlers.rejects import UnreadableError, reject
from crawlers.text import plain

SOURCE = "uspto_odp"
WRAPPERS = ("patentFileWrapperDataBag", "patentBag")
NO_HITS = "no matching records"  # in the message of a 404: nothing matches, which is an answer and no fault
_COMPANIONS = {  # known lists of something else
    "bulkDataProductBag": "bulk products",
    "petitionDecisionDataBag": "decisions on petitions",
    "documentBag": "papers of a file",
    "eventDataBag": "transactions",
    "statusCodeBag": "status codes",
}
_DESCRIBES = ("filingDate", "inventorBag", "firstInventorName", "applicationTypeCategory", "patentNumber", "earliestPublicationNumber")
_PUBLICATION = re.compile(r"(?:US)?\s*(\d{4})[-/]?(\d{7})\s*([A-Z]\d)?")
_PADDED = re.compile(r"([A-Z]{0,2})0*([1-9]\d*)")

MAX_RECORDS = 10_000  # a page has a hundred
MAX_VALUES = 500_000  # commas and opening braces, of which such a page has some 100,000; this many take about two seconds


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the applications of one response. Answers about one application (continuity, assignments) describe no work: rejects.

    The answer that nothing matches is empty and no fault; other messages are rejects.
    """
    try:
        if body.count(b",") + body.count(b"{") > MAX_VALUES:
            raise UnreadableError("too_large", f"the answer has more than {MAX_VALUES} values")
        records = records_in(read_json(body))
    except UnreadableError as error:
        return Parsed(rejects=(reject(SOURCE, 0, error),))
    documents: list[Document] = []
    rejects: list[Reject] = []
    for position, record in enumerate(records):
        try:
            documents.append(_read_record(record))
        except UnreadableError as error:
            rejects.append(reject(SOURCE, position, error, number_of(record) or None))
    return Parsed(tuple(documents), tuple(rejects))


def records_in(answer: Any) -> list[Any]:
    """Return the file wrappers of an answer, [] where nothing matches. Raises UnreadableError for any other answer."""
    for name in WRAPPERS:
        if isinstance(value_at(answer, name), list):
            records = list_at(answer, name)
            if len(records) > MAX_RECORDS:
                raise UnreadableError("too_large", f"the answer has {len(records)} records, more than the portal gives at once")
            return records
    for name, meaning in _COMPANIONS.items():
        if value_at(answer, name) is not None:
            raise UnreadableError("not_a_document", f"{len(list_at(answer, name))} {meaning} describe no publication")
    said = " ".join(
        filter(None, (text_at(answer, one) for one in ("message", "error", "detailedMessage", "errorDetails", "errorDetailed")))
    )
    if NO_HITS in said.lower():
        return []
    if said:
        raise UnreadableError("source_error", f"{text_at(answer, 'code') or 'no code'}: {said}"[:300])
    raise UnreadableError("unknown_format", "the answer holds no file wrappers")


def number_of(record: Any) -> str:
    """Return the application number as the record writes it, without spaces (`18597857`, `PCT/US15/27322`); '' where missing."""
    return "".join(text_at(record, "applicationNumberText").split())


def _read_record(record: Any) -> Document:
    facts = map_at(record, "applicationMetaData") or record
    number = number_of(record) or number_of(facts)
    title = plain(text_at(facts, "inventionTitle"))
    if not title and not any(value_at(facts, name) for name in _DESCRIBES):
        raise UnreadableError("not_a_document", f"the record of {number or 'an application'} describes no publication")
    if not number:
        raise UnreadableError("no_identifier", "the application has no number")
    if not title:
        raise UnreadableError("no_title", f"application {number} has no title")
    dates = {name: text for name, path in _DATES.items() if (text := text_at(facts, path))}
    published = _first(dates.get("published"), *texts_at(facts, "publicationDateBag")) or _first(dates.get("granted"))
    earlier = _first(dates.get("pct_published"), dates.get("hague_published"))
    published = published or earlier
    known = min((point.last_on for point in (published, earlier) if point), default=None)
    granted = _first(dates.get("granted"))
    return Document(
        source=SOURCE,
        source_id=number,
        kind="patent",
        title=title,
        abstract="",
        published_on=published.on if published else None,
        date_precision=published.precision if published else "day",
        available_on=known,
        updated_on=granted.on if granted and published and granted.on > published.on else None,
        lang="en",
        url=f"https://data.uspto.gov/patent-file-wrapper/search/details/{re.sub('[^A-Za-z0-9]', '', number)}/application-data",
        licence=LICENCE,
        identifiers={"application": f"US{number}"} if number.isdecimal() else {},
        actors=tuple(dict.fromkeys(_actors(facts))),
        codes=tuple(dict.fromkeys(_codes(facts))),
        extras=_extras(facts, dates),
    )


_DATES = {
    "filed": "filingDate",
    "effective_filing": "effectiveFilingDate",
    "published": "earliestPublicationDate",
    "granted": "grantDate",
    "pct_published": "pctPublicationDate",
    "hague_published": "internationalRegistrationPublicationDate",
}


def _first(*days: str | None) -> DatePoint | None:
    return min((point for point in map(read_date, days) if point), key=lambda point: point.on, default=None)


def _extras(facts: Any, dates: dict[str, str]) -> dict[str, Any]:
    extras = {
        "dates": dates,
        "filed": dates.get("filed"),
        "application_type": text_at(facts, "applicationTypeLabelName").lower(),
        "proceeding": text_at(facts, "applicationTypeCategory"),  # REGULAR, REEXAM, REISSUE ...
        "status": text_at(facts, "applicationStatusDescriptionText"),
        "publication_number": publication_number(text_at(facts, "earliestPublicationNumber")),
        "patent_number": patent_number(text_at(facts, "patentNumber")),
        "pct_publication_number": text_at(facts, "pctPublicationNumber"),
    }
    return {name: value for name, value in extras.items() if value}


def publication_number(written: str) -> str:
    """Return `US20240156173A1` from any of the portal's spellings (`US 2024-0156173 A1`, `US20240362478A1`); others as they are."""
    match = _PUBLICATION.fullmatch(written)
    return f"US{match[1]}{match[2]}{match[3] or ''}" if match else written


def patent_number(written: str) -> str:
    """Return a grant's number without the zeros it may be filled up with: `RE049123` -> `RE49123`; designs D, plants PP, reissues RE."""
    match = _PADDED.fullmatch("".join(written.split()).upper())
    return f"{match[1]}{match[2]}" if match else written


def _actors(facts: Any) -> Iterator[Actor]:
    people: tuple[tuple[Any, str, str, str], ...] = (
        ("inventor", "inventorBag", "inventorNameText", "firstInventorName"),
        ("assignee", "applicantBag", "applicantNameText", "firstApplicantName"),
    )
    for role, bag, name, only in people:
        found = [actor for one in list_at(facts, bag) if (actor := _actor(role, one, name))]
        alone = text_at(facts, only)
        yield from found or ([Actor(role, alone)] if alone else [])


def _actor(role: Any, one: Any, name: str) -> Actor | None:
    written = text_at(one) or text_at(one, name) or person(text_at(one, "firstName"), text_at(one, "lastName"))
    homes = list_at(one, "correspondenceAddressBag") if isinstance(one, dict) else []
    homes.sort(key=lambda home: text_at(home, "postalAddressCategory") != "residence")
    countries = (country_code(text_at(home, "countryCode")) for home in homes)
    return Actor(role, written, next((one for one in countries if one), None)) if written else None


def _codes(facts: Any) -> Iterator[Code]:
    yield from codes_of("cpc", map(symbol, texts_at(facts, "cpcClassificationBag")))
    main, sub = text_at(facts, "class"), text_at(facts, "subclass")
    both = text_at(facts, "uspcSymbolText") or text_at(facts, "class/subclass") or (f"{main}/{sub}" if main and sub else main)
    yield from codes_of("uspc", [both])
