from datetime import date

import pytest

from scoring.evidence import weigh_evidence
from scoring.periods import count_works

AS_OF = date(2020, 12, 31)
QUARTERS = [date(2019, 2, 1), date(2019, 8, 1), date(2020, 2, 1), date(2020, 8, 1)]


def spread(work, count, stream="paper", name="a", days=QUARTERS, organisations=("",)):
    return [work(days[n % len(days)], stream, name, organisations=organisations[n % len(organisations)]) for n in range(count)]


CASES = {
    "enough": (lambda w: spread(w, 10), True, False, ""),
    "nine works": (lambda w: spread(w, 9), False, True, "9 of the 10 works needed in two years"),
    "two works": (lambda w: spread(w, 2), False, False, "2 of the 10 works"),
    "mostly old": (
        lambda w: spread(w, 5) + spread(w, 5, days=[date(2015, 1, 1)]),
        False,
        False,
        "5 of the 10 works",
    ),
    "news only": (
        lambda w: spread(w, 30, "news") + spread(w, 4),
        False,
        True,
        "news only: 4 of the 5 recent works needed in papers, in patents or in grants",
    ),
    "substance beside much news": (lambda w: spread(w, 30, "news") + spread(w, 5), True, False, ""),
    "thin on every stream": (
        lambda w: spread(w, 4) + spread(w, 4, "patent") + spread(w, 3, "news"),
        False,
        True,
        "4 of the 5 recent works",
    ),
    "two organisations": (
        lambda w: spread(w, 12, organisations=("x", "y", "x")),
        False,
        True,
        "2 of the 3 organisations needed, behind 12 works",
    ),
    "one organisation and bystanders": (
        lambda w: spread(w, 12, organisations=("x",) * 10 + ("y", "z")),
        False,
        True,
        "one organisation stands behind 83% of 12 works",
    ),
    "three organisations": (lambda w: spread(w, 12, organisations=("x", "y", "z")), True, False, ""),
    "organisations hardly known": (lambda w: spread(w, 15) + spread(w, 5, organisations=("x",)), True, False, ""),
    "one burst": (
        lambda w: spread(w, 12, days=QUARTERS[2:]),
        False,
        True,
        "2 of the 3 active quarters needed, over 9 of 12 months",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_minimum_evidence(case, corpus_of, work):
    works_of, is_ranked, is_weak, reason = CASES[case]
    corpus = corpus_of(AS_OF, works_of(work), ["a"])
    evidence = weigh_evidence(corpus, count_works(corpus))
    assert (bool(evidence.is_ranked[0]), bool(evidence.is_weak_signal[0])) == (is_ranked, is_weak)
    assert evidence.reason[0].startswith(reason)
    assert bool(evidence.reason[0]) is not is_ranked


@pytest.mark.parametrize(("named", "is_ranked"), [(14, True), (15, False)])
def test_what_is_named_in_15_per_cent_of_the_past_is_no_technology_and_no_signal(named, is_ranked, corpus_of, work):
    past = [work(date(2017, 5, 1), "paper", "a" if n < named else "") for n in range(100)]
    corpus = corpus_of(AS_OF, past + spread(work, 200), ["a"])
    evidence = weigh_evidence(corpus, count_works(corpus))
    assert evidence.is_ranked.tolist() == [is_ranked]
    assert not evidence.is_weak_signal[0]
    assert is_ranked or evidence.reason[0].startswith("named in 15% of a stream's earlier works")


def test_a_stray_work_makes_a_stream_but_no_cohort(corpus_of, work):
    corpus = corpus_of(AS_OF, spread(work, 10) + spread(work, 1, "news"), ["a"])
    evidence = weigh_evidence(corpus, count_works(corpus))
    assert evidence.streams == (("paper", "news"),)
    assert evidence.cohort_streams == (("paper",),)
    assert evidence.works.tolist() == evidence.recent_works.tolist() == [11]
