"""Dense groups of texts by BERTopic on vectors made beforehand, with their words. Proposes only; see `nlp.topics`."""

from __future__ import annotations

import os
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.static_vectors import Vectors, unit_rows
from nlp.topic_labels import WeightedTerm, choose_keywords, choose_phrases, complete
from nlp.topic_terms import TermTable, phrase_table, word_table

TERM_COUNT = 80  # the best words and phrases by c-TF-IDF, among which keywords and a label are chosen
TERM_RARITY = 3  # a keyword occurs in at least a third as many texts as make a topic
NEIGHBOURS = 15
REDUCED_DIMENSION = 5
SMALLEST_CLUSTER = 15
CLUSTER_SHARE = 1 / 500  # of the texts: about 90 topics in 20,000 abstracts
NEIGHBOUR_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Cluster:
    """One dense group: unit centroid (d,), ten words and up to six phrases, best first, and its members' similarities to the centroid."""

    centroid: Vectors
    keywords: tuple[str, ...]
    phrases: tuple[str, ...]
    similarities: npt.NDArray[np.float64]


def smallest_cluster(document_count: int) -> int:
    """How many documents make a topic in an archive of that size."""
    return max(SMALLEST_CLUSTER, round(document_count * CLUSTER_SHARE))


def find_clusters(vectors: Vectors, texts: Sequence[str], *, smallest: int, seed: int) -> list[Cluster]:
    """Group texts by their unit vectors, `smallest` or more together; largest group first.

    Reproducible for the same rows in the same order, whatever the number of threads. Outliers belong to no cluster; texts
    that share no words have no topic. The caller's array is not written to.
    """
    if "numba" not in sys.modules:  # it refuses another number later
        os.environ.setdefault("NUMBA_NUM_THREADS", "1")  # one thread is reproducible
    from bertopic import BERTopic
    from bertopic.vectorizers import ClassTfidfTransformer
    from hdbscan import HDBSCAN
    from threadpoolctl import threadpool_limits
    from umap import UMAP

    words = word_table(texts, smallest=smallest // TERM_RARITY)
    if len(words.names) < 2:
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
        # Root of the term frequency: without it the same frequent words lead every list (diversity .68 instead of .87).
        weighting = ClassTfidfTransformer(reduce_frequent_words=True)
        model = BERTopic(
            embedding_model=None,
            language="multilingual",  # "english" would strip hyphens and every Chinese character from the texts
            umap_model=reducer,
            # Leaves, not the most persistent branches: those may be two halves of everything when one document more arrives.
            hdbscan_model=HDBSCAN(min_cluster_size=smallest, min_samples=5, cluster_selection_method="leaf", core_dist_n_jobs=1),
            vectorizer_model=_vectorizer(words),
            ctfidf_model=weighting,
            top_n_words=TERM_COUNT,
            calculate_probabilities=False,
        )
        documents = _documents(words)
        labels, _ = model.fit_transform(documents, embeddings=vectors.copy())
        found = np.array(labels)
        count = int(found.max()) + 1
        keywords = [choose_keywords(_weighted(model, words, found, label)) for label in range(count)]
        phrases = _phrases(model, texts, found, keywords, smallest // TERM_RARITY) if count else []
    return [_cluster(vectors[found == label], tuple(word.name for word in keywords[label]), phrases[label]) for label in range(count)]


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


def _phrases(
    model: Any, texts: Sequence[str], labels: npt.NDArray[np.int64], keywords: Sequence[Sequence[WeightedTerm]], least: int
) -> list[tuple[str, ...]]:
    """The phrases that name each group, from BERTopic's second representation of the same groups."""
    from bertopic.vectorizers import ClassTfidfTransformer

    table = phrase_table(texts, smallest=least)
    if len(table.names) < 2:  # BERTopic 0.17 cannot weigh a vocabulary of one term; what all share sets no group apart
        return [()] * len(keywords)
    model.update_topics(
        _documents(table),
        vectorizer_model=_vectorizer(table),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        top_n_words=TERM_COUNT,
    )
    chosen = []
    for label, words in enumerate(keywords):
        phrases = choose_phrases(_weighted(model, table, labels, label), [word.key for word in words])
        members = [texts[row] for row in np.flatnonzero(labels == label).tolist()]
        chosen.append(tuple(complete(phrase, members) for phrase in phrases))
    return chosen


def _weighted(model: Any, table: TermTable, labels: npt.NDArray[np.int64], label: int) -> list[WeightedTerm]:
    """What BERTopic found to set one group apart, with the share of its documents that hold it."""
    members = np.flatnonzero(labels == label).tolist()
    holding = Counter(key for row in members for key in table.documents[row])
    best = [(_key(token), float(weight)) for token, weight in model.get_topic(label) if token and weight > 0]
    return [WeightedTerm(key, table.names[key], weight, holding[key] / len(members)) for key, weight in best]


def _documents(table: TermTable) -> list[str]:
    """Each text as the tokens BERTopic counts, one a term."""
    return [" ".join(_token(key) for key in keys if key in table.names) for keys in table.documents]


def _vectorizer(table: TermTable) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(analyzer=str.split, vocabulary=[_token(key) for key in table.names])


def _token(key: str) -> str:
    return key.replace(" ", "_")


def _key(token: str) -> str:
    return token.replace("_", " ")


def _cluster(members: Vectors, keywords: tuple[str, ...], phrases: tuple[str, ...]) -> Cluster:
    centroid = unit_rows(members.mean(axis=0, dtype=np.float64)[None, :])[0]
    similarities = members.astype(np.float64) @ centroid.astype(np.float64)
    return Cluster(centroid, keywords, phrases or keywords, similarities)
