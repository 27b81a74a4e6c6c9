"""Every baseline against a worked example: of its paper where there is one, else by hand or by trying every possibility."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from scoring.backtest import baselines
from scoring.backtest.records import Series
from scoring.backtest.targets import label_growth


def _series(counts: list[float], totals: list[float]) -> Series:
    return Series(np.array([counts], dtype=float), np.array(totals, dtype=float))


THREE_A_YEAR = [3, 2, 3, 3, 3, 3, 3, 3, 3, 3]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([1, 0, 0, 1, 2, 2, 2, 3, 3, 3], 6.35),  # pyGrams' own test: the emergent term
        ([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 0.0),  # its constant term
        ([2, 3, 2, 2, 2, 1, 1, 1, 0, 1], -4.04),  # its decreasing term
    ],
)
def test_escore_gives_what_pygrams_tests_expect(counts: list[float], expected: float) -> None:
    assert baselines.escore(_series(counts, THREE_A_YEAR))[0] == pytest.approx(expected, abs=0.005)


def test_escore_rewards_a_constant_share_of_a_growing_corpus() -> None:
    """The weakness that makes shares necessary: 5 % throughout, and yet a positive score."""
    totals = [1000 * 1.1**year for year in range(10)]
    assert baselines.escore(_series([0.05 * total for total in totals], totals))[0] > 1.77


def test_the_two_gates_of_porter_differ_on_a_flat_share() -> None:
    """A flat share passes 2:1, for seven years stand against three; it does not grow 1.5 times as much as its corpus."""
    flat = _series([5] * 10, [100] * 10)
    assert not np.isnan(baselines.porter_escore(flat)[0])
    assert np.isnan(baselines.porter_escore_over_corpus(flat)[0])
    risen = _series([5] * 3 + [8] * 7, [100] * 10)  # 56/15 against 7/3: exactly 1.6 times the growth of the corpus
    assert not np.isnan(baselines.porter_escore_over_corpus(risen)[0])


@pytest.mark.parametrize(
    "counts",
    [
        [0, 0, 0, 1, 1, 1, 1, 1, 1, 0],  # 6 records
        [0, 0, 0, 0, 0, 0, 0, 0, 4, 4],  # 2 years
        [20, 0, 0, 0, 0, 0, 20, 20, 20, 20],  # 20 of the 130 works of the base years
        [4, 4, 4, 0, 0, 0, 5, 5, 5, 5],  # 20 against 12
    ],
)
def test_porter_bars_what_fails_a_gate(counts: list[float]) -> None:
    assert np.isnan(baselines.porter_escore(_series(counts, [43.0] * 10))[0])


def test_growth_slope_count_and_stage_by_hand() -> None:
    series = _series([0, 0, 0, 0, 0, 1, 2, 3, 4, 5], [10] * 10)
    assert baselines.recent_count(series)[0] == 9
    assert baselines.raw_growth(series)[0] == pytest.approx((9 / 20) / (5 / 20))
    assert baselines.five_year_slope(series)[0] == pytest.approx(0.1)
    assert baselines.growth_stage(series)[0] == 1.0
    assert baselines.growth_stage(_series([4, 2], [10, 10]))[0] == 0.5


def _cheapest(counts: list[int], totals: list[int]) -> float:
    """Weight of the burst that is on at the end, by trying all state sequences of Kleinberg's section 4."""
    periods = len(counts)
    low = sum(counts) / sum(totals)
    rates = (low, 2 * low)

    def fit(state: int, period: int) -> float:
        r, d, p = counts[period], totals[period], rates[state]
        return -(math.log(math.comb(d, r)) + r * math.log(p) + (d - r) * math.log(1 - p))

    def cost(states: tuple[int, ...]) -> float:
        ways_up = sum(now > before for before, now in zip((0, *states), states, strict=False))
        return sum(fit(state, period) for period, state in enumerate(states)) + ways_up * math.log(periods)

    best = min(itertools.product((0, 1), repeat=periods), key=cost)
    start = periods
    while start and best[start - 1] == 1:
        start -= 1
    return sum(fit(0, period) - fit(1, period) for period in range(start, periods))


@pytest.mark.parametrize(
    "counts",
    [[1, 0, 1, 0, 1, 6, 7, 8], [1, 8, 7, 1, 0, 0, 1, 1], [1, 8, 7, 0, 0, 1, 8, 9], [0, 0, 0, 0, 0, 0, 0, 9], [2, 2, 2, 2, 2, 2, 2, 2]],
)
def test_a_burst_is_that_of_the_cheapest_state_sequence(counts: list[int]) -> None:
    totals = [30, 28, 31, 30, 29, 33, 30, 32]
    found = baselines.kleinberg_burst(_series([float(count) for count in counts], [float(total) for total in totals]))[0]
    assert found == pytest.approx(_cheapest(counts, totals))


def test_a_burst_needs_someone_to_burst() -> None:
    assert baselines.kleinberg_burst(Series(np.zeros((2, 8)), np.full(8, 30.0))).tolist() == [0.0, 0.0]


def test_csets_label_needs_the_peak_beaten_by_eight_per_cent_a_year_and_five_works() -> None:
    past = np.tile([0, 0, 0, 0, 0, 0, 0, 10, 5, 5], (4, 1)).astype(float)
    future = np.array([[10.7, 0, 0], [10.9, 0, 0], [0, 0, 12.7], [4, 4, 4]], dtype=float)
    totals, later = np.full(10, 100.0), np.array([100.0, 100.0, 100.0])
    assert label_growth(past, totals, future, later).tolist() == [False, True, True, False]
    few = np.array([[0] * 10], dtype=float)
    assert label_growth(few, totals, np.array([[4.0, 4, 4]]), later).tolist() == [False]
