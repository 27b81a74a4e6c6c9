from datetime import date, timedelta

import numpy as np
import pytest

from scoring.vitality import prepare_vitality

AS_OF = date(2020, 12, 31)


def years_before(years):
    return AS_OF - timedelta(days=1461 * years // 4)  # whole for multiples of 4


def test_vitality_by_hand(corpus_of, work):
    # ages 0, 0, 4, 4 -> freshness 1, 1, 1/5, 1/5; papers mean (1 + 1/5 + 1/5) / 3 = 7/15, patents mean 1
    works = [
        work(AS_OF, "paper", "a"),
        work(AS_OF, "patent", "a"),
        work(years_before(4), "paper", "a b"),
        work(years_before(4), "paper", ""),
    ]
    vitality = prepare_vitality(corpus_of(AS_OF, works, ["a", "b", "none"]))
    values = vitality.at(np.ones((4, 1)))[:, 0]
    # a: ((1 - 7/15) + (1/5 - 7/15) + (1 - 1)) / 3 = (8/15 - 4/15) / 3 = 4/45; b: 1/5 - 7/15 = -4/15
    assert values[:2] == pytest.approx([4 / 45, -4 / 15])
    assert np.isnan(values[2])
    # papers' variance ((8/15)^2 + 2 (4/15)^2) / 3 = 32/225; b has one work: 32/225.
    # a: papers 1 and 1/5 about 3/5: squares 2 x 4/25 = 8/25, and the patents' 0: (8/25 + 32/225) / 3^2 = 104/2025
    assert vitality.variance()[:2] == pytest.approx([104 / 2025, 32 / 225])


def test_a_weight_counts_a_work_so_many_times(corpus_of, work):
    once = [work(AS_OF, "paper", "a"), work(years_before(4), "paper", "a b"), work(years_before(8), "paper", "b")]
    twice = [*once, once[1]]
    weighted = prepare_vitality(corpus_of(AS_OF, once, ["a", "b"])).at(np.array([[1.0], [2.0], [1.0]]))
    repeated = prepare_vitality(corpus_of(AS_OF, twice, ["a", "b"])).at(np.ones((4, 1)))
    assert weighted == pytest.approx(repeated)
