"""Reporting delay: how long after publication a work becomes available, and what the last quarters will still gain.

Indicators count works by the day on which the public could know them, so their last complete quarter is whole. A series by
day of publication is not: what was published last is the least reported, and looks like a decline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.records import Floats

LONGEST_MONTHS = 60  # a work that takes longer is an old one found late, and says nothing of the present
LEAST_WORKS = 50
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Corrected:
    """Works by quarter of publication (Q,): the share that is reported by now, what is to be expected in the end, and its variance."""

    reported_share: Floats
    expected: Floats
    variance: Floats


def estimate_reported(delay: Counts, limit: Counts, works: Counts) -> Floats:
    """(61,) share of works that are available d months after their publication, d = 0 ... 60, of those that are within 60.

    delay, limit, works: (K,) cells of works by delay and by the longest delay that could have been seen, the months from their
    publication to the as-of (delay <= limit). Short delays are seen more often than they are, because the late are still missing;
    the product limit in reversed time takes that out (Lagakos, Barraj and De Gruttola, Biometrika 1988):
        F(d) = product over u > d of (1 - n(u) / N(u)), n(u) works with delay u, N(u) works with delay <= u <= limit.
    All 1 where fewer than 50 works tell.
    """
    kept = (delay >= 0) & (delay <= LONGEST_MONTHS)
    delay, limit, works = delay[kept], np.minimum(limit[kept], LONGEST_MONTHS), works[kept].astype(np.float64)
    share = np.ones(LONGEST_MONTHS + 1)
    if works.sum() < LEAST_WORKS:
        return share
    for months in range(LONGEST_MONTHS, 0, -1):
        at_risk = works[(delay <= months) & (limit >= months)].sum()
        came = works[delay == months].sum()
        share[months - 1] = share[months] * (1 - came / at_risk if at_risk else 1.0)
    return share


def correct_edge(works: Floats, months_past: Floats, reported: Floats) -> Corrected:
    """Carry the works of each quarter to what they will be. `months_past` (Q,): whole months from the middle of the quarter to
    the as-of; `reported`: as `estimate_reported` gives it.

    Works seen are a thinned Poisson count: n / F is expected, with variance n (1 - F) / F^2. A quarter of which less than a
    tenth is reported cannot be told: NaN.
    """
    share = reported[np.clip(months_past, 0, LONGEST_MONTHS).astype(np.int64)]
    told = np.where(share >= 0.1, share, np.nan)
    return Corrected(share, works / told, works * (1 - told) / told**2)
