"""How alike two different works of one set are on average, and how sure that is: the statistic behind coherence and diversity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from scoring.bootstrap import Keys
from scoring.records import Floats

GROUPS = 10
LEAST_WORKS = 5  # with fewer, the pairs are too few to speak of


@dataclass(frozen=True, slots=True)
class Likeness:
    """Mean likeness of pairs: `mean` (T,), and `without` (G, T) when a tenth of the works is left out. NaN under 5 works."""

    mean: Floats
    without: Floats


def group_works(keys: Keys) -> npt.NDArray[np.int64]:
    """(W,) a tenth for each work, by the hash of its id alone."""
    return (keys % np.uint64(GROUPS)).astype(np.int64)


def mean_likeness(
    incidence: csr_matrix,
    vectors: csr_matrix,
    tenth: npt.NDArray[np.int64],
    *,
    kernel: csr_matrix | None = None,
    own: csr_matrix | None = None,
) -> Likeness:
    """Mean of x K y' over all pairs of different works of each candidate; 1 = all alike.

    incidence: (T, n); vectors: (n, F); kernel: (F, F), symmetric, None = identity; own: (T, F) 1 where a column does not
    count for the candidate (identity only). The sum over pairs is that of all works with themselves less each with itself:
    (s K s' - sum of x K x') / n(n - 1), s = the sum of the works' vectors (Hoeffding's U-statistic of order two).
    """
    parts, selves, counts = [], [], []
    is_named = np.bincount(incidence.indices, minlength=incidence.shape[1]) > 0
    for group in range(GROUPS):
        columns = np.flatnonzero((tenth == group) & is_named)
        named, held = incidence[:, columns].astype(np.float64), vectors[columns]
        part = (named @ held).tocsr()
        if own is not None:
            part = (part - part.multiply(own)).tocsr()
        parts.append(part)
        selves.append(_selves(named, held, kernel, own))
        counts.append(_row_sums(named))
    whole = sum(parts[1:], parts[0])
    through = whole if kernel is None else (whole @ kernel).tocsr()
    square, itself_sum, works = _row_sums(whole.multiply(through)), np.sum(selves, axis=0), np.sum(counts, axis=0)
    without = []
    for part, itself_part, count in zip(parts, selves, counts, strict=True):
        own_square = _row_sums(part.multiply(part if kernel is None else part @ kernel))
        rest = square - 2 * _row_sums(part.multiply(through)) + own_square
        without.append(_pair_mean(rest, itself_sum - itself_part, works - count))
    mean = np.where(works >= LEAST_WORKS, _pair_mean(square, itself_sum, works), np.nan)
    return Likeness(mean, np.where(np.isnan(mean), np.nan, np.stack(without)))


def _selves(named: csr_matrix, vectors: csr_matrix, kernel: csr_matrix | None, own: csr_matrix | None) -> Floats:
    """(T,) sum of x K x' over the works named."""
    if kernel is not None:
        return np.asarray(named @ _quadratic(vectors, kernel), dtype=np.float64)
    squares = (named @ vectors.multiply(vectors).tocsr()).tocsr()
    return _row_sums(squares if own is None else squares - squares.multiply(own))


def _quadratic(vectors: csr_matrix, kernel: csr_matrix) -> Floats:
    """(n,) x K x' of each row, entry by entry: the product of all rows with K would be dense."""
    counts = np.diff(vectors.indptr)
    row = np.repeat(np.arange(len(counts)), counts)
    left = np.repeat(np.arange(len(row)), counts[row])
    within = np.arange(len(left)) - np.repeat(np.cumsum(counts[row]) - counts[row], counts[row])
    right = vectors.indptr[row[left]] + within
    near = np.asarray(kernel[vectors.indices[left], vectors.indices[right]]).ravel()
    return np.bincount(row[left], vectors.data[left] * vectors.data[right] * near, minlength=len(counts)).astype(np.float64)


def jackknife_variance(without: Floats) -> Floats:
    """(T,) variance of a figure from its values (G, T) without each group of works (delete-a-group jackknife)."""
    groups = len(without)
    return np.asarray((groups - 1) / groups * ((without - without.mean(axis=0)) ** 2).sum(axis=0))


def _pair_mean(square: Floats, itself: Floats, works: Floats) -> Floats:
    pairs = works * (works - 1)
    return np.asarray(np.divide(square - itself, pairs, out=np.full(len(works), np.nan), where=pairs > 0), dtype=np.float64)


def _row_sums(matrix: csr_matrix) -> Floats:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()
