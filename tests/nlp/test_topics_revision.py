"""What a weekly refit does to known topics: merged, retired, split, born, and told completely."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from nlp.records import Topic
from nlp.static_vectors import unit_rows
from nlp.topic_assignment import assign, calibrate, centroids_of, nearest_documents
from nlp.topic_revision import RETIRED_BELOW, find_faded, find_heirs
from nlp.topics import fit

WORDS = {0: "perovskite solar cell film", 1: "robot grasping gripper force", 2: "gene editing crispr therapy"}
THRESHOLD = 0.55


def _documents(direction: int, count: int, rng: np.random.Generator) -> tuple[np.ndarray, list[str]]:
    centre = np.eye(12)[direction]
    vectors = unit_rows(centre + rng.normal(scale=0.06, size=(count, 12)))
    return vectors, [" ".join(rng.permutation(WORDS[direction].split())) + f" n{direction}x{number}" for number in range(count)]


def _topic(name: str, direction: np.ndarray) -> Topic:
    return Topic(name, f"label of {name}", ("word",), tuple(unit_rows(direction[None, :])[0].tolist()), 0)


def test_every_kind_of_end_and_beginning_is_told() -> None:
    rng = np.random.default_rng(4)
    parts = [_documents(0, 120, rng), _documents(1, 230, rng), _documents(2, 230, rng)]
    vectors, texts = np.concatenate([part[0] for part in parts]), [text for part in parts for text in part[1]]
    axes = np.eye(12)
    previous = [
        _topic("solar", axes[0]),
        _topic("solar again", axes[0] + 0.05 * axes[5]),  # shares the documents of solar: the two cannot be told apart
        _topic("robots and genes", axes[1] + 0.9 * axes[2]),  # holds 460 documents of two kinds
        _topic("nothing", axes[9]),
    ]
    refit = fit(vectors, texts, seed=7, previous=previous, reject_below=THRESHOLD, used_ids=["gone"])
    assert refit == fit(vectors[::-1], texts[::-1], seed=7, previous=previous, reject_below=THRESHOLD, used_ids=["gone"])
    events = {(event.event, event.from_topic_id) for event in refit.lineage}
    assert {("continued", "robots and genes"), ("split", "robots and genes"), ("retired", "nothing")} <= events
    assert (
        sum(event.event == "merged" and {event.from_topic_id, event.to_topic_id} == {"solar", "solar again"} for event in refit.lineage)
        == 1
    )
    ids = [topic.topic_id for topic in refit.topics]
    assert sorted(event.to_topic_id for event in refit.lineage if event.event in ("continued", "split", "born")) == sorted(ids)
    split = next(event for event in refit.lineage if event.event == "split")
    assert split.overlap_share == pytest.approx(0.5, abs=0.05)
    kept = {topic.topic_id: topic for topic in refit.topics if topic.topic_id in {one.topic_id for one in previous}}
    assert all(kept[one.topic_id].centroid == one.centroid for one in previous if one.topic_id in kept)


def test_a_topic_that_comes_back_gets_another_identifier() -> None:
    rng = np.random.default_rng(5)
    parts = [_documents(0, 120, rng), _documents(1, 120, rng)]
    vectors, texts = np.concatenate([part[0] for part in parts]), [text for part in parts for text in part[1]]
    first = fit(vectors, texts, seed=7)
    again = fit(vectors, texts, seed=7, used_ids=[topic.topic_id for topic in first.topics])
    assert [topic.centroid for topic in again.topics] == [topic.centroid for topic in first.topics]
    assert {topic.topic_id for topic in again.topics}.isdisjoint(topic.topic_id for topic in first.topics)


def test_an_heir_gives_nothing_on_and_the_larger_stays() -> None:
    rng = np.random.default_rng(6)
    vectors, _ = _documents(0, 60, rng)
    positions = np.repeat([0, 1, 2, -1], [10, 30, 15, 5]).astype(np.int64)
    assert find_heirs(vectors, positions, 3) == {0: 1, 2: 1}
    assert find_heirs(np.eye(12, dtype=np.float32)[[0, 1]], np.array([0, 1]), 2) == {}


def test_a_topic_with_a_handful_of_documents_fades() -> None:
    positions = np.repeat([0, 1, -1], [RETIRED_BELOW, RETIRED_BELOW - 1, 50]).astype(np.int64)
    assert find_faded(positions, 3) == [1, 2]


def test_saved_topics_assign_as_the_fitted_ones_do(tmp_path) -> None:  # type: ignore[no-untyped-def]
    import duckdb

    vectors, _ = _documents(0, 200, np.random.default_rng(8))
    topics = [_topic(f"K{number}", vectors[number].astype(np.float64)) for number in range(9)]
    with duckdb.connect(str(tmp_path / "topics.duckdb")) as connection:
        connection.execute("CREATE TABLE topics (place INTEGER, centroid FLOAT[])")
        connection.executemany("INSERT INTO topics VALUES (?, ?)", [[place, list(topic.centroid)] for place, topic in enumerate(topics)])
    with duckdb.connect(str(tmp_path / "topics.duckdb")) as connection:
        loaded = np.array([row[0] for row in connection.execute("SELECT centroid FROM topics ORDER BY place").fetchall()], dtype=np.float32)
    for one, other in pairwise([assign(vectors, centroids_of(topics), 0.9), assign(vectors, loaded, 0.9)]):
        assert (one[0] == other[0]).all()
        assert (one[1] == other[1]).all()


def test_the_threshold_rejects_a_tenth_and_the_nearest_come_first() -> None:
    assert calibrate(np.linspace(0.0, 1.0, 1001)) == pytest.approx(0.1)
    positions, similarities = np.array([0, 1, 0, 0]), np.array([0.5, 0.9, 0.8, 0.8])
    assert nearest_documents(positions, similarities, 0, 2) == [2, 3]
