"""Resampling of cases, and the 80 % interval of what was resampled. In every table column 0 is the data as they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoring.bootstrap import INTERVAL, draw_uniforms, hash_ids
from scoring.records import Floats

MOST_OFTEN = 8  # of a Poisson count with mean 1: nine or more come once in a million


def draw_counts(names: Sequence[str], draws: int, seed: int) -> Floats:
    """(n, 1 + draws) how often each case is drawn: ones, then Poisson counts with mean 1 (the bootstrap without its fixed total).

    A case has the same counts whatever it is drawn with.
    """
    often = np.arange(MOST_OFTEN + 1)
    share = np.exp(-1.0) / np.cumprod(np.maximum(often, 1))
    drawn = np.searchsorted(np.cumsum(share), draw_uniforms(hash_ids(names), range(draws), seed))
    return np.concatenate([np.ones((len(names), 1)), drawn.astype(np.float64)], axis=1)


def resample_mean(values: Floats, counts: Floats) -> Floats:
    """(1 + draws,) mean of `values` (n,) under `counts` (n, 1 + draws); NaN where nobody was drawn."""
    total = counts.sum(axis=0)
    return np.asarray(np.divide(values @ counts, total, out=np.full(len(total), np.nan), where=total > 0))


def interval_of(values: Floats) -> tuple[float | None, float | None]:
    """Ends of the 80 % interval of the draws, widened where needed to hold the point; None with fewer than two draws."""
    drawn = values[1:][~np.isnan(values[1:])]
    if len(drawn) < 2:
        return None, None
    low, high = np.quantile(drawn, INTERVAL)
    return float(min(low, values[0])), float(max(high, values[0]))
