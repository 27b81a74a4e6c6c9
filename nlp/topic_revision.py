"""Which topics a refit lets go: those that nobody belongs to any more, and those that have become the same as a larger one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nlp.static_vectors import Vectors, unit_rows

RETIRED_BELOW = 5  # documents
SAME_TOPIC_SIMILARITY = 0.9  # of two means of documents: what they hold cannot be told apart


def find_faded(positions: npt.NDArray[np.int64], count: int) -> list[int]:
    """Topics, of `count`, with fewer than RETIRED_BELOW documents; `positions` (documents,) as from `assign`."""
    sizes = np.bincount(positions[positions >= 0], minlength=count)
    return np.flatnonzero(sizes < RETIRED_BELOW).tolist()


def find_heirs(vectors: Vectors, positions: npt.NDArray[np.int64], count: int) -> dict[int, int]:
    """Topics whose documents have become like those of a larger one, with that one; an heir is never an heir-giver itself.

    The means of what two topics hold now are compared, not their centroids, which stay what they were at birth. The more
    similar pair comes first; of equal sizes the earlier topic stays.
    """
    sizes = np.bincount(positions[positions >= 0], minlength=count)
    sums = np.zeros((count, vectors.shape[1]))
    placed = positions >= 0
    np.add.at(sums, positions[placed], vectors[placed].astype(np.float64))
    means = unit_rows(sums).astype(np.float64)
    alike = np.triu(np.round(means @ means.T, 9), k=1)
    pairs = sorted(np.argwhere(alike >= SAME_TOPIC_SIMILARITY).tolist(), key=lambda pair: (-alike[pair[0], pair[1]], pair))
    heirs: dict[int, int] = {}
    for one, two in pairs:
        if one not in heirs and two not in heirs:
            smaller, larger = (one, two) if sizes[one] < sizes[two] else (two, one)
            heirs[smaller] = larger
    return {topic: _last(heirs, topic) for topic in sorted(heirs)}


def _last(heirs: dict[int, int], topic: int) -> int:
    while topic in heirs:
        topic = heirs[topic]
    return topic
