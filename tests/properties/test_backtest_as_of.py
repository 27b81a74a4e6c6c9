"""The law of as-of for the back-test: what a trial scores and measures depends on no later work and on no order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from scoring.backtest.hygiene import newly_opened
from scoring.backtest.methods import METHODS, find_eligible, score_methods
from scoring.backtest.splits import halve
from scoring.backtest.targets import measure_outcome
from scoring.periods import day_number
from scoring.records import Corpus, Floats, Weights
from scoring.subsets import keep_works
from scoring.uploads import bulk_uploads

CUTOFF = date(2012, 12, 31)
ENDS_ON = date(2015, 12, 31)
CANDIDATES = 6
WEIGHTS = Weights("test", {"freshness": 5 / 6, "code_growth": 1 / 6})


@st.composite
def corpora(draw: st.DrawFn) -> Corpus:
    """Works from six years before the cut-off to five after it, in the order of their ids and not of their days."""
    count = draw(st.integers(150, 260))
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    offsets = dice.integers(-6 * 365, 5 * 365, count)

    def table(width: int, share: float) -> csr_matrix:
        return csr_matrix((dice.random((count, width)) < share).astype(np.float64))

    return Corpus(
        as_of=CUTOFF + timedelta(days=5 * 365),
        candidate_ids=tuple(f"T{number}" for number in range(CANDIDATES)),
        names=tuple(f"t{number}" for number in range(CANDIDATES)),
        words=tuple(frozenset([f"t{number}"]) for number in range(CANDIDATES)),
        work_ids=tuple(f"w{number}" for number in range(count)),
        work_day=(offsets + day_number(CUTOFF)).astype(np.int32),
        work_stream=np.zeros(count, dtype=np.int8),
        incidence=table(CANDIDATES, 0.3).T.tocsr(),
        authors=table(20, 0.1),
        organisations=table(0, 0.0),
        codes=table(3, 0.4),
        cues=csr_matrix((count, 5)),
    )


def _known_at(corpus: Corpus, as_of: date) -> Corpus:
    return replace(keep_works(corpus, np.asarray(corpus.work_day <= day_number(as_of))), as_of=as_of)


def _score(corpus: Corpus) -> Floats:
    past = _known_at(corpus, CUTOFF)
    past = keep_works(past, ~(bulk_uploads(past) | newly_opened(past, CUTOFF)))
    half = keep_works(past, halve(past.work_ids, 1, seed=3)[:, 0])
    everyone = np.ones(CANDIDATES, dtype=bool)
    assert find_eligible(half).shape == everyone.shape
    return score_methods(half, WEIGHTS, everyone, seed=3, split=0)


@settings(max_examples=12, deadline=None)
@given(corpora())
def test_scores_know_no_later_work_and_no_order(corpus: Corpus) -> None:
    scores = _score(corpus)
    assert scores.shape == (len(METHODS), CANDIDATES)
    assert scores == pytest.approx(_score(_known_at(corpus, CUTOFF)), nan_ok=True)
    assert scores == pytest.approx(_score(_shuffled(corpus)), nan_ok=True)


@settings(max_examples=25, deadline=None)
@given(corpora())
def test_outcomes_end_with_their_horizon_and_know_no_order(corpus: Corpus) -> None:
    whole, cut = (measure_outcome(some, CUTOFF, ENDS_ON) for some in (corpus, _known_at(corpus, ENDS_ON)))
    shuffled = measure_outcome(_shuffled(corpus), CUTOFF, ENDS_ON)
    assert whole is not None
    assert cut is not None
    assert shuffled is not None
    for field in ("future", "recent", "expected", "has_grown"):
        assert getattr(whole, field) == pytest.approx(getattr(cut, field), nan_ok=True), field
        assert getattr(whole, field) == pytest.approx(getattr(shuffled, field), nan_ok=True), field


def _shuffled(corpus: Corpus) -> Corpus:
    order = np.random.default_rng(1).permutation(len(corpus.work_ids))
    return replace(
        corpus,
        work_ids=tuple(corpus.work_ids[place] for place in order.tolist()),
        work_day=corpus.work_day[order],
        work_stream=corpus.work_stream[order],
        incidence=corpus.incidence[:, order],
        authors=corpus.authors[order],
        organisations=corpus.organisations[order],
        codes=corpus.codes[order],
        cues=corpus.cues[order],
    )
