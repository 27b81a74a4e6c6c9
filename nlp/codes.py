"""What classification codes say about the tracks. Reads `track_codes.yaml` beside this module; sees no text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from nlp.records import TRACKS, Track

CODES_PATH = Path(__file__).with_name("track_codes.yaml")
LONGEST_PREFIX = 12


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """One code of the table: what it is called and how strongly (0..1) it speaks for each track."""

    code: str
    title: str
    strengths: tuple[tuple[Track, float], ...]


@dataclass(frozen=True, slots=True)
class CodeReading:
    """What all codes of one document say: a score in [0, 1] per track, and the codes behind it, strongest first."""

    scores: dict[Track, float]
    reasons: dict[Track, tuple[CodeMeaning, ...]]


@dataclass(frozen=True, slots=True)
class CodeTable:
    """The loaded table, by scheme. Built by `load_codes`."""

    arxiv: dict[str, CodeMeaning]
    arxiv_none: frozenset[str]
    patent: dict[str, CodeMeaning]
    uspc: dict[str, CodeMeaning]
    category: dict[str, CodeMeaning]

    def meaning(self, scheme: str, code: str) -> CodeMeaning | None:
        """What one code means, or None where the table does not know it."""
        if scheme == "arxiv":
            return self._arxiv(code.strip())
        if scheme in ("cpc", "ipc"):
            return self._patent(re.sub(r"\s+", "", code.upper()))
        if scheme == "uspc":
            return self.uspc.get(re.split(r"[/.\s]", code.strip())[0].lstrip("0"))
        return self.category.get(code.strip().casefold())

    def read(self, codes: Sequence[tuple[str, str]]) -> CodeReading | None:
        """Score the six tracks from (scheme, code) pairs; None when no code is known.

        The score of a track is the mean of two views: the strongest code, and the share of all known codes that
        speaks for it, so that one stray code among thirty does not carry a track alone.
        """
        known = [found for scheme, code in codes if (found := self.meaning(scheme, code)) is not None]
        if not known:
            return None
        scores: dict[Track, float] = {}
        reasons: dict[Track, tuple[CodeMeaning, ...]] = {}
        for track in TRACKS:
            strengths = [dict(found.strengths).get(track, 0.0) for found in known]
            strongest = max(strengths)
            if strongest == 0.0:
                continue
            scores[track] = round(0.5 * strongest + 0.5 * sum(strengths) / len(strengths), 4)
            speaking = {found: strength for found, strength in zip(known, strengths, strict=True) if strength > 0.0}
            reasons[track] = tuple(sorted(speaking, key=lambda found: (-speaking[found], found.code)))
        return CodeReading(scores, reasons)

    def _arxiv(self, code: str) -> CodeMeaning | None:
        found = self.arxiv.get(code)
        if found is None and code.split(".")[0] in self.arxiv_none:
            return CodeMeaning(code, "outside the six tracks", ())
        return found

    def _patent(self, code: str) -> CodeMeaning | None:
        for length in range(min(len(code), LONGEST_PREFIX), 0, -1):
            found = self.patent.get(code[:length])
            # "B29C64" must not claim B29C643/00: a prefix that ends in a digit ends at the end of the number.
            if found is not None and not (code[length - 1].isdigit() and length > 3 and code[length : length + 1].isdigit()):
                return found
        return None


@lru_cache(maxsize=1)
def load_codes() -> CodeTable:
    """Read the table that ships with the package."""
    raw = yaml.safe_load(CODES_PATH.read_text(encoding="utf-8"))
    strength_of: dict[str, float] = raw["strengths"]

    def table(scheme: str) -> dict[str, CodeMeaning]:
        return {
            str(code): CodeMeaning(str(code), item["title"], tuple((track, strength_of[word]) for track, word in item["tracks"].items()))
            for code, item in raw[scheme].items()
        }

    return CodeTable(table("arxiv"), frozenset(raw["arxiv_none"]), table("patent"), table("uspc"), table("category"))
