"""What must hold for every corpus, not only for the worked examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import block_diag, csr_matrix, hstack, vstack

from scoring.explain import explain
from scoring.growth import measure_growth
from scoring.periods import Counts, count_works
from scoring.ranking import judge
from scoring.records import STREAMS, Corpus, Readings, Weights
from scoring.weights import COMPONENTS

AS_OF = date(2019, 11, 20)
LAST_DAY = (AS_OF - date(1970, 1, 1)).days
VERDICTS = ("score", "score_low", "score_high", "rank", "rank_low", "rank_high", "top20_share", "works", "recent_works")
PUBLISHED = Weights("default", {"freshness": 5 / 6, "code_growth": 1 / 6})


@st.composite
def corpora(draw: st.DrawFn, *, codes_known: float | None = None, organisations_known: float | None = None) -> Corpus:
    """Eight years, four streams, 10 to 30 candidates of uneven size, some with authors, organisations and codes."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    candidates, works = draw(st.integers(10, 30)), draw(st.integers(400, 900))
    density = draw(st.sampled_from([0.03, 0.06]))

    def table(columns: int, known: float) -> csr_matrix:
        return csr_matrix((generator.random((works, columns)) < 0.05 * known).astype(float))

    popularity = generator.random(candidates)[:, None] * 2 * density
    return Corpus(
        as_of=AS_OF,
        candidate_ids=tuple(f"t{index}" for index in range(candidates)),
        names=tuple(f"name {index}" for index in range(candidates)),
        words=tuple(frozenset({f"word{generator.integers(2 * candidates)}"}) for _ in range(candidates)),
        work_ids=tuple(f"w{index}" for index in range(works)),
        work_day=np.sort(LAST_DAY - generator.exponential(700, works).astype(np.int32).clip(0, 8 * 365)),
        work_stream=generator.choice(len(STREAMS), works, p=[0.5, 0.25, 0.2, 0.05]).astype(np.int8),
        incidence=csr_matrix((generator.random((candidates, works)) < popularity).astype(float)),
        authors=table(40, draw(st.sampled_from([0.0, 1.0]))),
        organisations=table(20, draw(st.sampled_from([0.0, 1.0])) if organisations_known is None else organisations_known),
        codes=table(10, draw(st.sampled_from([0.0, 1.0])) if codes_known is None else codes_known),
        cues=table(5, 1.0),
    )


def readings_of(corpus: Corpus) -> Readings:
    """Eight terms a work and a track or two, drawn from the work's id."""
    terms, tracks = np.zeros((len(corpus.work_ids), 60)), np.zeros((len(corpus.work_ids), 6))
    for place, work in enumerate(corpus.work_ids):
        generator = np.random.default_rng(int(work[1:]))
        terms[place, generator.choice(60, 8)] = 1
        tracks[place, generator.choice(6, 2)] = 1
    return Readings(csr_matrix(terms), tuple(frozenset({f"word{column}"}) for column in range(60)), csr_matrix(tracks))


@st.composite
def weightings(draw: st.DrawFn) -> Weights:
    """Any parts for any components, vitality always with one."""
    parts = [draw(st.integers(0, 3)) for _ in COMPONENTS]
    parts[COMPONENTS.index("vitality")] += 1
    return Weights("drawn", {name: part / sum(parts) for name, part in zip(COMPONENTS, parts, strict=True)})


@settings(max_examples=40, deadline=None)
@given(corpora(), weightings())
def test_parts_add_up_and_intervals_hold_the_point(corpus, weights):
    verdict = judge(corpus, weights, draws=10, readings=readings_of(corpus))
    for index in np.flatnonzero(verdict.is_ranked):
        parts = explain(verdict, corpus.candidate_ids[index])
        assert sum(part.points for part in parts) == pytest.approx(verdict.score[index], abs=1e-9)
        assert sum(part.share or 0.0 for part in parts) == pytest.approx(1, abs=1e-9)
        assert 0 <= verdict.score_low[index] <= verdict.score[index] <= verdict.score_high[index] <= 100 + 1e-9
        assert 1 <= verdict.rank_low[index] <= verdict.rank[index] <= verdict.rank_high[index] <= verdict.is_ranked.sum()
    assert verdict.stage_probability.sum(axis=1) == pytest.approx(np.ones(len(corpus.candidate_ids)))
    assert (verdict.is_ranked == np.array([reason == "" for reason in verdict.reason])).all()
    assert not (verdict.is_ranked & verdict.is_weak_signal).any()


@settings(max_examples=25, deadline=None)
@given(corpora(), weightings(), st.randoms(use_true_random=False))
def test_the_order_of_works_and_candidates_changes_nothing(corpus, weights, random):
    works, candidates = list(range(len(corpus.work_ids))), list(range(len(corpus.candidate_ids)))
    random.shuffle(works)
    random.shuffle(candidates)
    rows = {name: getattr(corpus, name)[works] for name in ("authors", "organisations", "codes", "cues")}
    shuffled = replace(
        corpus,
        candidate_ids=tuple(corpus.candidate_ids[index] for index in candidates),
        names=tuple(corpus.names[index] for index in candidates),
        words=tuple(corpus.words[index] for index in candidates),
        work_ids=tuple(corpus.work_ids[index] for index in works),
        work_day=corpus.work_day[works],
        work_stream=corpus.work_stream[works],
        incidence=corpus.incidence[candidates][:, works],
        **rows,
    )
    one, other = (judge(each, weights, draws=10, readings=readings_of(each)) for each in (corpus, shuffled))
    for name in VERDICTS:
        assert np.allclose(getattr(one, name)[candidates], getattr(other, name), equal_nan=True, atol=1e-9), name
    for ours, theirs in zip(one.components, other.components, strict=True):
        for field in ("value", "variance", "points"):
            assert np.allclose(getattr(ours, field)[candidates], getattr(theirs, field), equal_nan=True, atol=1e-9), (ours.name, field)
    assert tuple(one.reason[index] for index in candidates) == other.reason
    assert tuple(one.stage[index] for index in candidates) == other.stage


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_counting_leaves_nothing_out(corpus):
    for unit in ("month", "quarter"):
        counts = count_works(corpus, unit)
        assert counts.stream_works.sum() == len(corpus.work_ids)
        assert (counts.works.sum(axis=(0, 2)) == np.diff(corpus.incidence.indptr)).all()
        assert counts.complete == counts.works.shape[2] - 1  # 20 November lies in a running month and quarter


@settings(max_examples=20, deadline=None)
@given(corpora(), st.integers(1, 400))
def test_a_work_after_the_as_of_day_is_refused(corpus, days_late):
    late = replace(corpus, as_of=AS_OF - timedelta(days=days_late))
    weights = Weights("x", {"vitality": 1.0})
    if corpus.work_day.max() > LAST_DAY - days_late:
        with pytest.raises(ValueError, match="became available after"):
            judge(late, weights, draws=2)
    else:
        judge(late, weights, draws=2)


@settings(max_examples=20, deadline=None)
@given(corpora())
def test_an_unnamed_candidate_changes_no_verdict_of_the_others(corpus):
    more = replace(
        corpus,
        candidate_ids=(*corpus.candidate_ids, "new"),
        names=(*corpus.names, "new"),
        words=(*corpus.words, frozenset({"new"})),
        incidence=vstack([corpus.incidence, csr_matrix((1, len(corpus.work_ids)))], format="csr"),
    )
    one, other = judge(corpus, PUBLISHED, draws=5), judge(more, PUBLISHED, draws=5)
    for name in VERDICTS:
        assert np.allclose(getattr(one, name), getattr(other, name)[:-1], equal_nan=True), name
    assert not other.is_ranked[-1]
    assert not other.is_weak_signal[-1]


@settings(max_examples=50, deadline=None)
@given(
    st.floats(0.01, 0.14),
    st.lists(st.integers(400, 4000), min_size=28, max_size=28),
    st.floats(0.5, 20.0),
)
def test_a_constant_share_of_a_growing_corpus_does_not_grow(share, offered, factor):
    totals = np.round(np.array(offered) * np.linspace(1, factor, 28)).astype(np.int64)
    works = np.zeros((len(STREAMS), 1, 28), dtype=np.int64)
    stream_works = np.zeros((len(STREAMS), 28), dtype=np.int64)
    works[0, 0], stream_works[0] = np.round(share * totals), totals
    growth = measure_growth(Counts("quarter", 0, 28, works, stream_works))
    assert growth.mean[0] == pytest.approx(0, abs=0.1)
    assert growth.lower_bound[0] < growth.mean[0]


def repeat(corpus: Corpus, times: int) -> Corpus:
    """Every work `times` times, each time by other people: one team that repeats itself would be no larger crowd."""
    rows = {name: vstack([getattr(corpus, name)] * times, format="csr") for name in ("organisations", "codes", "cues")}
    rows["authors"] = block_diag([corpus.authors] * times, format="csr")
    return replace(
        corpus,
        work_ids=tuple(f"{work}-{turn}" for turn in range(times) for work in corpus.work_ids),
        work_day=np.tile(corpus.work_day, times),
        work_stream=np.tile(corpus.work_stream, times),
        incidence=hstack([corpus.incidence] * times, format="csr"),
        **rows,
    )


@settings(max_examples=15, deadline=None)
@given(corpora(codes_known=0.0))
def test_doubling_every_count_keeps_the_order(corpus):
    # Each work stands ten times to begin with: then no count is too small to tell, and every pair named together makes neighbours.
    once, twice = (judge(repeat(corpus, times), PUBLISHED, draws=2) for times in (10, 20))
    assume(once.is_ranked.sum() > 2)
    assert np.array_equal(once.is_ranked, twice.is_ranked)
    assert np.array_equal(once.rank, twice.rank, equal_nan=True)
    assert once.score == pytest.approx(twice.score, nan_ok=True)


@settings(max_examples=25, deadline=None)
@given(corpora(organisations_known=1.0), st.integers(1, 2))
def test_one_organisation_alone_never_ranks(corpus, every):
    free = judge(corpus, PUBLISHED, draws=2)
    assume(free.is_ranked.any())
    chosen = int(np.nanargmin(free.rank))
    own = np.flatnonzero(corpus.incidence[chosen].toarray()[0])
    organisations = corpus.organisations.toarray()
    organisations[own] = 0
    organisations[own[::every], 0] = 1  # each work, or every other one, names the same organisation and no other
    captured = judge(replace(corpus, organisations=csr_matrix(organisations)), PUBLISHED, draws=2)
    assert not captured.is_ranked[chosen]
    assert "organisation" in captured.reason[chosen]


def one_flat_among_tilted(totals: list[int], share: float, tilt: float) -> Corpus:
    """Works spread over the days of 28 quarters. The first candidate keeps its share; three end near `tilt` times theirs and three
    near a `tilt`-th."""
    slopes = [1.0, *(tilt + n / 5 for n in range(3)), *(1 / (tilt + n / 5) for n in range(3))]
    named, days, owed = [], [], np.full(len(slopes), 0.5)
    for quarter, total in enumerate(totals):
        rate = share * np.power(slopes, quarter / (len(totals) - 1))
        for place in range(total):
            days.append(LAST_DAY - 91 * (len(totals) - quarter) + int(91 * (place + 0.5) / total))
            owed += rate
            named.append(owed >= 1)
            owed -= named[-1]
    works, nothing = len(days), csr_matrix((len(days), 0))
    return Corpus(
        as_of=AS_OF,
        candidate_ids=tuple("0123456"),
        names=tuple("0123456"),
        words=tuple(frozenset(name) for name in "0123456"),
        work_ids=tuple(f"w{index}" for index in range(works)),
        work_day=np.array(days, dtype=np.int32),
        work_stream=np.zeros(works, dtype=np.int8),
        incidence=csr_matrix(np.array(named).T.astype(float)),
        authors=nothing,
        organisations=nothing,
        codes=nothing,
        cues=csr_matrix((works, 5)),
    )


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(60, 120), min_size=28, max_size=28), st.floats(0.5, 4.0), st.floats(0.05, 0.08), st.floats(2.0, 3.0))
def test_a_flat_share_of_a_changing_corpus_never_scores_as_emerging(base, factor, share, tilt):
    totals = [round(works * factor ** (quarter / 27)) for quarter, works in enumerate(base)]
    verdict = judge(one_flat_among_tilted(totals, share, tilt), Weights("x", {"vitality": 1.0}), draws=2)
    values = {component.name: component.value for component in verdict.components}
    assert values["vitality"][0] == pytest.approx(0, abs=0.01)
    assert values["growth"][0] < 0  # the lower bound of no growth
    assert verdict.is_ranked[:4].all()
    assert (verdict.score[0] < verdict.score[1:4]).all()
    assert (values["vitality"][0] > values["vitality"][4:]).all()
