from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack, vstack

from scoring.freshness import independence, prepare_freshness

AS_OF = date(2020, 12, 31)
FOUR_YEARS_BEFORE = AS_OF - timedelta(days=1461)  # eight half-lives: 1/256


def values(corpus, ranked):
    return prepare_freshness(corpus, np.array(ranked)).at(np.ones((len(corpus.work_ids), 1)))[:, 0]


def test_a_team_that_publishes_in_series_counts_once(corpus_of, work):
    works = [
        work(FOUR_YEARS_BEFORE, names="a", authors="x y"),
        work(FOUR_YEARS_BEFORE, names="a b", authors="x y"),
        work(AS_OF, names="a", authors="y z"),
        work(AS_OF, names="a"),
    ]
    corpus = corpus_of(AS_OF, works, ["a", "b"])
    # of a's works x wrote 2, y 3, z 1: means (2 + 3) / 2 twice and (3 + 1) / 2; the last has no author; b's one work stands alone
    expected = np.array([[0.4, 0.4, 0.5, 1], [0, 1, 0, 0]])
    assert independence(corpus.incidence, corpus.authors).toarray() == pytest.approx(expected)


def test_freshness_by_hand(corpus_of, work):
    works = [
        work(FOUR_YEARS_BEFORE, names="a", authors="x"),
        work(FOUR_YEARS_BEFORE, names="", authors="y"),
        work(AS_OF, names="a", authors="x"),
        work(AS_OF, names="a b", authors="z"),
    ]
    corpus = corpus_of(AS_OF, works, ["a", "b", "none"])
    # figures 1/256 and 1, so half of 255/256 from the stream's mean; independent works: a 1/2 + 1/2 + 1, b 1; prior 2/8 with a ranked
    away = 255 / 512
    assert values(corpus, [True, False, False])[:2] == pytest.approx([away * (-0.5 + 0.5 + 1) / (2 + 0.25), away / 1.25])
    assert np.isnan(values(corpus, [True, False, False])[2])
    assert values(corpus, [False] * 3)[1] == pytest.approx(away / (1 + 1.5 / 8))  # nobody ranked: the median of 2 and 1


def test_doubling_all_counts_changes_no_value(corpus_of, work):
    works = [work(AS_OF - timedelta(days=90 * n), names="a" if n % 3 else "a b", authors=f"p{n % 4}") for n in range(9)]
    once = corpus_of(AS_OF, works, ["a", "b"])
    others = csr_matrix(once.authors.shape)
    twice = replace(
        once,
        work_ids=(*once.work_ids, *(f"again {name}" for name in once.work_ids)),
        work_day=np.tile(once.work_day, 2),
        work_stream=np.tile(once.work_stream, 2),
        incidence=hstack([once.incidence, once.incidence], format="csr"),
        authors=vstack([hstack([once.authors, others]), hstack([others, once.authors])], format="csr"),
        **{name: vstack([getattr(once, name)] * 2, format="csr") for name in ("organisations", "codes", "cues")},
    )
    assert values(twice, [True, True]) == pytest.approx(values(once, [True, True]))
