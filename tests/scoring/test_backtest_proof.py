"""Pooling, calibration and lead time."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from scoring.backtest.calibration import fit_rates, tell_rates, tell_reliability
from scoring.backtest.expert import Item, Quarter, compare_with_controls, watch
from scoring.backtest.lead_time import Lead, first_alarm, median_lead, trace_finding
from scoring.backtest.methods import METHODS
from scoring.backtest.pooling import pool
from scoring.backtest.records import Outcome, Row, Trial

SIZE = 120
OURS, VITALITY, RANDOM = METHODS.index("emergence"), METHODS.index("vitality"), METHODS.index("random")


def _trial(year: int, split: int, *, edge: float) -> Trial:
    """Vitality knows a part of what comes; ours knows `edge` more of it."""
    dice = np.random.default_rng(1000 * year + split)
    truth = dice.random(SIZE)
    scores = dice.random((len(METHODS), SIZE))
    scores[VITALITY] = truth + dice.random(SIZE)
    scores[OURS] = scores[VITALITY] + edge * truth
    recent = np.full(SIZE, 0.01)
    outcome = Outcome(recent * (0.5 + truth), recent, recent, truth > 0.85)
    return Trial(date(year, 12, 31), split, scores, dice.random(SIZE), np.arange(SIZE) // 2, outcome)


def _rows(edge: float) -> dict[tuple[str, str, int | None], Row]:
    trials = [_trial(year, split, edge=edge) for year in (2005, 2006, 2007) for split in range(3)]
    rows = pool(trials, corpus="made", stream="paper", level="technology", draws=100, seed=5)
    assert len({(row.target, row.method, row.metric, row.depth) for row in rows}) == len(rows)
    return {(row.method, row.metric, row.depth): row for row in rows}


def test_a_better_score_is_told_from_vitality_and_an_equal_one_is_not() -> None:
    better, equal = _rows(2.0)["emergence", "average_precision", None], _rows(0.0)["emergence", "average_precision", None]
    assert better.diff_low80 is not None
    assert better.diff_low80 > 0
    assert (equal.diff_vitality, equal.diff_low80, equal.diff_high80) == (0.0, 0.0, 0.0)


def test_rows_hold_their_points_and_their_cut_offs() -> None:
    rows = _rows(1.0)
    for row in rows.values():
        assert row.low80 is not None
        assert row.high80 is not None
        assert row.low80 <= row.value <= row.high80
        assert [figure.cutoff.year for figure in row.by_cutoff] == [2005, 2006, 2007]
    assert rows["random", "auc", None].value == pytest.approx(0.5, abs=0.1)
    assert rows["vitality", "auc", None].diff_vitality is None


def test_the_order_of_trials_changes_nothing() -> None:
    trials = [_trial(year, split, edge=1.0) for year in (2005, 2006) for split in range(3)]
    one, other = (pool(some, corpus="made", stream="paper", level="technology", draws=50, seed=5) for some in (trials, trials[::-1]))
    assert {(r.method, r.metric, r.depth): pytest.approx(r.value) for r in one} == {(r.method, r.metric, r.depth): r.value for r in other}


def test_rates_rise_with_the_rank() -> None:
    ranks = np.arange(100) / 100
    grown = np.zeros(100, dtype=bool)
    grown[[15, 25, 26, 55, 91, 92, 93]] = True
    edges, rates = fit_rates(ranks, grown)
    assert (np.diff(rates) >= 0).all()
    assert rates.mean() == pytest.approx(grown.mean()), "pooling keeps the total"
    assert tell_rates(np.array([0.95]), edges, rates)[0] == pytest.approx(0.3)


def test_probabilities_are_learned_from_labels_that_were_known() -> None:
    trials = [_trial(year, 0, edge=1.0) for year in (2005, 2007)]
    assert tell_reliability(trials, OURS) is None, "in 2007 the third year after 2005 had not passed"
    told = tell_reliability([*trials, _trial(2008, 0, edge=1.0), _trial(2011, 0, edge=1.0)], OURS)
    assert told is not None
    assert told.cutoffs == 2
    assert told.brier < told.base_brier
    assert sum(one.count for one in told.bins) == 2 * SIZE


def test_product_limit_estimate_by_hand() -> None:
    """Four items: found 2 years before, found 1 before, never found, and one whose watch began only after the first event."""
    leads = [Lead("a", -5, 3, -2.0), Lead("b", -5, 3, -1.0), Lead("c", -5, 3, None), Lead("d", -1.5, 3, 1.0)]
    curve = trace_finding(leads)
    assert curve.years == (-2.0, -1.0, 1.0)
    assert curve.found == pytest.approx((1 / 3, 1 - 2 / 3 * 2 / 3, 1 - 2 / 3 * 2 / 3 * 1 / 2))
    assert median_lead(leads) == 1.0
    assert median_lead([leads[2]]) is None


def test_one_quarter_is_no_alarm() -> None:
    assert first_alarm([True, False, True, True]) == 2
    assert first_alarm([True, False, True, False]) is None


def _quarter(number: int, first: str) -> Quarter:
    """25 technologies of one track; `first` leads, the others follow in the order of their names."""
    names = [first, *sorted({f"t{index:02d}" for index in range(25)} - {first})]
    scores = np.tile(-np.arange(25.0), (len(METHODS), 1))
    return Quarter(
        as_of=date(2010 + number // 4, 3 * (number % 4) + 3, 28),
        keys=tuple(frozenset([name]) for name in names),
        ids=tuple(names),
        tracks=("space",) * 25,
        recent_works=np.full(25, 20.0),
        scores=scores,
    )


def test_watchlists_find_items_early_and_cry_wolf() -> None:
    quarters = [_quarter(number, "t00" if number < 4 else "t24") for number in range(12)]
    items = [Item("twenty-four", frozenset({"t24"}), date(2012, 7, 1)), Item("unknown", frozenset({"zz"}), date(2012, 7, 1))]
    finding = next(one for one in watch(quarters, items) if one.method == "emergence")
    assert [lead.name for lead in finding.leads] == ["twenty-four"]
    assert finding.leads[0].found == pytest.approx(-1.26, abs=0.01)
    # t00 to t19 come on the list; none stands on an expert list. The watch lasts 2.75 years.
    assert finding.false_alarms == pytest.approx(20 / 2.75, rel=0.01)
    shares = compare_with_controls(quarters, items)
    assert shares["emergence"].tolist() == [0.0], "two and a half years before, it stood last of all"
