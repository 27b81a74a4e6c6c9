"""Persistence: how steadily a candidate is worked on."""

from __future__ import annotations

import numpy as np

from scoring.periods import Counts
from scoring.records import Floats


def measure_persistence(counts: Counts) -> tuple[Floats, Floats]:
    """(T,) mean and variance of the share of the last 8 complete quarters with a work, under a Beta(1, 1) prior."""
    active = (counts.works[:, :, counts.recent].sum(axis=0) > 0).sum(axis=1)
    quarters = counts.recent.stop - counts.recent.start
    return beta_posterior(active, np.full(len(active), quarters))


def beta_posterior(hits: Floats, trials: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of a share under a Beta(1, 1) prior after `hits` of `trials`."""
    alpha, beta = hits + 1.0, trials - hits + 1.0
    total = alpha + beta
    return alpha / total, alpha * beta / (total**2 * (total + 1))
