"""Names that are no technologies: organisations with their country, regions, products, standards and their bodies, programmes.

Rules only, quick enough for every text; a trained pipeline adds what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from nlp.countries import country_of, find_countries, may_hold, openings
from nlp.records import Entity, EntityType
from nlp.text import normalise_name

_PATH = Path(__file__).with_name("organisations.yaml")
_CAPITALISED = r"[A-Z][\w&'’\-]*"
_LINK = r"(?:of|for|the|de|der|für|&)"
_SUFFIX = (
    r"(?:Inc|Incorporated|Corp|Corporation|Ltd|Limited|LLC|GmbH|AG|PLC|plc|S\.A|SA|N\.V|NV|Oy|AB|KK|Co|Company|Holdings|Technologies"
    r"|Laborator(?:y|ies)|Institute(?: of Technology)?|University|Academy|Foundation|Consortium|Agency|Ministry|Commission|Council"
    r"|Hospital)"
)
_ORGANISATION = re.compile(
    rf"(?<![\w-])({_CAPITALISED}(?:[ ,]+(?:{_CAPITALISED}|{_LINK})){{0,4}}[ ,]+{_SUFFIX}\b\.?(?:,? (?:Ltd|Inc|LLC)\b\.?)?)"
)
_BODY_OF = re.compile(
    rf"\b((?:University|Institute|Academy|Ministry|Department) (?:of|for) (?:the )?{_CAPITALISED}"
    rf"(?: (?:and |of |at )?{_CAPITALISED}){{0,3}})"
)
_CUE = re.compile(rf"\b(?:{_SUFFIX}|Ministry|Department)\b")
_LEADING_WORD = re.compile(r"^(?:The|At|In|By|From|And|Of) ")
_CHINESE_ORGANISATION = re.compile(
    "[\u4e00-\u9fff]{2,}(?:公司|集团|大学|学院|研究院|研究所|实验室|科学院|委员会)$|^(?:工信部|科技部|发改委)$"
)
_STANDARD = re.compile(
    r"(?<![A-Za-z0-9])("
    r"(ISO(?:/IEC(?:/IEEE)?)?|IEC|IEEE(?: Std)?|ITU-[TRD]|ETSI(?: EN| TS)?|3GPP(?: TS| TR| Release)?|ASTM|ANSI|DIN(?: EN)?|EN|GB/T|GB"
    r"|YD/T|SAE|RFC|MIL-STD)[ -]?(?:[A-Z]\.?)?\d[\d.\-]*(?:[a-z]{1,2}(?![a-z]))?(?::\d{4})?)"
)
_PROGRAMME = re.compile(
    r"\b(Horizon (?:2020|Europe)|FP[67]|Framework Programme(?: [67])?|ERC (?:Starting|Advanced|Consolidator|Synergy) Grant"
    r"|CHIPS(?: and Science)? Act|Made in China 2025|[A-Z][\w\-]+(?: [A-Z][\w\-]+){0,3} (?:Programme|Initiative|Flagship|Project))"
    r"|(国家重点研发计划|国家自然科学基金|863计划|973计划|火炬计划|揭榜挂帅|十[二三四五]五规划|科技创新2030)"
)
_TRADE_MARK = re.compile(rf"({_CAPITALISED}(?: (?:{_CAPITALISED}|\d+))*) ?[™®]")
# What somebody launches under a name with a number.
_LAUNCHED = re.compile(
    r"\b(?:[Ll]aunch(?:es|ed)?|[Uu]nveil(?:s|ed)?|[Rr]eleas(?:es|ed)) (?:(?:the|its|a) )?(?:new )?"
    rf"({_CAPITALISED}(?: {_CAPITALISED})* ?\d+\w*)"
)
_SPACY_TYPES: dict[str, EntityType] = {"ORG": "organisation", "GPE": "region", "LOC": "region", "PRODUCT": "product"}


class _Found(NamedTuple):
    """A name where it stands: what it is, its key where that is not made from the words, the words, the country stated."""

    kind: EntityType
    key: str | None
    surface: str
    country: str | None = None


class _Known(NamedTuple):
    """Organisations by their spellings, as (key, country), what finds them, and standards bodies by prefix."""

    spellings: dict[str, tuple[str, str | None]]
    openings: frozenset[str]
    pattern: re.Pattern[str]
    bodies: dict[str, str]


@lru_cache(maxsize=1)
def _known() -> _Known:
    import yaml

    content = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    spellings: dict[str, tuple[str, str | None]] = {}
    for line in content["known"].strip().splitlines():
        name, country, others = (field.strip() for field in line.split("|"))
        for spelling in (name, *(other.strip() for other in others.split(",") if other.strip())):
            spellings[spelling] = (normalise_name(name), country or None)
    bodies = dict(tuple(field.strip() for field in line.split("|")) for line in content["standards_bodies"].strip().splitlines())
    ordered = sorted(map(re.escape, spellings), key=lambda spelling: (-len(spelling), spelling))
    latin = [spelling for spelling in ordered if spelling.isascii() or spelling[0].isascii()]
    chinese = [spelling for spelling in ordered if spelling not in latin]
    # "Intel" inside "Intelligent" or "Ford-Fulkerson" is no company; Chinese writes names together with what follows.
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(latin)})(?![\w-])|(?:{'|'.join(chinese)})")
    return _Known(spellings, openings(spelling for spelling in spellings if spelling[0].isascii()), pattern, bodies)


def find_entities(text: str, phrases: Sequence[str] = (), annotated: Any | None = None) -> tuple[Entity, ...]:
    """Entities in order of type and name, each once, with the spelling met first and the first country stated for it.

    `phrases` are the candidate terms of a Chinese text, whose organisations end in a telling word. `annotated` is a
    spaCy document of the same text whose `ents` are used too, when a trained pipeline read it.
    """
    first: dict[tuple[EntityType, str], str] = {}
    countries: dict[tuple[EntityType, str], str] = {}
    for one in (*_by_rule(text), *_chinese_organisations(phrases), *_by_model(text, annotated)):
        key = one.key if one.key is not None else normalise_name(one.surface)
        if len(key) > 1:
            first.setdefault((one.kind, key), one.surface)
            if one.country is not None:
                countries.setdefault((one.kind, key), one.country)
    return tuple(Entity(kind, key, surface, countries.get((kind, key))) for (kind, key), surface in sorted(first.items()))


def _by_rule(text: str) -> Iterator[_Found]:
    matches = _organisation_matches(text)
    taken = [match.span() for match in matches]
    yield from _organisations(text, matches)
    for found in _STANDARD.finditer(text):
        yield _Found("standard", None, found[1].rstrip(".-"))
        body = _known().bodies[re.split(r"[ /]|-(?=[TRD]$)", found[2])[0]]
        yield _Found("organisation", normalise_name(body), body)
    for found in _PROGRAMME.finditer(text):
        yield _Found("programme", None, found[1] or found[2])
    for country in find_countries(text):
        if not _lies_in(country.start, taken):  # "University of Tokyo" speaks of a university
            yield _Found("region", country.code.lower(), country.surface, country.code)
    marked = _TRADE_MARK.finditer(text) if "™" in text or "®" in text else ()  # most texts have none, and looking is slow
    for found in (*marked, *_LAUNCHED.finditer(text)):
        yield _Found("product", None, found[1])


def _organisation_matches(text: str) -> list[re.Match[str]]:
    """In order of the text: "Institute of Technology" inside "Massachusetts Institute of Technology" is no second body."""
    found = [match for pattern in (_ORGANISATION, _BODY_OF) for match in pattern.finditer(text)] if _CUE.search(text) else []
    kept: list[re.Match[str]] = []
    for match in sorted(found, key=lambda match: (match.start(), -match.end())):
        if not kept or match.start() >= kept[-1].end():
            kept.append(match)
    return kept


def _lies_in(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _organisations(text: str, matches: Sequence[re.Match[str]]) -> Iterator[_Found]:
    """Those that a telling word gives away, and the well-known ones outside their names."""
    for match in matches:
        surface = _LEADING_WORD.sub("", match[1]).strip(" ,")
        yield _Found("organisation", None, surface, country_of(text, match.start(1), match.end(1)))
    taken = [match.span() for match in matches]
    known = _known()
    for match in known.pattern.finditer(text) if may_hold(text, known.openings) else ():
        if not _lies_in(match.start(), taken):
            key, country = known.spellings[match[0]]
            yield _Found("organisation", key, match[0], country or country_of(text, *match.span()))


def _chinese_organisations(phrases: Sequence[str]) -> Iterator[_Found]:
    found = sorted({phrase for phrase in phrases if _CHINESE_ORGANISATION.search(phrase)})
    for phrase in found:
        if not any(phrase != other and other.endswith(phrase) for other in found):
            yield _Found("organisation", None, phrase, country_of(phrase, 0, len(phrase)))


def _by_model(text: str, annotated: Any | None) -> Iterator[_Found]:
    if annotated is not None:
        for entity in annotated.ents:
            kind = _SPACY_TYPES.get(entity.label_)
            if kind is not None:
                yield _Found(
                    kind, None, entity.text, country_of(text, entity.start_char, entity.end_char) if kind == "organisation" else None
                )
