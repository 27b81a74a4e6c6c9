"""Works that would fake emergence: bulk uploads of one day, and fields that a source has just opened."""

from __future__ import annotations

from datetime import date

import numpy as np
from scipy.sparse import csc_matrix

from scoring.backtest.records import Flags
from scoring.periods import ages
from scoring.records import Corpus

CELL_WORKS = 20
TIMES_MEAN = 10.0
TRAILING_DAYS = 3 * 365
TRAILING_ACTIVE = 10  # with fewer active days before it nobody can say what a day of a field usually brings
OPENED_YEARS = 2.0
OPENED_WORKS = 50
OPENED_SHARE = 0.2  # of the works since then: what opened and holds more is no field but a venue, or the way a source files its works


def bulk_uploads(corpus: Corpus) -> Flags:
    """(W,) works in a cell (day, code) of at least 20 works that holds more than 10 times the mean of the days of the three
    years before on which the code was used at all. Looks back only, so a later work never changes what is left out."""
    codes = csc_matrix(corpus.codes)
    is_bulk = np.zeros(len(corpus.work_ids), dtype=bool)
    for column in np.flatnonzero(np.diff(codes.indptr) >= CELL_WORKS).tolist():
        works = codes.indices[codes.indptr[column] : codes.indptr[column + 1]]
        days, cell, counts = np.unique(corpus.work_day[works], return_inverse=True, return_counts=True)
        before = np.concatenate([[0], np.cumsum(counts)])[:-1]
        first = np.searchsorted(days, days - TRAILING_DAYS)
        active = np.arange(len(days)) - first
        mean = (before - before[first]) / np.maximum(active, 1)
        is_heaped = (active >= TRAILING_ACTIVE) & (counts >= CELL_WORKS) & (counts > TIMES_MEAN * mean)
        is_bulk[works[is_heaped[cell]]] = True
    return is_bulk


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
