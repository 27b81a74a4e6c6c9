"""Lens patents (docs.api.lens.org/response-patent.html). One record is one publication: its A1 and its B2 are two.

Any part of a record may be missing. Texts come in several languages: the English one is read, else the one in the language of the
filing, and titles in other languages are kept beside it. Owners and legal status change after publication and stay in the extras.
The Lens numbers families itself, so its number carries its name; applications are numbered as in DOCDB.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crawlers.dates import read_date
from crawlers.parsers.epo_ops_record import application_key
from crawlers.parsers.json_reading import list_at, map_at, text_at, value_at, whole_at
from crawlers.parsers.json_records import read_each, read_values, refuse_error
from crawlers.parsers.markup import clean_abstract
from crawlers.parsers.patent_codes import symbol
from crawlers.parsers.patent_record import country_code
from crawlers.records import Actor, Code, Document, Parsed
from crawlers.rejects import UnreadableError, reject

SOURCE = "lens"
_SCHEMES = (("cpc", "classifications_cpc"), ("ipc", "classifications_ipcr"), ("uspc", "classifications_national"))
_PARTIES: tuple[tuple[Literal["assignee", "inventor"], str], ...] = (("assignee", "applicants"), ("inventor", "inventors"))


@dataclass(frozen=True, slots=True)
class PatentsPage:
    """`total` counts the records of the whole query; `scroll_id` asks for the next page."""

    records: tuple[Any, ...]
    total: int | None
    scroll_id: str


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the patents of one answer of the search, a bare list of records, or one record."""
    try:
        page = read_page(body)
    except UnreadableError as error:
        return Parsed(rejects=(reject(SOURCE, 0, error),))
    return read_each(SOURCE, page.records, _read_patent, "lens_id")


def read_page(body: bytes) -> PatentsPage:
    """Return the records of an answer. Raises UnreadableError: source_error, unknown_format and what JSON can suffer from."""
    value = read_values(body)
    if isinstance(value, list):
        return PatentsPage(tuple(value), None, "")
    if isinstance(value_at(value, "data"), list):
        return PatentsPage(tuple(list_at(value, "data")), whole_at(value, "total"), text_at(value, "scroll_id"))
    if text_at(value, "lens_id"):
        return PatentsPage((value,), None, "")
    refuse_error(value)
    raise UnreadableError("unknown_format", "the answer is neither a list of patents nor a patent")


def _read_patent(record: dict[str, Any]) -> Document:
    lens_id = text_at(record, "lens_id")
    if not lens_id:
        raise UnreadableError("no_identifier", "the record has no Lens id")
    if isinstance(value_at(record, "title"), str) or "external_ids" in record:
        raise UnreadableError("not_a_document", f"{lens_id} is a scholarly work of the Lens, not a patent")
    biblio = map_at(record, "biblio")
    number = _number(record) or _number(map_at(biblio, "publication_reference"))
    lang = text_at(record, "lang").lower()
    titles = _texts(biblio, "invention_title")
    (title, title_lang), (abstract, abstract_lang) = _best(titles, lang), _best(_texts(record, "abstract"), lang)
    if not (title or abstract or number):
        raise UnreadableError("no_title", f"{lens_id} has neither title nor abstract nor number")
    published = read_date(text_at(record, "date_published")) or read_date(text_at(biblio, "publication_reference", "date"))
    return Document(
        source=SOURCE,
        source_id=lens_id,
        kind="patent",
        title=title,
        abstract=abstract,
        published_on=published.on if published else None,
        date_precision=published.precision if published else "day",
        available_on=published.last_on if published else None,
        lang=abstract_lang or title_lang or lang or None,
        url=f"https://lens.org/{lens_id}",
        identifiers=_identifiers(record, biblio, lens_id, number),
        actors=tuple(dict.fromkeys(_actors(map_at(biblio, "parties")))),
        codes=tuple(dict.fromkeys(_codes(biblio))),
        extras=_extras(record, biblio, {key: text for key, text in titles.items() if key != title_lang}),
    )


def _number(reference: dict[str, Any]) -> str:
    """Office, number and kind as one: `EP2471949A1`; '' where the number is missing."""
    said = text_at(reference, "doc_number")
    return f"{text_at(reference, 'jurisdiction')}{said}{text_at(reference, 'kind')}".replace(" ", "") if said else ""


def _texts(record: dict[str, Any], name: str) -> dict[str, str]:
    """The texts under `name` by language, the first of each; '' for none stated."""
    found: dict[str, str] = {}
    for one in list_at(record, name):
        if text := clean_abstract(text_at(one, "text")):
            found.setdefault(text_at(one, "lang").lower(), text)
    return found


def _best(texts: dict[str, str], lang: str) -> tuple[str, str]:
    chosen = next((key for key in ("en", lang) if key in texts), next(iter(texts), ""))
    return texts.get(chosen, ""), chosen


def _identifiers(record: dict[str, Any], biblio: dict[str, Any], lens_id: str, number: str) -> dict[str, str]:
    family = text_at(record, "families", "simple_family", "family_id")
    application = map_at(biblio, "application_reference")
    found = {
        "lens": lens_id,
        "publication": number,
        "application": application_key(".".join(text_at(application, name) for name in ("jurisdiction", "doc_number", "kind"))),
        "family": f"lens:{family}" if family else "",
    }
    return {scheme: value for scheme, value in found.items() if value}


def _actors(parties: dict[str, Any]) -> Iterator[Actor]:
    for role, field in _PARTIES:
        for one in list_at(parties, field):
            if name := text_at(one, "extracted_name", "value") or text_at(one, "extracted_name"):
                yield Actor(role, name, country_code(text_at(one, "residence")))


def _codes(biblio: dict[str, Any]) -> Iterator[Code]:
    for scheme, field in _SCHEMES:
        for one in list_at(biblio, field, "classifications"):
            if said := text_at(one, "symbol"):
                yield Code(scheme, said if scheme == "uspc" else symbol(said))


def _extras(record: dict[str, Any], biblio: dict[str, Any], titles: dict[str, str]) -> dict[str, Any]:
    dates = {
        "published": text_at(record, "date_published") or text_at(biblio, "publication_reference", "date"),
        "filed": text_at(biblio, "application_reference", "date"),
        "priority": text_at(biblio, "priority_claims", "earliest_claim", "date"),
        "granted": text_at(record, "legal_status", "grant_date"),
    }
    owners = (text_at(one, "extracted_name", "value") for one in list_at(biblio, "parties", "owners_all"))
    extras = {
        "kind_code": text_at(record, "kind"),
        "publication_type": text_at(record, "publication_type"),
        "filing_lang": text_at(record, "lang").lower(),
        "docdb_id": text_at(record, "docdb_id"),
        "titles": titles,
        "owners": list(dict.fromkeys(name for name in owners if name)),
        "legal_status": text_at(record, "legal_status", "patent_status"),
        "family_size": whole_at(record, "families", "simple_family", "size"),
        "family_members": [text_at(one, "lens_id") for one in list_at(record, "families", "simple_family", "members")],
        "dates": {name: said for name, said in dates.items() if said},
    }
    return {name: value for name, value in extras.items() if value}
