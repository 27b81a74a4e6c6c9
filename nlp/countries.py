"""Countries in texts: the names of countries.yaml, and the country that a text states for an organisation it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_PATH = Path(__file__).with_name("countries.yaml")
_HAN = re.compile("[\u4e00-\u9fff]")
_OPENING = re.compile(r"\b[A-Z0-9]\w*")
_REACH = 60
"""Signs behind a name within which its country may be stated: `..., Ann Arbor, MI, USA`."""


class Country(NamedTuple):
    """A country as a text names it: ISO 3166 alpha-2 code, the words found, and where they stand."""

    code: str
    surface: str
    start: int


class _Names(NamedTuple):
    codes: dict[str, str]
    openings: frozenset[str]
    anywhere: re.Pattern[str]
    behind: re.Pattern[str]
    ahead: re.Pattern[str]


@lru_cache(maxsize=1)
def _names() -> _Names:
    import yaml

    codes: dict[str, str] = {}
    adjectives: list[str] = []
    latin: list[str] = []
    chinese: list[str] = []
    for code, line in yaml.safe_load(_PATH.read_text(encoding="utf-8")).items():
        names, adjective, han = ([part.strip() for part in field.split(",") if part.strip()] for field in line.split("|"))
        codes.update(dict.fromkeys([*names, *adjective, *han], code))
        latin += names
        adjectives += adjective
        chinese += han
    words = _any_of(latin)
    return _Names(
        codes,
        openings(latin),
        re.compile(rf"(?<![\w-]){words}(?![\w-])|{_any_of(chinese)}"),
        re.compile(rf"(?:,? (?:in|of)|(?:, [A-Z][\w.\- ]{{1,30}}){{0,2}},| \() ?(?:the )?{words}(?![\w-])"),
        re.compile(rf"(?<![\w-]){_any_of(adjectives)}(?: [a-z][a-z\-]+){{0,2}} (?:the )?$"),
    )


def openings(names: Iterable[str]) -> frozenset[str]:
    """The first words of Latin names: what a text must hold before it pays to look for the names."""
    return frozenset(_OPENING.findall(name)[0] for name in names)


def may_hold(text: str, first_words: frozenset[str]) -> bool:
    """Whether a text can hold one of the names that begin with these words, or a Chinese one."""
    return not first_words.isdisjoint(_OPENING.findall(text)) or _HAN.search(text) is not None


def _any_of(words: list[str]) -> str:
    return "(" + "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word))) + ")"


def find_countries(text: str) -> Iterator[Country]:
    """Every country the text names, in order, as often as it does. Adjectives name none."""
    names = _names()
    if not may_hold(text, names.openings):
        return
    for found in names.anywhere.finditer(text):
        yield Country(names.codes[found[0]], found[0], found.start())


def country_of(text: str, start: int, end: int) -> str | None:
    """The code of the country that the text states for what it names from `start` to `end`; None where it states none.

    Stated inside the name (University of Tokyo, no; Bank of China, yes), right behind it (`KAIST, Daejeon, South Korea`) or
    by an adjective right before it (`the Chinese drone maker DJI`).
    """
    names = _names()
    inside = names.anywhere.search(text, start, end)
    if inside:
        return names.codes[inside[0]]
    behind = names.behind.match(text, end, end + _REACH)
    if behind:
        return names.codes[behind[1]]
    ahead = names.ahead.search(text[max(0, start - _REACH) : start])
    return names.codes[ahead[1]] if ahead else None
