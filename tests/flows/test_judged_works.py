"""What is taken out before judging, and what is told of a verdict beside its score."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from flows.evidence import Candidates, Surroundings
from flows.judging import Verdict, leave_one_out, without_bulk
from flows.stages.judge import indicator_table, side_figures
from scoring.ranking import judge
from scoring.records import Corpus, Readings, Weights
from scoring.weights import COMPONENTS

AS_OF = date(2020, 12, 31)
LAST_DAY = (AS_OF - date(1970, 1, 1)).days
VITALITY = Weights("x", {"vitality": 1.0})


def corpus_of(days: list[int], named: list[list[int]], codes: list[int], organisations: list[int]) -> Corpus:
    """Papers `days` before the as-of, each with one code and one organisation (by number)."""
    works = len(days)
    incidence = np.zeros((len(named), works))
    for candidate, places in enumerate(named):
        incidence[candidate, places] = 1

    def one_each(columns: list[int]) -> csr_matrix:
        return csr_matrix((np.ones(works), (np.arange(works), columns)), shape=(works, max(columns) + 1))

    return Corpus(
        as_of=AS_OF,
        candidate_ids=tuple(f"t{index}" for index in range(len(named))),
        names=tuple(f"name{index}" for index in range(len(named))),
        words=tuple(frozenset({f"name{index}"}) for index in range(len(named))),
        work_ids=tuple(f"w{index}" for index in range(works)),
        work_day=np.array([LAST_DAY - back for back in days], dtype=np.int32),
        work_stream=np.zeros(works, dtype=np.int8),
        incidence=csr_matrix(incidence),
        authors=csr_matrix((works, 0)),
        organisations=one_each(organisations),
        codes=one_each(codes),
        cues=csr_matrix((works, 5)),
    )


def surroundings_of(works: int, sources: tuple[str, ...], columns: list[int]) -> Surroundings:
    readings = Readings(csr_matrix(np.eye(works)), tuple(frozenset({f"w{place}"}) for place in range(works)), csr_matrix((works, 6)))
    table = csr_matrix((np.ones(works), (np.arange(works), columns)), shape=(works, len(sources)))
    return Surroundings(readings, ("one", "two", "three", "four"), table, sources, np.ones(works, dtype=bool))


def test_a_day_on_which_a_category_got_a_hundred_works_is_no_emergence():
    days = [*range(900, 100, -20), *[50] * 100, 10]
    corpus = corpus_of(days, [list(range(len(days)))], [0] * len(days), [0] * len(days))
    judged, around = without_bulk(corpus, surroundings_of(len(days), ("a",), [0] * len(days)))
    assert len(judged.work_ids) == 41
    assert set(corpus.work_ids) - set(judged.work_ids) == {f"w{place}" for place in range(40, 140)}
    assert around.readings.terms.shape == (41, 141)
    assert around.readings.terms.getrow(40).indices.tolist() == [140]  # rows follow their works
    assert around.sources.shape == (41, 1)


def test_a_heap_on_the_last_day_of_a_year_is_a_convention():
    days = [*range(900, 100, -20), *[50] * 100, 10]
    corpus = corpus_of(days, [list(range(len(days)))], [0] * len(days), [0] * len(days))
    around = surroundings_of(len(days), ("a",), [0] * len(days))
    judged, _ = without_bulk(corpus, replace(around, is_day_known=np.array([back != 50 for back in days])))
    assert judged is corpus


@pytest.fixture
def verdict() -> Verdict:
    """Two technologies of 20 recent papers each: the newest of the first come from organisation `one` and source b."""
    days = [30 * (place % 20) for place in range(40)]
    organisations = [0 if place < 10 else 1 + place % 3 for place in range(40)]
    corpus = corpus_of(days, [list(range(20)), list(range(20, 40))], [0] * 40, organisations)
    around = surroundings_of(40, ("a", "b"), [1 if place < 11 else 0 for place in range(40)])
    judgement = judge(corpus, VITALITY, draws=2)
    candidates = Candidates(corpus.candidate_ids, corpus.names, corpus.words)
    return Verdict(AS_OF, "technology", candidates, (), None, corpus, corpus, around, VITALITY, judgement, ((), ()))


def test_organisation_and_source_are_named_and_left_out(verdict):
    rows = {(row.technology_id, row.kind): row for row in leave_one_out(verdict)}
    assert rows["t0", "organisation"].name == "one"
    assert (rows["t0", "source"].name, rows["t1", "source"].name) == ("b", "a")
    assert (rows["t0", "organisation"].works, rows["t0", "source"].works) == (10, 11)
    assert rows["t0", "organisation"].rank == 2  # the ten papers that stay are older than those of the other
    assert rows["t0", "source"].reason.startswith("9 of the 10 works needed")
    assert rows["t1", "source"].rank is None
    assert rows["t1", "source"].reason.startswith("0 of the 10 works needed")


def test_tables_hold_every_candidate_and_component_once(verdict):
    table = indicator_table(verdict).to_pydict()
    assert len(set(zip(table["technology_id"], table["indicator"], strict=True))) == len(table["value"]) == 2 * len(COMPONENTS)
    vitality = next(each for each in verdict.judgement.components if each.name == "vitality")
    place = table["indicator"].index("vitality")
    assert table["value"][place : place + 2] == pytest.approx(vitality.value.tolist())
    beside = side_figures(verdict.judgement)
    assert np.isnan(beside["hype_gap"]).all()  # no news at all
    assert beside["leading_organisation_share"][0] == 0.5
