"""What the four generations of US patent files have in common: the facts of one publication, made into a Document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from crawlers.dates import read_date
from crawlers.records import Actor, Code, Document
from crawlers.rejects import UnreadableError
from crawlers.text import fold

SOURCE = "uspto_xml"
_NUMBER = re.compile(r"([A-Z]{0,2})0*(\d+)")
LICENCE = "public domain (works of the United States government)"


@dataclass(slots=True)
class PatentFacts:
    """One publication as its record names it; filled field by field by the reader of its format."""

    country: str = "US"
    number: str = ""
    kind: str = ""
    published: str = ""
    title: str = ""
    abstract: str = ""
    lang: str | None = None
    application: str = ""
    application_country: str = "US"
    claims: int | None = None
    actors: list[Actor] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    extras: dict[str, Any] = field(default_factory=dict)


def to_document(facts: PatentFacts) -> Document:
    """Return the document; `source_id` is country, number and kind as the record writes them (`US08930553B2`).

    Raises UnreadableError: no_identifier, no_title (neither title nor abstract). A missing or impossible date leaves
    the document undated.
    """
    number = "".join(facts.number.split())
    if not number:
        raise UnreadableError("no_identifier", "the publication has no number")
    source_id = f"{facts.country}{number}{facts.kind}"
    if not (facts.title or facts.abstract):
        raise UnreadableError("no_title", f"{source_id} has neither title nor abstract")
    published = read_date(facts.published)
    application = "".join(facts.application.split())
    extras = {"claims_count": facts.claims, "kind_code": facts.kind, **facts.extras}
    return Document(
        source=SOURCE,
        source_id=source_id,
        kind="patent",
        title=facts.title,
        abstract=facts.abstract,
        published_on=published.on if published else None,
        date_precision=published.precision if published else "day",
        available_on=published.last_on if published else None,
        lang=facts.lang,
        url=_public_address(facts.country, number, facts.kind),
        licence=LICENCE,
        identifiers={"application": f"{facts.application_country}{application}"} if application else {},
        actors=tuple(dict.fromkeys(facts.actors)),
        codes=tuple(dict.fromkeys(code for code in facts.codes if code.code)),
        extras={key: value for key, value in extras.items() if value not in (None, "", [])},
    )


def _public_address(country: str, number: str, kind: str) -> str | None:
    """Where people read the publication. Grants lose the padding of the files there; numbers of other offices have no rule."""
    match = _NUMBER.fullmatch(number)
    return f"https://patents.google.com/patent/US{match[1]}{match[2]}{kind}/en" if match and country == "US" else None


def person(*names: str) -> str:
    """Return a person's name from its parts in reading order, the empty ones left out."""
    return fold(" ".join(names))


def country_code(text: str, has_state: bool = False) -> str | None:
    """Return an ISO 3166 alpha-2 code, or None. The old files write `DEX` for DE, and a US address by its state alone."""
    code = text.strip().upper()
    if len(code) == 3 and code.endswith("X"):
        code = code[:2]
    if len(code) == 2 and code.isalpha():
        return code
    return "US" if has_state and not code else None


def codes_of(scheme: str, symbols: Iterable[str]) -> list[Code]:
    """Return the non-empty symbols as codes, in order."""
    return [Code(scheme, one) for one in symbols if one]
