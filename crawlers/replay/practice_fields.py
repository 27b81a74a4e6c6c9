"""Which ordinary terms a document uses: those of a field of its track, or those that keep company with a young technology."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from crawlers.replay.practice_dice import Dice
from crawlers.replay.practice_names import singularise
from crawlers.replay.practice_timeline import Plan
from crawlers.replay.practice_vocabulary import Technology, Vocabulary

_FIELDS_PER_TRACK = 4
_FIELD_SHARE = 0.6
_SETTLED = ("mature", "fading")  # these stay in one field; what is new would lift the terms of its field, and so visits all
_COMPANY_SHARES = {"emerging": 0.95, "early industrialisation": 0.95}
_COMPANY = {"things": 4, "methods": 2, "properties": 1, "settings": 1}
_OWED = {"emerging": 15, "early industrialisation": 6}  # uses by which a company is ahead of other terms before its field is born
_DRAWN = {"things": 4, "methods": 3, "properties": 2, "settings": 2}
_COMPARED = 4

_Terms = dict[str, list[str]]


class OrdinaryTerms:
    """Draws the ordinary terms of every document. Fields and companies are drawn once, so that they hold together over the years.

    Each draw takes the term used least so far out of a few: all terms of a list become about equally frequent at all times, and
    where a young field takes a term up, other documents turn to other terms. So no ordinary term rises or falls by chance.
    """

    def __init__(self, vocabulary: Vocabulary, dice: Dice) -> None:
        self._every, self._dice = vocabulary.terms, dice
        self._fields = {track: _deal_fields(terms, dice) for track, terms in vocabulary.terms.items()}
        settled = [technology.name for technology in vocabulary.technologies if technology.kind in _SETTLED]
        self._field_of = {name: place % _FIELDS_PER_TRACK for place, name in enumerate(settled)}
        self._companies: dict[str, _Terms] = {}
        for track, terms in vocabulary.terms.items():
            young = [one for one in vocabulary.technologies if one.track == track and one.kind in _COMPANY_SHARES]
            self._companies |= _deal_companies(terms, young, dice)
        self._uses: Counter[str] = Counter()
        for technology in vocabulary.technologies:
            for listed in self._companies.get(technology.name, {}).values():
                self._uses.update(dict.fromkeys(listed, -_OWED[technology.kind]))

    def draw(self, plan: Plan) -> _Terms:
        """Things, methods, properties and settings for one document, in its language."""
        leading = plan.leading
        anywhere = self._dice.below(_FIELDS_PER_TRACK)
        place = self._field_of.get(leading.name, anywhere) if leading else anywhere
        near, share = self._fields[plan.track][place], _FIELD_SHARE
        if leading is not None and leading.name in self._companies:
            near, share = near | self._companies[leading.name], _COMPANY_SHARES[leading.kind]
        prefix = "zh_" if plan.lang == "zh" else ""
        every = self._every[plan.track]
        return {name: self._draw_list(near[prefix + name], every[prefix + name], share, count) for name, count in _DRAWN.items()}

    def note_uses(self, drawn: Iterable[str], text: str) -> None:
        """Remember which of the drawn terms the finished text names."""
        text = text.lower()
        self._uses.update(term for term in drawn if term in text or singularise(term) in text)

    def _draw_list(self, near: list[str], every: list[str], share: float, count: int) -> list[str]:
        found: list[str] = []
        for _ in range(min(count, len(every))):
            pool = near if self._dice.chance(share) else every
            left = [term for term in pool if term not in found] or [term for term in every if term not in found]
            found.append(min(self._dice.sample(left, _COMPARED), key=self._uses.__getitem__))
        return found


def _deal_fields(terms: _Terms, dice: Dice) -> list[_Terms]:
    """Deal the terms of a track out to its fields, so that each belongs to exactly one."""
    mixed = {name: dice.sample(listed, len(listed)) for name, listed in terms.items()}
    return [{name: listed[place::_FIELDS_PER_TRACK] for name, listed in mixed.items()} for place in range(_FIELDS_PER_TRACK)]


def _deal_companies(terms: _Terms, young: list[Technology], dice: Dice) -> dict[str, _Terms]:
    """Deal terms of a track out to its young technologies; a term is dealt twice only where a list is too short."""
    companies: dict[str, _Terms] = {technology.name: {} for technology in young}
    for name, count in _COMPANY.items():
        mixed = dice.sample(terms[name], len(terms[name]))
        for place, technology in enumerate(young):
            companies[technology.name][name] = [mixed[number % len(mixed)] for number in range(place * count, (place + 1) * count)]
    return companies
