"""Topics of a back-test, the ceiling of its label, and fields that are none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scoring.backtest.agreement import measure_agreement
from scoring.backtest.hygiene import newly_opened
from scoring.backtest.records import Outcome, Trial
from scoring.backtest.topics import WORKS_A_TOPIC, form_topics
from scoring.periods import day_number
from scoring.records import Corpus
from scoring.subsets import keep_works

AS_OF = date(2012, 12, 31)
FIELDS, NAMES_A_FIELD = 4, 5


def _corpus(works: int = 60 * FIELDS, *, days_before: int = 3650) -> Corpus:
    """Works of four fields in turn, each naming two or three technologies of its field and none of another."""
    dice = np.random.default_rng(11)
    table = np.zeros((FIELDS * NAMES_A_FIELD, works))
    for work in range(works):
        named = dice.choice(NAMES_A_FIELD, size=dice.integers(2, 4), replace=False)
        table[(work % FIELDS) * NAMES_A_FIELD + named, work] = 1
    count = len(table)
    return Corpus(
        as_of=AS_OF,
        candidate_ids=tuple(f"T{number:02d}" for number in range(count)),
        names=tuple(f"field{number // NAMES_A_FIELD} name{number}" for number in range(count)),
        words=tuple(frozenset([f"name{number}"]) for number in range(count)),
        work_ids=tuple(f"w{work:05d}" for work in range(works)),
        work_day=(day_number(AS_OF) - np.linspace(days_before, 0, works)).astype(np.int32),
        work_stream=np.zeros(works, dtype=np.int8),
        incidence=csr_matrix(table),
        authors=csr_matrix((works, 0)),
        organisations=csr_matrix((works, 0)),
        codes=csr_matrix((works, 0)),
        cues=csr_matrix((works, 5)),
    )


def test_works_of_one_field_share_a_topic_and_those_of_two_never_do() -> None:
    corpus = _corpus()
    topics, _ = form_topics(corpus, corpus, seed=5)
    assert len(topics.names) == len(corpus.work_ids) // WORKS_A_TOPIC == FIELDS
    field = np.arange(len(corpus.work_ids)) % FIELDS
    members = topics.incidence.toarray()
    assert members.sum(axis=0).tolist() == [1.0] * len(field)
    assert all(len(set(field[row > 0])) == 1 for row in members)
    assert all(len({name.split()[0] for name in label.split(", ")}) == 1 for label in topics.names)


def test_topics_know_nothing_of_what_comes_later() -> None:
    later = replace(_corpus(), as_of=date(2015, 12, 31))
    past = keep_works(_corpus(), np.arange(len(later.work_ids)) < 180)
    alone, _ = form_topics(past, past, seed=5)
    beside, arrived = form_topics(past, later, seed=5)
    assert alone.names == beside.names
    assert (alone.incidence != beside.incidence).nnz == 0
    assert (arrived.incidence[:, :180] != alone.incidence).nnz == 0, "a known work has the same topic when it is looked at later"


@pytest.mark.parametrize("works", [0, 1, WORKS_A_TOPIC, 2 * WORKS_A_TOPIC - 1])
def test_too_few_works_make_no_topic(works: int) -> None:
    past, later = form_topics(_corpus(works), _corpus(works), seed=5)
    assert past.names == later.names == ()
    assert past.incidence.shape == (0, works)


def _trial(label: list[int], echo: list[int] | None) -> Trial:
    grown, size = np.array(label, dtype=bool), len(label)
    share = np.full(size, 0.1)
    second = None if echo is None else np.array(echo, dtype=bool)
    return Trial(AS_OF, 0, np.zeros((12, size)), np.zeros(size), np.arange(size), Outcome(share, share, share, grown), second)


def test_the_ceiling_is_how_far_the_two_halves_agree() -> None:
    trials = [_trial([1, 1, 0, 0], [1, 0, 1, 0]), _trial([1, 0], [1, 0]), _trial([1, 0], None)]
    agreement = measure_agreement(trials, corpus="made", level="topic")
    assert agreement is not None
    assert agreement.csi == pytest.approx(2 / 4)  # both say so of 2, either of 3 + 1
    assert agreement.precision == pytest.approx(2 / 3)
    assert agreement.base_rate == pytest.approx(3 / 6)
    assert measure_agreement([_trial([0, 0], [0, 0])], corpus="made", level="topic") is None


def test_a_code_that_half_of_the_works_bear_is_a_shelf_and_no_new_field() -> None:
    corpus = _corpus(600)
    young = np.flatnonzero(corpus.work_day > day_number(AS_OF) - 700)

    def opened(share: float) -> int:
        codes = np.zeros((600, 2))
        codes[:, 0] = 1
        chosen = young[: int(share * len(young))]
        codes[chosen] = (0, 1)
        return int(newly_opened(replace(corpus, codes=csr_matrix(codes)), AS_OF).sum())

    assert opened(0.5) == 0
    assert opened(0.18) == 0, "under fifty works are no field yet"
    corpus = _corpus(3000)
    young = np.flatnonzero(corpus.work_day > day_number(AS_OF) - 700)
    codes = np.zeros((3000, 2))
    codes[:, 0] = 1
    codes[young[:60]] = (0, 1)
    assert newly_opened(replace(corpus, codes=csr_matrix(codes)), AS_OF).sum() == 60
