"""Topics: stable identifiers, one rule of assignment, births only from what known topics reject."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.clusters import find_clusters, nearest_neighbours
from nlp.static_vectors import unit_rows
from nlp.topic_terms import TermTable
from nlp.topics import SAMPLE_LIMIT, Refit, assign, centroids_of, fit, sample_rows

THEMES = {
    "solar": "perovskite solar cell efficiency film",
    "grasp": "robot grasping gripper contact force",
    "gene": "gene editing crispr cell therapy",
    "quantum": "quantum error correction qubit code",
}


def _archive(themes: tuple[str, ...], size: int, seed: int) -> tuple[np.ndarray, list[str]]:
    """Texts of planted themes with vectors around one direction a theme; texts are all different."""
    rng = np.random.default_rng(seed)
    names = list(THEMES)
    vectors, texts = [], []
    for theme in themes:
        words = THEMES[theme].split()
        direction = np.zeros(16)
        direction[names.index(theme)] = 1.0
        for number in range(size):
            picked = rng.choice(words, size=4, replace=False)
            texts.append(f"{' '.join(picked)} n{seed}x{number}")
            vectors.append(direction + rng.normal(scale=0.08, size=16))
    return unit_rows(np.array(vectors)), texts


@pytest.fixture(scope="module")
def archive() -> tuple[np.ndarray, list[str]]:
    return _archive(("solar", "grasp", "gene"), 90, seed=1)


@pytest.fixture(scope="module")
def first(archive: tuple[np.ndarray, list[str]]) -> Refit:
    return fit(*archive, seed=11)


def _ids(vectors: np.ndarray, refit: Refit) -> list[str]:
    positions, _ = assign(vectors, centroids_of(refit.topics), refit.reject_below)
    return [refit.topics[position].topic_id if position >= 0 else "-" for position in positions]


def test_planted_themes_are_found_and_named(archive: tuple[np.ndarray, list[str]], first: Refit) -> None:
    ids = _ids(archive[0], first)
    majority = [max(set(ids[start : start + 90]), key=ids[start : start + 90].count) for start in (0, 90, 180)]
    assert len(set(majority)) == 3
    by_id = {topic.topic_id: topic for topic in first.topics}
    for topic_id, theme in zip(majority, ("solar", "grasp", "gene"), strict=True):
        assert set(" ".join(by_id[topic_id].keywords).split()) <= set(THEMES[theme].split())
        assert by_id[topic_id].document_count == ids.count(topic_id)
        assert np.linalg.norm(by_id[topic_id].centroid) == pytest.approx(1.0, abs=1e-5)
    assert all(event.event == "born" for event in first.lineage)


def test_the_order_of_the_texts_changes_nothing(archive: tuple[np.ndarray, list[str]], first: Refit) -> None:
    vectors, texts = archive
    before = vectors.copy()
    order = np.random.default_rng(3).permutation(len(texts))
    assert fit(vectors[order], [texts[row] for row in order], seed=11) == first
    assert (vectors == before).all()


def test_a_later_fit_keeps_known_topics_and_bears_what_is_new(archive: tuple[np.ndarray, list[str]], first: Refit) -> None:
    new_vectors, new_texts = _archive(("quantum",), 230, seed=2)
    vectors = np.concatenate([archive[0], new_vectors])
    later = fit(vectors, [*archive[1], *new_texts], seed=11, previous=first.topics, reject_below=first.reject_below)
    kept = np.mean([old == new for old, new in zip(_ids(archive[0], first), _ids(archive[0], later), strict=True)])
    assert kept >= 0.95
    known = {topic.topic_id: topic.centroid for topic in first.topics}
    born = [topic for topic in later.topics if topic.topic_id not in known]
    assert born
    assert all(set(" ".join(topic.keywords).split()) <= set(THEMES["quantum"].split()) for topic in born)
    assert all(topic.centroid == known[topic.topic_id] for topic in later.topics if topic.topic_id in known)
    assert sum(event.event == "continued" for event in later.lineage) == len(known)


def test_vectors_of_another_encoder_pass_identifiers_on(archive: tuple[np.ndarray, list[str]], first: Refit) -> None:
    turned = np.ascontiguousarray(archive[0][:, ::-1])
    placed, _ = assign(archive[0], centroids_of(first.topics), first.reject_below)
    again = fit(turned, archive[1], seed=11, previous=first.topics, reject_below=first.reject_below, placed=placed)
    assert {(topic.topic_id, topic.label) for topic in again.topics} == {(topic.topic_id, topic.label) for topic in first.topics}
    assert {event.event for event in again.lineage} == {"continued"}
    both = [pair for pair in zip(_ids(archive[0], first), _ids(turned, again), strict=True) if "-" not in pair]
    assert len(both) > 150
    assert np.mean([old == new for old, new in both]) >= 0.95


def test_few_documents_give_a_sentence_and_keep_what_is_known(archive: tuple[np.ndarray, list[str]], first: Refit) -> None:
    few = fit(archive[0][:50], archive[1][:50], seed=1)
    assert few.topics == ()
    assert few.note == "50 documents are too few for topics: 200 are needed"
    kept = fit(archive[0][:50], archive[1][:50], seed=1, previous=first.topics, reject_below=first.reject_below)
    assert kept.topics == first.topics


def test_noise_gives_a_sentence_and_no_crash() -> None:
    refit = fit(np.zeros((220, 8), dtype=np.float32), [f"text{number}" for number in range(220)], seed=1)
    assert refit.topics == ()
    assert refit.note


def test_a_single_phrase_in_all_texts_leaves_groups_their_words(
    monkeypatch: pytest.MonkeyPatch, archive: tuple[np.ndarray, list[str]]
) -> None:
    vectors, texts = archive
    table = TermTable((("solar cell",),) * len(texts), {"solar cell": "solar cells"})
    monkeypatch.setattr("nlp.clusters.phrase_table", lambda *_, **__: table)
    found = find_clusters(vectors, texts, smallest=20, seed=3)
    assert len(found) >= 3
    assert all(cluster.phrases == cluster.keywords for cluster in found)


def test_what_does_not_fit_together_is_refused(archive: tuple[np.ndarray, list[str]], first: Refit) -> None:
    with pytest.raises(ValueError, match="cannot be fitted together"):
        fit(archive[0], archive[1][:-1], seed=1)
    with pytest.raises(ValueError, match="need the threshold"):
        fit(*archive, seed=1, previous=first.topics)
    with pytest.raises(ValueError, match="cannot be compared"):
        assign(archive[0][:, :8], centroids_of(first.topics), 0.5)


@given(st.integers(0, 2**31), st.integers(1, 40), st.integers(0, 6))
@settings(max_examples=40)
def test_assignment_is_one_rule_row_by_row(seed: int, count: int, centroid_count: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = unit_rows(rng.normal(size=(count, 5)))
    centroids = unit_rows(rng.normal(size=(centroid_count, 5)))
    positions, similarities = assign(vectors, centroids, 0.3)
    for row in range(count):
        position, similarity = assign(vectors[row : row + 1], centroids, 0.3)
        assert position[0] == positions[row]
        assert similarity[0] == pytest.approx(similarities[row], abs=1e-12)
        assert positions[row] == -1 or similarities[row] >= 0.3


def test_neighbours_are_exact_and_begin_with_the_row_itself() -> None:
    vectors = unit_rows(np.random.default_rng(5).normal(size=(60, 6)))
    indices, distances = nearest_neighbours(vectors, 4)
    assert (indices[:, 0] == np.arange(60)).all()
    assert (distances[:, 0] == 0.0).all()
    similarities = vectors @ vectors.T
    np.fill_diagonal(similarities, 2.0)
    assert (np.sort(indices, axis=1) == np.sort(np.argsort(-similarities, axis=1)[:, :4], axis=1)).all()


def test_a_sample_keeps_the_strata_in_proportion() -> None:
    texts = [f"text {number}" for number in range(SAMPLE_LIMIT + 10_000)]
    strata = ["paper" if number % 4 else "patent" for number in range(len(texts))]
    rows = sample_rows(texts, strata)
    assert len(rows) <= SAMPLE_LIMIT
    assert np.mean([strata[row] == "patent" for row in rows]) == pytest.approx(0.25, abs=0.001)
