"""How well a text was extracted, as the article-extraction-benchmark measures it: shingles of four words, precision and recall.

Definition: github.com/scrapinghub/article-extraction-benchmark, evaluate.py. Of each page the counts of shingles that are right, too
many and missing are divided by their sum, so that long articles weigh no more than short ones; precision and recall are means over
pages, F1 is the harmonic mean of the two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

SHINGLE = 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class PageScore:
    """Shares of one page's shingles: in both texts, only in the extracted one, only in the true one."""

    right: float
    wrong: float
    missing: float


def score(true: str, extracted: str) -> PageScore:
    """Compare two texts."""
    wanted, found = shingles(true), shingles(extracted)
    right, wrong, missing = (sum(one.values()) for one in (wanted & found, found - wanted, wanted - found))
    total = right + wrong + missing or 1
    return PageScore(right / total, wrong / total, missing / total)


def f1(pages: Sequence[PageScore]) -> float:
    """The benchmark's one figure over all pages. A page without extracted text counts for recall alone, and the other way round."""
    precision = mean(one.right / (one.right + one.wrong) for one in pages if one.right + one.wrong > 0)
    recall = mean(one.right / (one.right + one.missing) for one in pages if one.right + one.missing > 0)
    return 2 * precision * recall / (precision + recall)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Every run of four words; a text of fewer words is one shingle."""
    words = _WORD.findall(text)
    return Counter(tuple(words[start : start + SHINGLE]) for start in range(max(1, len(words) - SHINGLE + 1)) if words)
