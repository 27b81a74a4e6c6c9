"""Learns phrases from pairs of texts that say the same in Chinese and English. Pure: pairs in, phrases out.

Words are aligned by IBM model 1 (Brown et al. 1993, Computational Linguistics 19) in both directions; the phrases are
those that such an alignment keeps together (Koehn, Och & Marcu 2003, HLT-NAACL).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp.bilingual import MAX_SEGMENTS
from nlp.chinese import segments
from nlp.lexicon import HAN
from nlp.spelling import fold_word
from nlp.track_model import tokens

ROUNDS = 5  # of expectation and maximisation
MINIMUM_SENTENCES = 2  # a word occurs in
MINIMUM_LINK = 0.02  # geometric mean of the two translation probabilities of a pair of words
DISTANCE_COST = 0.02  # what a link across the whole sentence costs: decides between equal words
WORDS_PER_SEGMENT = 3
SPAN = 5  # English words a phrase may cover
MINIMUM_COUNT = 2  # times a phrase was seen together
MINIMUM_SHARE = 0.4  # of its Chinese occurrences that have an English counterpart at all
_CHINESE_END = re.compile("[。！？]")
_ENGLISH_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pair:
    """One document in both languages, cleaned."""

    title: str
    abstract: str
    title_zh: str
    abstract_zh: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """English content words and Chinese segments of one sentence; `""` among the segments stands for punctuation."""

    english: tuple[str, ...]
    chinese: tuple[str, ...]


def sentences(pairs: Iterable[Pair]) -> Iterator[Sentence]:
    """Titles, and the sentences of abstracts that have as many in both languages (elsewhere the order is not sure)."""
    for pair in pairs:
        found = [(pair.title, pair.title_zh)]
        english = [part for part in _ENGLISH_END.split(pair.abstract) if part.strip()]
        chinese = [part for part in _CHINESE_END.split(pair.abstract_zh) if part.strip()]
        if len(english) == len(chinese):
            found += zip(english, chinese, strict=True)
        for one, other in found:
            sentence = Sentence(tuple(tokens(one)), tuple(chinese_units(other)))
            if sentence.english and any(sentence.chinese):
                yield sentence


def chinese_units(text: str) -> Iterator[str]:
    """Chinese segments, Latin content words in lower case, and `""` for every sign that parts phrases."""
    for segment in segments(text):
        if HAN.search(segment):
            yield segment
        else:
            yield from tokens(segment) or [""]


def learn_phrases(found: Sequence[Sentence]) -> dict[str, str]:
    """The most frequent English of every Chinese phrase that has one often enough: the phrases of a `PhraseTable`."""
    folded = [[fold_word(word) for word in sentence.english] for sentence in found]
    english = _numbers(folded)
    chinese = _numbers([list(sentence.chinese) for sentence in found])
    rows = [
        (np.array([english.get(word, 0) for word in words]), np.array([chinese.get(unit, 0) for unit in sentence.chinese]))
        for words, sentence in zip(folded, found, strict=True)
    ]
    links = _links(rows, len(english) + 1, len(chinese) + 1)
    together: dict[str, Counter[str]] = defaultdict(Counter)
    seen: Counter[str] = Counter()
    for (row_en, row_zh), sentence in zip(rows, found, strict=True):
        _collect(sentence, align(row_en, row_zh, links, len(english) + 1), together, seen)
    learned: dict[str, str] = {}
    for phrase, counts in together.items():
        kept = {words: count for words, count in counts.items() if count >= MINIMUM_COUNT}
        if kept and sum(kept.values()) >= MINIMUM_SHARE * seen[phrase]:
            learned[phrase] = min(kept, key=lambda words: (-kept[words], words))
    return learned


def translation_probabilities(rows: Sequence[tuple[Ids, Ids]], target_count: int) -> tuple[Ids, npt.NDArray[np.float64]]:
    """IBM model 1 on (targets, sources), both as unique positive numbers: p(target | source).

    Returns the pairs seen together as sorted numbers source * target_count + target, and their probabilities. Source 0 is
    the empty word that explains what nothing else does.
    """
    cells, owners, owner = [], [], 0
    for targets, sources in rows:
        with_empty = np.concatenate([[0], sources])
        cells.append((with_empty[None, :] * target_count + targets[:, None]).ravel())
        owners.append(np.repeat(np.arange(owner, owner + len(targets)), len(with_empty)))
        owner += len(targets)
    pairs, pair_of_cell = np.unique(np.concatenate(cells), return_inverse=True)
    owner_of_cell = np.concatenate(owners)
    source_of_pair = pairs // target_count
    probabilities = 1.0 / np.bincount(source_of_pair)[source_of_pair]
    for _ in range(ROUNDS):
        shares = probabilities[pair_of_cell]
        shares /= np.bincount(owner_of_cell, weights=shares, minlength=owner)[owner_of_cell]
        counts = np.bincount(pair_of_cell, weights=shares, minlength=len(pairs))
        probabilities = counts / np.bincount(source_of_pair, weights=counts)[source_of_pair]
    return pairs, probabilities


def align(english: Ids, chinese: Ids, links: dict[int, float], english_count: int) -> dict[int, int]:
    """English place -> Chinese place, the strongest links first; one segment takes neighbouring words only."""
    scored = [
        (links[key] - DISTANCE_COST * abs(zh / len(chinese) - en / len(english)), zh, en)
        for zh, unit in enumerate(chinese.tolist())
        for en, word in enumerate(english.tolist())
        if unit and word and (key := unit * english_count + word) in links
    ]
    taken: dict[int, int] = {}
    words_of: dict[int, list[int]] = defaultdict(list)
    for _, zh, en in sorted(scored, reverse=True):
        has_place = not words_of[zh] or (len(words_of[zh]) < WORDS_PER_SEGMENT and any(abs(en - other) == 1 for other in words_of[zh]))
        if en not in taken and has_place:
            taken[en] = zh
            words_of[zh].append(en)
    return taken


def _collect(sentence: Sentence, taken: dict[int, int], together: dict[str, Counter[str]], seen: Counter[str]) -> None:
    """Count every run of segments, and the English run that the alignment gives to it and to nothing else."""
    words_of: dict[int, list[int]] = defaultdict(list)
    for en, zh in taken.items():
        words_of[zh].append(en)
    units = sentence.chinese
    for start in range(len(units)):
        for end in range(start + 1, min(len(units), start + MAX_SEGMENTS) + 1):
            if not units[end - 1]:
                break
            phrase = "".join(units[start:end]).lower()
            if not HAN.search(phrase):
                continue
            seen[phrase] += 1
            if start not in words_of or end - 1 not in words_of:
                continue
            places = [en for zh in range(start, end) for en in words_of.get(zh, ())]
            first, last = min(places), max(places)
            if last - first < SPAN and all(start <= taken.get(en, start) < end for en in range(first, last + 1)):
                together[phrase][" ".join(sentence.english[first : last + 1])] += 1


def _links(rows: Sequence[tuple[Ids, Ids]], english_count: int, chinese_count: int) -> dict[int, float]:
    """Strength of every pair of words, by chinese * english_count + english."""
    known = [(np.unique(en[en > 0]), np.unique(zh[zh > 0])) for en, zh in rows]
    forth, forth_p = translation_probabilities(known, english_count)
    back, back_p = translation_probabilities([(zh, en) for en, zh in known], chinese_count)
    turned = (back % chinese_count) * english_count + back // chinese_count
    order = np.argsort(turned)
    turned, back_p = turned[order], back_p[order]
    place = np.minimum(np.searchsorted(turned, forth), len(turned) - 1)
    strength = np.sqrt(forth_p * np.where(turned[place] == forth, back_p[place], 0.0))
    is_link = (strength > MINIMUM_LINK) & (forth >= english_count) & (forth % english_count > 0)
    return dict(zip(forth[is_link].tolist(), strength[is_link].tolist(), strict=True))


def _numbers(lines: Iterable[Sequence[str]]) -> dict[str, int]:
    """Positive numbers for the words found in enough sentences, in alphabetical order."""
    counts = Counter(word for line in lines for word in set(line) if word)
    kept = sorted(word for word, count in counts.items() if count >= MINIMUM_SENTENCES)
    return {word: number for number, word in enumerate(kept, start=1)}
