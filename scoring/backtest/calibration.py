"""Whether a stated probability comes true: learned from earlier cut-offs only, told for a later one, compared with what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.backtest.records import Flags, Trial
from scoring.backtest.targets import LABEL_YEARS
from scoring.emergence import Cohort, rank_in_cohorts
from scoring.records import Floats

BINS = 10
DAYS_BEFORE_LABEL = LABEL_YEARS * 365


@dataclass(frozen=True, slots=True)
class Bin:
    """Technologies that were given about the same probability: its mean, the share that grew, and how many they were."""

    said: float
    seen: float
    count: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """`brier` beside `base_brier`, that of always telling the rate of the earlier cut-offs; `calibration_error` is the mean
    distance of said and seen over the bins, weighted by their counts. `cutoffs` were told; the earlier ones only taught."""

    bins: tuple[Bin, ...]
    brier: float
    base_brier: float
    calibration_error: float
    cutoffs: int


def tell_reliability(trials: Sequence[Trial], method: int) -> Reliability | None:
    """Probabilities of growth from the cohort rank of one method's score (its row in `Trial.scores`).

    A cut-off is told from those at least three years earlier, whose labels were known by then; None where there is no such pair.
    """
    told: list[tuple[Floats, float, Flags]] = []
    cutoffs = sorted({trial.cutoff for trial in trials})
    told_count = 0
    for cutoff in cutoffs:
        known = [trial for trial in trials if (cutoff - trial.cutoff).days >= DAYS_BEFORE_LABEL and trial.outcome.has_grown is not None]
        asked = [trial for trial in trials if trial.cutoff == cutoff and trial.outcome.has_grown is not None]
        if not known or not asked:
            continue
        ranks, grown = _pairs(known, method)
        edges, rates = fit_rates(ranks, grown)
        own_ranks, own_grown = _pairs(asked, method)
        told.append((tell_rates(own_ranks, edges, rates), float(grown.mean()), own_grown))
        told_count += 1
    if not told:
        return None
    said = np.concatenate([one[0] for one in told])
    base = np.concatenate([np.full(len(one[2]), one[1]) for one in told])
    seen = np.concatenate([one[2] for one in told]).astype(np.float64)
    bins = _bin(said, seen)
    error = sum(one.count * abs(one.said - one.seen) for one in bins) / len(seen)
    return Reliability(bins, float(((said - seen) ** 2).mean()), float(((base - seen) ** 2).mean()), float(error), told_count)


def fit_rates(ranks: Floats, grown: Flags) -> tuple[Floats, Floats]:
    """(inner edges of ten equally filled bins of the rank, rate of growth in each), made to rise with the rank by pooling
    neighbours that do not (pool adjacent violators)."""
    edges = np.quantile(ranks, np.arange(1, BINS) / BINS)
    place = np.searchsorted(edges, ranks, side="right")
    counts = np.bincount(place, minlength=BINS).astype(np.float64)
    sums = np.bincount(place, weights=grown, minlength=BINS)
    blocks: list[tuple[float, float, int]] = []  # sum, count, bins
    for total, count in zip(sums.tolist(), counts.tolist(), strict=True):
        blocks.append((total, count, 1))
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] >= blocks[-1][0] * blocks[-2][1]:
            last, before = blocks.pop(), blocks.pop()
            blocks.append((before[0] + last[0], before[1] + last[1], before[2] + last[2]))
    return edges, np.concatenate([np.full(width, total / max(count, 1.0)) for total, count, width in blocks])


def tell_rates(ranks: Floats, edges: Floats, rates: Floats) -> Floats:
    """(n,) probability of growth for each rank."""
    return np.asarray(rates[np.searchsorted(edges, ranks, side="right")])


def _pairs(trials: Sequence[Trial], method: int) -> tuple[Floats, Flags]:
    """Cohort ranks and labels of all trials; what a gate bars stands at the bottom."""
    ranks = []
    for trial in trials:
        everyone = np.arange(len(trial.family))
        rank = rank_in_cohorts(trial.scores[method][:, None], (Cohort(everyone, everyone),))[:, 0]
        ranks.append(np.nan_to_num(rank))
    return np.concatenate(ranks), np.concatenate([trial.outcome.has_grown for trial in trials if trial.outcome.has_grown is not None])


def _bin(said: Floats, seen: Floats) -> tuple[Bin, ...]:
    """Ten bins of about the same count in the order of what was said; equal probabilities stay together."""
    order = np.argsort(said, kind="stable")
    level = np.searchsorted(said[order], said[order], side="left")
    number = level * BINS // len(said)
    bins = []
    for one in np.unique(number):
        members = order[number == one]
        bins.append(Bin(float(said[members].mean()), float(seen[members].mean()), len(members)))
    return tuple(bins)
