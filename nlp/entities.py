"""Names that are no technologies: organisations, standards, programmes. Rules only, quick enough for every text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from nlp.records import Entity
from nlp.text import normalise_name

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
    r"(?:ISO(?:/IEC(?:/IEEE)?)?|IEC|IEEE(?: Std)?|ITU-[TRD]|ETSI(?: EN| TS)?|3GPP(?: TS| TR| Release)?|ASTM|ANSI|DIN(?: EN)?|EN|GB/T|GB"
    r"|YD/T|SAE|RFC|MIL-STD)[ -]?(?:[A-Z]\.?)?\d[\d.\-]*(?:[a-z]{1,2}(?![a-z]))?(?::\d{4})?)"
)
_PROGRAMME = re.compile(
    r"\b(Horizon (?:2020|Europe)|FP[67]|Framework Programme(?: [67])?|ERC (?:Starting|Advanced|Consolidator|Synergy) Grant"
    r"|CHIPS(?: and Science)? Act|Made in China 2025|[A-Z][\w\-]+(?: [A-Z][\w\-]+){0,3} (?:Programme|Initiative|Flagship|Project))"
    r"|(国家重点研发计划|国家自然科学基金|863计划|973计划|火炬计划|揭榜挂帅|十[二三四五]五规划|科技创新2030)"
)
_SPACY_TYPES = {"ORG": "organisation", "GPE": "region", "LOC": "region", "PRODUCT": "product"}


def find_entities(text: str, phrases: Sequence[str] = (), annotated: Any | None = None) -> tuple[Entity, ...]:
    """Entities in order of type and name, each once, with the spelling met first.

    `phrases` are the candidate terms of a Chinese text, whose organisations end in a telling word. `annotated` is a
    spaCy document of the same text whose `ents` are used too, when a trained pipeline read it.
    """
    first: dict[tuple[str, str], str] = {}
    for kind, surface in (*_by_rule(text), *_chinese_organisations(phrases), *_by_model(annotated)):
        key = normalise_name(surface)
        if len(key) > 1:
            first.setdefault((kind, key), surface)
    return tuple(Entity(kind, key, surface) for (kind, key), surface in sorted(first.items()))  # type: ignore[arg-type]


def _by_rule(text: str) -> Iterator[tuple[str, str]]:
    if _CUE.search(text):
        covered = 0
        # In order of the text: "Institute of Technology" inside "Massachusetts Institute of Technology" is no second body.
        matches = (match for pattern in (_ORGANISATION, _BODY_OF) for match in pattern.finditer(text))
        for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
            if match.start() >= covered:
                covered = match.end()
                yield "organisation", _LEADING_WORD.sub("", match[1]).strip(" ,")
    for found in _STANDARD.finditer(text):
        yield "standard", found[1].rstrip(".-")
    for found in _PROGRAMME.finditer(text):
        yield "programme", found[1] or found[2]


def _chinese_organisations(phrases: Sequence[str]) -> Iterator[tuple[str, str]]:
    found = sorted({phrase for phrase in phrases if _CHINESE_ORGANISATION.search(phrase)})
    for phrase in found:
        if not any(phrase != other and other.endswith(phrase) for other in found):
            yield "organisation", phrase


def _by_model(annotated: Any | None) -> Iterator[tuple[str, str]]:
    if annotated is not None:
        for entity in annotated.ents:
            if entity.label_ in _SPACY_TYPES:
                yield _SPACY_TYPES[entity.label_], entity.text
