import numpy as np
import pytest

from scoring.emergence import (
    add_points,
    form_cohorts,
    make_component,
    rank_in_cohorts,
    rank_scores,
    robust_z,
    spread_shares,
)

NAN = float("nan")


def everyone(count):
    return form_cohorts([("paper",)] * count, np.ones(count, dtype=bool))


def test_cohort_ranks_by_hand():
    # below + half of the equal: 0 + 1/2, 1 + 2/2, 1 + 2/2, 3 + 1/2 of four; NaN takes no place; 1e-12 apart is equal
    values = np.array([[1.0], [2.0], [2.0 + 1e-12], [7.0], [NAN]])
    assert rank_in_cohorts(values, everyone(5))[:4, 0].tolist() == [1 / 8, 1 / 2, 1 / 2, 7 / 8]
    assert np.isnan(rank_in_cohorts(values, everyone(5))[4, 0])


def test_large_stream_sets_stand_alone_and_small_ones_among_all():
    streams = [("paper",)] * 100 + [("patent",)] * 99 + [("news",)]
    is_ranked = np.ones(200, dtype=bool)
    is_ranked[199] = False
    papers, others = form_cohorts(streams, is_ranked)
    assert papers.members.tolist() == papers.reference.tolist() == list(range(100))
    assert others.members.tolist() == list(range(100, 199))
    assert others.reference.tolist() == list(range(199))
    ranks = rank_in_cohorts(np.arange(200.0)[:, None], (papers, others))[:, 0]
    assert ranks[99] == 0.995  # the best paper technology among papers
    assert ranks[100] == 100.5 / 199  # the least patent technology among all
    assert np.isnan(ranks[199])


def test_robust_z_by_hand():
    # median 3, MAD 1: (x - 3) / 1.4826, clipped at 4
    z = robust_z(np.array([2.0, 3.0, 3.0, 4.0, 99.0, NAN]), everyone(6))
    assert z[:5] == pytest.approx([-1 / 1.4826, 0, 0, 1 / 1.4826, 4])
    assert np.isnan(z[5])
    assert robust_z(np.array([5.0, 5.0, 5.0, 4.0]), everyone(4)).tolist() == [0, 0, 0, -4]


def test_the_share_of_a_missing_component_goes_to_the_rest():
    shares = np.array([0.5, 0.3, 0.2])
    known = np.array([[True, True, True], [True, False, True], [False, False, False]])
    spread = spread_shares(known, shares)
    assert spread[:2] == pytest.approx(np.array([[0.5, 0.3, 0.2], [5 / 7, 0, 2 / 7]]))
    assert np.isnan(spread[2]).all()


def test_points_add_up_by_hand():
    cohorts, share = everyone(2), np.array([0.75, 1.0])
    first = make_component("first", np.array([5.0, 6.0]), np.zeros(2), share, cohorts)
    second = make_component("second", np.array([1.0, NAN]), np.zeros(2), 1 - share, cohorts)
    # ranks 1/4 and 3/4 of two, and 1/2 of one: 75/4 + 25/2 and 75
    assert add_points([first, second]).tolist() == [18.75 + 12.5, 75]
    assert second.points[1] == 0


def test_equal_scores_share_the_better_rank():
    assert rank_scores(np.array([[70.0], [90.0], [70.0], [10.0]]))[:, 0].tolist() == [2, 1, 2, 4]
    assert np.isnan(rank_scores(np.array([[NAN], [1.0]]))[0, 0])
