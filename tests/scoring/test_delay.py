import numpy as np
import pytest

from scoring.delay import correct_edge, estimate_reported


def test_delays_are_measured_as_if_nothing_were_missing():
    # 100 works a month for 24 months; half come at once, a quarter after 1 month, a quarter after 6: the last months lack the late ones
    cells = [(delay, limit, works) for limit in range(24) for delay, works in ((0, 50), (1, 25), (6, 25)) if delay <= limit]
    reported = estimate_reported(*(np.array(column) for column in zip(*cells, strict=True)))
    assert reported[[0, 1, 5, 6, 60]] == pytest.approx([0.5, 0.75, 0.75, 1, 1])
    seen = sum(works for delay, _, works in cells if delay == 0) / sum(works for *_, works in cells)
    assert seen > 0.5  # the plain share would call the sources quicker than they are


def test_the_right_edge_by_hand():
    reported = np.concatenate([[0.05, 0.5, 0.8], np.ones(58)])
    corrected = correct_edge(np.array([3.0, 6.0, 8.0, 9.0]), np.array([0, 1, 2, 70]), reported)
    assert corrected.reported_share == pytest.approx([0.05, 0.5, 0.8, 1])
    assert corrected.expected[1:] == pytest.approx([12, 10, 9])
    assert corrected.variance[1:] == pytest.approx([12, 2.5, 0])  # 6 x .5 / .25 and 8 x .2 / .64
    assert np.isnan(corrected.expected[0])


def test_few_works_correct_nothing():
    assert estimate_reported(np.array([0, 9]), np.array([9, 9]), np.array([20, 29])).tolist() == [1.0] * 61
