"""One exchange document of the EPO (DOCDB exchange format): a publication of any office, made into a Document.

A publication is named by country, number and kind: A1 and B2 are two publications of one application and two documents;
the simple family (`family-id`) makes them one work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawlers.dates import DatePoint, read_date
from crawlers.parsers.epo_ops_envelope import docdb_number, document_ids, number_of_exchange
from crawlers.parsers.patent_codes import joined, symbol
from crawlers.parsers.patent_record import codes_of
from crawlers.parsers.xml_reading import below, child, children, text
from crawlers.records import Actor, Code, Document
from crawlers.rejects import UnreadableError

SOURCE = "epo_ops"
LICENCE = "EPO terms of use, fair-use charter (bibliographic data)"
UNKNOWN_LANGUAGE = "und"  # ISO 639-2: the record does not say
_LANGUAGES = ("en", "fr", "de")  # first choice first; any other stands behind them
_CORRECTION = re.compile(r"[A-Z][89]")  # WIPO ST.16: 8 = corrected front page, 9 = corrected document
_COUNTRY = re.compile(r"\s*\[([A-Z]{2})\]\s*$")
_US_APPLICATION = re.compile(r"(?:19|20)\d{2}(\d{8})")  # docdb writes the year before series and number, from about 2008 on
_SPACED_SLASH = re.compile(r"\s*/\s*")
_DRAWING = re.compile(r"\s*<IMAGE>\s*")  # stands in old abstracts where the front page has a drawing


def read_exchange(node: Any, inpadoc_family: str = "") -> Document:
    """Return the publication in an exchange-document element.

    A publication without title (JP2005533465A) or abstract is still one. Raises UnreadableError: not_a_document (the
    office's answer that it has none), no_identifier.
    """
    biblio = child(node, "bibliographic-data")
    published = child(biblio, "publication-reference")
    country, number, kind = number_of_exchange(node)
    if not number:
        country, number, kind = (text(child(_ids(published).get("docdb"), part)) for part in ("country", "doc-number", "kind"))
    if node.get("status") == "not found":
        raise UnreadableError("not_a_document", f"{country}{number}{kind} is not in the collection")
    if not number:
        raise UnreadableError("no_identifier", "the publication has no number")
    applied = child(biblio, "application-reference")
    day = _day_of(published) or read_date(node.get("date-publ"))
    titles, abstracts = _by_language(biblio, "invention-title"), _by_language(node, "abstract")
    title_lang, title = _preferred(titles)
    abstract_lang, abstract = _preferred(abstracts)
    lang = title_lang or abstract_lang
    return Document(
        source=SOURCE,
        source_id=f"{country}{number}{kind}",
        kind="patent",
        title=title,
        abstract=abstract,
        published_on=day.on if day else None,
        date_precision=day.precision if day else "day",
        available_on=day.last_on if day else None,
        lang=lang if lang not in {"", UNKNOWN_LANGUAGE} else None,
        url=f"https://worldwide.espacenet.com/patent/search?q=pn%3D{country}{number}{kind}",
        licence=LICENCE,
        identifiers=_identifiers(node.get("family-id", "").strip(), docdb_number(applied) if applied is not None else ""),
        actors=tuple(_actors(child(biblio, "parties"))),
        codes=tuple(dict.fromkeys(_codes(biblio))),
        extras=_extras(biblio, f"{country}{number}", kind, day)
        | ({"titles": titles} if len(titles) > 1 else {})
        | ({"abstracts": abstracts} if len(abstracts) > 1 else {})
        | ({"abstract_lang": abstract_lang} if abstract_lang not in {"", lang} else {})
        | ({"inpadoc_family": inpadoc_family} if inpadoc_family else {}),
    )


def application_key(docdb: str) -> str:
    """Return the identifier of an application from `CC.number.kind`; '' without a number.

    A US number in docdb's long form becomes the one the US office writes (US.201615000001.A -> `US15000001`); every other
    is kept as it is behind `docdb:`, since short US numbers are ordered otherwise and would collide.
    """
    country, number, kind = (*docdb.split("."), "", "")[:3]
    match = _US_APPLICATION.fullmatch(number)
    if match and country == "US" and kind == "A":
        return f"US{match[1]}"
    return f"docdb:{docdb}" if number else ""


def _identifiers(family: str, application: str) -> dict[str, str]:
    key = application_key(application)
    return ({"family": f"docdb:{family}"} if family else {}) | ({"application": key} if key else {})


def _extras(biblio: Any, publication: str, kind: str, day: DatePoint | None) -> dict[str, Any]:
    applied = child(biblio, "application-reference")
    priorities = [date for one in children(child(biblio, "priority-claims"), "priority-claim") if (date := _raw_day(one))]
    extras: dict[str, Any] = {
        "kind_code": kind,
        "numbers": {
            name: numbers
            for name, reference in (("publication", child(biblio, "publication-reference")), ("application", applied))
            if (numbers := _numbers(reference))
        },
        "filed": _raw_day(applied),
        "priority": min(priorities, default=""),
    }
    if _CORRECTION.fullmatch(kind):
        on = {"on": day.last_on.isoformat()} if day else {}
        extras["relations"] = [{"relation": "corrects", "publication": f"{publication}{kind[0]}", **on}]
    return {name: value for name, value in extras.items() if value}


def _numbers(reference: Any) -> dict[str, str]:
    """The numbers of a reference by format; docdb as `CC.number.kind`, the others as they are written."""
    found = {name: docdb_number(reference) if name == "docdb" else text(child(one, "doc-number")) for name, one in _ids(reference).items()}
    return {name: number for name, number in found.items() if number.strip(".")}


def _ids(reference: Any) -> dict[str, Any]:
    return {} if reference is None else document_ids(reference)


def _raw_day(reference: Any) -> str:
    return next((day for one in _ids(reference).values() if (day := text(child(one, "date")))), "")


def _day_of(reference: Any) -> DatePoint | None:
    return read_date(_raw_day(reference))


def _by_language(parent: Any, name: str) -> dict[str, str]:
    """The texts of an element that is repeated for every language; of several in one language the first counts."""
    found: dict[str, str] = {}
    for node in children(parent, name):
        written = " ".join(text(one) for one in children(node, "p")) or text(node)
        if written := _DRAWING.sub(" ", written).strip():
            found.setdefault((node.get("lang") or UNKNOWN_LANGUAGE).lower(), written)
    return found


def _preferred(texts: dict[str, str]) -> tuple[str, str]:
    lang = next((one for one in (*_LANGUAGES, *texts) if one in texts), "")
    return lang, texts.get(lang, "")


def _actors(parties: Any) -> Iterator[Actor]:
    """Applicants and inventors. The epodoc spelling states countries (`NOKIA CORP [FI]`) and is taken where there is one."""
    for role, group, name in (("inventor", "inventors", "inventor"), ("assignee", "applicants", "applicant")):
        people = children(child(parties, group), name)
        with_country = [one for one in people if one.get("data-format") == "epodoc"]
        seen = (_actor(role, one) for one in with_country or people)
        yield from dict.fromkeys(one for one in seen if one.name)


def _actor(role: Any, node: Any) -> Actor:
    written = text(next(iter(below(node, "name")), None))
    match = _COUNTRY.search(written)
    residence = text(next(iter(below(node, "country")), None))
    country = match[1] if match else residence if re.fullmatch("[A-Z]{2}", residence) else None
    return Actor(role, _COUNTRY.sub("", written).rstrip(", "), country)


def _codes(biblio: Any) -> Iterator[Code]:
    for one in children(child(biblio, "patent-classifications"), "patent-classification"):
        scheme = child(one, "classification-scheme")
        if scheme is not None and scheme.get("scheme", "").startswith("CPC"):  # others: the Japanese FI and F-terms, national ones
            parts = (text(child(one, part)) for part in ("section", "class", "subclass", "main-group", "subgroup"))
            yield from codes_of("cpc", [joined(*parts)])
    written = [text(node) for name in ("classifications-ipcr", "classification-ipc") for node in below(child(biblio, name), "text")]
    yield from codes_of("ipc", (symbol(_SPACED_SLASH.sub("/", one)) for one in written if one))
