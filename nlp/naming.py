"""How a technology is written: common nouns small, names and acronyms as their authors write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlp.spelling import is_acronym

# How many times more used an acronym must be than its long form to be the better name: CRISPR, not its seven words.
_ACRONYM_LEAD = 5


def lower_case_words(surfaces: Iterable[str]) -> frozenset[str]:
    """Every word that someone writes small: such a word is no name, even where a title gives it a capital."""
    return frozenset(word for surface in surfaces for word in surface.replace("-", " ").split() if word[:1].islower())


def choose_name(spellings: Sequence[tuple[str, int, bool]], small: frozenset[str]) -> str:
    """The readable name among (surface, works, is acronym), the canonical first."""
    written_out = [(surface, works) for surface, works, is_short in spellings if not is_short]
    short = [(surface, works) for surface, works, is_short in spellings if is_short]
    if not written_out:
        return max(short, key=lambda one: (one[1], one[0]))[0]
    if short:
        acronym, works = max(short, key=lambda one: (one[1], one[0]))
        if works >= _ACRONYM_LEAD * sum(count for _, count in written_out):
            return acronym
    return " ".join(_word(word, small) for word in written_out[0][0].split())


def _word(word: str, small: frozenset[str]) -> str:
    parts = [part.lower() if not is_acronym(part) and part.lower() in small else part for part in word.split("-")]
    return "-".join(parts)
