"""Topics: neighbourhoods of texts with identifiers of our own, found by BERTopic and assigned by nearest centroid.

BERTopic's own `transform` disagrees with its fit after saving and loading, so it only proposes; `assign` is the one
predictor, for the documents of the fit and for every later one. A topic's centroid is fixed at its birth: an identifier
never changes its meaning. Later fits look for new topics among the documents that no known topic takes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp.clusters import Cluster, find_clusters, smallest_cluster
from nlp.lineage import align
from nlp.records import LineageEvent, Topic
from nlp.static_vectors import Vectors, unit_rows

MINIMUM_DOCUMENTS = 200
SAMPLE_LIMIT = 50_000
REJECTED_SHARE = 0.10  # of the documents a clustering placed, the least similar tenth is not taken as typical
SAME_TOPIC_SIMILARITY = 0.9  # a newly found centroid this close to a known one is that topic again
BIRTH_FACTOR = 2  # what known topics reject is mostly noise: a group must be larger there to be a topic
LABEL_WORDS = 3
ASSIGN_ROWS = 8192


@dataclass(frozen=True, slots=True)
class Refit:
    """Topics in order of size, what became of earlier ones, the threshold of `assign`, and a sentence where there is none."""

    topics: tuple[Topic, ...]
    lineage: tuple[LineageEvent, ...]
    reject_below: float
    note: str = ""


def assign(vectors: Vectors, centroids: Vectors, reject_below: float) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Nearest centroid of each vector by cosine: positions, or -1 below the threshold, and the similarities.

    `vectors` (n, d) and `centroids` (k, d) have unit rows; a row of zeros is rejected. Rows do not influence each other.

    Raises:
        ValueError: vectors and centroids differ in dimension (they come from different encoders).
    """
    if len(centroids) == 0 or len(vectors) == 0:
        return np.full(len(vectors), -1, dtype=np.int64), np.zeros(len(vectors))
    if vectors.shape[1] != centroids.shape[1]:
        raise ValueError(f"vectors of {vectors.shape[1]} dimensions cannot be compared with centroids of {centroids.shape[1]}")
    positions = np.empty(len(vectors), dtype=np.int64)
    best = np.empty(len(vectors))
    for start in range(0, len(vectors), ASSIGN_ROWS):
        similarities = np.round((vectors[start : start + ASSIGN_ROWS] @ centroids.T).astype(np.float64), 6)
        nearest = similarities.argmax(axis=1)
        positions[start : start + ASSIGN_ROWS] = nearest
        best[start : start + ASSIGN_ROWS] = similarities[np.arange(len(nearest)), nearest]
    is_rejected = (best < reject_below) | ~vectors.any(axis=1)
    positions[is_rejected] = -1
    return positions, best


def fit(
    vectors: Vectors,
    texts: Sequence[str],
    *,
    seed: int,
    previous: Sequence[Topic] = (),
    reject_below: float | None = None,
    strata: Sequence[str] | None = None,
    is_full: bool = False,
) -> Refit:
    """Find topics in `texts` with their unit `vectors`, shape (len(texts), d).

    Without `previous`: a first fit. With it, the known topics (and their `reject_below`) stay as they are, and topics are
    born only from what they reject. `is_full` lays everything out anew, and identifiers pass on by overlap of documents.
    `strata` (one word a text, such as kind and year) keeps a sample of more than SAMPLE_LIMIT texts proportional.
    The same set of texts gives the same topics in any order.

    Raises:
        ValueError: texts and vectors do not fit together, or `previous` comes without its threshold.
    """
    if len(vectors) != len(texts):
        raise ValueError(f"{len(texts)} texts and {len(vectors)} vectors cannot be fitted together")
    if previous and reject_below is None:
        raise ValueError("known topics need the threshold they were fitted with (reject_below)")
    known = float(reject_below or 0.0)
    if len(texts) < MINIMUM_DOCUMENTS:
        note = f"{len(texts)} documents are too few for topics: {MINIMUM_DOCUMENTS} are needed"
        return Refit(tuple(previous), (), known, note)
    order = np.array(sorted(range(len(texts)), key=lambda row: (texts[row], vectors[row].tobytes())))
    ordered_vectors = np.ascontiguousarray(vectors[order])
    ordered_texts = [texts[row] for row in order]
    ordered_strata = None if strata is None else [strata[row] for row in order]
    if previous and not is_full:
        return _extend(ordered_vectors, ordered_texts, ordered_strata, previous, known, seed)
    return _renew(ordered_vectors, ordered_texts, ordered_strata, previous, known, seed)


def calibrate(similarities: npt.NDArray[np.float64]) -> float:
    """The similarity below which `assign` rejects: the REJECTED_SHARE quantile over the documents the clustering placed."""
    return round(float(np.quantile(similarities, REJECTED_SHARE)), 4)


def sample_rows(texts: Sequence[str], strata: Sequence[str] | None) -> npt.NDArray[np.int64]:
    """At most SAMPLE_LIMIT positions, the same share of every stratum, chosen by a hash of the text and kept in order."""
    if len(texts) <= SAMPLE_LIMIT:
        return np.arange(len(texts), dtype=np.int64)
    groups: dict[str, list[int]] = {}
    for row in range(len(texts)):
        groups.setdefault("" if strata is None else strata[row], []).append(row)
    chosen: list[int] = []
    for group in groups.values():
        by_hash = sorted(group, key=lambda row: (hashlib.sha256(texts[row].encode()).digest(), row))
        chosen.extend(by_hash[: len(group) * SAMPLE_LIMIT // len(texts)])
    return np.array(sorted(chosen), dtype=np.int64)


def centroids_of(topics: Sequence[Topic]) -> Vectors:
    """Centroids as one array, shape (topics, d), for `assign`."""
    return np.array([topic.centroid for topic in topics], dtype=np.float32)


def _renew(
    vectors: Vectors,
    texts: Sequence[str],
    strata: Sequence[str] | None,
    previous: Sequence[Topic],
    old_reject_below: float,
    seed: int,
) -> Refit:
    """All topics from scratch; identifiers pass on from `previous` by overlap."""
    rows = sample_rows(texts, strata)
    rows = rows[vectors[rows].any(axis=1)]
    smallest = smallest_cluster(len(rows))
    clusters = find_clusters(vectors[rows], [texts[row] for row in rows.tolist()], smallest=smallest, seed=seed)
    if not clusters:
        note = "the documents form no group that is dense enough for a topic"
        return Refit(tuple(previous), (), old_reject_below, note)
    reject_below = calibrate(np.concatenate([cluster.similarities for cluster in clusters]))
    # What the next fit would find among the rejected is found now, so that births there are news.
    clusters += _among_rejected(vectors, texts, strata, _stack(clusters, vectors.shape[1]), reject_below, seed)
    clusters = _without_empty(vectors, clusters, reject_below)
    positions, _ = assign(vectors, _stack(clusters, vectors.shape[1]), reject_below)
    born = [_born(cluster, int((positions == number).sum())) for number, cluster in enumerate(clusters)]
    old_positions, _ = assign(vectors, centroids_of(previous), old_reject_below)
    aligned = align([topic.topic_id for topic in previous], old_positions, [topic.topic_id for topic in born], positions)
    topics = [_renamed(topic, topic_id) for topic, topic_id in zip(born, aligned.topic_ids, strict=True)]
    return Refit(_by_size(topics), aligned.events, reject_below)


def _extend(
    vectors: Vectors,
    texts: Sequence[str],
    strata: Sequence[str] | None,
    previous: Sequence[Topic],
    reject_below: float,
    seed: int,
) -> Refit:
    """Known topics as they are, and new ones from the documents they reject."""
    known = centroids_of(previous)
    before, _ = assign(vectors, known, reject_below)
    fresh = _among_rejected(vectors, texts, strata, known, reject_below, seed)
    after, _ = assign(vectors, np.concatenate([known, _stack(fresh, known.shape[1])]), reject_below)
    counts = np.bincount(after[after >= 0], minlength=len(previous) + len(fresh)).tolist()
    topics, events = [], []
    for number, topic in enumerate(previous):
        stayed = float((after[before == number] == number).mean()) if (before == number).any() else 0.0
        topics.append(_renamed(topic, topic.topic_id, counts[number]))
        events.append(LineageEvent("continued", topic.topic_id, topic.topic_id, round(stayed, 6)))
    for number, cluster in enumerate(fresh, start=len(previous)):
        if counts[number]:
            topics.append(_born(cluster, counts[number]))
            events.append(LineageEvent("born", None, topics[-1].topic_id, 0.0))
    return Refit(_by_size(topics), tuple(events), reject_below)


def _among_rejected(
    vectors: Vectors, texts: Sequence[str], strata: Sequence[str] | None, known: Vectors, reject_below: float, seed: int
) -> list[Cluster]:
    """Clusters of the documents that the known centroids reject: unlike any of those, and as dense as they are."""
    positions, _ = assign(vectors, known, reject_below)
    residue = np.flatnonzero((positions < 0) & vectors.any(axis=1))
    if len(residue) < MINIMUM_DOCUMENTS:
        return []
    rest = [texts[row] for row in residue.tolist()]
    rows = residue[sample_rows(rest, None if strata is None else [strata[row] for row in residue.tolist()])]
    smallest = BIRTH_FACTOR * smallest_cluster(min(len(texts), SAMPLE_LIMIT))
    found = find_clusters(vectors[rows], [texts[row] for row in rows.tolist()], smallest=smallest, seed=seed)
    dense = [cluster for cluster in found if calibrate(cluster.similarities) >= reject_below]
    return [cluster for cluster in dense if float((known @ cluster.centroid).max()) < SAME_TOPIC_SIMILARITY]


def _stack(clusters: Sequence[Cluster], dimension: int) -> Vectors:
    return np.array([cluster.centroid for cluster in clusters], dtype=np.float32).reshape(len(clusters), dimension)


def _without_empty(vectors: Vectors, clusters: Sequence[Cluster], reject_below: float) -> list[Cluster]:
    """Clusters that keep documents of their own once every document goes to its nearest centroid."""
    positions, _ = assign(vectors, _stack(clusters, vectors.shape[1]), reject_below)
    return [cluster for number, cluster in enumerate(clusters) if (positions == number).any()]


def _born(cluster: Cluster, document_count: int) -> Topic:
    """A new topic, named by what it was at birth: its first keywords and its rounded centroid."""
    centroid = unit_rows(cluster.centroid[None, :])[0]
    birth = "\n".join([*cluster.keywords, *(f"{value:.2f}" for value in centroid + 0.0)])
    topic_id = "K" + hashlib.sha256(birth.encode()).hexdigest()[:12]
    return Topic(topic_id, label_of(cluster.keywords), cluster.keywords, tuple(centroid.tolist()), document_count)


def label_of(keywords: Sequence[str]) -> str:
    """A readable name: the first keywords that share no word (a plural is the same word), pairs first: they say more."""
    chosen: list[str] = []
    taken: set[str] = set()
    for keyword in sorted(keywords, key=lambda keyword: " " not in keyword):
        words = {word.removesuffix("s") for word in keyword.split()}
        if taken.isdisjoint(words) and len(chosen) < LABEL_WORDS:
            chosen.append(keyword)
            taken |= words
    return ", ".join(chosen)


def _renamed(topic: Topic, topic_id: str, document_count: int | None = None) -> Topic:
    count = topic.document_count if document_count is None else document_count
    return Topic(topic_id, topic.label, topic.keywords, topic.centroid, count)


def _by_size(topics: Sequence[Topic]) -> tuple[Topic, ...]:
    return tuple(sorted(topics, key=lambda topic: (-topic.document_count, topic.topic_id)))
