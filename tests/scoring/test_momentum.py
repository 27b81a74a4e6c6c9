from datetime import date

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scoring.momentum import author_entrants, code_growth, momentum_without, neighbours, prepare_momentum
from scoring.vitality import prepare_vitality

AS_OF = date(2020, 12, 31)
RECENT, OLD = date(2020, 5, 1), date(2015, 5, 1)


def test_neighbours_by_hand(corpus_of, work):
    works = [
        work(RECENT, "paper", "a b c"),
        work(RECENT, "paper", "a b d"),
        work(RECENT, "paper", "a d"),
        work(RECENT, "paper", "b"),
        work(OLD, "paper", "a c"),
    ]
    words = {"a": "solid battery", "d": "battery", "b": "anode", "c": "anode2"}
    near = neighbours(corpus_of(AS_OF, works, ["a", "b", "c", "d"], words)).toarray()
    expected = np.zeros((4, 4))
    # a and b share two of three each; a and d share a word, a and c only one recent work
    expected[0, 1] = expected[1, 0] = 2 / 3
    assert near == pytest.approx(expected)


def test_entrants_of_a_work_by_hand(corpus_of, work):
    works = [
        work(OLD, "paper", "a", authors="old"),
        work(RECENT, "paper", "a", authors="old new"),
        work(RECENT, "paper", "b", authors="new"),
        work(RECENT, "news", "a"),
        work(RECENT, "patent", "b", authors="old"),
    ]
    entrants = author_entrants(corpus_of(AS_OF, works, ["a", "b"]))
    # recent papers: 1/2 and 1, mean 3/4; a: -1/4; b: (1/4 + 0) / 2, its patent being all of the stream; the news has none
    assert entrants.at(np.ones((5, 1)))[:, 0] == pytest.approx([-1 / 4, 1 / 8])


def test_code_growth_follows_the_codes_of_the_own_works(corpus_of, work):
    works = [work(OLD, "patent", "", codes="C1")] * 9 + [work(OLD, "patent", "", codes="C2")]
    works += [work(RECENT, "patent", "b", codes="C1")] + [work(RECENT, "patent", "a", codes="C2")] * 9
    growth = code_growth(corpus_of(AS_OF, works, ["a", "b"])).at(np.ones((20, 1)))[:, 0]
    # psi(9.5) - psi(1.5) = 2.1979 - .0365 = 2.1614 for C2, the same falling for C1; stream mean .8 x 2.1614
    assert growth == pytest.approx([2.1614 * 0.2, -2.1614 * 1.8], abs=2e-3)


def field(authors):
    """Six groups of a candidate and its neighbour; group g's neighbour has g newcomers among six authors."""
    return [
        (
            RECENT,
            f"own{group} near{group}",
            " ".join(f"{'new' if n < group else 'old'}{group}{n}" for n in range(6)) if authors else "",
        )
        for group in range(6)
        for _ in range(3)
    ]


def momentum_of(corpus):
    everyone = np.ones(len(corpus.candidate_ids), dtype=bool)
    return prepare_momentum(corpus, prepare_vitality(corpus), everyone)


def test_neighbour_entrants_order_the_candidates_and_are_a_robust_z(corpus_of, work):
    groups = range(6)
    works = [work(day, "paper", names, authors) for day, names, authors in field(authors=True)]
    works += [work(OLD, "paper", "", authors=" ".join(f"old{g}{n}" for g in groups for n in range(6)))]
    names = [f"own{g}" for g in groups] + [f"near{g}" for g in groups] + ["alone"]
    momentum = momentum_of(corpus_of(AS_OF, works, names)).at(np.ones((19, 1)))[:, 0]
    # shares 0, 1/6 .. 5/6: median 5/12, MAD 3/12, so z runs from -5/3 to +5/3 over 1.4826
    assert momentum[:6] == pytest.approx(np.array([-5, -3, -1, 1, 3, 5]) / 3 / 1.4826)
    assert np.isnan(momentum[12])  # no neighbour, no codes


def test_without_authors_the_own_codes_speak_and_without_codes_the_neighbours_vitality(corpus_of, work):
    works = [work(RECENT, "patent", "a x", codes="C1"), work(RECENT, "patent", "a x", codes="C1")]
    works += [work(RECENT, "patent", "b y")] * 2 + [work(OLD, "patent", "c z x", codes="C2")] * 2
    works += [work(date(2019, 5, 1), "patent", "c z")] * 2
    corpus = corpus_of(AS_OF, works, ["a", "b", "c", "x", "y", "z"])
    bases = momentum_of(corpus).bases
    assert [basis.rows.tolist() for basis in bases] == [[0, 3], [1, 2, 4, 5]]
    momentum = momentum_of(corpus).at(np.ones((8, 1)))[:, 0]
    assert momentum[1] > momentum[2]  # y is younger than z


@pytest.mark.parametrize(("known", "basis"), [(2, "entrants"), (1, "vitality")])
def test_a_basis_that_knows_less_than_half_of_the_neighbourhood_does_not_speak(known, basis, corpus_of, work):
    # four equally near neighbours, of which `known` have authors
    works = [work(RECENT, "paper", f"a near{number}", authors="someone" if number < known else "") for number in range(4) for _ in range(2)]
    corpus = corpus_of(AS_OF, works, ["a", "near0", "near1", "near2", "near3"])
    vitality = prepare_vitality(corpus)
    bases = prepare_momentum(corpus, vitality, np.ones(5, dtype=bool)).bases
    (spoken,) = [each.excess for each in bases if 0 in each.rows]
    assert ("vitality" if spoken is vitality else "entrants") == basis


def test_without_some_works_a_candidate_has_the_neighbours_of_the_rest_and_the_others_keep_theirs(corpus_of, work):
    def pair(names, authors):
        return [work(RECENT, "paper", names, authors)] * 3

    works = [*pair("a near", "new1"), *pair("a far", "old1"), *pair("b far", "old1"), *pair("c near", "new1")]
    works += [work(OLD, "paper", "", authors="old1")]
    corpus = corpus_of(AS_OF, works, ["a", "b", "c", "far", "near"])
    vitality, everyone = prepare_vitality(corpus), np.ones(5, dtype=bool)
    before = prepare_momentum(corpus, vitality, everyone).at(np.ones((13, 1)))[:, 0]
    table = corpus.incidence.toarray()
    near_works = table[0] * table[4] > 0
    table[0, near_works] = 0
    rows = np.array([0, 2])
    (without,) = momentum_without(corpus, vitality, everyone, [(rows, csr_matrix(table[rows]))])
    # without the works it shares with `near`, `a` has the one neighbour of `b`; `c` lost nothing
    assert before[1] < before[0] < before[2]
    assert without == pytest.approx([before[1], before[2]])
