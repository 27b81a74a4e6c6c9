"""The word lists beside this file, read once: stop words of two tiers, unfinished endings, places, fixed expressions."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlp.spelling import american_spelling, fold_word, inflections, term_key

_FOLDER = Path(__file__).parent
_ADJECTIVE = re.compile(r"(?:[^aeiou]al|ial|ual|eal|ic|ive|ous|able|ible|ful|less|ed|ly|ar|ian|ish|wise|like)$")


@dataclass(frozen=True, slots=True)
class EnglishWords:
    """English words (folded, but for `breaking`) by what they may do in a term.

    breaking: tier 1, never part of a term. generic: tier 2, no term by themselves. unfinished: cannot end one.
    disguised: nouns that end like adjectives. dangling: cannot begin a term. degrees: first words of mere degree (high,
    low). weak_heads: last words that name a kind of thing and no thing (method, model). places: no technology by
    themselves; initials: no more so in capitals. masked: expressions cut out of the text, as written. barred: keys that
    are no term by themselves.
    """

    breaking: frozenset[str]
    generic: frozenset[str]
    unfinished: frozenset[str]
    disguised: frozenset[str]
    dangling: frozenset[str]
    degrees: frozenset[str]
    weak_heads: frozenset[str]
    places: frozenset[str]
    initials: frozenset[str]
    masked: tuple[str, ...]
    barred: frozenset[str]

    def is_breaking(self, word: str) -> bool:
        """Tier 1, for a word in lower case as written: grammar and rhetoric, and every adverb in -ly that is no noun.

        Not folded, because the plural of a noun may look like a verb that is barred ("supports", "support vectors").
        """
        if american_spelling(word) in self.breaking:
            return True
        return word.endswith("ly") and len(word) > 4 and word not in self.disguised

    def can_end(self, folded: str) -> bool:
        """Whether a term may end in this word: adjectives, participles and measure words wait for a noun."""
        if folded in self.unfinished:
            return False
        return folded in self.disguised or _ADJECTIVE.search(folded) is None


@dataclass(frozen=True, slots=True)
class ChineseWords:
    """Chinese segments: `breaking` ends a phrase, `generic` is no term by itself, `weak_heads` name a kind of thing."""

    breaking: frozenset[str]
    generic: frozenset[str]
    weak_heads: tuple[str, ...]


@lru_cache(maxsize=1)
def english_words() -> EnglishWords:
    """The English lists of stopwords.yaml and expressions.yaml, folded like every term."""
    lists = _lists("english")
    kept = frozenset(american_spelling(word) for word in lists["kept"])
    verbs = {form for verb in lists["verbs"] for form in inflections(verb)}
    breaking = {american_spelling(word) for word in (*lists["function"], *lists["rhetoric"], *verbs)}
    return EnglishWords(
        breaking=frozenset(breaking) - kept,
        generic=frozenset(fold_word(word) for word in lists["generic"]),
        unfinished=frozenset(fold_word(word) for word in lists["unfinished"]),
        disguised=frozenset(fold_word(word) for word in lists["nouns_in_disguise"]),
        dangling=frozenset(fold_word(word) for word in lists["dangling"]),
        degrees=frozenset(fold_word(word) for word in lists["degrees"]),
        weak_heads=frozenset(fold_word(word) for word in lists["weak_heads"]),
        places=frozenset(fold_word(word) for word in lists["places"]),
        initials=frozenset(lists["initials"]),
        masked=tuple(sorted(set(_expressions("masked")))),
        barred=frozenset(term_key(phrase) for phrase in _expressions("barred")),
    )


@lru_cache(maxsize=1)
def chinese_words() -> ChineseWords:
    """The Chinese lists of stopwords.yaml."""
    lists = _lists("chinese")
    return ChineseWords(
        breaking=frozenset(lists["function"] + lists["verbs"]),
        generic=frozenset(lists["generic"]),
        weak_heads=tuple(sorted(lists["weak_heads"])),
    )


@lru_cache(maxsize=1)
def digest() -> str:
    """Eight hexadecimal digits that change when a list changes: part of the name of a reading."""
    content = b"".join((_FOLDER / name).read_bytes() for name in ("expressions.yaml", "stopwords.yaml"))
    return hashlib.sha256(content).hexdigest()[:8]


def _lists(language: str) -> dict[str, list[str]]:
    import yaml

    content = yaml.safe_load((_FOLDER / "stopwords.yaml").read_text(encoding="utf-8"))
    return {name: words.split() for name, words in content[language].items()}


def _expressions(name: str) -> list[str]:
    import yaml

    content = yaml.safe_load((_FOLDER / "expressions.yaml").read_text(encoding="utf-8"))
    return [part.strip() for part in content[name].split("|")]
