"""What topics are told apart by: the words of documents, and the noun phrases that may name a topic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nlp.chinese import chinese_candidates, segments
from nlp.lexicon import HAN
from nlp.spelling import fold_word
from nlp.terms import load_pipeline
from nlp.track_model import STOP_WORDS
from nlp.wordlists import EnglishWords, chinese_words, english_words

MARKUP_WORDS = frozenset({"mathbb", "mathcal", "mathrm", "frac", "sqrt", "let", "theta", "alpha", "beta"})  # left over from formulas
NUMBER_WORDS = frozenset(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])
LATIN_WORD = re.compile(r"[a-z][a-z]+(?:-[a-z]+)*")


@dataclass(frozen=True, slots=True)
class TermTable:
    """`documents`: the terms of each text, by key, each once. `names`: how each key that enough texts hold is mostly written."""

    documents: tuple[tuple[str, ...], ...]
    names: dict[str, str]


def word_table(texts: Sequence[str], *, smallest: int) -> TermTable:
    """Content words, plurals and spellings folded ("robots" is "robot"), that at least `smallest` texts hold, and two."""
    english = english_words()
    return _count(texts, lambda text: _words(text, english), smallest)


def phrase_table(texts: Sequence[str], *, smallest: int) -> TermTable:
    """Candidate terms after `nlp.candidates` and `nlp.chinese` that at least `smallest` texts hold, and two.

    Single words among them are names of things: they end longer terms ("diffraction"), come in the plural, or are acronyms.
    """
    pipeline = load_pipeline().english

    def read(text: str) -> Iterable[tuple[str, str]]:
        found = chinese_candidates(text) if HAN.search(text) else pipeline.find(text)
        return ((candidate.key, candidate.surface) for candidate in found if _can_name(candidate.key))

    table = _count(texts, read, smallest)
    nouns = _nouns(table)
    return TermTable(table.documents, {key: name for key, name in table.names.items() if key in nouns})


def _count(texts: Sequence[str], read: Callable[[str], Iterable[tuple[str, str]]], smallest: int) -> TermTable:
    """`read` gives (key, spelling) pairs; of a text's spellings the last counts, for titles come first and capitalise everything."""
    found = [dict(read(text)) for text in texts]
    spellings: dict[str, Counter[str]] = {}
    for terms in found:
        for key, surface in terms.items():
            spellings.setdefault(key, Counter())[surface] += 1
    least = max(2, smallest)
    names = {key: _most_used(counts) for key, counts in sorted(spellings.items()) if counts.total() >= least}
    return TermTable(tuple(tuple(sorted(terms.keys() & names.keys())) for terms in found), names)


def _most_used(counts: Counter[str]) -> str:
    return min(counts, key=lambda surface: (-counts[surface], surface))


def _words(text: str, english: EnglishWords) -> Iterable[tuple[str, str]]:
    for word in LATIN_WORD.findall(text.lower()):
        if len(word) > 2 and word not in STOP_WORDS and word not in MARKUP_WORDS and not english.is_breaking(word):
            yield fold_word(word), word
    if HAN.search(text):
        chinese = chinese_words()
        for word in segments(text):
            if len(word) > 1 and HAN.search(word) and word not in chinese.breaking and word not in chinese.generic:
                yield word, word


def _can_name(key: str) -> bool:
    """No counting ("two nodes") and no letter left over from a formula ("dimension d")."""
    words = key.split()
    return words[0] not in NUMBER_WORDS and not any(len(word) == 1 and word.isascii() for word in words)


def _nouns(table: TermTable) -> frozenset[str]:
    """Keys that are phrases, and single words that are used like nouns."""
    ends: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for key in table.names:
        words = key.split()
        if len(words) > 1:
            ends[words[-1]] += 1
            inside.update(set(words))
    return frozenset(key for key, name in table.names.items() if " " in key or _is_noun(name, ends[key], inside[key]))


def _is_noun(name: str, ends: int, inside: int) -> bool:
    """`name` as mostly written, how many longer terms it ends, and in how many it stands at all."""
    if not name.islower():
        return True  # an acronym, a name, or Chinese
    return not name.endswith(("ing", "ed")) and (name.endswith("s") or 5 * ends >= max(1, inside))
