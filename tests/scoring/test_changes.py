from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from scoring.alerts import cool_down, find_alerts
from scoring.changes import compare
from scoring.explain import explain
from scoring.ranking import judge
from scoring.records import Alert


def until(corpus, as_of):
    """The same corpus as it stood on an earlier day."""
    kept = np.flatnonzero(corpus.work_day <= (as_of - date(1970, 1, 1)).days)
    rows = {field: getattr(corpus, field)[kept] for field in ("authors", "organisations", "codes", "cues")}
    days = {field: getattr(corpus, field)[kept] for field in ("work_day", "work_stream")}
    ids = tuple(corpus.work_ids[index] for index in kept)
    return replace(corpus, as_of=as_of, work_ids=ids, incidence=corpus.incidence[:, kept], **rows, **days)


@pytest.fixture(scope="module")
def now(small_world, published):
    return judge(small_world, published, draws=20)


@pytest.fixture(scope="module")
def before(small_world, published):
    return judge(until(small_world, date(2015, 12, 31)), published, draws=20)


def test_explanation_adds_up_and_states_the_shares(now):
    index = now.candidate_ids.index("riser")
    parts = explain(now, "riser")
    assert sum(part.points for part in parts) == pytest.approx(now.score[index], abs=1e-9)
    # The world has no codes: the share of what is missing is spread over the rest.
    assert {part.component: part.share for part in parts if part.share} == pytest.approx({"freshness": 1.0})
    assert {part.points for part in explain(now, "hype")} == {None}
    with pytest.raises(LookupError, match="nobody was not judged as of 2019-12-31"):
        explain(now, "nobody")


def test_changes_add_up_and_say_why(before, now):
    changes = {change.candidate_id: change for change in compare(before, now)}
    assert changes["riser"].change == "new"
    assert changes["fader"].change == "down"
    for change in changes.values():
        if change.score_change is not None:
            assert sum(points for _, points in change.parts) == pytest.approx(change.score_change, abs=1e-9)
            assert f"score {change.score_change:+.1f}" in change.sentence
    assert "hype" not in changes  # ranked in neither
    gone = {change.candidate_id: change for change in compare(now, before)}["riser"]
    assert (gone.change, gone.rank_after) == ("gone", None)
    assert "of the 10 works needed in two years" in gone.sentence


def test_nothing_changes_between_equal_judgements(now, small_world):
    changes = compare(now, now)
    assert {change.change for change in changes} == {"same"}
    assert changes[0].sentence == "stayed at 1: score +0.0, no part of it moved"
    assert [change.rank_after for change in changes] == sorted(change.rank_after for change in changes)
    assert find_alerts(now, now, small_world) == ()


def test_alerts_between_two_judgements(before, now, small_world):
    alerts = {(alert.candidate_id, alert.alert): alert.detail for alert in find_alerts(before, now, small_world)}
    assert "was not ranked before" in alerts["riser", "entered top 20"]
    assert alerts["lonely", "one organisation dominates"].startswith("one organisation stands behind 100% of the")
    assert "recent works are news" in alerts["hype", "hype without substance"]
    assert not any(kind == "hype without substance" for name, kind in alerts if name != "hype")


def test_a_sure_change_of_stage_is_an_alert_and_a_wavering_one_is_not(now, small_world):
    index = now.candidate_ids.index("riser")
    former = replace(now, stage=tuple("mature" if i == index else stage for i, stage in enumerate(now.stage)))
    (alert,) = find_alerts(former, now, small_world)
    assert (alert.candidate_id, alert.alert) == ("riser", "stage changed")
    assert alert.detail.startswith(f"moved from mature to {now.stage[index]}")
    flat = replace(now, stage_probability=np.full_like(now.stage_probability, 0.2))
    assert find_alerts(former, flat, small_world) == ()
    assert find_alerts(replace(former, stage_probability=flat.stage_probability), now, small_world) == ()


def test_a_place_among_the_first_that_few_draws_give_is_no_alert(before, now, small_world):
    chance = replace(now, top20_share=np.where(now.is_ranked, 0.4, now.top20_share))
    assert "entered top 20" not in {alert.alert for alert in find_alerts(before, chance, small_world)}


def test_alerts_refuse_judgements_that_do_not_belong_together(before, now, small_world):
    with pytest.raises(ValueError, match="is later than the other"):
        find_alerts(now, before, small_world)
    with pytest.raises(ValueError, match="not the one that was judged as of 2015-12-31"):
        find_alerts(before, before, small_world)


def test_a_doubled_rate_is_a_burst_once(corpus_of, work, published):
    works = [work(date(2016 + n // 12, n % 12 + 1, 3), "paper", "a" if n % 4 == 0 else "") for n in range(48) for _ in range(20)]
    works += [work(date(2020, n // 2 + 1, 3), "paper", "a" if n % 4 == 0 else "") for n in range(18) for _ in range(10)]
    works += [work(date(2020, month, day), "paper", "a") for month in (10, 11, 12) for day in range(1, 25)]
    corpus = corpus_of(date(2020, 12, 31), works, ["a"])
    now, before = judge(corpus, published, draws=2), judge(until(corpus, date(2020, 9, 1)), published, draws=2)
    (alert,) = [alert for alert in find_alerts(before, now, corpus) if alert.alert == "burst"]
    assert alert.detail.startswith("72 works in the last three months")
    late = judge(until(corpus, date(2020, 12, 24)), published, draws=2)
    assert not [alert for alert in find_alerts(late, now, corpus) if alert.alert == "burst"]


def test_an_organisation_that_falls_silent_is_told(corpus_of, work, published):
    def month(n, organisation):
        return work(date(2019 + n // 12, n % 12 + 1, 5), "paper", "a", organisations=organisation)

    works = [month(n, "leader") for n in range(11)] + [month(n, f"o{n % 5}") for n in range(24) for _ in range(2)]
    corpus = corpus_of(date(2020, 12, 31), works, ["a"])
    now, before = judge(corpus, published, draws=2), judge(until(corpus, date(2020, 10, 31)), published, draws=2)
    (alert,) = [alert for alert in find_alerts(before, now, corpus) if alert.alert == "one organisation left"]
    # of 2019: 11 works of the leader and 24 of the others; of 2020: 24 without it
    assert alert.detail.startswith("one organisation stood behind 11 of 35 works of the year before and behind none of the 24")


def test_an_alert_is_raised_once_in_four_weeks():
    def alert(candidate, kind):
        return Alert(candidate, date(2020, 12, 31), kind, "")

    found = [alert("a", "burst"), alert("b", "burst"), alert("a", "stage changed"), alert("c", "burst")]
    raised = [
        ("a", "burst", date(2020, 12, 4)),
        ("b", "burst", date(2020, 12, 3)),
        ("c", "burst", date(2020, 12, 31)),  # the same night judged again
        ("b", "burst", date(2021, 1, 5)),
    ]
    kept = [(each.candidate_id, each.alert) for each in cool_down(found, raised)]
    assert kept == [("b", "burst"), ("a", "stage changed"), ("c", "burst")]
