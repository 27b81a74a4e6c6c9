"""Titles and abstracts of the practice archive: sentence patterns filled with the subject and ordinary terms of a track."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from crawlers.replay.practice_dice import Dice
from crawlers.replay.practice_fields import OrdinaryTerms
from crawlers.replay.practice_names import Spelling, singularise, spell_technology, spell_term
from crawlers.replay.practice_people import Organisation, Person
from crawlers.replay.practice_stages import StageWording
from crawlers.replay.practice_timeline import QUARTERS, Plan
from crawlers.replay.practice_vocabulary import Formula, Vocabulary

_TITLE_NAMES_SUBJECT_SHARE = 0.68
_TITLE_CASE_SHARE = 0.5
_EMPTY_PHRASE_IN_TITLE_SHARE = 0.03
_RISING_FROM_QUARTER = 12
_PLAIN_PHRASE_SHARE = 0.22
_PRESS_RELEASE_SHARE = 0.06
_BODIES = {"paper": ("method", "result"), "patent": ("claim", "advantage"), "news": ("body",)}
_ENDS = {"paper": "closing", "patent": "scope", "news": "closing"}
_END_SHARE = {"paper": 0.7, "patent": 0.25, "news": 0.7}
_LENGTHS = {
    ("paper", "en"): (44, 67),
    ("patent", "en"): (45, 68),
    ("news", "en"): (32, 50),
    ("paper", "zh"): (90, 150),
    ("news", "zh"): (70, 115),
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_SMALL_WORDS = frozenset(
    ("a", "an", "against", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "through", "to", "under", "with")
)
_FIRST_LETTER = re.compile(r"^\W*\w")  # past an opening quotation mark
_SLOT = re.compile(r"\{(\w+)(\.?)\}")


@dataclass(slots=True)
class Brief:
    """What one document is written from. `main` is its organisation, `rival` another one."""

    plan: Plan
    main: Organisation
    rival: Organisation
    person: Person
    spellings: list[Spelling]
    terms: dict[str, list[str]]


def is_press_release(plan: Plan) -> bool:
    """News of a technology that only one organisation works on comes from that organisation, which names no rival."""
    return plan.stream == "news" and bool(plan.technologies) and plan.technologies[0].kind == "one-organisation"


class Writer:
    """Writes documents. Call it in the order of days: how often a term was used decides how soon it is used again."""

    def __init__(self, vocabulary: Vocabulary, wording: StageWording, dice: Dice) -> None:
        self._vocabulary, self._wording, self._dice = vocabulary, wording, dice
        self._ordinary = OrdinaryTerms(vocabulary, dice)

    def write(self, plan: Plan, main: Organisation, rival: Organisation, person: Person) -> tuple[str, str]:
        """Title and abstract of one document."""
        terms = self._ordinary.draw(plan)
        drawn = [term for listed in terms.values() for term in listed]
        brief = self._brief(plan, main, rival, person, terms)
        title, abstract = self._title(brief), self._abstract(brief)
        self._ordinary.note_uses(drawn, f"{title} {abstract}")
        return title, abstract

    def _brief(self, plan: Plan, main: Organisation, rival: Organisation, person: Person, terms: dict[str, list[str]]) -> Brief:
        also_called = self._vocabulary.sentences["en"]["also_called"]
        spellings = [spell_technology(technology, plan.lang, also_called, self._dice) for technology in plan.technologies]
        return Brief(plan, main, rival, person, spellings or [self._ordinary_subject(terms, plan.lang)], terms)

    def _ordinary_subject(self, terms: dict[str, list[str]], lang: str) -> Spelling:
        kind = "methods" if self._dice.chance(0.6) else "things"
        return spell_term(terms[kind].pop(), lang, is_counted=kind == "things")

    def _title(self, brief: Brief) -> str:
        plan, dice = brief.plan, self._dice
        names_subject = not plan.technologies or dice.chance(_TITLE_NAMES_SUBJECT_SHARE)
        subject = brief.spellings[0] if names_subject else spell_term(dice.pick(brief.terms["methods"]), plan.lang, is_counted=False)
        title = self._fill(dice.pick(self._patterns(brief, "titles")), brief, Spelling(subject.singular, subject.plural))
        formula = next((one for one in self._vocabulary.formulas if one.is_rising and self._carries(plan, one)), None)
        if formula is not None and plan.lang == "en" and plan.stream != "patent" and dice.chance(_EMPTY_PHRASE_IN_TITLE_SHARE):
            title = f"{title} within a {formula.name}"
        if plan.lang == "en" and plan.stream == "paper" and dice.chance(_TITLE_CASE_SHARE):
            return " ".join(word if word in _SMALL_WORDS or word != word.lower() else word.capitalize() for word in title.split())
        return title

    def _abstract(self, brief: Brief) -> str:
        plan, dice = brief.plan, self._dice
        size = _size_in(plan.lang)
        low, high = _LENGTHS[plan.stream, plan.lang]
        wanted = dice.between(low, high)
        patterns = [dice.pick(self._patterns(brief, "opening"))]
        sections = [self._patterns(brief, name) for name in _BODIES[plan.stream]]
        body = [dice.sample(section, 6) for section in sections]
        extra = [*self._stage_pattern(brief), *self._formula_patterns(brief)]
        end = [dice.pick(self._patterns(brief, _ENDS[plan.stream]))] if dice.chance(_END_SHARE[plan.stream]) else []
        expected = sum(map(size, [*patterns, *extra, *end]))
        while expected < wanted and any(body):
            section = next(part for part in body if part)
            body = [*body[1:], body[0]] if len(body) > 1 else body
            pattern = section.pop()
            patterns.append(pattern)
            expected += size(pattern)
        patterns = [*patterns, *extra, *end]
        patterns = _name_every_subject(patterns, self._patterns(brief, "opening"), len(brief.spellings), dice)
        sentences = self._fill_in_turn(patterns, brief)
        return "".join(sentences) if plan.lang == "zh" else " ".join(sentences)

    def _fill_in_turn(self, patterns: list[str], brief: Brief) -> list[str]:
        """Fill pattern by pattern; a second technology takes every third place where a subject stands."""
        sentences, seen = [], 0
        for pattern in patterns:
            names_subject = "{T" in pattern
            use_second = len(brief.spellings) > 1 and names_subject and seen % 3 == 1
            sentences.append(self._fill(pattern, brief, brief.spellings[1 if use_second else 0]))
            seen += names_subject
        return sentences

    def _patterns(self, brief: Brief, section: str) -> list[str]:
        plan = brief.plan
        sentences = self._vocabulary.sentences[plan.lang]
        patterns: list[str] = sentences[plan.stream][section]
        if is_press_release(plan) or (section == "opening" and not plan.technologies and self._dice.chance(_PRESS_RELEASE_SHARE)):
            patterns = sentences["press_release"] if section == "opening" and plan.stream == "news" else patterns
        return [pattern for pattern in patterns if not is_press_release(plan) or "{rival}" not in pattern]

    def _stage_pattern(self, brief: Brief) -> list[str]:
        name = self._wording.draw(brief.plan, self._dice)
        return [self._dice.pick(self._vocabulary.sentences[brief.plan.lang]["stages"][name])] if name else []

    def _formula_patterns(self, brief: Brief) -> list[str]:
        """At most one formula. Before the empty phrases rise, plain ones stand in the same sentences: only the phrase is new."""
        plan, dice = brief.plan, self._dice
        sentences = self._vocabulary.sentences[plan.lang]
        carried = [formula for formula in self._vocabulary.formulas if self._carries(plan, formula)]
        if carried:
            formula = dice.pick(carried)
            if not formula.is_rising:
                return [dice.pick(sentences["formulas"][formula.name])]
            phrase = formula.name if plan.lang == "en" else str(formula.name_zh)
        elif dice.chance(_PLAIN_PHRASE_SHARE * (1 - _risen(plan.quarter))):
            phrase = dice.pick(sentences["plain_phrases"])
        else:
            return []
        return [dice.pick(sentences["empty_phrases"]).replace("{B}", phrase)]

    def _carries(self, plan: Plan, formula: Formula) -> bool:
        if plan.stream not in formula.streams or (plan.lang == "zh" and formula.name_zh is None):
            return False
        return self._dice.chance(formula.share * (_risen(plan.quarter) if formula.is_rising else 1.0))

    def _fill(self, pattern: str, brief: Brief, subject: Spelling) -> str:
        dice, lang = self._dice, brief.plan.lang
        picked: dict[str, str] = {}
        for slots, kind in (("ab", "things"), ("mk", "methods"), ("pq", "properties")):
            picked |= dict(zip(slots, dice.sample(brief.terms[kind], 2), strict=False))
        draws: dict[str, Callable[[], str]] = {
            "s": lambda: dice.pick(brief.terms["settings"]),
            "adj": lambda: dice.pick(self._vocabulary.sentences["en"]["adjectives"]),
            "n": lambda: str(dice.between(3, 60)),
            "pct": lambda: f"{dice.between(4, 48)}%",
            "x": lambda: f"{dice.between(11, 45) / 10}",
            "weekday": lambda: dice.pick(_WEEKDAYS),
            "org": lambda: (brief.main.name_zh if lang == "zh" else None) or brief.main.name,
            "rival": lambda: (brief.rival.name_zh if lang == "zh" else None) or brief.rival.name,
            "person": lambda: (brief.person.name_zh if lang == "zh" else None) or brief.person.name,
        }

        def fill_slot(matched: re.Match[str]) -> str:
            name, is_before_noun = matched[1], bool(matched[2])
            if name == "T":
                return subject.mention(dice, before_noun=is_before_noun)
            if name in picked:
                return singularise(picked[name]) if is_before_noun and lang == "en" else picked[name]
            return draws[name]()

        return _FIRST_LETTER.sub(lambda matched: matched[0].upper(), _SLOT.sub(fill_slot, pattern), count=1)


def _risen(quarter: int) -> float:
    """How far the empty phrases have come, from 0 before they appear to about 1 at the end."""
    return max(0, quarter - _RISING_FROM_QUARTER) / (QUARTERS - _RISING_FROM_QUARTER)


def _name_every_subject(patterns: list[str], openings: list[str], wanted: int, dice: Dice) -> list[str]:
    """See to it that the subject slot occurs at least once, and often enough for a second technology."""
    named = sum("{T" in pattern for pattern in patterns)
    spare = [pattern for pattern in openings if "{T}" in pattern and pattern not in patterns]
    return dice.sample(spare, max(0, wanted - named)) + patterns


def _size_in(lang: str) -> Callable[[str], int]:
    """Length a pattern will have when filled: characters in Chinese, words in English, where a slot takes about two."""
    return len if lang == "zh" else lambda pattern: len(pattern.split()) + pattern.count("{")
