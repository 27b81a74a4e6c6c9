"""Whether two documents tell the same, by their texts, their dates and their people. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nlp.resemblance import FEWEST_PAIRS, Likeness, likeness, pairs, units, words

# Two texts tell the same when they share two fifths of their pairs, or the shorter one two thirds of its own with the longer: on the
# noisy set of tests/gates one text retold keeps more, two texts with a common boilerplate keep less.
NEAR_JACCARD, NEAR_CONTAINMENT = 0.4, 0.65
# Under one distinctive title an abstract may have been rewritten for the journal, but not replaced.
TITLE_JACCARD, TITLE_CONTAINMENT = 0.1, 0.25
# Two headlines that stand alone tell the same story when three of four words are the same.
HEADLINE_JACCARD = 0.7
# A headline comes back as a column; a title without an abstract comes back as another year's report.
STORY_DAYS, PAPER_DAYS = timedelta(days=30), timedelta(days=3 * 365)
# Within one source the same headline after some days is a column, not a story told twice.
COLUMN_DAYS = timedelta(days=3)
# Below this two titles have nothing in common but a word.
STRANGE_TITLE_JACCARD = 0.25

_NUMERAL = re.compile(
    r"\d+|[ivx]+|january|february|march|april|may|june|july|august|september|october|november|december|[一二三四五六七八九十]"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document in its *first* version: later versions may carry later knowledge and have no say in what the text resembles.

    `keys` as given by `keys`; those nobody else holds may be left out. `learned` are identifier keys that later versions added, each with
    the day from which it was known. `people` are normalised names of authors or inventors. `available_on` None (undated) sorts last.
    """

    document_id: str
    kind: str
    available_on: date | None
    title: str
    abstract: str
    keys: tuple[tuple[str, str], ...]
    learned: tuple[tuple[date, str, str], ...] = ()
    people: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The part of the id before its first colon."""
        return self.document_id.partition(":")[0]


@dataclass(slots=True)
class _Sides:
    """What comparing needs of one document, made once."""

    title: list[str]
    body: frozenset[int]
    headline: frozenset[int]


class Comparisons:
    """Comparing documents by pairs; what a document's text comes to is worked out once."""

    def __init__(self) -> None:
        self._known: dict[str, _Sides] = {}

    def similarity(self, one: Candidate, other: Candidate, reason: str) -> float:
        """How alike the two are for this reason, 0.0 when it does not hold."""
        mine, its = self._sides(one), self._sides(other)
        if reason in ("exact", "title") and not (mine.body and its.body):
            return 1.0 if _may_be_retold(one, other) else 0.0  # nothing but the title to go by
        if reason == "exact":
            return 1.0
        if reason != "title" and _differ_by_number(mine.title, its.title):
            return 0.0
        if reason == "headline":
            found = likeness(mine.headline, its.headline)
            return found.jaccard if found.jaccard >= HEADLINE_JACCARD and _may_be_retold(one, other) else 0.0
        found = self._compare(one, other)
        is_rewritten = reason == "title" and (found.jaccard >= TITLE_JACCARD or found.containment >= TITLE_CONTAINMENT)
        return max(found.jaccard, found.containment) if is_rewritten or _is_near(found) else 0.0

    def is_borrowed(self, one: Candidate, other: Candidate) -> bool:
        """Whether one source gives the same name to two texts that share nothing: the name of a volume or of a series, not of a work."""
        if one.source != other.source or one.document_id == other.document_id:
            return False
        titles = likeness(self._sides(one).headline, self._sides(other).headline)
        return titles.jaccard < STRANGE_TITLE_JACCARD and not _is_near(self._compare(one, other))

    def _compare(self, one: Candidate, other: Candidate) -> Likeness:
        return likeness(self._sides(one).body, self._sides(other).body)

    def _sides(self, document: Candidate) -> _Sides:
        known = self._known.get(document.document_id)
        if known is None:
            title, body = units(document.title), units(document.abstract)
            known = _Sides(title, frozenset(pairs(body).tolist()), frozenset(words(title).tolist()))
            self._known[document.document_id] = known
        return known


def _is_near(found: Likeness) -> bool:
    return found.pairs >= FEWEST_PAIRS and (found.jaccard >= NEAR_JACCARD or found.containment >= NEAR_CONTAINMENT)


def _may_be_retold(one: Candidate, other: Candidate) -> bool:
    """Whether two documents of which one is only a title can be one work: near in time, and by somebody both name."""
    if one.people and other.people and not _name_parts(one) & _name_parts(other):
        return False
    if one.available_on is None or other.available_on is None:
        return True
    between = abs(one.available_on - other.available_on)
    if one.kind != "news":
        return between <= PAPER_DAYS
    return between <= (COLUMN_DAYS if one.source == other.source else STORY_DAYS)


def _name_parts(document: Candidate) -> set[str]:
    return {part for name in document.people for part in name.split() if len(part) > 1}


def _differ_by_number(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two titles are the same but for a number: two parts of a series, two issues of a column."""
    numbers = [[unit for unit in title if _NUMERAL.fullmatch(unit)] for title in (one, other)]
    others = [[unit for unit in title if not _NUMERAL.fullmatch(unit)] for title in (one, other)]
    return bool(numbers[0] and numbers[1]) and others[0] == others[1] and numbers[0] != numbers[1]
