"""The emergence score: 100 x the weighted mean of the components' cohort ranks, so that its parts add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.records import Component, Floats

COHORT_FLOOR = 100  # with fewer members a rank says less than one per cent, and the best of a few dull ones would lead
TIE_DECIMALS = 10
NORMAL_MAD = 1.4826
Z_LIMIT = 4.0


@dataclass(frozen=True, slots=True)
class Cohort:
    """Candidates that are ranked together: `members` (indices) are placed within `reference` (indices, members
    included)."""

    members: npt.NDArray[np.int64]
    reference: npt.NDArray[np.int64]


def form_cohorts(streams: Sequence[tuple[str, ...]], is_ranked: npt.NDArray[np.bool_]) -> tuple[Cohort, ...]:
    """Group the ranked candidates by stream set; a set of fewer than 100 is placed within all ranked candidates."""
    ranked = np.flatnonzero(is_ranked)
    sets: dict[tuple[str, ...], list[int]] = {}
    for index in ranked.tolist():
        sets.setdefault(streams[index], []).append(index)
    large = [np.array(members) for members in sets.values() if len(members) >= COHORT_FLOOR]
    small = [index for members in sets.values() if len(members) < COHORT_FLOOR for index in members]
    cohorts = [Cohort(members, members) for members in large]
    if small:
        cohorts.append(Cohort(np.array(small), ranked))
    return tuple(cohorts)


def rank_in_cohorts(values: Floats, cohorts: Sequence[Cohort]) -> Floats:
    """(T, B) share of the cohort below each value plus half of the share equal to it (mean rank for ties), per column.

    Values equal to ten decimals are ties. NaN outside the cohorts and where the value is NaN; NaN takes no place.
    """
    rounded = np.round(values, TIE_DECIMALS)
    ranks = np.full(values.shape, np.nan)
    for cohort in cohorts:
        for column in range(values.shape[1]):
            reference = rounded[cohort.reference, column]
            reference = np.sort(reference[~np.isnan(reference)])
            members = cohort.members[~np.isnan(rounded[cohort.members, column])]
            own = rounded[members, column]
            places = np.searchsorted(reference, own, "left") + np.searchsorted(reference, own, "right")
            ranks[members, column] = places / (2 * max(len(reference), 1))
    return ranks


def robust_z(values: Floats, cohorts: Sequence[Cohort]) -> Floats:
    """(T,) median / MAD z within the cohort, clipped at +-4; where the MAD is 0, everything off the median lies at the
    limit."""
    scores = np.full(len(values), np.nan)
    for cohort in cohorts:
        reference = values[cohort.reference]
        reference = reference[~np.isnan(reference)]
        if len(reference):
            away = np.round(values[cohort.members] - np.median(reference), TIE_DECIMALS)
            scale = NORMAL_MAD * np.median(np.abs(reference - np.median(reference)))
            spread = away / scale if scale > 10.0**-TIE_DECIMALS else np.sign(away) * Z_LIMIT
            scores[cohort.members] = np.clip(spread, -Z_LIMIT, Z_LIMIT)
    return scores


def spread_shares(is_known: npt.NDArray[np.bool_], shares: Floats) -> Floats:
    """(T, K) share of each component for each candidate: that of a missing one is spread over the rest in
    proportion."""
    kept = is_known * shares
    total = kept.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(kept, total, out=np.full_like(kept, np.nan), where=total > 0), dtype=np.float64)


def make_component(name: str, value: Floats, variance: Floats, share: Floats, cohorts: Sequence[Cohort]) -> Component:
    """Place one indicator. `share` (T,) is its share after spreading; a missing one of a ranked candidate adds 0
    points."""
    cohort_rank = rank_in_cohorts(value[:, None], cohorts)[:, 0]
    points = np.full(len(value), np.nan)
    for cohort in cohorts:
        points[cohort.members] = 100 * share[cohort.members] * np.nan_to_num(cohort_rank[cohort.members])
    return Component(name, value, variance, cohort_rank, robust_z(value, cohorts), points)


def add_points(components: Sequence[Component]) -> Floats:
    """(T,) the score: the sum of the points of all components."""
    return np.asarray(sum(component.points for component in components), dtype=np.float64)


def rank_scores(scores: Floats) -> Floats:
    """(T, B) rank of each score within its column, 1 = first; equal scores share the better rank; NaN keeps none."""
    rounded = np.round(scores, TIE_DECIMALS)
    ranks = np.full(scores.shape, np.nan)
    for column in range(scores.shape[1]):
        held = np.flatnonzero(~np.isnan(rounded[:, column]))
        own = rounded[held, column]
        ranks[held, column] = len(own) - np.searchsorted(np.sort(own), own, "right") + 1
    return ranks
