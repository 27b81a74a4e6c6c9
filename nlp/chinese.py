"""Candidate terms of a Chinese text: groups of neighbouring segments between punctuation and stop words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from nlp.candidates import Candidate
from nlp.spelling import is_acronym, term_key
from nlp.wordlists import chinese_words, english_words

MAX_SEGMENTS = 4
MAX_SIGNS = 14
_CLAUSE = re.compile("[\u3400-\u9fffA-Za-z0-9\\-.+ ]+")
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile(r"([A-Za-z0-9\-.+ ]+)")
_WAITING = frozenset("可非多高低小大双单新超全半")  # signs that wait for a noun
_USELESS = re.compile(r"[\d.\-+ ]+$")


@lru_cache(maxsize=1)
def _segmenter() -> Any:
    """jieba with its own dictionary, loaded at the first Chinese text (about a second)."""
    import logging

    import jieba

    jieba.setLogLevel(logging.ERROR)
    segmenter = jieba.Tokenizer()
    segmenter.initialize()
    return segmenter


def chinese_candidates(text: str) -> Iterator[Candidate]:
    """Every candidate in order of the text, as often as it occurs; Latin words are read as English ones are."""
    for run in _runs(text):
        for start in range(len(run)):
            for end in range(start + 1, min(len(run), start + MAX_SEGMENTS) + 1):
                candidate = _candidate(run[start:end])
                if candidate is not None:
                    yield candidate


def last_term(run: str) -> list[str]:
    """The segments that end a run of Chinese, back to the nearest stop word: what a bracket behind it explains."""
    breaking = chinese_words().breaking
    kept: list[str] = []
    for segment in reversed(list(segments(run))):
        if segment in breaking or len(kept) == MAX_SEGMENTS + 1:
            break
        kept.insert(0, segment)
    return kept


def segments(text: str) -> Iterator[str]:
    """Chinese in jieba's segments, Latin words as they are written ("brain-computer", "GPT-4")."""
    for piece in _LATIN.split(text):
        if _HAN.search(piece):
            yield from _segmenter().cut(piece, HMM=True)
        else:
            yield from (word for word in (part.strip("-.+") for part in piece.split()) if word)


def _runs(text: str) -> Iterator[list[str]]:
    """Neighbouring segments with no stop word, number or punctuation between them."""
    chinese, english = chinese_words().breaking, english_words()
    for clause in _CLAUSE.findall(text):
        run: list[str] = []
        for segment in segments(clause):
            is_han = _HAN.search(segment) is not None
            breaks = segment in chinese if is_han else _USELESS.match(segment) or english.is_breaking(segment.lower())
            if breaks:
                if run:
                    yield run
                run = []
            else:
                run.append(segment)
        if run:
            yield run


def _candidate(segments: list[str]) -> Candidate | None:
    surface = "".join(
        f" {segment}" if place and not (_HAN.search(segment) or _HAN.search(segments[place - 1])) else segment
        for place, segment in enumerate(segments)
    )
    if not 2 <= len(surface) <= MAX_SIGNS + 16 or (_HAN.search(surface) and len(surface) > MAX_SIGNS):
        return None
    single = len(segments) == 1
    if not _HAN.search(surface):
        acronym = single and is_acronym(surface)
        words = english_words()
        key = term_key(surface)
        if single and not acronym and (key in words.generic or len(key) < 3):
            return None
        return Candidate(key, surface, acronym) if key and words.can_end(key.split()[-1]) else None
    if single and surface in chinese_words().generic:
        return None
    if len(segments[0]) == 1 and len(surface) < 3:  # a cut piece of a word
        return None
    if segments[-1] in _WAITING or surface.endswith("的"):
        return None
    return Candidate(term_key(surface), surface, False)
