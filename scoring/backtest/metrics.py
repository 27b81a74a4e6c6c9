"""Metrics of one ranking under many weightings of its candidates at once, each as a numerator and a denominator.

Summing both over splits and cut-offs before dividing pools them; a column of ones gives the point value. A weight w means
that the candidate stands in the list w times, so that the first k of a resampled list are its first k entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scoring.backtest.records import Flags, Outcome
from scoring.records import Floats

Order = npt.NDArray[np.int64]

LIFT_DEPTHS = (25, 50, 100)
LABEL_DEPTHS = (20, 50, 100)
NDCG_DEPTH = 20
CODED_CANDIDATES = 0.75  # with fewer candidates in known fields a mix-adjusted lift would be the raw one under another name


class Key(NamedTuple):
    """Which figure: the target, the metric, and how deep the list was read (None = all of it)."""

    target: str
    metric: str
    depth: int | None


def measure_ranking(order: Order, outcome: Outcome, weights: Floats) -> Iterator[tuple[Key, Floats, Floats]]:
    """(key, numerator (B,), denominator (B,)) of every metric of the ranking `order` (n indices, first place first) under
    `weights` (n, B). A list shorter than a depth has no figure at that depth."""
    ranked = weights[order]
    reach = np.cumsum(ranked, axis=0)
    yield from _lifts(order, outcome, ranked, reach)
    if outcome.has_grown is not None:
        yield from _labels(outcome.has_grown[order], ranked, reach)


def _lifts(order: Order, outcome: Outcome, ranked: Floats, reach: Floats) -> Iterator[tuple[Key, Floats, Floats]]:
    future, recent, expected = outcome.future[order], outcome.recent[order], outcome.expected[order]
    coded = ~np.isnan(expected)
    expected = np.where(coded, expected, recent)  # without codes a candidate's field counts as one that neither grows nor shrinks
    for depth in LIFT_DEPTHS:
        if len(order) < depth:
            continue
        taken = _first(depth, ranked, reach)
        yield Key("document_split", "lift", depth), future @ taken, recent @ taken
        if coded.mean() >= CODED_CANDIDATES:
            yield Key("document_split", "lift_mix", depth), future @ taken, expected @ taken


def _labels(has_grown: Flags, ranked: Floats, reach: Floats) -> Iterator[tuple[Key, Floats, Floats]]:
    grown = has_grown.astype(np.float64)
    positives, total = grown @ ranked, reach[-1]
    ones = np.ones_like(positives)
    known = (positives > 0) & (positives < total)
    for depth in LABEL_DEPTHS:
        if len(has_grown) < depth:
            continue
        hits = grown @ _first(depth, ranked, reach)
        read = np.minimum(float(depth), total)
        yield Key("growth_label", "precision", depth), hits / np.maximum(read, 1), ones
        yield Key("growth_label", "recall", depth), np.where(known, hits / np.maximum(positives, 1), 0.0), known * ones
        yield Key("growth_label", "f1", depth), np.where(known, 2 * hits / np.maximum(read + positives, 1), 0.0), known * ones
        if depth == NDCG_DEPTH:
            yield Key("growth_label", "ndcg", depth), *_ndcg(grown, ranked, reach, positives)
    # As many are called as there are: the depth at which precision, recall and F1 are one number.
    hits = grown @ _first(positives, ranked, reach)
    yield Key("growth_label", "csi", None), np.where(known, hits / np.maximum(2 * positives - hits, 1e-9), 0.0), known * ones
    places = np.flatnonzero(has_grown)
    own, found, passed = ranked[places], np.cumsum(ranked[places], axis=0), reach[places]
    precision = np.divide(found, passed, out=np.zeros_like(found), where=passed > 0)
    average = (own * precision).sum(axis=0) / np.maximum(positives, 1)
    yield Key("growth_label", "average_precision", None), np.where(known, average, 0.0), known * ones
    ahead = passed - found
    below = (own * ((total - positives) - ahead)).sum(axis=0)
    area = below / np.maximum(positives * (total - positives), 1)
    yield Key("growth_label", "auc", None), np.where(known, area, 0.0), known * ones


def _ndcg(grown: Floats, ranked: Floats, reach: Floats, positives: Floats) -> tuple[Floats, Floats]:
    """Discounted gain over the first 20 places, a riser worth 1, over that of the best order. Places of an entry that stands
    there w times are those from its first to its last."""
    discounts = np.concatenate([[0.0], np.cumsum(1 / np.log2(np.arange(NDCG_DEPTH) + 2))])

    def gain(upto: Floats) -> Floats:
        place = np.clip(upto, 0, NDCG_DEPTH)
        return np.asarray(np.interp(place, np.arange(NDCG_DEPTH + 1), discounts))

    got = grown @ (gain(reach) - gain(reach - ranked))
    best = gain(positives)
    known = best > 0
    return np.where(known, got / np.maximum(best, 1e-9), 0.0), known.astype(np.float64)


def _first(depth: float | Floats, ranked: Floats, reach: Floats) -> Floats:
    """(n, B) how often each entry stands among the first `depth` of each weighted list."""
    return np.asarray(np.clip(depth - (reach - ranked), 0.0, ranked))
