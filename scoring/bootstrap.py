"""How sure score and rank are: the Bayesian bootstrap over works.

A work is the block: its weight moves every candidate it names at once. Weights are exponential (Rubin 1981), so no
candidate ever loses all its works in a draw. They are derived from seed, draw and work id alone: the order of the
works changes nothing, and a work keeps its weights from night to night, so that intervals move only when the evidence
does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

import numpy as np
import numpy.typing as npt

from scoring.emergence import rank_in_cohorts, rank_scores
from scoring.records import Cohort, Floats

Method = Literal["linear", "lower", "higher"]
Keys = npt.NDArray[np.uint64]
DRAWS_AT_ONCE = 20  # 200,000 works x 20 draws hold 32 MB
INTERVAL = (0.1, 0.9)
FIRST_PLACES = 20
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Spread:
    """80 % intervals (T,) that hold the point, and the share of draws in the first twenty. NaN where not ranked."""

    score_low: Floats
    score_high: Floats
    rank_low: Floats
    rank_high: Floats
    top20_share: Floats


def hash_ids(ids: Sequence[str]) -> Keys:
    """64 bits for each id."""
    return np.array([int.from_bytes(blake2b(i.encode(), digest_size=8).digest(), "little") for i in ids], dtype=np.uint64)


def draw_uniforms(keys: Keys, draws: range, seed: int) -> Floats:
    """(n, B) numbers in (0, 1), each a function of key, draw and seed only."""
    drawn = np.array(draws, dtype=np.uint64) + np.uint64(1)
    salts = _mix(drawn * _GOLDEN ^ _mix(np.array([seed % 2**64], dtype=np.uint64)))
    return ((_mix(keys[:, None] ^ salts[None, :]) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def draw_weights(keys: Keys, draws: range, seed: int) -> Floats:
    """(W, B) exponential weights with mean 1 of the works."""
    return -np.log(draw_uniforms(keys, draws, seed))


def resample(measure: Mapping[str, Callable[[Floats], Floats]], keys: Keys, draws: int, seed: int) -> dict[str, Floats]:
    """(T, draws) values of every indicator that `measure` can compute from weights of the works (W, B), a few draws at
    a time."""
    drawn: dict[str, list[Floats]] = {name: [] for name in measure}
    for start in range(0, draws, DRAWS_AT_ONCE):
        weights = draw_weights(keys, range(start, min(start + DRAWS_AT_ONCE, draws)), seed)
        for name, at in measure.items():
            drawn[name].append(at(weights))
    return {name: np.concatenate(blocks, axis=1) for name, blocks in drawn.items()}


def draw_around(value: Floats, variance: Floats, keys: Keys, draws: int, seed: int) -> Floats:
    """(T, draws) normal draws around an indicator that states its own variance. `keys` (T,) belong to the
    candidates."""
    from scipy.special import ndtri

    noise = ndtri(draw_uniforms(keys, range(draws), seed))
    return np.asarray(value[:, None] + np.sqrt(variance)[:, None] * noise, dtype=np.float64)


def spread_of(drawn: Mapping[str, Floats], shares: Mapping[str, Floats], cohorts: Sequence[Cohort], score: Floats, rank: Floats) -> Spread:
    """Score every draw the way the point was scored. `drawn`: (T, B) per component, `shares`: (T,) per component after
    spreading."""
    scores = sum(100 * shares[name][:, None] * np.nan_to_num(rank_in_cohorts(values, cohorts)) for name, values in drawn.items())
    draws = np.where(np.isnan(score)[:, None], np.nan, scores)
    ranks = rank_scores(draws)
    is_ranked = ~np.isnan(score)
    return Spread(
        score_low=np.fmin(score, _quantile(draws, INTERVAL[0], is_ranked, "linear")),
        score_high=np.fmax(score, _quantile(draws, INTERVAL[1], is_ranked, "linear")),
        rank_low=np.fmin(rank, _quantile(ranks, INTERVAL[0], is_ranked, "lower")),
        rank_high=np.fmax(rank, _quantile(ranks, INTERVAL[1], is_ranked, "higher")),
        top20_share=np.where(is_ranked, (ranks <= FIRST_PLACES).mean(axis=1), np.nan),
    )


def _quantile(draws: Floats, share: float, is_ranked: npt.NDArray[np.bool_], method: Method) -> Floats:
    quantiles = np.full(len(draws), np.nan)
    if is_ranked.any():
        quantiles[is_ranked] = np.quantile(draws[is_ranked], share, axis=1, method=method)
    return quantiles


def _mix(numbers: Keys) -> Keys:
    """SplitMix64's finaliser: every bit of the input reaches every bit of the output."""
    mixed = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
