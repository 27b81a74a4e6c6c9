"""The emergence score: 100 x the weighted mean of the components' cohort ranks, so that its parts add up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scoring.records import Cohort as Cohort  # the back-test forms cohorts of its own with what is here
from scoring.records import Component, Floats

COHORT_FLOOR = 100  # with fewer members a rank says less than one per cent, and the best of a few dull ones would lead
TIE_DECIMALS = 10
NORMAL_MAD = 1.4826
Z_LIMIT = 4.0


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


def centre_and_scale(values: Floats) -> tuple[float, float]:
    """Median and normal-consistent MAD; where most values are equal the standard deviation, and 1 where all are."""
    centre = float(np.median(values))
    scale = NORMAL_MAD * float(np.median(np.abs(values - centre)))
    if scale <= 1e-12:
        scale = float(values.std())
    return centre, scale if scale > 1e-12 else 1.0


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


def form_tiers(rank: Floats, score_low: Floats, score_high: Floats) -> Floats:
    """(T,) tier of each ranked candidate: a tier opens with the first whose interval lies wholly below that of the tier's head.

    Within a tier the intervals overlap that of its head: the order there is a tie until the evidence says more.
    """
    tiers = np.full(len(rank), np.nan)
    tier, floor = 0, np.inf
    ranked = np.flatnonzero(~np.isnan(rank))
    for index in ranked[np.lexsort((score_low[ranked], rank[ranked]))].tolist():
        if score_high[index] < floor:
            tier, floor = tier + 1, score_low[index]
        tiers[index] = tier
    return tiers


def rank_scores(scores: Floats) -> Floats:
    """(T, B) rank of each score within its column, 1 = first; equal scores share the better rank; NaN keeps none."""
    rounded = np.round(scores, TIE_DECIMALS)
    ranks = np.full(scores.shape, np.nan)
    for column in range(scores.shape[1]):
        held = np.flatnonzero(~np.isnan(rounded[:, column]))
        own = rounded[held, column]
        ranks[held, column] = len(own) - np.searchsorted(np.sort(own), own, "right") + 1
    return ranks
