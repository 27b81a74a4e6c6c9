"""Equivalences that a text states itself: `brain-computer interface (BCI)`, `脑机接口（brain-computer interface，BCI）`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from nlp.records import Alias
from nlp.spelling import is_acronym, term_key
from nlp.wordlists import english_words

_BRACKETED = re.compile(r"[(（]([^()（）]{2,120})[)）]")
_SENTENCE_BREAK = re.compile(r"[.;:!?()（）\[\]]\s|[。；：！？，、]")
_PART = re.compile(r"[;；,，、/]|\bor\b|简称|英文|缩写为?|以下|又称|即")
_HAN = re.compile("[\u3400-\u9fff]")
_HAN_RUN = re.compile("[\u3400-\u9fffA-Za-z0-9\\-]+$")
_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z0-9'’\- ]*$")
_INITIALS = re.compile("[A-Z][a-z]{2,5}")
_WORD = re.compile(r"[^\W_]+(?:['’]\w+)?")
_MAX_LONG_WORDS = 8


def english_aliases(text: str) -> Iterator[Alias]:
    """Acronyms with their long forms, both ways round, after Schwartz & Hearst (2003), and English terms with a Chinese name."""
    for found in _BRACKETED.finditer(text):
        inner = found[1].strip()
        before = _clause(text[max(0, found.start() - 160) : found.start()])
        if _HAN.search(inner):
            yield from _bilingual(_last_phrase(before), _first(inner, _HAN.search))
            continue
        parts = _PART.split(inner, maxsplit=1)
        short = parts[0].strip().strip("\"'“”‘’")
        words = before.split()
        if _is_short_form(short):
            yield from _acronym(short, _long_form(short, words[-min(len(short) + 5, 2 * len(short)) :]))
        elif _INITIALS.fullmatch(short) and [word[0].lower() for word in words[-len(short) :]] == list(short.lower()):
            yield from _acronym(short.upper(), " ".join(words[-len(short) :]))  # a title in capitals: ... Vehicle (Uav)
        elif words and _is_short_form(words[-1]) and 1 < len(inner.split()) <= _MAX_LONG_WORDS:
            long = _long_form(words[-1], inner.split())
            # The bracket must hold the long form and nothing else, or it is a remark.
            yield from _acronym(words[-1], long if long == inner else None)


def chinese_aliases(text: str, segment: Callable[[str], list[str]]) -> Iterator[Alias]:
    """Chinese terms with their English names and acronyms. `segment` gives the term that a run of Chinese ends in, in parts."""
    for found in _BRACKETED.finditer(text):
        before = text[max(0, found.start() - 40) : found.start()].rstrip()
        parts = [part.strip() for part in _PART.split(found[1]) if part.strip()]
        latin = [part for part in parts if not _HAN.search(part)]
        short = next((part for part in latin if _is_short_form(part)), None)
        long = next((part for part in latin if part != short and re.search("[a-z]{3}", part)), None)
        run = _HAN_RUN.search(before)
        chinese = "".join(segment(run[0])) if run and _HAN.search(run[0]) else ""
        if chinese and long:
            yield from _bilingual(long, chinese)
        if short and (long or chinese):
            yield from _acronym(short, long or chinese)
        outer = _LATIN_RUN.search(before)
        if not chinese and outer:  # English (中文)
            yield from _bilingual(outer[0].strip(), _first(found[1], _HAN.search))


def _acronym(short: str, long: str | None) -> Iterator[Alias]:
    if not long:
        return
    short = short[:-1] if short.endswith("s") and is_acronym(short[:-1]) else short
    alias = Alias(term_key(short), short, term_key(long), long, "acronym")
    if alias.alias_key and alias.term_key and alias.alias_key != alias.term_key:
        yield alias


def _bilingual(english: str, chinese: str) -> Iterator[Alias]:
    words = english.split()
    if 0 < len(words) <= _MAX_LONG_WORDS and 2 <= len(chinese) <= 16 and len(english) > 1:
        yield Alias(term_key(chinese), chinese, term_key(english), english, "bilingual")


def _is_short_form(text: str) -> bool:
    return len(text) >= 2 and " " not in text and is_acronym(text.replace("-", "").replace("/", ""))


def _long_form(short: str, words: list[str]) -> str | None:
    """The words at the end whose initials are `short`, else the shortest run that spells it, its first letter opening a word.

    Initials first, because "electron-energy distribution function (EEDF)" spells it from the second e on, too.
    """
    candidate = " ".join(words)
    letters = re.sub("[^A-Za-z0-9]", "", short[:-1] if short.endswith("s") and len(short) > 2 else short).lower()
    place = _place_of_initials(candidate.lower(), letters)
    if place is None:
        place = _place_of_letters(candidate.lower(), letters)
    if place is None:
        return None
    long = candidate[place:].strip(" ,\"'“”‘’")
    count = len(re.split(r"[\s\-]+", long))
    is_plausible = 2 <= count <= min(_MAX_LONG_WORDS, 2 * len(letters)) and len(long) > len(short) + 2
    first_word = re.split(r"[\s\-]+", long)[0].lower() if long else ""
    return long if is_plausible and not english_words().is_breaking(first_word) and "," not in long else None


def _place_of_initials(text: str, letters: str) -> int | None:
    """Where the last words begin whose first letters are `letters`, hyphens parting words; None when they are not."""
    starts = [found.start() for found in _WORD.finditer(text)][-len(letters) :]
    return starts[0] if letters and "".join(text[start] for start in starts) == letters else None


def _place_of_letters(text: str, letters: str) -> int | None:
    """Where the shortest run at the end begins that holds the letters in order, the first of them opening a word."""
    place = len(text)
    for number, letter in enumerate(reversed(letters)):
        place = text.rfind(letter, 0, place)
        opens = number == len(letters) - 1
        while place > 0 and opens and text[place - 1].isalnum():
            place = text.rfind(letter, 0, place)
        if place < 0:
            return None
    return place


def _clause(text: str) -> str:
    return _SENTENCE_BREAK.split(text)[-1].strip()


def _last_phrase(before: str) -> str:
    """The words right before a bracket back to the nearest stop word, four at most."""
    phrase: list[str] = []
    for word in reversed(before.split()):
        if len(phrase) == 4 or english_words().is_breaking(word.lower()) or not word[-1].isalnum():
            break
        phrase.insert(0, word)
    return " ".join(phrase)


def _first(text: str, accepts: Callable[[str], object]) -> str:
    return next((part.strip() for part in _PART.split(text) if accepts(part)), "")
