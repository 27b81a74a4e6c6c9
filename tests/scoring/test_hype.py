import math

import numpy as np
import pytest
from scipy.special import polygamma

from scoring.hype import measure_hype_gap

NAMES = ("paper", "patent", "news", "grant")
OFFERED = np.array([99, 100, 99, 50])


def test_the_gap_is_a_difference_of_z_of_log_shares_by_hand():
    recent = np.array([[4, 0, 0, 0], [2, 2, 4, 7], [1, 3, 24, 0]])
    gap, variance = measure_hype_gap(recent, OFFERED, np.ones(3, dtype=bool))
    # all three have 4 papers and patents: z 0 (a spread of none counts as 1). News (n + 1/2) / 100: .005 .045 .245, logs -5.298
    # -3.101 -1.406: median -3.101, deviations 2.197 0 1.695, MAD 1.695 x 1.4826
    scale = 1.4826 * math.log(24.5 / 4.5)
    assert gap == pytest.approx([-math.log(9) / scale, 0, 1 / 1.4826])
    assert variance == pytest.approx(polygamma(1, np.array([0.5, 4.5, 24.5])) / scale**2 + polygamma(1, 4.5))


def test_what_papers_and_patents_say_closes_the_gap():
    recent = np.array([[1, 0, 9, 0], [3, 3, 9, 0], [9, 9, 9, 0]])
    gap, _ = measure_hype_gap(recent, OFFERED, np.ones(3, dtype=bool))
    scale = 1.4826 * math.log(18.5 / 6.5)  # logs of 1.5, 6.5 and 18.5: the larger distance is that of 1.5, the middle one of 18.5
    assert gap == pytest.approx([math.log(6.5 / 1.5) / scale, 0, -1 / 1.4826])


def test_grants_are_no_noise_and_what_is_not_heard_sets_no_measure():
    recent = np.array([[4, 0, 0, 0], [4, 0, 4, 90], [4, 0, 24, 0], [4, 0, 90, 0]])
    heard = np.array([True, True, True, False])
    assert measure_hype_gap(recent, OFFERED, heard)[0][:3] == pytest.approx(measure_hype_gap(recent[:3], OFFERED, heard[:3])[0])


@pytest.mark.parametrize("silent", ["news", "substance", "nobody"])
def test_with_one_side_alone_there_is_no_gap(silent):
    offered = OFFERED * np.array({"news": [1, 1, 0, 1], "substance": [0, 0, 1, 1], "nobody": [1, 1, 1, 1]}[silent])
    gap, variance = measure_hype_gap(np.full((2, 4), 3), offered, np.full(2, silent != "nobody"))
    assert np.isnan(gap).all()
    assert np.isnan(variance).all()
