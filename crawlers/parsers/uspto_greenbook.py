"""Grants of 1976-2000 in the APS green book: lines of a four-letter tag and a value, continued by indentation.

Format: "Patent Full-Text / APS" documentation of the USPTO. Sections (PATN, INVT, ASSG, CLAS, ABST, CLMS ...) are tags alone.
"""

from __future__ import annotations

import re
from typing import Any

from crawlers.parsers.patent_codes import symbol, us_class
from crawlers.parsers.patent_record import PatentFacts, codes_of, country_code, person
from crawlers.records import Actor
from crawlers.text import fold

_LINE = re.compile(r"([A-Z][A-Z0-9]{2,3}|P\.A)(?: {1,2}(.*))?$")
# WIPO ST.16 letters of the years before 2001, which the records themselves do not print.
_KIND_OF_TYPE = {"1": "A", "2": "E", "4": "S", "6": "P", "7": "H"}

Section = tuple[str, list[tuple[str, str]]]


def read_sections(lines: str) -> list[Section]:
    """Return [(section, [(tag, value)])] in file order; a continued value is joined by one space."""
    sections: list[Section] = []
    for line in lines.splitlines():
        match = _LINE.match(line.rstrip())
        if match and not (match[2] or "").strip():
            sections.append((match[1], []))
        elif match and sections:
            sections[-1][1].append((match[1], match[2]))
        elif line.strip() and sections and sections[-1][1]:
            tag, value = sections[-1][1][-1]
            sections[-1][1][-1] = (tag, f"{value} {line.strip()}")
    return sections


def read_greenbook(lines: str) -> PatentFacts:
    """Return the facts of one grant. The last digit of WKU is a check digit and no part of the number."""
    sections = read_sections(lines)
    head = dict(reversed(_of(sections, "PATN")))
    number = head.get("WKU", "").strip()
    application = head.get("APN", "").strip()
    claims = head.get("NCL", "").strip()
    return PatentFacts(
        number=number[:8] if len(number) == 9 else number,
        kind=_KIND_OF_TYPE.get(head.get("APT", "").strip(), ""),
        published=head.get("ISD", "").strip(),
        title=fold(head.get("TTL")),
        abstract=fold(" ".join(value for tag, value in _of(sections, "ABST") if tag in {"PAL", "PAR"})),
        lang="en",
        application=_series(head.get("SRC", "")) + application[:6] if application else "",
        claims=int(claims) if claims.isdecimal() else None,
        actors=[*_people(sections, "inventor", "INVT"), *_people(sections, "assignee", "ASSG")],
        codes=[
            *codes_of("ipc", (symbol(value) for tag, value in _of(sections, "CLAS") if tag == "ICL")),
            *codes_of("uspc", (us_class(value) for tag, value in _of(sections, "CLAS") if tag in {"OCL", "XCL"})),
        ],
        extras={"filed": head.get("APD", "").strip()},
    )


def _series(code: str) -> str:
    """The series code in two digits; `D` (designs) is series 29."""
    code = code.strip()
    return "29" if code == "D" else code.zfill(2)


def _of(sections: list[Section], name: str) -> list[tuple[str, str]]:
    return [pair for section, pairs in sections if section == name for pair in pairs]


def _people(sections: list[Section], role: Any, name: str) -> list[Actor]:
    found = []
    for section, pairs in sections:
        facts = dict(reversed(pairs))
        if section == name and facts.get("NAM", "").strip():
            country = country_code(facts.get("CNT", ""), has_state="STA" in facts)
            found.append(Actor(role, _name(role, facts["NAM"]), country))
    return found


def _name(role: str, written: str) -> str:
    """A person is written `Daniels; Everette E.`, an organisation as it is."""
    key, semicolon, fore = written.partition(";")
    return person(fore, key) if semicolon and role == "inventor" else fold(written)
