"""How a technology is written: common nouns small, names and acronyms as their authors write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlp.spelling import LINKS, fold_word, is_acronym
from nlp.wordlists import english_words

# How many times more used an acronym must be than its long form to be the better name: CRISPR, not its seven words.
_ACRONYM_LEAD = 5
# Titles turn "UAV" into "Uav"; so many works that write capitals show what is meant.
_CAPITAL_SHARE = 0.2


def proper_words(surfaces: Iterable[tuple[str, bool]]) -> frozenset[str]:
    """Words that keep their capital: written so in running text (the flag), and small by no one."""
    small: set[str] = set()
    capital: set[str] = set()
    for surface, is_running_text in surfaces:
        for word in surface.replace("-", " ").split():
            if word[0].islower():
                small.add(word)
            elif is_running_text:
                capital.add(word)
    words = english_words()
    return frozenset(word for word in capital if word.lower() not in small and fold_word(word) not in words.generic | words.unfinished)


def choose_name(spellings: Sequence[tuple[str, int, float]], names: frozenset[str]) -> str:
    """The readable name among (surface, works, share of works that spell it as an acronym), the canonical first."""
    written_out = [(surface, works) for surface, works, share in spellings if share <= 0.5]
    short = [(surface, works) for surface, works, share in spellings if share > 0.5]
    acronym, used = max(short, key=lambda one: (one[1], one[0]), default=("", 0))
    if not written_out or used >= _ACRONYM_LEAD * sum(works for _, works in written_out):
        return acronym
    first, _, capitals = spellings[0]
    if capitals >= _CAPITAL_SHARE and " " not in first:
        return first.upper()
    if not LINKS.isdisjoint(first.split()):
        return first  # "Internet of Things" is written as one name
    return " ".join("-".join(_word(part, names) for part in word.split("-")) for word in first.split())


def _word(part: str, names: frozenset[str]) -> str:
    return part if len(part) == 1 or is_acronym(part) or part in names else part[0].lower() + part[1:]
