"""Shrunk growth of a candidate's share of its streams: gamma-Poisson with Jeffreys' prior and over-dispersion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.periods import Counts
from scoring.records import Floats

JEFFREYS = 0.5
LOWER_Z = 1.2815515655446004  # the tenth percentile: the lower end of an 80 % interval
DISPERSION_WORKS = 8  # with fewer baseline works a candidate says nothing about over-dispersion
ACCELERATION_WORKS = 20


@dataclass(frozen=True, slots=True)
class Growth:
    """(T,) arrays: mean and variance of ln(share now / share before), and its lower 80 % bound. NaN where no stream
    tells."""

    mean: Floats
    variance: Floats
    lower_bound: Floats


def estimate_growth(recent: Floats, baseline: Floats, recent_stream: Floats, baseline_stream: Floats, phi: Floats) -> Growth:
    """Log ratio of shares per stream, joined by a precision-weighted mean.

    recent, baseline: (S, T) works of the candidate; recent_stream, baseline_stream: (S,) works of the stream;
    phi: (S,) over-dispersion >= 1. A stream without works in either window, or that never named the candidate, has no
    say.
        mean = psi(r + 1/2) - ln n - psi(b + 1/2) + ln m,  variance = phi (psi1(r + 1/2) + psi1(b + 1/2))
    """
    from scipy.special import polygamma, psi

    tells = ((recent_stream > 0) & (baseline_stream > 0))[:, None] & (recent + baseline > 0)
    offset = np.log(np.maximum(recent_stream, 1)) - np.log(np.maximum(baseline_stream, 1))
    mean = psi(recent + JEFFREYS) - psi(baseline + JEFFREYS) - offset[:, None]
    variance = phi[:, None] * (polygamma(1, recent + JEFFREYS) + polygamma(1, baseline + JEFFREYS))
    precision = np.where(tells, 1 / variance, 0.0)
    total = precision.sum(axis=0)
    known = total > 0
    joined = np.divide((precision * mean).sum(axis=0), total, out=np.full_like(total, np.nan), where=known)
    joined_variance = np.divide(1.0, total, out=np.full_like(total, np.nan), where=known)
    return Growth(joined, joined_variance, joined - LOWER_Z * np.sqrt(joined_variance))


def estimate_dispersion(counts: Counts) -> Floats:
    """(S,) Pearson over-dispersion of quarterly counts around a constant share in the baseline, at least 1.

    Trends inside the baseline count as dispersion, which errs on the side of caution.
    """
    works = counts.works[:, :, counts.baseline].astype(np.float64)
    stream_works = counts.stream_works[:, counts.baseline].astype(np.float64)
    phi = np.ones(len(works))
    for stream, (observed, offered) in enumerate(zip(works, stream_works, strict=True)):
        open_quarters = offered > 0
        observed = observed[:, open_quarters]
        observed = observed[observed.sum(axis=1) >= DISPERSION_WORKS]
        degrees = len(observed) * (int(open_quarters.sum()) - 1)
        if degrees > 0:
            expected = observed.sum(axis=1, keepdims=True) * offered[open_quarters] / offered.sum()
            phi[stream] = max(1.0, float(((observed - expected) ** 2 / expected).sum()) / degrees)
    return phi


def measure_growth(counts: Counts) -> Growth:
    """Growth of the last 8 complete quarters over up to 20 quarters before them."""
    return _between(counts, counts.recent, counts.baseline)


def measure_acceleration(counts: Counts) -> Growth:
    """Growth of the last 4 complete quarters over the 4 before; NaN under 20 works in the last 4."""
    middle = max(counts.recent.start, counts.complete - 4)
    later, earlier = slice(middle, counts.complete), slice(counts.recent.start, middle)
    growth = _between(counts, later, earlier)
    enough = counts.works[:, :, later].sum(axis=(0, 2)) >= ACCELERATION_WORKS
    return Growth(*(np.where(enough, part, np.nan) for part in (growth.mean, growth.variance, growth.lower_bound)))


def _between(counts: Counts, later: slice, earlier: slice) -> Growth:
    return estimate_growth(
        counts.works[:, :, later].sum(axis=2).astype(np.float64),
        counts.works[:, :, earlier].sum(axis=2).astype(np.float64),
        counts.stream_works[:, later].sum(axis=1).astype(np.float64),
        counts.stream_works[:, earlier].sum(axis=1).astype(np.float64),
        estimate_dispersion(counts),
    )
