from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from scoring.ranking import NO_INDICATOR, judge
from scoring.records import Weights


@pytest.fixture(scope="module")
def verdict(small_world, published):
    return judge(small_world, published, draws=100)


def of(verdict, name):
    return verdict.candidate_ids.index(name)


def test_the_riser_leads_and_the_fader_trails(verdict):
    ranked = [verdict.candidate_ids[i] for i in np.argsort(verdict.rank)[: int(verdict.is_ranked.sum())]]
    assert "riser" in ranked[:4]  # its own neighbours, planted with it, are as young
    assert set(ranked[:4]) == {"riser", "near0", "near1", "near2"}
    assert ranked[-1] == "fader"
    assert verdict.top20_share[of(verdict, "riser")] == 1


@pytest.mark.parametrize(
    ("name", "is_weak", "reason"),
    [
        ("hype", True, "news only"),
        ("lonely", True, "1 of the 3 organisations"),
        ("phrase", False, "named in"),
        ("seedling", True, ""),
    ],
)
def test_who_is_not_ranked_and_why(verdict, name, is_weak, reason):
    index = of(verdict, name)
    assert not verdict.is_ranked[index]
    assert verdict.is_weak_signal[index] == is_weak
    assert verdict.reason[index].startswith(reason)
    assert np.isnan([verdict.rank[index], verdict.score[index], verdict.score_low[index], verdict.top20_share[index]]).all()


def test_growth_sees_what_the_eye_sees(verdict):
    growth = next(component for component in verdict.components if component.name == "growth")
    assert growth.value[of(verdict, "riser")] > 0.5
    assert growth.value[of(verdict, "fader")] < -0.5
    assert growth.points[of(verdict, "riser")] == 0  # no weight, no points


def test_same_seed_same_verdict_and_another_seed_moves_only_the_intervals(small_world, published, verdict):
    again, other = judge(small_world, published, draws=100), judge(small_world, published, draws=100, seed=1)
    assert np.array_equal(again.score_low, verdict.score_low, equal_nan=True)
    assert np.array_equal(other.score, verdict.score, equal_nan=True)
    assert not np.array_equal(other.score_low, verdict.score_low, equal_nan=True)


def test_components_with_a_stated_variance_get_intervals_too(small_world):
    verdict = judge(small_world, Weights("x", {"growth": 0.5, "persistence": 0.5}), draws=50)
    ranked = verdict.is_ranked
    assert (verdict.score_high[ranked] > verdict.score_low[ranked]).all()


def test_nobody_is_ranked_on_nothing(corpus_of, work):
    days = [date(2019, 2, 1), date(2019, 8, 1), date(2020, 2, 1), date(2020, 8, 1)]
    corpus = corpus_of(date(2020, 12, 31), [work(day, "paper", "a") for day in days * 3], ["a"])
    verdict = judge(corpus, Weights("x", {"growth": 1.0}), draws=2)  # the corpus is too young for growth
    assert verdict.reason == (NO_INDICATOR,)
    assert not verdict.is_ranked[0]


@pytest.mark.parametrize("candidates", [[], ["a"]])
def test_an_empty_corpus_is_judged_empty(candidates, corpus_of, published):
    verdict = judge(corpus_of(date(2020, 12, 31), [], candidates), published, draws=2)
    assert verdict.is_ranked.tolist() == [False] * len(candidates)
    assert verdict.stage_probability.sum(axis=1) == pytest.approx(np.ones(len(candidates)))


def test_what_breaks_the_contract_is_refused(small_world, published):
    late = replace(small_world, as_of=date(2019, 12, 14))
    with pytest.raises(ValueError, match="became available after 2019-12-14"):
        judge(late, published)
    with pytest.raises(ValueError, match="names has shape 1 where 35 was expected"):
        judge(replace(small_world, names=("riser",)), published)
    with pytest.raises(ValueError, match="incidence may hold only 0 and 1"):
        judge(replace(small_world, incidence=small_world.incidence * 2), published)
    with pytest.raises(ValueError, match="at least 2 draws, not 1"):
        judge(small_world, published, draws=1)
