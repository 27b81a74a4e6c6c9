"""Two halves of the works, and the works of each period."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoring.backtest.records import Flags, Series
from scoring.bootstrap import draw_uniforms, hash_ids
from scoring.periods import ages
from scoring.records import Corpus

PERIODS_IN_YEAR = {"year": 1, "quarter": 4}


def halve(work_ids: Sequence[str], splits: int, seed: int) -> Flags:
    """(W, splits) whether a work is in the half that is scored; the others are measured.

    A function of id, split and seed alone: a work keeps its side whatever is read with it and in whatever order.
    """
    return np.asarray(draw_uniforms(hash_ids(work_ids), range(splits), seed) < 0.5)


def count_periods(corpus: Corpus, years: int, unit: str = "year") -> Series:
    """Works in each of the last `years` years (or their quarters) before `as_of`, counted back from it to the day."""
    from scipy.sparse import csr_matrix

    periods = years * PERIODS_IN_YEAR[unit]
    back = np.floor(ages(corpus.work_day, corpus.as_of) * PERIODS_IN_YEAR[unit]).astype(np.int64)
    used = np.flatnonzero((back >= 0) & (back < periods))
    place = periods - 1 - back[used]
    table = csr_matrix((np.ones(len(used)), (used, place)), shape=(len(corpus.work_ids), periods))
    return Series((corpus.incidence.astype(np.float64) @ table).toarray(), np.bincount(place, minlength=periods).astype(np.float64))
