"""What becomes of topics at a refit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lineage import align, overlap_shares, trace


def _rows(*counts: tuple[int, int]) -> np.ndarray:
    return np.repeat([value for value, _ in counts], [count for _, count in counts]).astype(np.int64)


def test_a_topic_that_keeps_its_documents_keeps_its_identifier() -> None:
    aligned = align(["K1", "K2"], _rows((0, 10), (1, 10)), ["Ka", "Kb"], _rows((1, 9), (-1, 1), (0, 10)))
    assert aligned.topic_ids == ("K2", "K1")
    assert [(event.event, event.to_topic_id, event.overlap_share) for event in aligned.events] == [
        ("continued", "K1", 0.9),
        ("continued", "K2", 1.0),
    ]


def test_split_merge_birth_and_retirement_are_told_apart() -> None:
    old = _rows((0, 10), (1, 10), (2, 10), (3, 10), (-1, 10))
    new = np.concatenate([_rows((0, 6), (1, 4)), _rows((2, 10)), _rows((2, 9), (-1, 1)), _rows((-1, 10)), _rows((3, 10))])
    aligned = align(["K0", "K1", "K2", "K3"], old, ["Ka", "Kb", "Kc", "Kd"], new)
    assert aligned.topic_ids == ("K0", "Kb", "K1", "Kd")
    events = {(event.event, event.from_topic_id, event.to_topic_id): event.overlap_share for event in aligned.events}
    assert events == {
        ("continued", "K0", "K0"): 0.6,
        ("split", "K0", "Kb"): 0.4,
        ("continued", "K1", "K1"): 1.0,
        ("merged", "K2", "K1"): 0.9,
        ("retired", "K3", None): 0.0,
        ("born", None, "Kd"): 0.0,
    }


def test_the_first_fit_gives_births_and_an_empty_one_retires_all() -> None:
    nobody = np.full(5, -1)
    assert [event.event for event in align([], nobody, ["Ka"], _rows((0, 5))).events] == ["born"]
    assert [event.event for event in align(["K1"], _rows((0, 5)), [], nobody).events] == ["retired"]


def test_assignments_of_different_documents_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        overlap_shares(_rows((0, 3)), 1, _rows((0, 4)), 1)


@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 5)), max_size=80))
def test_every_topic_has_one_fate_and_no_identifier_is_given_twice(pairs: list[tuple[int, int]]) -> None:
    old = np.array([pair[0] for pair in pairs], dtype=np.int64)
    new = np.array([pair[1] for pair in pairs], dtype=np.int64)
    old_ids = [f"K{number}" for number in range(5)]
    fresh_ids = [f"N{number}" for number in range(6)]
    aligned = align(old_ids, old, fresh_ids, new)
    assert len(set(aligned.topic_ids)) == 6
    ends = [event.from_topic_id for event in aligned.events if event.event in ("continued", "merged", "retired")]
    starts = [event.to_topic_id for event in aligned.events if event.event in ("continued", "split", "born")]
    assert sorted(ends) == old_ids
    assert sorted(starts) == sorted(aligned.topic_ids)


@given(st.data())
def test_a_revision_leaves_no_topic_without_a_fate_or_an_origin(data: st.DataObject) -> None:
    old_ids = [f"K{number}" for number in range(data.draw(st.integers(0, 6)))]
    kept = [topic_id for topic_id in old_ids if data.draw(st.booleans())]
    heirs = {
        topic_id: data.draw(st.sampled_from(kept)) for topic_id in old_ids if topic_id not in kept and kept and data.draw(st.booleans())
    }
    fresh = [f"N{number}" for number in range(data.draw(st.integers(0, 4)))]
    parents = {topic_id: data.draw(st.sampled_from(kept)) for topic_id in fresh if kept and data.draw(st.booleans())}
    new_ids = data.draw(st.permutations([*kept, *fresh]))
    size = data.draw(st.integers(0, 60))
    before, after = (
        np.array(data.draw(st.lists(st.integers(-1, len(ids) - 1), min_size=size, max_size=size)), dtype=np.int64)
        for ids in (old_ids, new_ids)
    )
    events = trace(old_ids, before, new_ids, after, heirs=heirs, parents=parents)
    assert sorted(event.from_topic_id or "" for event in events if event.event in ("continued", "merged", "retired")) == sorted(old_ids)
    assert sorted(event.to_topic_id or "" for event in events if event.event in ("continued", "split", "born")) == sorted(new_ids)
    known = {*old_ids, *new_ids}
    for event in events:
        assert {event.from_topic_id, event.to_topic_id} - {None} <= known
        assert (event.from_topic_id is None) == (event.event == "born")
        assert (event.to_topic_id is None) == (event.event == "retired")
        assert (event.from_topic_id == event.to_topic_id) == (event.event == "continued")
        assert 0.0 <= event.overlap_share <= 1.0
    for topic_id in old_ids:
        assert sum(event.overlap_share for event in events if event.from_topic_id == topic_id) <= 1.0 + 1e-5
    assert list(events) == sorted(events, key=lambda event: (event.event, event.from_topic_id or "", event.to_topic_id or ""))


def test_an_heir_that_is_not_there_is_refused() -> None:
    nobody = np.full(3, -1)
    with pytest.raises(ValueError, match="an heir must be"):
        trace(["K1"], nobody, ["K2"], nobody, heirs={"K1": "K3"}, parents={})
