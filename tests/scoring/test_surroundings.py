"""Novelty, coherence, convergence and transition by hand."""

import math
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scoring.arrivals import arrival_days
from scoring.coherence import measure_coherence
from scoring.convergence import measure_convergence
from scoring.likeness import jackknife_variance, mean_likeness
from scoring.novelty import make_profiles, measure_novelty
from scoring.profiles import own_terms, weigh_terms
from scoring.records import Readings
from scoring.transition import measure_transition

AS_OF = date(2020, 12, 31)
RECENT, OLD = date(2020, 5, 1), date(2012, 5, 1)


def years_before(years):
    return AS_OF - timedelta(days=1461 * years // 4)  # whole for multiples of 4


def heard(corpus):
    return np.ones(len(corpus.candidate_ids), dtype=bool)


def tenths(corpus):
    return np.arange(len(corpus.work_ids)) % 10


def readings_of(texts, terms):
    table = np.array([[float(term in text.split()) for term in terms] for text in texts])
    return Readings(csr_matrix(table), tuple(frozenset(term.split("_")) for term in terms), csr_matrix((len(texts), 6)))


def test_a_term_weighs_as_rare_as_it_is_and_rare_and_common_ones_nothing():
    texts = ["x y common"] * 3 + ["z common once"] + ["z common"] * 2 + ["wide common"] * 9 + ["common"] * 15
    vectors = weigh_terms(readings_of(texts, ["common", "once", "wide", "x", "y", "z"])).toarray()
    assert vectors[0] == pytest.approx([0, 0, 0, math.sqrt(0.5), math.sqrt(0.5), 0])  # both of three works of thirty
    assert vectors[3] == pytest.approx([0, 0, 0, 0, 0, 1])
    assert vectors[6].tolist() == vectors[29].tolist() == [0] * 6


def test_terms_that_share_a_word_with_the_name_are_its_own(corpus_of, work):
    corpus = corpus_of(AS_OF, [work(RECENT, "paper", "a b")], ["a", "b"], {"a": "deep learning", "b": "solar cell"})
    own = own_terms(corpus, readings_of([""], ["deep_network", "cell", "anode"]))
    assert own.toarray().tolist() == [[1, 0, 0], [0, 1, 0]]


def test_mean_likeness_is_the_mean_over_all_pairs():
    generator = np.random.default_rng(3)
    vectors, kernel = generator.random((14, 4)), np.eye(4) + 0.3
    incidence = np.ones((2, 14))
    incidence[1, 4:] = 0  # four works: too few
    tenth = np.arange(14) % 10
    alike = mean_likeness(csr_matrix(incidence), csr_matrix(vectors), tenth, kernel=csr_matrix(kernel))

    def by_hand(places):
        return np.mean([vectors[i] @ kernel @ vectors[j] for i in places for j in places if i != j])

    assert alike.mean[0] == pytest.approx(by_hand(range(14)))
    assert np.isnan(alike.mean[1])
    assert alike.without[:, 0] == pytest.approx([by_hand([i for i in range(14) if i % 10 != group]) for group in range(10)])
    assert jackknife_variance(np.array([[1.0], [3.0]])) == pytest.approx([1.0])  # 1/2 of (1 + 1)


def test_coherence_is_likeness_above_that_of_any_two_works_of_the_same_streams(corpus_of, work):
    works = [work(RECENT, "paper", "a")] * 6 + [work(RECENT, "paper", "")] * 6 + [work(RECENT, "patent", "b")] * 6
    corpus = corpus_of(AS_OF, works, ["a", "b"])
    vectors = np.zeros((18, 3))
    vectors[:6, 0], vectors[6:12, 1], vectors[12:, 2] = 1, 1, 1
    value, variance = measure_coherence(corpus, csr_matrix(vectors), csr_matrix((2, 3)), heard(corpus), tenths(corpus))
    # a: its pairs are all alike, of the 66 pairs of papers 30; the patents are all alike, so b is no more coherent than they are
    assert value == pytest.approx([1 - 30 / 66, 0])
    assert variance == pytest.approx([0, 0])
    own = csr_matrix(np.array([[1.0, 0, 0], [0, 0, 0]]))
    # without its own term nothing is left of a's likeness, and of papers only the other six are alike
    assert measure_coherence(corpus, csr_matrix(vectors), own, heard(corpus), tenths(corpus))[0][0] == pytest.approx(-15 / 66)


def test_convergence_by_hand(corpus_of, work):
    older = date(2016, 5, 1)
    works = [work(older, "paper", "a b", codes="C1")] * 6 + [work(RECENT, "paper", "a", codes="C1")] * 3
    works += [work(RECENT, "paper", "a", codes="C2")] * 3 + [work(RECENT, "paper", "b", codes="C1")] * 6
    works += [work(RECENT, "paper", "c", codes="C1")] * 5 + [work(OLD, "paper", "c", codes="C2")] * 9
    corpus = corpus_of(AS_OF, works, ["a", "b", "c"])
    value, variance = measure_convergence(corpus, corpus.codes, heard(corpus), tenths(corpus))
    # a: before, every pair is of one code; now 9 of its 15 pairs are of two codes that no work joins: distance 1
    assert value[:2] == pytest.approx([9 / 15, 0])
    assert np.isnan(value[2])  # its old works lie before the window
    assert variance[0] > 0
    assert variance[1] == pytest.approx(0)
    joined = corpus_of(AS_OF, [*works, *[work(OLD, "paper", "", codes="C1 C2")] * 20], ["a", "b", "c"])
    assert 0 < measure_convergence(joined, joined.codes, heard(joined), tenths(joined))[0][0] < 9 / 15  # codes that stand together are near


def test_novelty_by_hand(corpus_of, work):
    old, born = years_before(8), years_before(4)
    works = [work(old, "paper", "solar")] * 10 + [work(born, "paper", "near")] * 3 + [work(born, "paper", "far")] * 3
    works += [work(RECENT, "paper", "lone")] * 2 + [work(old, "paper", "")] * 80
    corpus = corpus_of(AS_OF, works, ["solar", "near", "far", "lone"])
    terms = ["film", "cell", "layer", "anode", "salt", "ion"]
    text_of = {"solar": "film cell layer", "near": "film cell layer", "far": "anode salt ion", "lone": "anode salt ion"}
    named = corpus.incidence.T.toarray()
    texts = [" ".join(text_of[corpus.candidate_ids[c]] for c in np.flatnonzero(row)) for row in named]
    readings = readings_of(texts, terms)
    value, variance = measure_novelty(corpus, weigh_terms(readings), own_terms(corpus, readings), heard(corpus))
    # near speaks as solar did, solar was there itself, far is unlike it and four years old, lone has no third work
    assert value[:3] == pytest.approx([0, 0, math.exp(-4 / 5)], abs=1e-9)
    assert variance[2] == pytest.approx(math.exp(-8 / 5) / 2)  # three terms, cosine 0
    assert np.isnan(value[3])
    young = corpus_of(AS_OF, [work(RECENT, "paper", "near")] * 5, ["near"])
    bare = readings_of(["film cell layer"] * 5, terms)
    assert np.isnan(measure_novelty(young, weigh_terms(bare), own_terms(young, bare), heard(young))[0]).all()


def test_a_profile_keeps_the_strongest_terms_and_of_equals_the_first():
    strength = np.concatenate([np.full(60, 0.1), np.full(60, 0.2)])
    profile = make_profiles(csr_matrix([[1.0]]), csr_matrix(strength[None, :]), csr_matrix((1, 120)))
    assert sorted(profile.indices.tolist()) == [*range(40), *range(60, 120)]
    assert profile.multiply(profile).sum() == pytest.approx(1)


def test_the_third_work_by_day_in_any_order():
    days = np.array([30.0, 10.0, 20.0, 40.0])
    assert arrival_days(csr_matrix([[1, 1, 1, 1], [1, 0, 1, 0]]), days, 3)[0] == 30
    assert np.isnan(arrival_days(csr_matrix([[1, 1, 1, 1], [1, 0, 1, 0]]), days, 3)[1])
    assert arrival_days(csr_matrix([[1, 1, 1, 1], [1, 0, 1, 0]]), days, 1).tolist() == [10, 20]


def test_transition_by_hand(corpus_of, work):
    def three(years, stream, name):
        return [work(years_before(years), stream, name)] * 3

    works = [*three(12, "paper", "a"), *three(8, "patent", "a"), *three(4, "news", "a")]
    works += [*three(8, "news", "b"), *three(4, "paper", "b")]
    works += [*three(8, "grant", "c"), work(years_before(8), "patent", "c"), *[work(years_before(4), "patent", "c")] * 2]
    corpus = corpus_of(AS_OF, works, ["a", "b", "c"])
    value, variance = measure_transition(corpus)
    # a made both steps, 8 and 4 years ago; b was talked about first; c reached patents 4 years ago, 4 years after its first one
    assert value == pytest.approx([math.exp(-8 / 5) + math.exp(-4 / 5), 0, math.exp(-4 / 5)])
    assert variance == pytest.approx([0, 0, (math.exp(-4 / 5) / 5 * 4) ** 2 / 3])
    alone = corpus_of(AS_OF, three(4, "paper", "a"), ["a"])
    assert np.isnan(measure_transition(alone)[0]).all()
