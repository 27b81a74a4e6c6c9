from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scoring.emergence import form_tiers
from scoring.leave_out import leave_out
from scoring.ranking import judge
from scoring.records import Weights

AS_OF = date(2020, 12, 31)
DAYS = [date(2019, 2, 1), date(2019, 8, 1), date(2020, 2, 1), date(2020, 8, 1)]
VITALITY = Weights("x", {"vitality": 1.0})


def works_of(work, name, count, organisations, days=DAYS):
    return [work(days[n % len(days)], "paper", name, organisations=organisations[n % len(organisations)]) for n in range(count)]


@pytest.fixture
def captured(corpus_of, work):
    """`a` is young through one organisation alone, `b` through four; `c` is old; nothing is left of `d` without its leader."""
    old = [date(2012, month, 1) for month in range(1, 11)]
    works = (
        works_of(work, "a", 24, ("big",), DAYS[2:]) + works_of(work, "a", 12, ("x", "y", "z"), DAYS) + works_of(work, "a", 20, ("x",), old)
    )
    works += works_of(work, "b", 16, ("x", "y", "z", "w")) + works_of(work, "b", 8, ("w",), old)
    works += works_of(work, "c", 16, ("x", "y", "z", "w")) + works_of(work, "c", 30, ("y",), old)
    works += works_of(work, "d", 12, ("x", "y", "z", "big", "big"))
    return corpus_of(AS_OF, works, ["a", "b", "c", "d"])


def test_without_its_leading_organisation_a_candidate_stands_where_its_other_works_put_it(captured):
    verdict = judge(captured, VITALITY, draws=2)
    left = leave_out(captured, verdict, VITALITY, {"organisation": captured.organisations})["organisation"]
    columns = ["big", "w", "x", "y", "z"]
    assert [columns[feature] for feature in left.feature] == ["big", "w", "w", "big"]  # of equals the first
    assert left.works.tolist() == [24, 4 + 8, 4, 4]
    by_name = {"abcd"[row]: place for place, row in enumerate(left.rows.tolist())}
    assert verdict.rank.tolist() == [2, 3, 4, 1]
    assert left.rank[by_name["a"]] == 3
    assert np.isnan(left.rank[by_name["d"]])
    assert left.reason[by_name["d"]] == "8 of the 10 works needed in two years"
    # judged anew with those works taken from `a` alone: the same value, among the same others
    keep = ~(np.asarray(captured.organisations[:, 0].toarray()).ravel() > 0)
    table = captured.incidence.toarray()
    table[0] *= keep
    again = judge(replace(captured, incidence=csr_matrix(table)), VITALITY, draws=2)
    assert left.rank[by_name["a"]] == again.rank[0]
    assert left.score[by_name["a"]] == pytest.approx(again.score[0])


def test_momentum_and_missing_features_are_left_out_too(small_world, published):
    verdict = judge(small_world, published, draws=2)
    nothing = csr_matrix((len(small_world.work_ids), 3))
    kinds = leave_out(small_world, verdict, published, {"organisation": small_world.organisations, "source": nothing})
    assert len(kinds["source"].rows) == 0
    left = kinds["organisation"]
    assert len(left.rows) == verdict.is_ranked.sum()
    riser = left.rows.tolist().index(verdict.candidate_ids.index("riser"))
    table = small_world.incidence.toarray()
    table[left.rows[riser]] *= ~(small_world.organisations[:, left.feature[riser]].toarray().ravel() > 0)
    again = judge(replace(small_world, incidence=csr_matrix(table)), published, draws=2)
    # judged wholly anew its neighbours' figures move a little too; its own place is the same
    assert left.rank[riser] == again.rank[left.rows[riser]]
    assert left.score[riser] == pytest.approx(again.score[left.rows[riser]], abs=3)


def test_what_loses_nothing_keeps_its_place(small_world, published):
    verdict = judge(small_world, published, draws=2)
    unused = csr_matrix(np.eye(1, len(small_world.work_ids), 0).T)  # one feature on the oldest work, outside every recent window
    everything = csr_matrix(np.ones((len(small_world.work_ids), 1)))
    kinds = leave_out(small_world, verdict, published, {"none": unused, "all": everything})
    assert len(kinds["none"].rows) == 0
    assert np.isnan(kinds["all"].rank).all()


def test_tiers_group_what_cannot_be_told_apart():
    rank = np.array([2, 1, 3, 4, np.nan])
    low, high = np.array([60, 70, 50, 20, np.nan]), np.array([75, 90, 69, 55, np.nan])
    # 70-90 heads the first tier and 60-75 reaches it; 50-69 does not and heads the second, which 20-55 reaches
    assert form_tiers(rank, low, high).tolist()[:4] == [1, 1, 2, 2]
    assert np.isnan(form_tiers(rank, low, high)[4])
