"""How one text spells the thing it is about: variants, plural, abbreviation, Chinese name with brackets."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawlers.replay.practice_dice import Dice
from crawlers.replay.practice_vocabulary import Technology

_ALIAS_SHARE = 0.10
_HYPHEN_VARIANT_SHARE = 0.22
_ABBREVIATED_SHARE = 0.45
_ALSO_CALLED_SHARE = 0.07
_SHORT_AGAIN_SHARE = 0.75
_BRACKETED_SHARE = 0.62
_BRACKETED_WITH_ABBREVIATION_SHARE = 0.20


@dataclass(slots=True)
class Spelling:
    """The forms used in one text. `singular` and `plural` are equal for uncounted names.

    `first` holds the one bracketed first mention that is still to come; `short` the abbreviation once it has been given.
    """

    singular: str
    plural: str
    first: str | None = None
    short: str | None = None
    short_is_counted: bool = False
    is_introduced: bool = field(default=False)

    def mention(self, dice: Dice, *, before_noun: bool = False) -> str:
        """The next mention in running text; `before_noun` asks for the form that stands before a noun."""
        if not self.is_introduced and not before_noun:
            self.is_introduced = True
            if self.first is not None:
                return self.first
        if self.short is not None and self.is_introduced and dice.chance(_SHORT_AGAIN_SHARE):
            return f"{self.short}s" if self.short_is_counted and not before_noun else self.short
        return self.singular if before_noun else self.plural


def spell_technology(technology: Technology, lang: str, also_called: list[str], dice: Dice) -> Spelling:
    """Choose the spelling of `technology` for one text; `also_called` are patterns that name an alias after the name."""
    if lang == "zh":
        return _spell_chinese(technology, dice)
    is_alias = dice.chance(_ALIAS_SHARE)
    base = technology.aliases[0] if is_alias else technology.name
    if dice.chance(_HYPHEN_VARIANT_SHARE):
        base = base.replace("-", " ") if "-" in base else base.replace(" ", "-", 1)
    plural = pluralise(base) if technology.is_counted else base
    spelling = Spelling(base, plural)
    if not is_alias and dice.chance(_ABBREVIATED_SHARE):
        spelling.short, spelling.short_is_counted = technology.abbreviation, technology.is_counted
        mark = "s" if technology.is_counted and dice.chance(0.5) else ""
        spelling.first = f"{plural} ({technology.abbreviation}{mark})"
    elif not is_alias and dice.chance(_ALSO_CALLED_SHARE):
        alias = pluralise(technology.aliases[0]) if technology.is_counted else technology.aliases[0]
        spelling.first = dice.pick(also_called).format(T=plural, alias=alias)
    return spelling


def spell_term(term: str, lang: str, *, is_counted: bool) -> Spelling:
    """An ordinary term as the subject of a background text; counted terms come in the plural."""
    return Spelling(singularise(term) if is_counted and lang == "en" else term, term)


def _spell_chinese(technology: Technology, dice: Dice) -> Spelling:
    spelling = Spelling(technology.name_zh, technology.name_zh)
    drawn = dice.uniform()
    if drawn < _BRACKETED_SHARE:
        spelling.first = f"{technology.name_zh}（{technology.name}）"
    elif drawn < _BRACKETED_SHARE + _BRACKETED_WITH_ABBREVIATION_SHARE:
        spelling.first = f"{technology.name_zh}（{technology.name}, {technology.abbreviation}）"
        spelling.short = technology.abbreviation
    return spelling


def pluralise(name: str) -> str:
    """English plural of the last word; enough for the names planted here."""
    if name.endswith("y") and name[-2] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def singularise(term: str) -> str:
    """The singular of a plural ordinary term, as it stands before another noun: `gear trains` -> `gear train`."""
    if term.endswith("ies"):
        return f"{term[:-3]}y"
    if term.endswith(("sses", "xes", "ches", "shes")):
        return term[:-2]
    return term[:-1] if term.endswith("s") and not term.endswith("ss") else term
