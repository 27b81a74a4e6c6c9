"""Halves, hygiene and outcomes, on corpora that can be counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from scoring.backtest.hygiene import newly_opened
from scoring.backtest.splits import count_periods, halve
from scoring.backtest.targets import measure_outcome
from scoring.records import Corpus
from scoring.subsets import keep_works
from scoring.uploads import bulk_uploads

CUTOFF = date(2010, 12, 31)
Build = Callable[..., Corpus]


def test_a_work_keeps_its_side_whatever_is_read_with_it() -> None:
    alone = halve(["a"], 40, seed=3)
    together = halve(["b", "a", "c"], 40, seed=3)
    assert (alone[0] == together[1]).all()
    assert 5 < alone.sum() < 35
    assert (halve(["a"], 40, seed=4) != alone).any()


def test_periods_are_counted_back_from_the_cut_off(corpus_of: Build, work: type) -> None:
    corpus = corpus_of(
        CUTOFF, [work(CUTOFF, names="x"), work(date(2010, 1, 3), names="x"), work(date(2009, 12, 1)), work(date(1990, 1, 1))], ["x"]
    )
    series = count_periods(corpus, 3)
    assert series.counts.tolist() == [[0, 0, 2]]
    assert series.totals.tolist() == [0, 1, 2]
    assert count_periods(corpus, 1, "quarter").counts.tolist() == [[1, 0, 0, 1]]


def test_an_outcome_by_hand(corpus_of: Build, work: type) -> None:
    before, after = date(2009, 6, 1), date(2012, 6, 1)
    works = [work(before, names="x", codes="a")] * 2 + [work(before, codes="b")] * 2
    works += [work(after, names="x", codes="a")] * 3 + [work(after, codes="b")]
    later = corpus_of(date(2013, 12, 31), works, ["x"])
    outcome = measure_outcome(later, CUTOFF, date(2013, 12, 31))
    assert outcome is not None
    assert outcome.recent[0] == 0.5
    assert outcome.future[0] == 0.75
    assert outcome.expected[0] == pytest.approx(0.75), "its code rose from a half to three quarters, so nothing is left for itself"
    assert outcome.has_grown is not None
    assert not outcome.has_grown[0], "fewer than five works"


def test_a_horizon_that_ends_early_has_no_label_and_then_no_outcome(corpus_of: Build, work: type) -> None:
    later = corpus_of(date(2013, 12, 31), [work(date(2010, 6, 1), names="x"), work(date(2011, 6, 1), names="x")], ["x"])
    outcome = measure_outcome(later, CUTOFF, date(2012, 12, 31))
    assert outcome is not None
    assert outcome.has_grown is None
    assert measure_outcome(later, CUTOFF, date(2012, 6, 30)) is None


def test_a_day_of_a_field_far_above_its_mean_is_a_bulk_upload(corpus_of: Build, work: type) -> None:
    quiet = [work(date(2010, 1, 1) + timedelta(days=day), codes="a") for day in range(20)]
    heap = [work(date(2010, 3, 1), codes="a")] * 30
    corpus = corpus_of(CUTOFF, quiet + heap + [work(date(2010, 3, 1), codes="b")], [])
    assert bulk_uploads(corpus).sum() == 30
    # A field whose every day is a heap (a yearly conference) has no other days to stand out from.
    yearly = [one for year in range(2005, 2011) for one in [work(date(year, 5, 31), codes="a")] * 40]
    assert not bulk_uploads(corpus_of(CUTOFF, yearly, [])).any()


def test_what_comes_later_makes_no_earlier_day_a_bulk_upload(corpus_of: Build, work: type) -> None:
    works = [work(date(2010, 1, 1) + timedelta(days=day % 25), codes="a") for day in range(60)] + [work(date(2010, 2, 1), codes="a")] * 40
    known = corpus_of(CUTOFF, works, [])
    more = corpus_of(date(2012, 12, 31), works + [work(date(2011, 5, 5), codes="a")] * 500, [])
    assert bulk_uploads(known).tolist() == bulk_uploads(more)[: len(works)].tolist()


def test_a_field_that_opens_is_left_out_where_the_corpus_is_older(corpus_of: Build, work: type) -> None:
    old = [work(date(2004, 1, 1), codes="a")] * 60
    fresh = [work(date(2010, 6, 1), codes="new")] * 55 + [work(date(2010, 6, 1), codes="new a")]
    busy = [work(date(2010, 3, 1), codes="a")] * 300
    corpus = corpus_of(CUTOFF, old + busy + fresh, [])
    assert newly_opened(corpus, CUTOFF).sum() == 55, "a work that also stands in an old field stays"
    assert not newly_opened(keep_works(corpus, np.asarray(corpus.work_day > 14000)), CUTOFF).any()
    # What opened and holds more than a fifth of all that came since is the way a source files its works, not a field.
    assert not newly_opened(corpus_of(CUTOFF, old + fresh, []), CUTOFF).any()
