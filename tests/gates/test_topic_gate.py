"""Gate: topics beside plain BERTopic on the same documents, and what makes an identifier worth keeping (R15, R16)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nlp.topics import assign, centroids_of
from tests.bench_topics import CORPUS, GROWTH, Sample, Scores, compare, grow, identifiers, read_sample

DOCUMENTS = 3000
THREADED_DOCUMENTS = 1000
SAMPLE_DIGEST = "dfaf50ba03ac"
# Measured on that sample, fast vectors: NPMI .071 (.128 folded), diversity .891, outliers 24 %. The room is for other versions of UMAP.
NPMI_FLOOR = 0.05
DIVERSITY_FLOOR = 0.86
OUTLIERS_CEILING = 0.28
KEPT_FLOORS = dict(zip(GROWTH, (0.95, 0.85), strict=True))
FIT_ALONE = """
import json, sys
import numpy as np
from nlp.topics import assign, centroids_of, fit
stored = np.load(sys.argv[1])
refit = fit(stored["vectors"], stored["texts"].tolist(), seed=1)
positions, similarities = assign(stored["vectors"], centroids_of(refit.topics), refit.reject_below)
print(json.dumps([[topic.topic_id for topic in refit.topics], positions.tolist(), similarities.tolist()]))
"""

Say = Callable[[str], None]

pytestmark = [pytest.mark.real, pytest.mark.eval]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    if not CORPUS.is_file():
        pytest.skip("the private corpus is not beside the project")
    return read_sample(round(DOCUMENTS * (1 + max(GROWTH))), "fast", tmp_path_factory.mktemp("vectors"))


@pytest.fixture(scope="module")
def compared(sample: Sample):  # type: ignore[no-untyped-def]
    assert sample.first(DOCUMENTS).digest == SAMPLE_DIGEST, "the documents are not those the floors were measured on: measure again"
    return compare(sample.first(DOCUMENTS))


def test_words_are_as_coherent_and_as_different_as_those_of_plain_bertopic(compared, say: Say) -> None:  # type: ignore[no-untyped-def]
    scores: list[Scores] = compared[1]
    for one in scores:
        say(
            f"{one.model}, {DOCUMENTS} documents: {one.topics} topics, NPMI {one.npmi:.3f} ({one.npmi_folded:.3f} folded), "
            f"diversity {one.diversity:.3f} ({one.diversity_folded:.3f}), outliers {one.outliers:.1%}"
        )
    ours, plain, without_stop_words = scores
    assert ours.npmi >= max(NPMI_FLOOR, plain.npmi, without_stop_words.npmi), scores
    assert ours.npmi_folded >= max(plain.npmi_folded, without_stop_words.npmi_folded), scores
    # Not beside the stop words: on many draws plain BERTopic finds a handful of topics, and four lists of words differ easily.
    assert ours.diversity >= max(DIVERSITY_FLOOR, plain.diversity), scores
    assert ours.diversity_folded >= plain.diversity_folded, scores
    assert ours.outliers <= OUTLIERS_CEILING, scores


def test_labels_are_phrases_and_none_is_used_twice(compared) -> None:  # type: ignore[no-untyped-def]
    labels = [topic.label for topic in compared[0].topics]
    assert len(set(labels)) == len(labels)
    assert np.mean([" " in label for label in labels]) >= 0.95
    assert all(len(topic.keywords) == 10 for topic in compared[0].topics)


@pytest.mark.parametrize("share", GROWTH)
def test_documents_keep_their_topic_when_the_archive_grows(sample: Sample, compared, share: float, say: Say) -> None:  # type: ignore[no-untyped-def]
    first = compared[0]
    kept, refit = grow(sample, DOCUMENTS, first, share)
    say(f"{share:.0%} more documents: {kept:.2%} keep their topic")
    assert kept >= KEPT_FLOORS[share]
    known = {topic.topic_id: topic for topic in first.topics}
    assert all(topic.centroid == known[topic.topic_id].centroid for topic in refit.topics if topic.topic_id in known)
    origins = Counter(event.to_topic_id for event in refit.lineage if event.event in ("continued", "split", "born"))
    assert origins == Counter(topic.topic_id for topic in refit.topics)


def test_a_topic_assigns_the_same_after_saving(sample: Sample, compared, tmp_path: Path, say: Say) -> None:  # type: ignore[no-untyped-def]
    import duckdb

    first = compared[0]
    with duckdb.connect(str(tmp_path / "topics.duckdb")) as connection:
        connection.execute("CREATE TABLE topics (topic_id VARCHAR, place INTEGER, centroid FLOAT[], reject_below DOUBLE)")
        rows = [[topic.topic_id, place, list(topic.centroid), first.reject_below] for place, topic in enumerate(first.topics)]
        connection.executemany("INSERT INTO topics VALUES (?, ?, ?, ?)", rows)
    with duckdb.connect(str(tmp_path / "topics.duckdb"), read_only=True) as connection:
        loaded = connection.execute("SELECT topic_id, centroid, reject_below FROM topics ORDER BY place").fetchall()
    positions, similarities = assign(sample.vectors, np.array([row[1] for row in loaded], dtype=np.float32), loaded[0][2])
    given = [loaded[place][0] if place >= 0 else None for place in positions.tolist()]
    differing = sum(one != other for one, other in zip(given, identifiers(first, sample.vectors), strict=True))
    say(f"saved, loaded, assigned: {differing} of {len(given)} documents differ")
    assert differing == 0
    assert (similarities == assign(sample.vectors, centroids_of(first.topics), first.reject_below)[1]).all()


def test_one_thread_and_two_give_the_same(sample: Sample, tmp_path: Path, project: Path, say: Say) -> None:
    part = sample.first(THREADED_DOCUMENTS)
    np.savez(tmp_path / "part.npz", vectors=part.vectors, texts=np.array(part.texts))
    running = []
    for threads in ("1", "2"):
        limits = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), threads)
        command = [sys.executable, "-c", FIT_ALONE, str(tmp_path / "part.npz")]
        running.append(subprocess.Popen(command, cwd=project, env={**os.environ, **limits}, stdout=subprocess.PIPE, text=True))
    one, two = (json.loads(process.communicate(timeout=900)[0].splitlines()[-1]) for process in running)
    distance = np.abs(np.array(one[2]) - np.array(two[2])).max()
    differing = len(set(one[0]) ^ set(two[0]))
    say(f"1 and 2 threads, {THREADED_DOCUMENTS} documents: {differing} topic ids differ, scores by {distance:.1e} at most")
    assert one[0] == two[0]
    assert len(one[0]) > 5
    assert one[1] == two[1]
    assert distance <= 1e-9
