import numpy as np
import pytest

from scoring.bootstrap import draw_around, draw_uniforms, draw_weights, hash_ids, resample, spread_of
from scoring.emergence import form_cohorts, rank_in_cohorts, rank_scores
from scoring.vitality import prepare_vitality


def test_weights_have_mean_and_variance_one_and_are_independent():
    weights = draw_weights(hash_ids([f"w{n}" for n in range(4000)]), range(50), seed=3)
    assert weights.mean() == pytest.approx(1, abs=0.01)
    assert weights.var() == pytest.approx(1, abs=0.03)
    assert np.abs(np.corrcoef(weights.T) - np.eye(50)).max() < 0.08
    uniforms = draw_uniforms(hash_ids(["one"]), range(20_000), seed=3)
    assert np.histogram(uniforms, 10, (0, 1))[0] == pytest.approx(np.full(10, 2000), abs=200)


def test_a_work_keeps_its_weights_whatever_else_there_is():
    few, many = hash_ids(["b", "a"]), hash_ids(["a", "x", "b"])
    assert (draw_weights(few, range(5), 1)[[1, 0]] == draw_weights(many, range(5), 1)[[0, 2]]).all()
    assert (draw_weights(few, range(3, 5), 1) == draw_weights(few, range(5), 1)[:, 3:]).all()
    assert (draw_weights(few, range(5), 1) != draw_weights(few, range(5), 2)).all()


def test_the_bootstrap_finds_the_variance_that_vitality_states(small_world):
    vitality = prepare_vitality(small_world)
    drawn = resample({"v": vitality.at}, hash_ids(small_world.work_ids), draws=400, seed=0)["v"]
    common = [index for index, works in enumerate(np.diff(small_world.incidence.indptr)) if works > 100]
    assert drawn[common].var(axis=1) == pytest.approx(vitality.variance()[common], rel=0.35)


def test_draws_around_a_stated_variance():
    drawn = draw_around(np.array([3.0, np.nan]), np.array([4.0, 1.0]), hash_ids(["a", "b"]), 4000, seed=0)
    assert (drawn[0].mean(), drawn[0].std()) == pytest.approx((3, 2), rel=0.05)
    assert np.isnan(drawn[1]).all()


def test_sure_candidates_have_narrow_intervals_and_unsure_ones_wide():
    count = 60
    value = np.arange(count, dtype=float)
    deviation = np.where(value % 2 == 0, 0.01, 30.0)
    drawn = draw_around(value, deviation**2, hash_ids([str(n) for n in range(count)]), 300, seed=0)
    cohorts = form_cohorts([()] * count, np.ones(count, dtype=bool))
    score = 100 * rank_in_cohorts(value[:, None], cohorts)[:, 0]
    rank = rank_scores(score[:, None])[:, 0]
    spread = spread_of({"v": drawn}, {"v": np.ones(count)}, cohorts, score, rank)
    width = spread.rank_high - spread.rank_low
    assert width[0::2].mean() * 3 < width[1::2].mean()
    assert (spread.rank_low <= rank).all()
    assert (rank <= spread.rank_high).all()
    assert (spread.rank_low == np.floor(spread.rank_low)).all()
    assert spread.top20_share[58] > 0.95
    assert spread.top20_share[0] < 0.05
