"""Candidate terms of an English text: word groups between stop words, in every length that could be a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from nlp.spelling import LINKS, PREFIXES, is_acronym, term_key
from nlp.wordlists import EnglishWords

MAX_UNITS = 4
MAX_WORDS = 5
_NUMBER = re.compile(r"[\d.,]+(?:st|nd|rd|th|s|x|nm|mm|cm|km|ghz|mhz|thz|kev|mev|gev|ev|db|fps|ms|kg|hz|k|m)?$", re.I)
_SHORT_NUMBER = re.compile(r"\d(?:\.\d)?$|19$")
_LETTER = re.compile(r"[^\W\d_]")


class Candidate(NamedTuple):
    """One way to cut a term out of a text: its key, and how it is written there."""

    key: str
    surface: str
    is_acronym: bool


class _Word(NamedTuple):
    """What is known about one spelling, wherever it stands."""

    text: str
    key: str
    breaks: bool
    is_hyphen: bool
    is_number: bool
    is_acronym: bool


class _Unit(NamedTuple):
    """A word, or words joined by hyphens: never cut inside."""

    key: str
    surface: str
    words: int
    is_acronym: bool
    can_begin: bool
    can_end: bool
    can_stand_alone: bool


class EnglishCandidates:
    """Cuts texts into candidates with a spaCy tokenizer and word lists. Keeps what it learnt about each spelling."""

    def __init__(self, pipeline: Any, words: EnglishWords) -> None:
        from spacy.attrs import ORTH, SPACY
        from spacy.matcher import PhraseMatcher

        self._tokenizer = pipeline.tokenizer
        self._strings = pipeline.vocab.strings
        self._columns = [ORTH, SPACY]
        self._words = words
        self._known: dict[int, _Word] = {}
        self._units: dict[str, _Unit] = {}
        self._masked = PhraseMatcher(pipeline.vocab, attr="LOWER")
        spellings = {*words.masked, *(phrase.replace(" ", "-") for phrase in words.masked)}
        self._masked.add("masked", [self._tokenizer(spelling) for spelling in sorted(spellings)])

    def find(self, text: str) -> Iterator[Candidate]:
        """Every candidate in order of the text, as often as it occurs. A text all in capitals is read in small letters."""
        if not text:
            return
        for chunk in self._chunks(text.lower() if _is_shouted(text) else text):
            yield from _groups(chunk, self._words)

    def _chunks(self, text: str) -> Iterator[list[_Unit]]:
        """Runs of units that nothing breaks."""
        document = self._tokenizer(text)
        masked = {place for _, start, end in self._masked(document) for place in range(start, end)}
        chunk: list[_Unit] = []
        joined: list[_Word] = []
        left: tuple[_Unit, str] | None = None  # the unit before "of", and "of" as written
        is_open = False  # a hyphen stands right before, so the next word belongs to the same unit
        is_apart = True  # a blank stands right before
        for place, (orth, has_space) in enumerate(document.to_array(self._columns).tolist()):
            word = self._known.get(orth) or self._learn(orth)
            opens = word.is_hyphen and bool(joined) and not (is_apart or has_space or is_open)
            is_apart = bool(has_space)
            if opens:
                is_open = True
                continue
            if not is_open and joined:
                chunk.append(self._closed(joined))
                joined = []
            if word.is_hyphen or place in masked or (word.breaks and not is_open):
                if joined:
                    chunk.append(self._closed(joined))
                yield from _with_link(left, chunk)
                left = (chunk[-1], word.text) if chunk and word.text in LINKS and place not in masked else None
                chunk, joined = [], []
            else:
                joined.append(word)
            is_open = False
        if joined:
            chunk.append(self._closed(joined))
        yield from _with_link(left, chunk)

    def _closed(self, joined: list[_Word]) -> _Unit:
        """The unit of the words read since the last blank."""
        surface = "-".join(word.text for word in joined)
        unit = self._units.get(surface)
        if unit is None:
            unit = self._units[surface] = self._unit(joined, surface)
        return unit

    def _unit(self, joined: list[_Word], surface: str) -> _Unit:
        last = joined[-1]
        key = term_key(surface)
        parts = key.split()
        is_number = all(word.is_number for word in joined)
        # "based" and "aware" close a hyphened adjective, "19" a name: COVID-19.
        can_end = bool(parts) and not last.breaks and (self._words.can_end(parts[-1]) or last.is_acronym)
        has_letters = any(word.is_acronym or len(word.key) > 2 for word in joined if not word.is_number)
        is_acronym = len(joined) == 1 and last.is_acronym
        generic = self._words.generic
        is_name = is_acronym or (can_end and has_letters and not last.is_number and any(part not in generic for part in parts))
        is_name = is_name or (last.is_number and joined[0].is_acronym and len(joined) == 2)
        return _Unit(
            key=key,
            surface=surface,
            words=max(1, len(parts)),
            is_acronym=is_acronym,
            can_begin=bool(key) and not is_number and key not in self._words.dangling,
            can_end=(can_end and not is_number) or is_name,
            can_stand_alone=is_name and key not in self._words.places and key not in self._words.barred,
        )

    def _learn(self, orth: int) -> _Word:
        text: str = self._strings[orth]
        is_hyphen = text in ("-", "\u2010", "\u2013")
        is_number = bool(_NUMBER.match(text))
        acronym = is_acronym(text)
        key = "" if is_hyphen else term_key(text)
        plain = text.replace("’", "'").lower().removesuffix("'s")
        # A capital "IT" is no pronoun.
        breaks = not key or (self._words.is_breaking(plain) and not acronym) or not (_LETTER.search(text) or is_number)
        breaks = breaks or ("'" in plain and len(plain) < 8) or (is_number and not _SHORT_NUMBER.match(text))
        word = _Word(text, key, breaks, is_hyphen, is_number, acronym)
        self._known[orth] = word
        return word


def _with_link(left: tuple[_Unit, str] | None, chunk: list[_Unit]) -> Iterator[list[_Unit]]:
    """The chunk, and before it the term of three words that ends in its first unit."""
    if not chunk:
        return
    right = chunk[0]
    if left is not None and left[0].can_begin and left[0].can_end and right.can_begin and right.can_end:
        unit, link = left
        key, surface = f"{unit.key} {link} {right.key}", f"{unit.surface} {link} {right.surface}"
        yield [_Unit(key, surface, unit.words + right.words, False, True, True, True)]
    yield chunk


def _groups(chunk: list[_Unit], words: EnglishWords) -> Iterator[Candidate]:
    """Every run of up to four units that begins and ends well; a prefix written apart counts with the word behind it."""
    barred = words.barred
    for start, first in enumerate(chunk):
        if not first.can_begin:
            continue
        if first.can_stand_alone:
            yield Candidate(first.key, first.surface, first.is_acronym)
        key, surface, count = first.key, first.surface, first.words
        glued = first.key in PREFIXES
        for unit in chunk[start + 1 : start + MAX_UNITS]:
            count += unit.words
            if count > MAX_WORDS or not unit.key:
                break
            key = key + unit.key if glued else f"{key} {unit.key}"
            glued = unit.key in PREFIXES
            surface = f"{surface} {unit.surface}"
            if (unit.can_end if unit.can_begin else _names_version(surface)) and key not in barred:
                yield Candidate(key, surface, False)


def _names_version(surface: str) -> bool:
    """Industry 4.0, Web 2.0: a number ends a term only behind a capital."""
    name, _, number = surface.rpartition(" ")
    return name[:1].isupper() and "." in number


def _is_shouted(text: str) -> bool:
    letters = [sign for sign in text[:200] if sign.isalpha()]
    return len(letters) > 12 and sum(sign.isupper() for sign in letters) > 0.7 * len(letters)
