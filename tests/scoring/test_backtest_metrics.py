"""The weighted metrics against lists written out entry by entry, and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, ndcg_score, roc_auc_score

from scoring.backtest import metrics
from scoring.backtest.metrics import Key, measure_ranking
from scoring.backtest.pooling import order_of
from scoring.backtest.records import Outcome

SIZE = 150


def _world(seed: int) -> tuple[np.ndarray, Outcome]:
    dice = np.random.default_rng(seed)
    scores = dice.random(SIZE)
    grown = dice.random(SIZE) < 0.15 + 0.3 * scores
    recent = dice.random(SIZE) / 50
    return order_of(scores, dice.random(SIZE)), Outcome(recent * (1 + scores), recent, recent * 1.1, grown)


def _figures(order: np.ndarray, outcome: Outcome, weights: np.ndarray) -> dict[Key, float]:
    return {key: float(above[0] / below[0]) for key, above, below in measure_ranking(order, outcome, weights[:, None])}


@pytest.mark.parametrize("seed", range(3))
def test_unweighted_figures_are_those_of_scikit_learn(seed: int) -> None:
    order, outcome = _world(seed)
    assert outcome.has_grown is not None
    grown, score = outcome.has_grown[order], -np.arange(SIZE, dtype=float)
    found = _figures(order, outcome, np.ones(SIZE))
    assert found[Key("growth_label", "auc", None)] == pytest.approx(roc_auc_score(grown, score))
    assert found[Key("growth_label", "average_precision", None)] == pytest.approx(average_precision_score(grown, score))
    assert found[Key("growth_label", "ndcg", 20)] == pytest.approx(ndcg_score([grown], [score], k=20))
    assert found[Key("growth_label", "precision", 50)] == grown[:50].mean()
    assert found[Key("growth_label", "recall", 50)] == pytest.approx(grown[:50].sum() / grown.sum())
    hits, called = grown[: grown.sum()].sum(), grown.sum()
    assert found[Key("growth_label", "csi", None)] == pytest.approx(hits / (2 * called - hits))
    assert found[Key("document_split", "lift", 25)] == pytest.approx(outcome.future[order[:25]].sum() / outcome.recent[order[:25]].sum())
    raw = found[Key("document_split", "lift", 25)]
    assert found[Key("document_split", "lift_mix", 25)] == pytest.approx(raw / 1.1)


@pytest.mark.parametrize("seed", range(3))
def test_a_weight_is_as_good_as_writing_the_entry_so_often(seed: int) -> None:
    order, outcome = _world(seed)
    assert outcome.has_grown is not None
    often = np.random.default_rng(seed + 100).poisson(1.5, SIZE)
    copies = np.repeat(order, often[order])
    spread = Outcome(outcome.future[copies], outcome.recent[copies], outcome.expected[copies], outcome.has_grown[copies])
    written_out = _figures(np.arange(len(copies)), spread, np.ones(len(copies)))
    weighted = _figures(order, outcome, often.astype(float))
    for key, value in written_out.items():
        # An entry that stands in the list twice is one step of the precision curve, not two.
        tolerance = 0.02 if key.metric == "average_precision" else 1e-9
        assert weighted[key] == pytest.approx(value, abs=tolerance), key


def test_lists_shorter_than_a_depth_have_no_figure_there() -> None:
    outcome = Outcome(np.full(30, 0.1), np.full(30, 0.1), np.full(30, np.nan), None)
    keys = {key for key, *_ in measure_ranking(np.arange(30), outcome, np.ones((30, 1)))}
    assert keys == {Key("document_split", "lift", 25)}, "no label, no codes, no depth of 50"


def test_a_field_unknown_for_few_counts_as_still() -> None:
    expected = np.full(40, 0.2)
    expected[:5] = np.nan
    outcome = Outcome(np.full(40, 0.1), np.full(40, 0.1), expected, None)
    found = {key: above[0] / below[0] for key, above, below in measure_ranking(np.arange(40), outcome, np.ones((40, 1)))}
    assert found[Key("document_split", "lift_mix", 25)] == pytest.approx(2.5 / (5 * 0.1 + 20 * 0.2))
    assert metrics.CODED_CANDIDATES < 35 / 40


def test_equal_scores_fall_to_chance_and_barred_ones_to_the_end() -> None:
    scores = np.array([np.nan, 1.0, 2.0, 2.0])
    assert order_of(scores, np.array([0.0, 0.5, 0.9, 0.1])).tolist() == [3, 2, 1, 0]
