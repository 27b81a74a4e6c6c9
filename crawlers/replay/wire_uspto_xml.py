"""One patent as a us-patent-grant document, v4.5 of 2014-04-03 (https://bulkdata.uspto.gov, Red Book grant XML)."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from crawlers.replay.corpus import Record, xml_text

_ID = re.compile(
    r"(?P<country>[A-Z]{2})\s*(?P<number>[0-9A-Z/]*[0-9][0-9A-Z/]*?)(?:-(?P<day>\d{8}))?(?:\s+(?P<kind>[A-Z]\d?))?(?:\s+\d{8})?"
)
_CPC = re.compile(r"(?P<section>[A-HY])(?P<class>\d\d)(?P<subclass>[A-Z])(?P<group>\d{1,4})/(?P<subgroup>\d{1,6})")
# Kind codes of grants whose number begins with letters, https://www.uspto.gov/patents/search/authority-files/uspto-kind-codes
_KIND_BY_PREFIX = {"D": "S1", "PP": "P3", "RE": "E1", "H": "H1", "T": "I5"}


def publication_number(patent: Record) -> tuple[str, str, str]:
    """Country, number and kind code of a corpus id: `US07568112-20090728` -> ("US", "07568112", "B2").

    The kind is B2 where the id names none and the number is all digits. Raises ValueError, naming the id, when it is no
    publication number.
    """
    matched = _ID.fullmatch(patent.id)
    if matched is None:
        raise ValueError(f"{patent.id!r} is no patent publication number.")
    letters = re.match("[A-Z]*", matched["number"])
    kind = matched["kind"] or _KIND_BY_PREFIX.get(letters[0] if letters else "", "B2")
    return matched["country"], matched["number"], kind


def grant_xml(patent: Record) -> str:
    """The document with its XML declaration and DOCTYPE, ready to be glued into a weekly file.

    `extras` may hold `claims` (texts), `application_number` and `continuation_of` (a US patent number). A record with
    the licence `simulated` says so in `status`, because the format has no place for a licence. Raises ValueError.
    """
    country, number, kind = publication_number(patent)
    if patent.published is None:
        raise ValueError(f"{patent.id!r} has no publication date, and a grant needs one.")
    day = f"{patent.published:%Y%m%d}"
    claims = [str(text) for text in patent.extras.get("claims", ())]
    status = "SIMULATED" if patent.licence == "simulated" else "PRODUCTION"
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v45-2014-04-03.dtd" [ ]>',
        f'<us-patent-grant lang="{_language(patent)}" dtd-version="v4.5 2014-04-03" '
        f'file="{country}{number}-{day}.XML" status="{status}" '
        f'id="us-patent-grant" country="{country}" date-produced="{day}" date-publ="{day}">',
        "<us-bibliographic-data-grant>",
        f"<publication-reference>\n{_document_id(country, number, kind, day)}\n</publication-reference>",
        *_application(patent),
        *_classifications(patent, day),
        f'<invention-title id="d2e53">{_text(patent.title)}</invention-title>',
        f"<number-of-claims>{len(claims)}</number-of-claims>",
        *_continuation(patent),
        *_parties(patent),
        "</us-bibliographic-data-grant>",
        *_abstract(patent),
        *_claims(claims),
        "</us-patent-grant>\n",
    ]
    return "\n".join(parts)


def _text(text: str) -> str:
    return escape(xml_text(text))


def _language(patent: Record) -> str:
    return quoteattr((patent.lang or "en").upper())[1:-1]


def _document_id(country: str, number: str, kind: str | None = None, day: str | None = None) -> str:
    inner = f"<country>{country}</country>\n<doc-number>{_text(number)}</doc-number>"
    inner += f"\n<kind>{kind}</kind>" if kind else ""
    inner += f"\n<date>{day}</date>" if day else ""
    return f"<document-id>\n{inner}\n</document-id>"


def _application(patent: Record) -> list[str]:
    number = patent.extras.get("application_number")
    if not number:
        return []
    return [f'<application-reference appl-type="utility">\n{_document_id("US", str(number))}\n</application-reference>']


def _continuation(patent: Record) -> list[str]:
    parent = patent.extras.get("continuation_of")
    if not parent:
        return []
    related = f"<relation>\n<parent-doc>\n{_document_id('US', str(parent))}\n</parent-doc>\n</relation>"
    return [f"<us-related-documents>\n<continuation>\n{related}\n</continuation>\n</us-related-documents>"]


def _classifications(patent: Record, day: str) -> list[str]:
    codes = []
    for place, code in enumerate(patent.categories):
        matched = _CPC.fullmatch(code)
        if matched is None:
            raise ValueError(f"{patent.id!r} has the category {code!r}, which is no CPC symbol down to its subgroup.")
        codes.append(
            "<classification-cpc>\n<cpc-version-indicator><date>20130101</date></cpc-version-indicator>\n"
            f"<section>{matched['section']}</section>\n<class>{matched['class']}</class>\n"
            f"<subclass>{matched['subclass']}</subclass>\n<main-group>{matched['group']}</main-group>\n"
            f"<subgroup>{matched['subgroup']}</subgroup>\n"
            f"<symbol-position>{'F' if place == 0 else 'L'}</symbol-position>\n"
            f"<classification-value>I</classification-value>\n<action-date><date>{day}</date></action-date>\n"
            "<generating-office><country>US</country></generating-office>\n"
            "<classification-status>B</classification-status>\n"
            "<classification-data-source>H</classification-data-source>\n"
            "<scheme-origination-code>C</scheme-origination-code>\n</classification-cpc>"
        )
    if not codes:
        return []
    further = ["<further-cpc>", *codes[1:], "</further-cpc>"] if codes[1:] else []
    return ["<classifications-cpc>", "<main-cpc>", codes[0], "</main-cpc>", *further, "</classifications-cpc>"]


def _abstract(patent: Record) -> list[str]:
    if not patent.abstract:
        return []
    return [f'<abstract id="abstract">\n<p id="p-0001" num="0000">{_text(patent.abstract)}</p>\n</abstract>']


def _parties(patent: Record) -> list[str]:
    parts = ["<us-parties>"]
    if patent.authors:
        parts.append("<inventors>")
        for place, name in enumerate(patent.authors, start=1):
            first, _, last = xml_text(name).rpartition(" ")
            parts += [
                f'<inventor sequence="{place:03d}" designation="us-only">',
                f"<addressbook>\n<last-name>{escape(last)}</last-name>",
                *([f"<first-name>{escape(first)}</first-name>"] if first else []),
                "</addressbook>\n</inventor>",
            ]
        parts.append("</inventors>")
    parts.append("</us-parties>")
    if patent.assignees:
        parts.append("<assignees>")
        for place, name in enumerate(patent.assignees):
            country = patent.countries[min(place, len(patent.countries) - 1)] if patent.countries else None
            address = f"\n<address>\n<country>{_text(country)}</country>\n</address>" if country else ""
            parts.append(
                f"<assignee>\n<addressbook>\n<orgname>{_text(name)}</orgname>\n<role>02</role>{address}\n</addressbook>\n</assignee>"
            )
        parts.append("</assignees>")
    return parts


def _claims(claims: list[str]) -> list[str]:
    if not claims:
        return []
    written = [
        f'<claim id="CLM-{place:05d}" num="{place:05d}">\n<claim-text>{place}. {_text(text)}</claim-text>\n</claim>'
        for place, text in enumerate(claims, start=1)
    ]
    return ['<claims id="claims">', *written, "</claims>"]
