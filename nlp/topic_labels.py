"""Words and names of topics: the terms with the greatest c-TF-IDF; in names, noun phrases that do not repeat each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

KEYWORD_COUNT = 10
KEYWORD_COVERAGE = 0.1  # a keyword stands in at least this share of the topic's documents, where ten words do
KEYWORD_POWER = 0.15  # of coverage: without it the words of small topics are too rare to meet in one document
LABEL_PHRASES = 3
SPARE_PHRASES = 3  # beyond those of a label, for the case that two topics would be called the same
LEAST_COVERAGE = 0.05  # a phrase of fewer of the topic's documents does not stand for it
LEAST_WEIGHT = 0.3  # of the best phrase's: a short label says more than one filled up
NESTED_SHARE = 0.6  # a phrase mostly read inside a longer one says nothing beside it
COVERAGE_POWER = 0.25
LEAST_OCCURRENCES = 5
CONSTANT_SHARE = 0.8
LOOSE_WORDS = frozenset(
    ["a", "an", "the", "of", "in", "and", "or", "for", "with", "to", "on", "by", "is", "are", "we", "as", "from", "that"]
)
PHRASE_FACTOR = 2.0  # a phrase says what a word only hints at: "quantum dot", not "dot"


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """A candidate word or phrase: key, how it is written, c-TF-IDF, and the share of the topic's documents that name it (0 to 1)."""

    key: str
    name: str
    weight: float
    coverage: float


def choose_keywords(candidates: Sequence[WeightedTerm]) -> list[WeightedTerm]:
    """The ten words that tell a topic from the others, the strongest first."""
    common = [one for one in candidates if one.coverage >= KEYWORD_COVERAGE]
    eligible = common if len(common) >= KEYWORD_COUNT else candidates
    return sorted(eligible, key=lambda one: (-one.weight * one.coverage**KEYWORD_POWER, one.key))[:KEYWORD_COUNT]


def choose_phrases(candidates: Sequence[WeightedTerm], keywords: Collection[str]) -> tuple[str, ...]:
    """The phrases that name a topic best, the best first, none sharing a word with or abbreviating a better one.

    A phrase holds one of the topic's `keywords` (keys), else it may be about anything ("analytical approximation"). Empty
    without candidates; where no phrase holds a keyword or covers enough documents, that is not asked for.
    """
    telling = {part for keyword in keywords for part in _parts(keyword)}
    whole = [one for one in candidates if not any(_swallows(other, one) for other in candidates)]
    anchored = [one for one in whole if not telling.isdisjoint(_parts(one.key))] or whole
    common = [one for one in anchored if one.coverage >= LEAST_COVERAGE] or anchored
    ranked = sorted(common, key=lambda one: (-_worth(one), one.key))
    chosen: list[WeightedTerm] = []
    for phrase in ranked:
        if len(chosen) == LABEL_PHRASES + SPARE_PHRASES or _worth(phrase) < LEAST_WEIGHT * _worth(ranked[0]):
            break
        if not any(_repeats(phrase, other) for other in chosen):
            chosen.append(phrase)
    return tuple(phrase.name for phrase in chosen)


def label_of(phrases: Sequence[str], taken: Collection[str] = ()) -> str:
    """The first three phrases as one label; where it is `taken`, further ones are added as long as there are any."""
    for count in range(LABEL_PHRASES, len(phrases)):
        label = ", ".join(phrases[:count])
        if label not in taken:
            return label
    return ", ".join(phrases)


def complete(name: str, texts: Sequence[str]) -> str:
    """The phrase with the word that nearly always stands before or behind it: "next generation sequencing", "bit error rate".

    Stop lists cut phrases, and an expert misses the piece; `texts` are those of the topic.
    """
    joined = "\n".join(texts).lower()
    around = re.findall(rf"(?:([\w-]+)[ -])?\b{re.escape(name.lower())}\b(?:[ -]([\w-]+))?", joined)
    if len(around) < LEAST_OCCURRENCES:
        return name
    before, behind = (_constant([pair[side] for pair in around]) for side in (0, 1))
    return " ".join(part for part in (before, name, behind) if part)


def _constant(words: Sequence[str]) -> str:
    word, count = Counter(words).most_common(1)[0]
    return word if count >= CONSTANT_SHARE * len(words) and word not in LOOSE_WORDS else ""


def _worth(phrase: WeightedTerm) -> float:
    """c-TF-IDF, raised a little by coverage: of two telling phrases the wider one is the better name."""
    return float(phrase.weight * phrase.coverage**COVERAGE_POWER * (PHRASE_FACTOR if " " in phrase.key else 1.0))


def _swallows(longer: WeightedTerm, phrase: WeightedTerm) -> bool:
    is_inside = longer.key != phrase.key and f" {phrase.key} " in f" {longer.key} "
    return is_inside and longer.coverage >= NESTED_SHARE * phrase.coverage


def _repeats(phrase: WeightedTerm, other: WeightedTerm) -> bool:
    one, two = _parts(phrase.key), _parts(other.key)
    return not set(one).isdisjoint(two) or _initials(one) == other.key or _initials(two) == phrase.key


def _parts(key: str) -> list[str]:
    return key.replace("-", " ").split()


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words) if len(words) > 1 else ""
