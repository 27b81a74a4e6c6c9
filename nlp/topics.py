"""Topics: neighbourhoods of texts with identifiers of our own, found by BERTopic and assigned by nearest centroid.

BERTopic's own `transform` disagrees with its fit after saving and loading, so it only proposes; `assign` is the one
predictor, for the documents of the fit and for every later one. A topic's centroid is fixed at its birth: an identifier
never changes its meaning. Later fits look for new topics among the documents that no known topic takes and inside topics that
have grown too broad, and let go of topics that have become empty or the same as another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from nlp.clusters import Cluster, find_clusters, smallest_cluster
from nlp.lineage import align, trace
from nlp.records import LineageEvent, Topic
from nlp.static_vectors import Vectors, unit_rows
from nlp.topic_assignment import assign, calibrate, centroids_of
from nlp.topic_labels import label_of
from nlp.topic_revision import SAME_TOPIC_SIMILARITY, find_faded, find_heirs

__all__ = ["Refit", "assign", "centroids_of", "fit", "sample_rows"]

MINIMUM_DOCUMENTS = 200
SAMPLE_LIMIT = 50_000
BIRTH_FACTOR = 2  # what known topics reject is mostly noise: a group must be larger there to be a topic
DENSE_SHARE = 0.75  # of a new group's documents must lie as near to its centroid as documents of known topics do to theirs
BROAD_FACTOR = 20  # a topic of so many times the smallest cluster (a twenty-fifth of a large archive) may hold several
LAYOUT_PASSES = 3  # in a new layout broad topics are searched again, but not for ever


@dataclass(frozen=True, slots=True)
class Refit:
    """Topics in order of size, what became of earlier ones, the threshold of `assign`, and a sentence where there is none."""

    topics: tuple[Topic, ...]
    lineage: tuple[LineageEvent, ...]
    reject_below: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Archive:
    """What a fit looks at: unit vectors, texts and strata in one order that does not depend on the order given."""

    vectors: Vectors
    texts: Sequence[str]
    strata: Sequence[str] | None
    seed: int

    @property
    def smallest(self) -> int:
        return smallest_cluster(min(len(self.texts), SAMPLE_LIMIT))

    def cluster(self, rows: npt.NDArray[np.int64], smallest: int) -> list[Cluster]:
        """Clusters among these rows, or among a sample of them; rows without a vector are left out."""
        rows = rows[self.vectors[rows].any(axis=1)]
        texts = [self.texts[row] for row in rows.tolist()]
        chosen = sample_rows(texts, None if self.strata is None else [self.strata[row] for row in rows.tolist()])
        return find_clusters(self.vectors[rows[chosen]], [texts[place] for place in chosen.tolist()], smallest=smallest, seed=self.seed)


def fit(
    vectors: Vectors,
    texts: Sequence[str],
    *,
    seed: int,
    previous: Sequence[Topic] = (),
    reject_below: float | None = None,
    strata: Sequence[str] | None = None,
    placed: npt.NDArray[np.int64] | None = None,
    used_ids: Collection[str] = (),
) -> Refit:
    """Find topics in `texts` with their unit `vectors`, shape (len(texts), d).

    Without `previous`: a first fit. With it, the known topics (and their `reject_below`) stay as they are; topics are born
    from what they reject or split off from those grown too broad, and some are merged or retired. Where `previous` comes from
    another encoder, `placed` (documents,) says at which of its positions each text stood (-1: nowhere): everything is then
    laid out anew, and identifiers pass on by overlap of documents. `strata` (one word a text, such as kind, year and track)
    keeps a sample of more than SAMPLE_LIMIT texts proportional. No new topic gets one of `used_ids`.
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
    archive = _Archive(
        np.ascontiguousarray(vectors[order]),
        [texts[row] for row in order],
        None if strata is None else [strata[row] for row in order],
        seed,
    )
    used = {*used_ids, *(topic.topic_id for topic in previous)}
    if previous and placed is None:
        return _revise(archive, previous, known, used)
    before = np.full(len(texts), -1, dtype=np.int64) if placed is None else placed[order]
    return _lay_out(archive, previous, before, known, used)


def sample_rows(texts: Sequence[str], strata: Sequence[str] | None) -> npt.NDArray[np.int64]:
    """At most SAMPLE_LIMIT positions, the same share of every stratum, chosen by a hash of the text and kept in order.

    Rounding is by largest remainder, so that many small strata are not lost; a text once chosen stays chosen while its
    stratum's share grows.
    """
    if len(texts) <= SAMPLE_LIMIT:
        return np.arange(len(texts), dtype=np.int64)
    groups: dict[str, list[int]] = {}
    for row in range(len(texts)):
        groups.setdefault("" if strata is None else strata[row], []).append(row)
    quotas = {name: len(group) * SAMPLE_LIMIT // len(texts) for name, group in groups.items()}
    by_remainder = sorted(groups, key=lambda name: (-(len(groups[name]) * SAMPLE_LIMIT % len(texts)), name))
    for name in by_remainder[: SAMPLE_LIMIT - sum(quotas.values())]:
        quotas[name] += 1
    chosen: list[int] = []
    for name, group in groups.items():
        by_hash = sorted(group, key=lambda row: (hashlib.sha256(texts[row].encode()).digest(), row))
        chosen.extend(by_hash[: quotas[name]])
    return np.array(sorted(chosen), dtype=np.int64)


def _lay_out(archive: _Archive, previous: Sequence[Topic], before: npt.NDArray[np.int64], old_reject_below: float, used: set[str]) -> Refit:
    """All topics from scratch; identifiers, labels and keywords pass on from `previous` by overlap."""
    dimension = archive.vectors.shape[1]
    clusters = archive.cluster(np.arange(len(archive.texts)), archive.smallest)
    if not clusters:
        note = "the documents form no group that is dense enough for a topic"
        return Refit(tuple(previous), (), old_reject_below, note)
    reject_below = calibrate(np.concatenate([cluster.similarities for cluster in clusters]))
    # What the next fit would find is found now, so that what it finds then is news.
    clusters = _distinct(clusters, np.empty((0, dimension), dtype=np.float32))
    clusters += _among_rejected(archive, _stack(clusters, dimension), reject_below)
    for _ in range(LAYOUT_PASSES):
        parts = _inside_broad(archive, _stack(clusters, dimension), reject_below)
        clusters += [part for _, part in parts]
        clusters = _settled(archive.vectors, clusters, reject_below)
        if not parts:
            break
    positions, _ = assign(archive.vectors, _stack(clusters, dimension), reject_below)
    taken = {topic.label for topic in previous}
    born = []
    for number, cluster in enumerate(clusters):
        born.append(_born(cluster, int((positions == number).sum()), used, taken))
    aligned = align([topic.topic_id for topic in previous], before, [topic.topic_id for topic in born], positions)
    known = {topic.topic_id: topic for topic in previous}
    topics = [
        _carried_on(known[topic_id], topic) if topic_id in known else topic for topic, topic_id in zip(born, aligned.topic_ids, strict=True)
    ]
    return Refit(_by_size(topics), aligned.events, reject_below)


def _revise(archive: _Archive, previous: Sequence[Topic], reject_below: float, used: set[str]) -> Refit:
    """Known topics as they are, less those that came to an end, and new ones from rejected documents and out of broad topics."""
    vectors = archive.vectors
    before, _ = assign(vectors, centroids_of(previous), reject_below)
    heirs = find_heirs(vectors, before, len(previous))
    faded = set(find_faded(before, len(previous))) - {*heirs, *heirs.values()}
    kept = [place for place in range(len(previous)) if place not in heirs and place not in faded]
    known = centroids_of([previous[place] for place in kept]).reshape(len(kept), vectors.shape[1])
    fresh: list[tuple[int | None, Cluster]] = [(None, cluster) for cluster in _among_rejected(archive, known, reject_below)]
    fresh += [(kept[place], cluster) for place, cluster in _inside_broad(archive, known, reject_below)]
    after, _ = assign(vectors, np.concatenate([known, _stack([cluster for _, cluster in fresh], vectors.shape[1])]), reject_below)
    empty = {place - len(kept) for place in find_faded(after, len(kept) + len(fresh))}
    if any(place >= 0 for place in empty):
        fresh = [one for number, one in enumerate(fresh) if number not in empty]
        after, _ = assign(vectors, np.concatenate([known, _stack([cluster for _, cluster in fresh], vectors.shape[1])]), reject_below)
    counts = np.bincount(after[after >= 0], minlength=len(kept) + len(fresh)).tolist()
    taken = {topic.label for topic in previous}
    topics = [replace(previous[place], document_count=counts[number]) for number, place in enumerate(kept)]
    topics += [_born(cluster, counts[number], used, taken) for number, (_, cluster) in enumerate(fresh, start=len(kept))]
    events = trace(
        [topic.topic_id for topic in previous],
        before,
        [topic.topic_id for topic in topics],
        after,
        heirs={previous[old].topic_id: previous[heir].topic_id for old, heir in heirs.items()},
        parents={
            topics[number].topic_id: previous[parent].topic_id
            for number, (parent, _) in enumerate(fresh, start=len(kept))
            if parent is not None
        },
    )
    return Refit(_by_size(topics), events, reject_below)


def _among_rejected(archive: _Archive, known: Vectors, reject_below: float) -> list[Cluster]:
    """Clusters of the documents that the known centroids reject: unlike any of those, and as dense as they are."""
    positions, _ = assign(archive.vectors, known, reject_below)
    residue = np.flatnonzero((positions < 0) & archive.vectors.any(axis=1))
    if len(residue) < MINIMUM_DOCUMENTS:
        return []
    found = archive.cluster(residue, BIRTH_FACTOR * archive.smallest)
    return _distinct([cluster for cluster in found if (cluster.similarities >= reject_below).mean() >= DENSE_SHARE], known)


def _inside_broad(archive: _Archive, known: Vectors, reject_below: float) -> list[tuple[int, Cluster]]:
    """Clusters inside topics that hold too much, with the position of the topic; its own heart is not among them."""
    positions, _ = assign(archive.vectors, known, reject_below)
    sizes = np.bincount(positions[positions >= 0], minlength=len(known))
    parts: list[tuple[int, Cluster]] = []
    for place in np.flatnonzero(sizes > BROAD_FACTOR * archive.smallest).tolist():
        found = archive.cluster(np.flatnonzero(positions == place), BIRTH_FACTOR * archive.smallest)
        if len(found) < 2:
            continue
        heart = int(np.argmax([float(known[place] @ cluster.centroid) for cluster in found]))
        others = [cluster for number, cluster in enumerate(found) if number != heart]
        taken = np.concatenate([known, found[heart].centroid[None, :], _stack([part for _, part in parts], known.shape[1])])
        parts += [(place, cluster) for cluster in _distinct(others, taken)]
    return parts


def _distinct(clusters: Sequence[Cluster], known: Vectors) -> list[Cluster]:
    """The clusters, largest first, that are neither a known topic nor one of the clusters before them."""
    chosen: list[Cluster] = []
    for cluster in clusters:
        others = np.concatenate([known, _stack(chosen, len(cluster.centroid))]).astype(np.float64)
        if not len(others) or float((others @ cluster.centroid.astype(np.float64)).max()) < SAME_TOPIC_SIMILARITY:
            chosen.append(cluster)
    return chosen


def _settled(vectors: Vectors, clusters: list[Cluster], reject_below: float) -> list[Cluster]:
    """Clusters that keep documents of their own, unlike those of any other, once every document goes to its nearest centroid."""
    while clusters:
        positions, _ = assign(vectors, _stack(clusters, vectors.shape[1]), reject_below)
        leaving = {*find_faded(positions, len(clusters)), *find_heirs(vectors, positions, len(clusters))}
        if not leaving:
            break
        clusters = [cluster for number, cluster in enumerate(clusters) if number not in leaving]
    return clusters


def _stack(clusters: Sequence[Cluster], dimension: int) -> Vectors:
    return np.array([cluster.centroid for cluster in clusters], dtype=np.float32).reshape(len(clusters), dimension)


def _born(cluster: Cluster, document_count: int, used: set[str], taken: set[str]) -> Topic:
    """A new topic, its identifier made of its keywords and rounded centroid. Adds to `used` identifiers and `taken` labels."""
    centroid = unit_rows(cluster.centroid[None, :])[0]
    birth = "\n".join([*cluster.keywords, *(f"{value:.2f}" for value in centroid + 0.0)])
    topic_id = "K" + hashlib.sha256(birth.encode()).hexdigest()[:12]
    while topic_id in used:  # the same topic was there and went: what comes back is another life, and told apart
        birth += "\nagain"
        topic_id = "K" + hashlib.sha256(birth.encode()).hexdigest()[:12]
    used.add(topic_id)
    label = label_of(cluster.phrases, taken)
    taken.add(label)
    return Topic(topic_id, label, cluster.keywords, tuple(centroid.tolist()), document_count)


def _carried_on(old: Topic, new: Topic) -> Topic:
    """The known topic in the new vectors: its name stays, its place among them is new."""
    return replace(old, centroid=new.centroid, document_count=new.document_count)


def _by_size(topics: Sequence[Topic]) -> tuple[Topic, ...]:
    return tuple(sorted(topics, key=lambda topic: (-topic.document_count, topic.topic_id)))
