"""Works that would fake emergence in a back-test: those of fields that a source has just opened."""

from __future__ import annotations

from datetime import date

import numpy as np
from scipy.sparse import csc_matrix

from scoring.backtest.records import Flags
from scoring.periods import ages
from scoring.records import Corpus

OPENED_YEARS = 2.0
OPENED_WORKS = 50
OPENED_SHARE = 0.2  # of the works since then: what opened and holds more is no field but a venue, or the way a source files its works


def newly_opened(corpus: Corpus, cutoff: date) -> Flags:
    """(W,) works all of whose codes opened less than two years before `cutoff` or after it: first seen then, and of at least 50
    works since. Nothing opens where the corpus itself is that young, nor where the codes are venues or shelves."""
    age = ages(corpus.work_day, cutoff)
    codes = csc_matrix(corpus.codes)
    count = np.diff(codes.indptr)
    oldest = np.full(codes.shape[1], np.inf)
    used = count > 0
    if not used.any() or age.max() < 2 * OPENED_YEARS:
        return np.zeros(len(corpus.work_ids), dtype=bool)
    oldest[used] = np.maximum.reduceat(age[codes.indices], codes.indptr[:-1][used])
    is_open = (oldest < OPENED_YEARS) & (count >= OPENED_WORKS)
    carried = np.asarray(corpus.codes.sum(axis=1)).ravel()
    is_new = (carried > 0) & (corpus.codes @ is_open.astype(np.float64) == carried)
    since = (age < OPENED_YEARS).sum()
    return np.asarray(is_new & (is_new.sum() <= OPENED_SHARE * since))
