"""The word lists beside this file, read once: stop words of two tiers, unfinished endings, places, fixed expressions."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlp.spelling import american_spelling, fold_word, inflections, term_key

_FOLDER = Path(__file__).parent
_ADJECTIVE = re.compile(r"(?:[^aeiou]al|ial|ual|eal|ic|ive|ous|able|ible|ful|less|ary|ory|ed|ly|ar|ant|ent|ian|ish|wise|like)$")


@dataclass(frozen=True, slots=True)
class EnglishWords:
    """English words (folded, but for `breaking`) by what they may do in a term.

    breaking: tier 1, never part of a term. generic: tier 2, no term by themselves. unfinished: cannot end one.
    disguised: nouns that end like adjectives. places: no technology by themselves. masked: expressions cut out of the
    text, as written. barred: keys that are no term by themselves.
    """

    breaking: frozenset[str]
    generic: frozenset[str]
    unfinished: frozenset[str]
    disguised: frozenset[str]
    places: frozenset[str]
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
    """Chinese segments: `breaking` ends a phrase, `generic` is no term by itself."""

    breaking: frozenset[str]
    generic: frozenset[str]


@lru_cache(maxsize=1)
def english_words() -> EnglishWords:
    """The English lists of stopwords.yaml and expressions.yaml, folded like every term."""
    lists = {name: words.split() for name, words in _read("stopwords.yaml")["english"].items()}
    expressions = {name: [part.strip() for part in text.split("|")] for name, text in _read("expressions.yaml").items()}
    kept = frozenset(american_spelling(word) for word in lists["kept"])
    verbs = {form for verb in lists["verbs"] for form in inflections(verb)}
    breaking = {american_spelling(word) for word in (*lists["function"], *lists["rhetoric"], *verbs)}
    return EnglishWords(
        breaking=frozenset(breaking) - kept,
        generic=frozenset(fold_word(word) for word in lists["generic"]),
        unfinished=frozenset(fold_word(word) for word in lists["unfinished"]),
        disguised=frozenset(fold_word(word) for word in lists["nouns_in_disguise"]),
        places=frozenset(fold_word(word) for word in lists["places"]),
        masked=tuple(sorted(set(expressions["masked"]))),
        barred=frozenset(term_key(phrase) for phrase in expressions["barred"]),
    )


@lru_cache(maxsize=1)
def chinese_words() -> ChineseWords:
    """The Chinese lists of stopwords.yaml."""
    lists = {name: words.split() for name, words in _read("stopwords.yaml")["chinese"].items()}
    return ChineseWords(breaking=frozenset(lists["function"] + lists["verbs"]), generic=frozenset(lists["generic"]))


@lru_cache(maxsize=1)
def digest() -> str:
    """Eight hexadecimal digits that change when a list changes: part of the name of a reading."""
    content = b"".join((_FOLDER / name).read_bytes() for name in ("expressions.yaml", "stopwords.yaml"))
    return hashlib.sha256(content).hexdigest()[:8]


def _read(name: str) -> dict[str, dict[str, str]]:
    import yaml

    content: dict[str, dict[str, str]] = yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
    return content
