"""Every method's scores of one half of the works: ours and the baselines, by the names they bear in the report."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scoring.backtest import baselines
from scoring.backtest.records import Flags
from scoring.backtest.splits import count_periods
from scoring.bootstrap import draw_uniforms, hash_ids
from scoring.emergence import Cohort, rank_in_cohorts, spread_shares
from scoring.freshness import prepare_freshness
from scoring.growth import measure_growth
from scoring.measuring import stated_measures
from scoring.momentum import SHARED_WORKS, code_growth, prepare_momentum
from scoring.periods import count_works, recent_mask
from scoring.records import Corpus, Floats, Weights
from scoring.vitality import prepare_vitality

OURS, VITALITY = "emergence", "vitality"
METHODS = (
    OURS,
    VITALITY,
    "stage_vitality",
    "growth_lower_bound",
    "porter_escore_1_5x",
    "porter_escore_2to1",
    "pygrams_escore",
    "kleinberg_burst",
    "raw_growth",
    "five_year_slope",
    "recent_count",
    "random",
)
SERIES_YEARS = 10
HALF_WORKS = 5  # half of the ten works that a rank needs: a half of the works holds about half of them
COMMON_SHARE = 0.15


def find_heard(half: Corpus) -> Flags:
    """(T,) candidates that can matter to any score: eligible ones, and the others with the 2 recent works that it takes to be a
    neighbour. To measure only these changes nothing but the over-dispersion behind the growth bound, and takes a fraction of the time."""
    return _recent_works(half) >= SHARED_WORKS


def find_eligible(half: Corpus) -> Flags:
    """(T,) candidates with at least 5 recent works in the scored half, in under 15 % of its recent works.

    The measured half has no say: choosing by its count would let its noise into the result.
    """
    works = _recent_works(half)
    offered = max(float(recent_mask(half.work_day, half.as_of).sum()), 1.0)
    return np.asarray((works >= HALF_WORKS) & (works < COMMON_SHARE * offered))


def score_methods(half: Corpus, weights: Weights, eligible: Flags, *, seed: int, split: int) -> Floats:
    """(M, n) scores of the n eligible candidates in the order of METHODS.

    Ours is the published blend of cohort ranks, taken over the eligible as one cohort. NaN = barred by a method's gate.
    """
    by_year, by_quarter = count_periods(half, SERIES_YEARS), count_periods(half, SERIES_YEARS, "quarter")
    values = {name: value[eligible] for name, value in measure_values(half, weights, eligible).items()}
    vitality = values[VITALITY]
    scores = {
        OURS: blend(values, weights),
        VITALITY: vitality,
        "stage_vitality": _mean_rank(vitality, baselines.growth_stage(by_year)[eligible]),
        "growth_lower_bound": values["growth"],
        "porter_escore_1_5x": baselines.porter_escore_over_corpus(by_year)[eligible],
        "porter_escore_2to1": baselines.porter_escore(by_year)[eligible],
        "pygrams_escore": baselines.escore(by_year)[eligible],
        "kleinberg_burst": baselines.kleinberg_burst(by_quarter)[eligible],
        "raw_growth": baselines.raw_growth(by_year)[eligible],
        "five_year_slope": baselines.five_year_slope(by_year)[eligible],
        "recent_count": baselines.recent_count(by_year)[eligible],
        "random": random_order(half, "random", seed, split)[eligible],
    }
    return np.stack([scores[name] for name in METHODS])


def measure_values(half: Corpus, weights: Weights, is_ranked: Flags) -> dict[str, Floats]:
    """(T,) values of vitality, of the growth bound and of every component that has a weight, by name. What has none is not
    measured: it would take most of the time of a back-test. `is_ranked` (T,) are the candidates whose spread sets scales."""
    ones = np.ones((len(half.work_ids), 1))
    counts = count_works(half)
    growth, vitality = measure_growth(counts), prepare_vitality(half)
    followed: dict[str, Callable[[], Floats]] = {
        "freshness": lambda: prepare_freshness(half, is_ranked).at(ones)[:, 0],
        "code_growth": lambda: code_growth(half).at(ones)[:, 0],
        "field_momentum": lambda: prepare_momentum(half, vitality, is_ranked).at(ones)[:, 0],
    }
    stated = stated_measures(half, counts, growth, None, is_ranked)
    values = {VITALITY: vitality.at(ones)[:, 0], "growth": growth.lower_bound}
    for name, share in weights.shares.items():
        if share > 0 and name not in values:
            values[name] = followed[name]() if name in followed else stated[name]()[0]
    return values


def blend(values: dict[str, Floats], weights: Weights) -> Floats:
    """(n,) weighted mean of the ranks within one cohort; the share of a missing component is spread over the others."""
    names = [name for name, share in weights.shares.items() if share > 0]
    ranks = np.stack([_ranks(values[name]) for name in names], axis=1)
    shares = spread_shares(~np.isnan(ranks), np.array([weights.shares[name] for name in names]))
    return np.asarray((shares * np.nan_to_num(ranks)).sum(axis=1))


def random_order(half: Corpus, purpose: str, seed: int, split: int) -> Floats:
    """(T,) random numbers that depend on candidate, purpose, split and seed alone."""
    keys = hash_ids([f"{purpose}\n{candidate}" for candidate in half.candidate_ids])
    return np.asarray(draw_uniforms(keys, range(split, split + 1), seed)[:, 0])


def _recent_works(half: Corpus) -> Floats:
    return np.asarray(half.incidence.astype(np.float64) @ recent_mask(half.work_day, half.as_of).astype(np.float64))


def _mean_rank(first: Floats, second: Floats) -> Floats:
    return (_ranks(first) + _ranks(second)) / 2


def _ranks(values: Floats) -> Floats:
    everyone = np.arange(len(values))
    return rank_in_cohorts(values[:, None], (Cohort(everyone, everyone),))[:, 0]
