"""Chinese read as English words: a phrase table learned from pairs of texts, and a glossary by hand for what those lack.

The result is no translation: content words in the order of the Chinese, for readers that know English words only (the
word model of the tracks, the vectors, the keywords of topics). Latin words stay as they are written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from nlp.chinese import segments
from nlp.lexicon import HAN, Lexicon, LexiconMatch
from nlp.records import Text

TABLE_PATH = Path(__file__).with_name("bilingual_phrases.npz")
GLOSSARY_PATH = Path(__file__).with_name("glossary.yaml")
MAX_SEGMENTS = 4  # of one phrase
MAX_SIGNS = 12  # of a phrase of the glossary, whose segments are not known
PUNCTUATION = str.maketrans("。！？；：，、（）“”《》", '.!?;:,,()""""')


@dataclass(frozen=True, slots=True)
class PhraseTable:
    """English words for Chinese phrases; `phrases` maps lower-case Chinese without blanks to English words joined by blanks.

    `digest` changes with any phrase; `provenance` names the command, the digests of what was seen and the figures measured.
    """

    phrases: Mapping[str, str]
    digest: str
    provenance: Mapping[str, object]

    def to_english(self, text: str) -> str:
        """The English words of one text, longest phrases first; Chinese that no phrase covers is left out."""
        return " ".join(english for _, english in self._read(list(segments(text))) if english)

    def covers(self, chinese: str) -> bool:
        """Whether every sign of a short Chinese text belongs to a known phrase."""
        return all(english for unit, english in self._read(list(segments(chinese))) if HAN.search(unit))

    def _read(self, units: list[str]) -> Iterable[tuple[str, str]]:
        """(Chinese, English) from left to right; the English is empty where nothing is known."""
        place = 0
        while place < len(units):
            for length in range(min(MAX_SEGMENTS, len(units) - place), 0, -1):
                phrase = "".join(units[place : place + length])
                english = self.phrases.get(phrase.lower()) if HAN.search(phrase) else None
                if english is not None:
                    yield phrase, english
                    break
            else:
                length = 1
                yield from self._read_inside(units[place])
            place += length

    def _read_inside(self, unit: str) -> Iterable[tuple[str, str]]:
        """A segment that is no phrase: its own longest parts of two signs and more, from the left."""
        if not HAN.search(unit):
            yield unit, unit.translate(PUNCTUATION)
            return
        place = 0
        while place < len(unit):
            for length in range(min(MAX_SIGNS, len(unit) - place), 1, -1):
                english = self.phrases.get(unit[place : place + length].lower())
                if english is not None:
                    yield unit[place : place + length], english
                    break
            else:
                length = 1
                yield unit[place], ""
            place += length


def english_of(text: str) -> str:
    """The text itself, or the English words of one that holds Chinese."""
    return load_table().to_english(text) if HAN.search(text) else text


def read_as_english(text: Text) -> Text:
    """The same document with title and abstract in English words; one without Chinese comes back as it is."""
    if not (HAN.search(text.title) or HAN.search(text.abstract)):
        return text
    return replace(text, title=english_of(text.title), abstract=english_of(text.abstract), lang="en")


@lru_cache(maxsize=2)
def load_table(path: Path = TABLE_PATH) -> PhraseTable:
    """Read the table that ships with the package, and the glossary over it: what a person wrote wins.

    Raises:
        FileNotFoundError: a file is not there (a broken installation).
    """
    with np.load(path, allow_pickle=False) as stored:
        chinese, english = (stored[name].tobytes().decode().split("\n") for name in ("chinese", "english"))
        provenance = json.loads(stored["provenance"].tobytes().decode())
    phrases = dict(zip(chinese, english, strict=True)) | read_glossary(GLOSSARY_PATH)
    digest = hashlib.sha256("\n".join(f"{key}={phrases[key]}" for key in sorted(phrases)).encode()).hexdigest()
    return PhraseTable(phrases, digest, provenance)


def read_glossary(path: Path) -> dict[str, str]:
    """Pairs `chinese=english_words` of one YAML file of word lists, keys in lower case.

    Raises:
        ValueError: an entry is no pair, or a Chinese word stands there twice.
    """
    pairs: dict[str, str] = {}
    for listed in yaml.safe_load(path.read_text(encoding="utf-8")).values():
        for entry in listed.split():
            chinese, sign, english = entry.partition("=")
            if not (chinese and sign and english) or chinese.lower() in pairs:
                raise ValueError(f"{path.name}: {entry} is not a pair of its own such as 合金=alloy")
            pairs[chinese.lower()] = english.replace("_", " ")
    return pairs


def save_phrases(phrases: Mapping[str, str], provenance: Mapping[str, object], path: Path) -> None:
    """Write learned phrases as one compressed npz without pickled objects, in order of the Chinese."""
    ordered = sorted(phrases)
    np.savez_compressed(
        path,
        chinese=_packed("\n".join(ordered)),
        english=_packed("\n".join(phrases[key] for key in ordered)),
        provenance=_packed(json.dumps(provenance, sort_keys=True)),
    )


def _packed(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def match_in_both(text: Text, lexicon: Lexicon) -> tuple[LexiconMatch, ...]:
    """The names that a text holds, in its English words and in its Chinese.

    A weak Chinese phrase counts only where its signs are not known in English: known ones were matched as English already,
    with the sense that they have here (变压器 is a transformer).
    """
    english = read_as_english(text)
    found = lexicon.match(english)
    if english is text:
        return found
    names = {match.entry.name for match in found}
    chinese = [match for match in lexicon.match(text) if match.entry.name not in names]
    table = load_table()
    return (*found, *(match for match in chinese if not (match.entry.is_weak and table.covers(match.surface))))
