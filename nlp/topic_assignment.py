"""The one rule by which documents belong to topics: the nearest centroid, unless it is too far."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nlp.records import Topic
from nlp.static_vectors import Vectors

REJECTED_SHARE = 0.10  # of the documents a clustering placed, the least similar tenth is not taken as typical
ASSIGN_ROWS = 8192


def assign(vectors: Vectors, centroids: Vectors, reject_below: float) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Nearest centroid of each vector by cosine: positions, or -1 below the threshold, and the similarities.

    `vectors` (n, d) and `centroids` (k, d) have unit rows; a row of zeros is rejected. Rows do not influence each other, and
    sums are made in double precision, so that neither threads nor batches change a similarity by more than 1e-12.

    Raises:
        ValueError: vectors and centroids differ in dimension (they come from different encoders).
    """
    if len(centroids) == 0 or len(vectors) == 0:
        return np.full(len(vectors), -1, dtype=np.int64), np.zeros(len(vectors))
    if vectors.shape[1] != centroids.shape[1]:
        raise ValueError(f"vectors of {vectors.shape[1]} dimensions cannot be compared with centroids of {centroids.shape[1]}")
    positions = np.empty(len(vectors), dtype=np.int64)
    best = np.empty(len(vectors))
    columns = centroids.T.astype(np.float64)
    for start in range(0, len(vectors), ASSIGN_ROWS):
        similarities = np.round(vectors[start : start + ASSIGN_ROWS].astype(np.float64) @ columns, 12)
        nearest = similarities.argmax(axis=1)
        positions[start : start + ASSIGN_ROWS] = nearest
        best[start : start + ASSIGN_ROWS] = similarities[np.arange(len(nearest)), nearest]
    is_rejected = (best < reject_below) | ~vectors.any(axis=1)
    positions[is_rejected] = -1
    return positions, best


def calibrate(similarities: npt.NDArray[np.float64]) -> float:
    """The similarity below which `assign` rejects: the REJECTED_SHARE quantile over the documents the clustering placed."""
    return round(float(np.quantile(similarities, REJECTED_SHARE)), 4)


def centroids_of(topics: Sequence[Topic]) -> Vectors:
    """Centroids as one array, shape (topics, d), for `assign`."""
    return np.array([topic.centroid for topic in topics], dtype=np.float32)


def nearest_documents(positions: npt.NDArray[np.int64], similarities: npt.NDArray[np.float64], topic: int, count: int) -> list[int]:
    """Rows of the `count` documents that stand for a topic: nearest to its centroid, the first row first among equals."""
    rows = np.flatnonzero(positions == topic)
    return [int(row) for row in rows[np.argsort(-similarities[rows], kind="stable")[:count]]]
