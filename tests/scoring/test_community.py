from datetime import date

import numpy as np
import pytest

from scoring.community import measure_community, measure_entrants, recent_organisations
from scoring.periods import count_works
from scoring.persistence import measure_persistence

AS_OF = date(2020, 12, 31)


@pytest.fixture
def corpus(corpus_of, work):
    recent, old = date(2020, 5, 1), date(2015, 5, 1)
    works = [
        work(recent, "paper", "a", organisations="x y"),
        work(recent, "paper", "a", organisations="x z"),
        work(recent, "paper", "a b", organisations=""),
        work(old, "paper", "a", organisations="x w"),
        work(old, "paper", "c", organisations="y"),
    ]
    return corpus_of(AS_OF, works, ["a", "b", "c"])


def test_effective_organisations_by_hand(corpus):
    # shares 1/2, 1/4, 1/4: entropy 1.5 ln 2, corrected by (3 - 1) / (2 x 4)
    value, variance = measure_community(corpus)
    assert value[0] == pytest.approx(1.5 * np.log(2) + 0.25)
    # (sum p ln^2 p - H^2) / n = (ln^2 2 (1/2 + 2) - 2.25 ln^2 2) / 4
    assert variance[0] == pytest.approx(0.25 * np.log(2) ** 2 / 4)
    assert np.isnan(value[1:]).all()  # unknown, or not recent


def test_entrants_are_new_to_the_candidate_not_to_the_corpus(corpus):
    # recent pairs x x y z; x had named a before, y only c: 2 of 4, Beta(3, 3)
    value, variance = measure_entrants(corpus)
    assert value[0] == pytest.approx(1 / 2)
    assert variance[0] == pytest.approx(9 / (36 * 7))
    assert np.isnan(value[1])


def test_recent_organisations(corpus):
    now = recent_organisations(corpus, AS_OF)
    assert now.count.tolist() == [3, 0, 0]
    assert now.named_works.tolist() == [2, 0, 0]
    assert now.leading_share[0] == 1  # x signs both
    then = recent_organisations(corpus, date(2016, 1, 1))
    assert then.count.tolist() == [2, 0, 1]


def test_persistence_by_hand(corpus_of, work):
    # six of the last eight quarters: Beta(7, 3); the running quarter does not count
    works = [work(date(2018 + n // 4, 3 * (n % 4) + 2, 1), "paper", "a") for n in range(6)]
    corpus = corpus_of(date(2020, 2, 10), [*works, work(date(2020, 2, 1), "paper", "a")], ["a"])
    value, variance = measure_persistence(count_works(corpus))
    assert value[0] == pytest.approx(0.7)
    assert variance[0] == pytest.approx(21 / 1100)
