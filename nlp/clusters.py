"""Dense groups of texts by BERTopic on vectors made beforehand, with keywords. Proposes only; see `nlp.topics`."""

from __future__ import annotations

import os
import re
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.lexicon import HAN
from nlp.static_vectors import Vectors, unit_rows
from nlp.track_model import STOP_WORDS

KEYWORD_COUNT = 10
MARKUP_WORDS = frozenset({"mathbb", "mathcal", "mathrm", "frac", "sqrt", "let", "theta", "alpha", "beta"})  # left over from formulas
KEYWORD_RARITY = 3  # a keyword occurs in at least a third as many texts as make a topic
NEIGHBOURS = 15
REDUCED_DIMENSION = 5
SMALLEST_CLUSTER = 15
CLUSTER_SHARE = 1 / 500  # of the texts: about 70 topics in 20,000 abstracts
NEIGHBOUR_ROWS = 1024
LATIN_WORD = re.compile(r"[a-z][a-z]+(?:-[a-z]+)*")
HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class Cluster:
    """One dense group: unit centroid (d,), keywords best first, and its members' similarities to the centroid."""

    centroid: Vectors
    keywords: tuple[str, ...]
    similarities: npt.NDArray[np.float64]


def smallest_cluster(document_count: int) -> int:
    """How many documents make a topic in an archive of that size."""
    return max(SMALLEST_CLUSTER, round(document_count * CLUSTER_SHARE))


def find_clusters(vectors: Vectors, texts: Sequence[str], *, smallest: int, seed: int) -> list[Cluster]:
    """Group texts by their unit vectors, `smallest` or more together; largest group first.

    Reproducible for the same rows in the same order.

    Outliers belong to no cluster; texts that share no words have no topic. The caller's array is not written to.
    """
    os.environ.setdefault("NUMBA_NUM_THREADS", "1")  # one thread is reproducible; numba reads this when it is imported
    from bertopic import BERTopic
    from hdbscan import HDBSCAN
    from sklearn.feature_extraction.text import CountVectorizer
    from threadpoolctl import threadpool_limits
    from umap import UMAP

    vocabulary = _vocabulary(texts, smallest // KEYWORD_RARITY)
    if not vocabulary:
        return []
    with threadpool_limits(limits=1), warnings.catch_warnings():  # sums split over threads differ in the last digit, and groups with them
        warnings.filterwarnings("ignore", message=r"precomputed_knn\[2\]")  # we never transform with it
        reducer = UMAP(
            n_neighbors=NEIGHBOURS,
            n_components=REDUCED_DIMENSION,
            min_dist=0.0,
            metric="cosine",
            random_state=seed,
            n_jobs=1,
            precomputed_knn=(*nearest_neighbours(vectors, NEIGHBOURS), None),
        )
        model = BERTopic(
            embedding_model=None,
            language="multilingual",  # "english" would strip hyphens and every Chinese character from the texts
            umap_model=reducer,
            # Leaves, not the most persistent branches: those may be two halves of everything when one document more arrives.
            hdbscan_model=HDBSCAN(min_cluster_size=smallest, min_samples=5, cluster_selection_method="leaf", core_dist_n_jobs=1),
            vectorizer_model=CountVectorizer(analyzer=keyword_candidates, vocabulary=vocabulary),
            top_n_words=KEYWORD_COUNT,
            calculate_probabilities=False,
        )
        labels, _ = model.fit_transform(list(texts), embeddings=vectors.copy())
    found = np.array(labels)
    return [_cluster(model, vectors, found, label) for label in range(int(found.max()) + 1)]


def nearest_neighbours(vectors: Vectors, count: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Exact cosine neighbours of unit rows, the row itself first: indices and distances, shape (n, count).

    Exact search in blocks costs n^2 and needs no compilation; up to the sample limit it is faster than building an index,
    and it does not depend on threads.
    """
    indices = np.empty((len(vectors), count), dtype=np.int32)
    distances = np.empty((len(vectors), count), dtype=np.float32)
    for start in range(0, len(vectors), NEIGHBOUR_ROWS):
        block = 1.0 - vectors[start : start + NEIGHBOUR_ROWS] @ vectors.T
        rows = np.arange(len(block))
        block[rows, start + rows] = -1.0
        near = np.sort(np.argpartition(block, count - 1, axis=1)[:, :count], axis=1)
        found = np.round(np.take_along_axis(block, near, axis=1), 6)  # equal distances stay in row order
        order = np.argsort(found, axis=1, kind="stable")
        indices[start : start + len(block)] = np.take_along_axis(near, order, axis=1)
        distances[start : start + len(block)] = np.maximum(np.take_along_axis(found, order, axis=1), 0.0)
    return indices, distances


def keyword_candidates(text: str) -> list[str]:
    """Words and pairs that may name a topic: no stop words, no numbers; Chinese by dictionary words."""
    words = LATIN_WORD.findall(text.lower())
    kept = [word if len(word) > 2 and word not in STOP_WORDS and word not in MARKUP_WORDS else "" for word in words]
    pairs = [f"{left} {right}" for left, right in pairwise(kept) if left and right]
    candidates = [word for word in kept if word] + pairs
    if HAN.search(text):
        import jieba

        jieba.setLogLevel("ERROR")
        candidates += [word for run in HAN_RUN.findall(text) for word in jieba.cut(run) if len(word) > 1]
    return candidates


def _vocabulary(texts: Sequence[str], document_count: int) -> list[str]:
    """Candidates found in at least that many texts; c-TF-IDF would otherwise crown a word of a single text."""
    counts = Counter(candidate for text in texts for candidate in set(keyword_candidates(text)))
    return sorted(candidate for candidate, count in counts.items() if count >= document_count)


def _cluster(model: Any, vectors: Vectors, labels: npt.NDArray[np.int64], label: int) -> Cluster:
    members = vectors[labels == label]
    centroid = unit_rows(members.mean(axis=0, dtype=np.float64)[None, :])[0]
    keywords = tuple(word for word, _ in model.get_topic(label) if word)
    return Cluster(centroid, keywords, np.asarray(members @ centroid, dtype=np.float64))
