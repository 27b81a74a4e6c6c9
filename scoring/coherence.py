"""Coherence: whether the works of a candidate speak of one thing, more than as many works taken at random."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from scoring.likeness import jackknife_variance, mean_likeness
from scoring.periods import recent_mask, stream_matrix
from scoring.records import Corpus, Floats


def measure_coherence(
    corpus: Corpus, vectors: csr_matrix, own: csr_matrix, is_heard: npt.NDArray[np.bool_], tenth: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """(T,) mean cosine of two recent works of the candidate less that of two recent works of its stream mix, and its variance.

    vectors: (W, V) unit rows; own: (T, V) terms that share a word with it and count for neither side; is_heard: (T,)
    candidates to measure, NaN for the others and under 5 recent works; tenth: (W,) groups of works for the variance. The mean
    over random sets is exact: it is that over all pairs of works of the same streams, whatever the size of the set.
    """
    recent = np.flatnonzero(recent_mask(corpus.work_day, corpus.as_of))
    rows = np.flatnonzero(is_heard)
    incidence, left_out = corpus.incidence[rows][:, recent].tocsr(), own[rows].tocsr()
    alike = mean_likeness(incidence, vectors[recent], tenth[recent], own=left_out)
    streams = stream_matrix(corpus.work_stream[recent])
    by_stream = (incidence.astype(np.float64) @ streams.T).toarray()
    mix = by_stream / np.maximum(by_stream.sum(axis=1, keepdims=True), 1.0)
    value, variance = np.full(len(is_heard), np.nan), np.full(len(is_heard), np.nan)
    value[rows] = alike.mean - _expected(mix, streams, vectors[recent], left_out)
    variance[rows] = jackknife_variance(alike.without)
    return value, variance


def _expected(mix: Floats, streams: csr_matrix, vectors: csr_matrix, own: csr_matrix) -> Floats:
    """(t,) mean cosine of two different works drawn from the streams in `mix` (t, S)."""
    sums = (streams @ vectors).toarray()
    selves = (streams @ vectors.multiply(vectors).tocsr()).toarray()
    works = np.asarray(streams.sum(axis=1)).ravel()
    expected = np.zeros(len(mix))
    for one in range(len(works)):
        for other in range(len(works)):
            pairs = works[one] * works[other] - (works[one] if one == other else 0.0)
            if pairs > 0:
                product = sums[one] * sums[other] - (selves[one] if one == other else 0.0)
                expected += mix[:, one] * mix[:, other] * (product.sum() - own @ product) / pairs
    return expected
