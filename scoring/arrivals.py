"""Since when a candidate has been there: the day of its first work and the day from which three works support it."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from scoring.records import Floats

SUPPORT_WORKS = 3
"""One work may be a slip and two an echo of each other."""


def arrival_days(incidence: csr_matrix, work_day: Floats, nth: int) -> Floats:
    """(T,) day number of the `nth` work (from 1) that names each candidate, by day; NaN where there are fewer.

    incidence: (T, W) 0/1; work_day: (W,) day numbers, in any order.
    """
    named = incidence.tocsr()
    counts = np.diff(named.indptr)
    row = np.repeat(np.arange(named.shape[0]), counts)
    days = np.asarray(work_day, dtype=np.float64)[named.indices]
    ordered = days[np.lexsort((days, row))]
    place = named.indptr[:-1] + nth - 1
    there = counts >= nth
    arrived = np.full(named.shape[0], np.nan)
    arrived[there] = ordered[place[there]]
    return arrived
