"""The scores that ours must beat, each a function of a candidate's yearly or quarterly works and all works.

Every function gives (T,) scores, larger = ranked before; NaN = barred by the method's own gate.
"""

from __future__ import annotations

import numpy as np

from scoring.backtest.records import Flags, Series
from scoring.records import Floats

RECENT_YEARS = 2
SLOPE_YEARS = 5
BASE_YEARS, ACTIVE_YEARS = 3, 7
LEAST_RECORDS, LEAST_YEARS = 7, 3
COMMON_SHARE = 0.15
ACTIVE_TO_BASE = 2.0
OVER_CORPUS = 1.5
NO_WORK = 0.5  # a count of none stands for half a work where it would be divided by
BURST_RATE, BURST_STEP = 2.0, 1.0


def recent_count(series: Series) -> Floats:
    """Works of the last two years. `series` by year."""
    return np.asarray(series.counts[:, -RECENT_YEARS:].sum(axis=1))


def raw_growth(series: Series) -> Floats:
    """Share of the last two years over the share of the two years before, unshrunk. `series` by year."""
    recent, before = (slice(-RECENT_YEARS, None), slice(-2 * RECENT_YEARS, -RECENT_YEARS))
    now = series.counts[:, recent].sum(axis=1) / max(series.totals[recent].sum(), 1.0)
    then = np.maximum(series.counts[:, before].sum(axis=1), NO_WORK) / max(series.totals[before].sum(), 1.0)
    return np.asarray(now / then)


def five_year_slope(series: Series) -> Floats:
    """Least-squares slope of the yearly share over the last five years. `series` by year."""
    share = series.counts[:, -SLOPE_YEARS:] / np.maximum(series.totals[-SLOPE_YEARS:], 1.0)
    year = np.arange(share.shape[1]) - (share.shape[1] - 1) / 2
    return np.asarray(share @ year / max(float(year @ year), 1.0))


def escore(series: Series) -> Floats:
    """EScore of Porter, Garner, Carley and Newman (TFSC 2019) as pyGrams computes it, without its gates. `series` by year.

    Over the 7 active years c, N (1 = the oldest), with roots of the totals added up year by year:
      active trend  (c5 + c6 + c7) / (rN5 + rN6 + rN7) - (c1 + c2 + c3) / (rN1 + rN2 + rN3)
      recent trend  10 ((c6 + c7) / (rN6 + rN7) - (c4 + c5) / (rN4 + rN5))
      slope         10 (c7 / rN7 - c4 / rN4) / 3
    and the score is twice the first plus the other two.
    """
    counts = series.counts[:, -ACTIVE_YEARS:]
    roots = np.sqrt(np.maximum(series.totals[-ACTIVE_YEARS:], 1.0))

    def level(first: int, last: int) -> Floats:
        years = slice(first - 1, last)
        return np.asarray(counts[:, years].sum(axis=1) / roots[years].sum())

    active = level(5, 7) - level(1, 3)
    recent = 10 * (level(6, 7) - level(4, 5))
    return np.asarray(2 * active + recent + 10 * (level(7, 7) - level(4, 4)) / 3)


def porter_escore(series: Series) -> Floats:
    """EScore of the terms that pass Porter's gates: 7 records in 3 years, under 15 % of the base years, twice as many records
    in the active years as in the base years (Carley, Newman, Porter and Garner, Scientometrics 2018)."""
    base, active = _base_and_active(series)
    return np.where(_is_term(series) & (active >= ACTIVE_TO_BASE * base), escore(series), np.nan)


def porter_escore_over_corpus(series: Series) -> Floats:
    """The same with the later gate in place of 2:1: the term grew 1.5 times as much as the whole corpus (VP Institute's script)."""
    base, active = _base_and_active(series)
    offered = max(series.totals[-BASE_YEARS - ACTIVE_YEARS : -ACTIVE_YEARS].sum(), 1.0)
    corpus = series.totals[-ACTIVE_YEARS:].sum() / offered
    return np.where(_is_term(series) & (active >= OVER_CORPUS * corpus * base), escore(series), np.nan)


def kleinberg_burst(series: Series) -> Floats:
    """Weight of the burst that is on in the last period, 0 without one (Kleinberg, DMKD 2003, section 4). `series` by quarter.

    Two states with rates p0 = R / D and p1 = 2 p0; a period of r works among d costs -ln(p^r (1 - p)^(d - r)) (the binomial
    coefficient is the same in both), the way up costs ln n, the way down nothing; the cheapest sequence is Viterbi's. The
    weight is what the burst saves: the sum of cost 0 minus cost 1 over its periods.
    """
    used = series.totals > 0
    counts, totals = series.counts[:, used], series.totals[used]
    candidates, periods = counts.shape
    if not periods:
        return np.zeros(candidates)
    rate = counts.sum(axis=1, keepdims=True) / totals.sum()
    low = np.clip(rate, 1e-12, 0.4999)  # a rate of a half or more leaves no room for a doubled one
    high = np.minimum(BURST_RATE * low, 0.9999)
    saved = counts * (np.log(high) - np.log(low)) + (totals - counts) * (np.log1p(-high) - np.log1p(-low))
    up = BURST_STEP * np.log(periods)
    # Costs relative to staying low for ever. `weight` is what the burst so far saves on the cheapest path that is high now.
    low_cost, high_cost, weight = np.zeros(candidates), np.full(candidates, np.inf), np.zeros(candidates)
    for period in range(periods):
        goes_up = low_cost + up < high_cost
        weight = np.where(goes_up, 0.0, weight) + saved[:, period]
        high_next = np.where(goes_up, low_cost + up, high_cost) - saved[:, period]
        low_cost, high_cost = np.minimum(low_cost, high_cost), high_next
    return np.where(high_cost < low_cost, weight, 0.0)


def growth_stage(series: Series) -> Floats:
    """How near a candidate stands to its peak: the last year's share over the highest yearly share, in [0, 1]. `series` by year."""
    share = series.counts / np.maximum(series.totals, 1.0)
    peak = share.max(axis=1)
    return np.asarray(np.divide(share[:, -1], peak, out=np.zeros_like(peak), where=peak > 0))


def _base_and_active(series: Series) -> tuple[Floats, Floats]:
    base = series.counts[:, -BASE_YEARS - ACTIVE_YEARS : -ACTIVE_YEARS].sum(axis=1)
    return base, series.counts[:, -ACTIVE_YEARS:].sum(axis=1)


def _is_term(series: Series) -> Flags:
    counts = series.counts[:, -BASE_YEARS - ACTIVE_YEARS :]
    offered = max(series.totals[-BASE_YEARS - ACTIVE_YEARS : -ACTIVE_YEARS].sum(), 1.0)
    base = series.counts[:, -BASE_YEARS - ACTIVE_YEARS : -ACTIVE_YEARS].sum(axis=1)
    is_frequent = (counts.sum(axis=1) >= LEAST_RECORDS) & ((counts > 0).sum(axis=1) >= LEAST_YEARS)
    return np.asarray(is_frequent & (base / offered < COMMON_SHARE))
