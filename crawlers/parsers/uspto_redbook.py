"""Red Book v4 (2005 on), grants `us-patent-grant` and applications `us-patent-application`, and PAP v1 (2001-2004).

Formats: www.uspto.gov/learning-and-resources/xml-resources (ICE grant and application DTDs 4.0-4.7, PAP DTD 1.5/1.6).
"""

from __future__ import annotations

from typing import Any

from crawlers.parsers.patent_codes import joined, symbol, us_class
from crawlers.parsers.patent_record import PatentFacts, codes_of, country_code, person
from crawlers.parsers.xml_reading import below, child, children, local, text
from crawlers.records import Actor


def read_redbook(root: Any) -> PatentFacts:
    """Return the facts of one v4 document."""
    biblio = next((node for node in root if local(node).startswith("us-bibliographic-data")), None)
    published = child(biblio, "publication-reference", "document-id")
    applied = child(biblio, "application-reference", "document-id")
    lang = root.get("lang")
    return PatentFacts(
        country=text(child(published, "country")) or "US",
        number=text(child(published, "doc-number")),
        kind=text(child(published, "kind")),
        published=text(child(published, "date")),
        title=text(child(biblio, "invention-title")),
        abstract=text(child(root, "abstract")),
        lang=lang.lower()[:2] if lang else None,
        application=text(child(applied, "doc-number")),
        application_country=text(child(applied, "country")) or "US",
        claims=len(children(child(root, "claims"), "claim")) or None,
        actors=_actors(biblio),
        codes=[
            *codes_of("cpc", map(_five_part, below(child(biblio, "classifications-cpc"), "classification-cpc"))),
            *codes_of("ipc", map(_five_part, below(child(biblio, "classifications-ipcr"), "classification-ipcr"))),
            *codes_of("ipc", map(symbol, _classes(child(biblio, "classification-ipc")))),
            *codes_of("uspc", map(us_class, _classes(child(biblio, "classification-national")))),
        ],
        extras={
            "filed": text(child(applied, "date")),
            "application_type": _type_of(child(biblio, "application-reference")),
            "pct_application": text(child(biblio, "pct-or-regional-filing-data", "document-id", "doc-number")),
        },
    )


def _type_of(reference: Any) -> str:
    return "" if reference is None else reference.get("appl-type", "")


def _five_part(node: Any) -> str:
    return joined(*(text(child(node, part)) for part in ("section", "class", "subclass", "main-group", "subgroup")))


def _classes(node: Any) -> list[str]:
    """The main and further classes; columns are fixed, so the inner spaces count and text is not folded."""
    wanted = [*children(node, "main-classification"), *children(node, "further-classification")]
    return ["".join(one.itertext()).strip("\r\n") for one in wanted]


def _actors(biblio: Any) -> list[Actor]:
    parties = child(biblio, "us-parties")
    if parties is None:
        parties = child(biblio, "parties")
    applicants = [*children(child(parties, "us-applicants"), "us-applicant"), *children(child(parties, "applicants"), "applicant")]
    inventors = children(child(parties, "inventors"), "inventor") or [
        one for one in applicants if one.get("app-type") == "applicant-inventor"
    ]
    found = [actor for one in inventors if (actor := _actor("inventor", one))]
    assignees = [actor for one in children(child(biblio, "assignees"), "assignee") if (actor := _actor("assignee", one))]
    if not assignees:  # since 2012 an application names its owner as the applicant
        owners = [one for one in applicants if one.get("applicant-authority-category") == "assignee"]
        assignees = [actor for one in owners if (actor := _actor("assignee", one))]
    return [*found, *assignees]


def _actor(role: Any, node: Any) -> Actor | None:
    book = child(node, "addressbook")
    if book is None:
        book = node  # some assignees stand without an address book
    name = text(child(book, "orgname")) or person(
        text(child(book, "first-name")), text(child(book, "middle-name")), text(child(book, "last-name")), text(child(book, "suffix"))
    )
    country = text(child(book, "address", "country")) or text(child(node, "residence", "country"))
    return Actor(role, name, country_code(country)) if name else None


def read_pap(root: Any) -> PatentFacts:
    """Return the facts of one application publication of 2001-2004 (`patent-application-publication`)."""
    biblio = child(root, "subdoc-bibliographic-information")
    published, filing = child(biblio, "document-id"), child(biblio, "domestic-filing-data")
    technical = child(biblio, "technical-information")
    ipc = child(technical, "classification-ipc")
    abstract = " ".join(text(node) for node in children(child(root, "subdoc-abstract"), "paragraph"))
    inventors = child(biblio, "inventors")
    people = [*children(inventors, "first-named-inventor"), *children(inventors, "inventor")]
    owners = [*children(biblio, "assignee"), *children(child(biblio, "assignees"), "assignee")]
    return PatentFacts(
        number=text(child(published, "doc-number")),
        kind=text(child(published, "kind-code")),
        published=text(child(published, "document-date")),
        title=text(child(technical, "title-of-invention")),
        abstract=abstract,
        lang="en",
        application=text(child(filing, "application-number", "doc-number")),
        claims=len(below(child(root, "subdoc-claims"), "claim")) or None,
        actors=[actor for one in people if (actor := _pap_inventor(one))] + [actor for one in owners if (actor := _pap_assignee(one))],
        codes=[
            *codes_of("ipc", (symbol(text(node)) for node in below(ipc, "ipc"))),
            *codes_of("uspc", map(_pap_us_class, below(child(technical, "classification-us"), "uspc"))),
        ],
        extras={"filed": text(child(filing, "filing-date"))},
    )


def _pap_us_class(node: Any) -> str:
    return us_class(f"{text(child(node, 'class')):>3}{text(child(node, 'subclass'))}")


def _pap_inventor(node: Any) -> Actor | None:
    names = child(node, "name")
    name = person(*(text(child(names, part)) for part in ("given-name", "middle-name", "family-name", "name-suffix")))
    lives = next(iter(below(child(node, "residence"), "country-code")), None)
    return Actor("inventor", name, country_code(text(lives))) if name else None


def _pap_assignee(node: Any) -> Actor | None:
    name = text(child(node, "organization-name")) or text(child(node, "name"))
    return Actor("assignee", name, country_code(text(next(iter(below(node, "country-code")), None)))) if name else None
