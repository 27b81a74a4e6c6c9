"""Finds the names of the taxonomy in texts: English by words, Chinese by characters, with blank spaCy pipelines only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nlp.records import Text
from nlp.taxonomy import Entry, Taxonomy

HAN = re.compile(r"[\u4e00-\u9fff]")
HYPHENS = str.maketrans(dict.fromkeys("-\u2010\u2011\u2013\u2014/", " "))


@dataclass(frozen=True, slots=True)
class LexiconMatch:
    """One entry found in one text: the spelling met first, how often, and whether the title holds it."""

    entry: Entry
    surface: str
    match_count: int
    is_in_title: bool


class Lexicon:
    """Phrase matchers over every spelling of a taxonomy. Case, hyphens and a final plural are folded."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        import spacy
        from spacy.matcher import PhraseMatcher

        self._entries = taxonomy.entries
        self._english = spacy.blank("en")
        self._chinese = spacy.blank("zh")
        self._english_matcher = PhraseMatcher(self._english.vocab, attr="LOWER")
        self._chinese_matcher = PhraseMatcher(self._chinese.vocab, attr="LOWER")
        known: set[str] = set()
        for number, entry in enumerate(self._entries):
            if entry.name in known:  # a landmark product called like the technology it is made of
                continue
            known.add(entry.name)
            for matcher, pipeline, spellings in (
                (self._english_matcher, self._english, _english_spellings(entry)),
                (self._chinese_matcher, self._chinese, _chinese_spellings(entry)),
            ):
                patterns = [pipeline.make_doc(spelling) for spelling in spellings]
                if patterns:
                    matcher.add(str(number), patterns)

    def match(self, text: Text) -> tuple[LexiconMatch, ...]:
        """Every entry found in title and abstract, longest spelling first, title before abstract, in order of the file."""
        first: dict[int, tuple[str, bool]] = {}
        counts: dict[int, int] = {}
        for part, is_title in ((text.title, True), (text.abstract, False)):
            for number, surface in self._find(part):
                first.setdefault(number, (surface, is_title))
                counts[number] = counts.get(number, 0) + 1
        return tuple(LexiconMatch(self._entries[number], first[number][0], counts[number], first[number][1]) for number in sorted(first))

    def _find(self, part: str) -> Iterator[tuple[int, str]]:
        if not part:
            return
        latin = HAN.sub(" ", part).translate(HYPHENS)  # "6G网络" holds the word 6G
        yield from _spans(self._english.make_doc(latin), self._english_matcher)
        if HAN.search(part):
            yield from _spans(self._chinese.make_doc(part), self._chinese_matcher)


def _spans(doc: Any, matcher: Any) -> Iterator[tuple[int, str]]:
    """Longest matches that do not overlap; several entries may share one span."""
    taken: set[int] = set()
    found = sorted(matcher(doc), key=lambda match: (match[1] - match[2], match[1], match[0]))
    claimed: dict[tuple[int, int], bool] = {}
    for label, start, end in found:
        if (start, end) not in claimed:
            claimed[start, end] = taken.isdisjoint(range(start, end))
            if claimed[start, end]:
                taken.update(range(start, end))
        if claimed[start, end]:
            yield int(doc.vocab.strings[label]), doc[start:end].text


def _english_spellings(entry: Entry) -> list[str]:
    """Latin spellings with hyphens as blanks, each in singular and plural."""
    spellings: dict[str, None] = {}
    for spelling in (entry.name, *entry.en_aliases):
        phrase = " ".join(spelling.translate(HYPHENS).split())
        spellings[phrase] = None
        if phrase.endswith("y") and phrase[-2:-1] not in "aeiou":
            spellings[f"{phrase[:-1]}ies"] = None
        elif not phrase.endswith("s"):
            spellings[f"{phrase}s"] = None
    return list(spellings)


def _chinese_spellings(entry: Entry) -> list[str]:
    return [spelling for spelling in dict.fromkeys((entry.zh, *entry.zh_aliases)) if HAN.search(spelling)]
