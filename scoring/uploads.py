"""Bulk uploads: days on which a source filed what had gathered, which would fake emergence."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_matrix

from scoring.records import Corpus

CELL_WORKS = 20
TIMES_MEAN = 10.0
TRAILING_DAYS = 3 * 365
TRAILING_ACTIVE = 10  # with fewer active days before it nobody can say what a day of a field usually brings


def bulk_uploads(corpus: Corpus) -> npt.NDArray[np.bool_]:
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
