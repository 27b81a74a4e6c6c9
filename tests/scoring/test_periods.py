from datetime import date

import numpy as np
import pytest

from scoring.periods import ages, count_works, day_number, last_complete_period, recent_mask


@pytest.mark.parametrize(
    ("as_of", "complete"),
    [
        (date(2012, 12, 31), date(2012, 10, 1)),  # the last day of a quarter completes it
        (date(2012, 12, 30), date(2012, 7, 1)),
        (date(2013, 1, 1), date(2012, 10, 1)),
        (date(1969, 12, 31), date(1969, 10, 1)),
    ],
)
def test_the_last_complete_quarter_has_wholly_passed(as_of, complete):
    assert last_complete_period(as_of, "quarter") == (complete.year - 1970) * 4 + (complete.month - 1) // 3


def test_quarterly_counts_by_hand(corpus_of, work):
    works = [
        work(date(2020, 1, 1), "paper", "a b"),
        work(date(2020, 3, 31), "paper", "a"),
        work(date(2020, 4, 1), "patent", "a"),
        work(date(2020, 8, 2), "paper", "b"),
        work(date(2020, 8, 2), "paper", ""),
    ]
    counts = count_works(corpus_of(date(2020, 8, 2), works, ["a", "b"]))
    # Q1 2 papers, Q2 1 patent, Q3 (running) 2 papers of which one names b
    assert counts.works[0].tolist() == [[2, 0, 0], [1, 0, 1]]
    assert counts.works[1].tolist() == [[0, 1, 0], [0, 0, 0]]
    assert counts.stream_works.tolist() == [[2, 0, 2], [0, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert (counts.complete, counts.recent, counts.baseline) == (2, slice(0, 2), slice(0, 0))


def test_monthly_counts_hold_the_same_works(small_world):
    months, quarters = count_works(small_world, "month"), count_works(small_world)
    assert months.works.sum() == quarters.works.sum() == small_world.incidence.nnz
    assert months.works[:, :, :3].sum(axis=2).tolist() == quarters.works[:, :, 0].tolist()


def test_recent_and_baseline_windows_lie_behind_the_running_quarter(corpus_of, work):
    corpus = corpus_of(date(2020, 2, 1), [work(date(2010, 1, 1), "paper", "a"), work(date(2020, 2, 1), "paper", "a")], ["a"])
    counts = count_works(corpus)
    # 40 quarters 2010-2019 are complete, 8 recent from 2018 on, 20 before them
    assert counts.works.shape[2] == 41
    assert counts.recent == slice(32, 40)
    assert counts.baseline == slice(12, 32)


def test_age_counts_from_the_as_of_day_and_two_years_are_recent():
    as_of = date(2012, 12, 31)
    days = np.array([day_number(as_of), day_number(date(2010, 12, 31))], dtype=np.int32)
    assert ages(days, as_of).tolist() == [0, 731 / 365.25]
    assert recent_mask(days, as_of).tolist() == [True, False]
    assert recent_mask(days, date(2011, 6, 1)).tolist() == [False, True]  # what came later is not recent
