"""Grants of 2001-2004: `PATDOC`, WIPO ST.32 tags (B110 number, B540 title, B721 inventor, B731 assignee ...)."""

from __future__ import annotations

from typing import Any

from crawlers.parsers.patent_codes import symbol, us_class
from crawlers.parsers.patent_record import PatentFacts, codes_of, country_code, person
from crawlers.parsers.xml_reading import below, child, children, text
from crawlers.records import Actor


def read_patdoc(root: Any) -> PatentFacts:
    """Return the facts of one grant."""
    biblio = child(root, "SDOBI")
    publication, filing = child(biblio, "B100"), child(biblio, "B200")
    technical, parties = child(biblio, "B500"), child(biblio, "B700")
    us_codes = [*below(child(technical, "B520"), "B521", "B522"), *below(child(technical, "B580"), "B582")]
    claims = text(child(technical, "B570", "B577"))
    return PatentFacts(
        country=text(child(publication, "B190")) or "US",
        number=text(child(publication, "B110")),
        kind=text(child(publication, "B130")),
        published=text(child(publication, "B140")),
        title=text(child(technical, "B540")),
        abstract=" ".join(text(node) for node in below(child(root, "SDOAB"), "PARA")),
        lang="en",
        application=text(child(filing, "B210")),
        claims=len(below(child(root, "SDOCL"), "CLM")) or (int(claims) if claims.isdecimal() else None),
        actors=[
            *_parties("inventor", below(child(parties, "B720"), "B721")),
            *_parties("assignee", below(child(parties, "B730"), "B731")),
        ],
        codes=[
            *codes_of("ipc", (symbol("".join(node.itertext())) for node in below(child(technical, "B510"), "B511", "B512"))),
            *codes_of("uspc", (us_class("".join(node.itertext()).strip("\r\n")) for node in us_codes)),
        ],
        extras={"filed": text(child(filing, "B220"))},
    )


def _parties(role: Any, nodes: list[Any]) -> list[Actor]:
    found = []
    for party in (one for node in nodes for one in children(node, "PARTY-US")):
        names, address = child(party, "NAM"), child(party, "ADR")
        name = text(child(names, "ONM")) or person(text(child(names, "FNM")), text(child(names, "SNM")))
        country = country_code(text(child(address, "CTRY")), has_state=child(address, "STATE") is not None)
        if name:
            found.append(Actor(role, name, country))
    return found
