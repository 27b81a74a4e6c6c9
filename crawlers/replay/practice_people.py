"""Invented organisations and people: who writes, who holds patents, who is quoted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crawlers.replay.practice_dice import Dice
from crawlers.replay.practice_vocabulary import Technology

_WESTERN_ORGANISATIONS = 280
_FIRST_STAFF, _FIRST_CREW = 4, 2
_TEAM = 9
_JOURNALISTS = 24
# How many organisations take part in a technology. Authors of a young one belong to its own crew in that share, else to the
# ordinary staff; the chance that an author of either has never written before is that of the newcomers.
_PARTICIPANTS = {"emerging": 13, "early industrialisation": 12, "mature": 24, "fading": 9, "one-organisation": 1, "hype": 14}
_CREW_SHARES = {"emerging": 0.90, "early industrialisation": 0.85}
_NEWCOMERS = {"emerging": 0.45, "early industrialisation": 0.45}
_NEWCOMERS_ELSEWHERE = 0.03


@dataclass(frozen=True, slots=True)
class Organisation:
    """`form` is university, institute or company; `name_zh` exists for Chinese ones."""

    name: str
    form: str
    country: str
    name_zh: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """`name` as forenames and family name; `name_zh` for Chinese people."""

    name: str
    name_zh: str | None = None


class Society:
    """All organisations and a growing number of people. Draws depend on the order of calls only."""

    def __init__(self, people: dict[str, Any], technologies: tuple[Technology, ...], dice: Dice) -> None:
        self._dice = dice
        self.organisations = _western(people, dice) + _chinese(people)
        self._western_names, self._chinese_names = _western_names(people, dice), _chinese_names(people, dice)
        self._staff: dict[tuple[Organisation, str], list[Person]] = defaultdict(list)
        self._participants = {technology.name: self._draw_participants(technology.kind) for technology in technologies}
        self._teams: dict[str, list[Person]] = {}
        self._journalists: dict[str, list[Person]] = defaultdict(list)

    def organisations_for(self, stream: str, lang: str, technology: Technology | None) -> list[Organisation]:
        """One to three organisations that could stand behind a document."""
        pool = self._participants[technology.name] if technology else self.organisations
        if technology is None or technology.kind != "one-organisation":
            if lang == "zh":
                pool = [one for one in pool if one.name_zh] or [one for one in self.organisations if one.name_zh]
            wanted = ("company",) if stream != "paper" and self._dice.chance(0.8) else ("university", "institute")
            pool = [one for one in pool if one.form in wanted] or pool
        count = 1 if stream != "paper" or self._dice.chance(0.6) else self._dice.between(2, 3)
        return self._dice.sample(pool, count)

    def authors_for(self, organisations: list[Organisation], count: int, technology: Technology | None) -> list[Person]:
        """`count` people of these organisations; young fields have crews of their own, many of whom never wrote before."""
        if technology is not None and technology.kind == "one-organisation":
            team = self._teams.setdefault(technology.name, [self._new_person(organisations[0]) for _ in range(_TEAM)])
            return self._dice.sample(team, count)
        found: list[Person] = []
        for place in range(count):
            organisation = organisations[place % len(organisations)]
            person = self._crew_member(organisation, technology) or self._draw_from(organisation, "", _FIRST_STAFF, _NEWCOMERS_ELSEWHERE)
            if person not in found:
                found.append(person)
        return found

    def _crew_member(self, organisation: Organisation, technology: Technology | None) -> Person | None:
        if technology is None or not self._dice.chance(_CREW_SHARES.get(technology.kind, 0.0)):
            return None
        return self._draw_from(organisation, technology.name, _FIRST_CREW, _NEWCOMERS[technology.kind])

    def _draw_from(self, organisation: Organisation, crew: str, first: int, newcomers: float) -> Person:
        """Someone of a crew ("" for the ordinary staff); until `first` have come, and by chance later on, someone new."""
        staff = self._staff[organisation, crew]
        if len(staff) < first or self._dice.chance(newcomers):
            staff.append(self._new_person(organisation))
            return staff[-1]
        return self._dice.pick(staff)

    def journalist_for(self, outlet: str, lang: str) -> Person:
        """Someone who writes for `outlet`."""
        desk = self._journalists[outlet]
        if len(desk) < _JOURNALISTS:
            desk.append(Person(*next(self._chinese_names)) if lang == "zh" else Person(next(self._western_names)))
        return self._dice.pick(desk)

    def _new_person(self, organisation: Organisation) -> Person:
        if organisation.name_zh:
            return Person(*next(self._chinese_names))
        return Person(next(self._western_names))

    def _draw_participants(self, kind: str) -> list[Organisation]:
        if kind == "one-organisation":
            return [self._dice.pick([one for one in self.organisations if one.form == "company" and not one.name_zh])]
        chinese = [one for one in self.organisations if one.name_zh]
        others = [one for one in self.organisations if not one.name_zh]
        count = _PARTICIPANTS[kind]
        return self._dice.sample(chinese, count // 4) + self._dice.sample(others, count - count // 4)


def _western(people: dict[str, Any], dice: Dice) -> list[Organisation]:
    country = {stem: dice.pick(people["countries"]) for stem in people["stems"]}
    every = [
        Organisation(pattern.format(stem), form, country[stem])
        for stem in people["stems"]
        for form, patterns in people["forms"].items()
        for pattern in patterns
    ]
    return dice.sample(every, _WESTERN_ORGANISATIONS)


def _chinese(people: dict[str, Any]) -> list[Organisation]:
    return [
        Organisation(pattern["en"].format(stem["en"]), form, "CN", pattern["zh"].format(stem["zh"]))
        for stem in people["stems_zh"]
        for form, patterns in people["forms_zh"].items()
        for pattern in patterns
    ]


def _western_names(people: dict[str, Any], dice: Dice) -> Iterator[str]:
    plain = [f"{given} {family}" for given in people["given"] for family in people["family"]]
    yield from dice.sample(plain, len(plain))
    for initial in "ABCDEFGHJKLMNPRSTVW":
        yield from (f"{given} {initial}. {family}" for given in people["given"] for family in people["family"])


def _chinese_names(people: dict[str, Any], dice: Dice) -> Iterator[tuple[str, str]]:
    pairs = [(given, family) for given in people["given_zh"] for family in people["family_zh"]]
    for given, family in dice.sample(pairs, len(pairs)):
        yield f"{given['en']} {family['en']}", f"{family['zh']}{given['zh']}"
    for second in people["given_zh"]:
        for given, family in pairs:
            if given != second and len(given["zh"]) == len(second["zh"]) == 1:
                yield f"{given['en']}{second['en'].lower()} {family['en']}", f"{family['zh']}{given['zh']}{second['zh']}"
