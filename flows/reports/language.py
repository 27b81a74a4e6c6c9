"""The language a report is written in: English as code and templates have it, or Chinese from the catalogue beside this module.

`chinese.toml` holds every message with its translation. What it lacks is a KeyError, never English in a Chinese report.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, Protocol

from markupsafe import Markup

from flows.reports.texts import say_day

LanguageCode = Literal["en", "zh"]
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_BETWEEN_SENTENCES = "; "


class Named(Protocol):
    """Whatever has the name of a technology."""

    @property
    def name(self) -> str:
        """Its canonical name."""

    @property
    def name_zh(self) -> str | None:
        """Its Chinese name, None where none was found."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language. `tag` is what `<html lang>` says (BCP 47). Of Chinese, `messages` holds the translation of every text that code
    and templates say, `words` that of the house's words (tracks, stages, components ...), `stored` that of sentences kept in English
    in the warehouse, by their patterns. Of English all three are empty."""

    code: LanguageCode
    tag: str
    messages: Mapping[str, str] = field(default_factory=dict, repr=False)
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    stored: tuple[tuple[re.Pattern[str], str], ...] = field(default=(), repr=False)

    @property
    def is_english(self) -> bool:
        """Whether everything is said as code and templates have it."""
        return self.code == "en"

    @property
    def suffix(self) -> str:
        """What the identity of a thing in this language ends with, so that it differs from the English one: nothing, or `-zh`."""
        return "" if self.is_english else f"-{self.code}"

    def gettext(self, message: str) -> str:
        """The message in this language, its placeholders (`%(name)s`) not yet filled."""
        return message if self.is_english else self.messages[message]

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The same for a message that depends on a number; Chinese has one form."""
        return self.gettext(one if self.is_english and count == 1 else many)

    def say(self, message: str, **values: object) -> str:
        """The message in this language, filled."""
        return self.gettext(message) % values

    def term(self, word: str) -> str:
        """A word of the house as a reader sees it: `field_momentum` is `field momentum`, or 领域动能."""
        return word.replace("_", " ") if self.is_english else self.words[word]

    def retell(self, stored: str) -> str:
        """A sentence that the warehouse keeps in English. One that is no sentence of ours (what a source answered) stays as it is."""
        if self.is_english:
            return stored
        told = [self._retell_part(part) for part in stored.rstrip(".").split(_BETWEEN_SENTENCES)]
        return "；".join(part for part in told if part is not None) if None not in told else stored

    def name_of(self, technology: Named) -> str:
        """Its name in this language; one without a Chinese name keeps its own."""
        return technology.name if self.is_english else technology.name_zh or technology.name

    def other_name(self, technology: Named) -> str | None:
        """Its name in the other of the two languages, None where there is none or it is the same."""
        other = technology.name_zh if self.is_english else technology.name
        return other if other and other != self.name_of(technology) else None

    def day(self, on: date) -> str:
        """`22 November 2026`, or `2026-11-22`."""
        return say_day(on) if self.is_english else on.isoformat()

    def quarter(self, on: date) -> str:
        """The quarter that holds the day: `2026 Q3`, or `2026年第3季度`."""
        number = (on.month + 2) // 3
        return f"{on.year} Q{number}" if self.is_english else f"{on.year}年第{number}季度"

    def listed(self, items: list[str]) -> str:
        """The items in one line."""
        return (", " if self.is_english else "、").join(items)

    def lang_of(self, text: str, otherwise: str | None = None) -> Markup:
        """The attribute ` lang="..."` for a title or name in another language than a Chinese page is in; on English pages nothing.

        `otherwise` is the language of a text in Latin letters where it is known.
        """
        if self.is_english or not text:
            return Markup()
        from nlp.text import language

        found = language(text, "", otherwise)
        return Markup() if found in (self.code, "und") else Markup(' lang="{}"').format(found)

    def _retell_part(self, part: str) -> str | None:
        for pattern, translation in self.stored:
            match = pattern.fullmatch(part)
            if match:
                return translation % {name: self.words.get(value, value) for name, value in match.groupdict().items()}
        return None


ENGLISH = Language("en", "en")


def marked(message: str) -> str:
    """The message as it is: marks one that stands apart from where it is said, so that the catalogue is held to it."""
    return message


@cache
def load_language(code: LanguageCode) -> Language:
    """The language of a code; the Chinese names of the tracks are those of the taxonomy."""
    if code == "en":
        return ENGLISH
    from nlp.taxonomy import load_taxonomy

    catalogue = tomllib.loads(files("flows.reports").joinpath("chinese.toml").read_text(encoding="utf-8"))
    tracks: dict[str, str] = {definition.track: definition.zh for definition in load_taxonomy().tracks}
    stored = tuple((_as_pattern(sentence), translation) for sentence, translation in catalogue["stored"].items())
    return Language("zh", "zh-Hans", catalogue["messages"], {**tracks, **catalogue["words"]}, stored)


def _as_pattern(sentence: str) -> re.Pattern[str]:
    """`moved from %(former)s to %(stage)s` as an expression whose groups are the placeholders."""
    parts = _PLACEHOLDER.split(sentence)
    return re.compile("".join(f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)))
