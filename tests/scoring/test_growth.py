import numpy as np
import pytest

from scoring.growth import LOWER_Z, estimate_dispersion, estimate_growth, measure_acceleration, measure_growth
from scoring.periods import Counts


def counts_of(paper, offered, patent=None, patents_offered=None):
    """Quarterly counts of one candidate on the paper and patent streams, all quarters complete."""
    zeros = [0] * len(paper)
    works = np.array([[paper], [patent or zeros], [zeros], [zeros]])
    offers = np.array([offered, patents_offered or zeros, zeros, zeros])
    return Counts("quarter", 0, len(paper), works, offers)


def one_stream(recent, baseline, recent_stream, baseline_stream, phi=1.0):
    return estimate_growth(*(np.array(x, dtype=float) for x in ([[recent]], [[baseline]], [recent_stream], [baseline_stream], [phi])))


def test_growth_by_hand():
    # psi(20.5) = 2.99583, psi(10.5) = 2.30300; equal streams: mean .69283
    # psi1(20.5) = .049989, psi1(10.5) = .099917; phi 2: variance .299812
    growth = one_stream(20, 10, 500, 500, phi=2.0)
    assert growth.mean[0] == pytest.approx(0.69283, abs=2e-5)
    assert growth.variance[0] == pytest.approx(0.29981, abs=2e-5)
    assert growth.lower_bound[0] == pytest.approx(0.69283 - 1.28155 * 0.29981**0.5, abs=5e-5)


def test_growth_is_of_the_share_not_of_the_count():
    # twice the works in a stream three times as large is a falling share: .69283 - ln 3
    assert one_stream(20, 10, 1500, 500).mean[0] == pytest.approx(0.69283 - np.log(3), abs=2e-5)


def test_streams_join_by_precision_and_silent_ones_have_no_say():
    recent, baseline = np.array([[20.0], [5.0], [0.0], [9.0]]), np.array([[10.0], [5.0], [0.0], [9.0]])
    joined = estimate_growth(recent, baseline, np.array([500.0, 90, 70, 40]), np.array([500.0, 90, 70, 0]), np.ones(4))
    first, second = one_stream(20, 10, 500, 500), one_stream(5, 5, 90, 90)
    precision = 1 / first.variance + 1 / second.variance
    assert joined.mean == pytest.approx((first.mean / first.variance + second.mean / second.variance) / precision)
    assert joined.variance == pytest.approx(1 / precision)


def test_growth_is_unknown_where_no_stream_tells():
    assert np.isnan(one_stream(0, 0, 500, 500).lower_bound[0])
    assert np.isnan(one_stream(5, 0, 500, 0).mean[0])


def test_few_works_are_shrunk():
    # both grow fourfold; the bound of the small one does not follow
    small, large = one_stream(4, 1, 500, 500), one_stream(400, 100, 50_000, 50_000)
    assert small.lower_bound[0] < 0 < large.lower_bound[0]


def test_dispersion_by_hand():
    # 28 quarters of 100 papers, 20 of them baseline; counts alternate 1 and 3 around 2: chi2 = 20 x 1/2, 19 degrees -> 1
    assert estimate_dispersion(counts_of([1, 3] * 14, [100] * 28))[0] == 1
    # alternating 0 and 4: chi2 = 20 x 4/2 = 40 over 19
    assert estimate_dispersion(counts_of([0, 4] * 14, [100] * 28))[0] == pytest.approx(40 / 19)
    # seven works in the baseline are too few to tell
    assert estimate_dispersion(counts_of([7] + [0] * 27, [100] * 28))[0] == 1


def test_windows_of_growth():
    # share 2 % for 20 quarters, then 8 %: ln 4 with psi's shrinkage; the quarter before the baseline does not count
    counts = counts_of([90] + [2] * 20 + [8] * 8, [100] * 29)
    expected = one_stream(64, 40, 800, 2000)
    assert measure_growth(counts).mean == pytest.approx(expected.mean)
    assert measure_growth(counts).lower_bound == pytest.approx(expected.mean - LOWER_Z * expected.variance**0.5)


def test_acceleration_compares_the_last_two_years_halves_and_needs_twenty_works():
    assert measure_acceleration(counts_of([2] * 24 + [5] * 4, [100] * 28)).mean == pytest.approx(one_stream(20, 8, 400, 400).mean)
    assert np.isnan(measure_acceleration(counts_of([2] * 24 + [5, 5, 5, 4], [100] * 28)).mean[0])
