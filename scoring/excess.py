"""The mean of a figure over a candidate's works above the same mean over the whole stream.

Vitality and every basis of field momentum are such means. Centring work by work on the stream's own mean lets corpus
growth and differences between streams cancel, and the mean over a candidate's works then weighs its streams by their
works.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from scoring.periods import stream_matrix
from scoring.records import Corpus, Floats


def divide(numerator: Floats, denominator: Floats, otherwise: float) -> Floats:
    """Elementwise quotient; `otherwise` where the denominator is not above 0."""
    empty = np.full(denominator.shape, otherwise)
    return np.asarray(np.divide(numerator, denominator, out=empty, where=denominator > 0), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Excess:
    """A figure per work, ready to be averaged under any weights of the works.

    is_used:   (W,) works that carry the figure; w of them
    incidence: (T, w) candidate named in work
    streams:   (S, w) sums works by stream
    figure:    (w,)
    """

    is_used: npt.NDArray[np.bool_]
    incidence: csr_matrix
    streams: csr_matrix
    stream: npt.NDArray[np.int8]
    figure: Floats

    def at(self, weights: Floats) -> Floats:
        """(T, B) excess under each of B weightings (W, B) of the works; ones give the point value. NaN without
        works."""
        used = weights[self.is_used]
        totals = self.streams @ used
        means = divide(self.streams @ (used * self.figure[:, None]), totals, 0.0)
        centred = used * (self.figure[:, None] - means[self.stream])
        held = self.incidence @ used
        return divide(self.incidence @ centred, held, np.nan)

    def of(self, rows: npt.NDArray[np.int64]) -> Excess:
        """The same for the candidates in `rows` only."""
        return replace(self, incidence=self.incidence[rows])

    def variance(self) -> Floats:
        """(T,) sampling variance of the point value: per stream the candidate's own squares plus one work's worth of
        the stream's variance, so that a single work is as uncertain as the stream is wide. The stream's mean counts as
        known."""
        stream_works = np.maximum(np.asarray(self.streams.sum(axis=1)).ravel(), 1.0)
        mean = self.streams @ self.figure / stream_works
        spread = self.streams @ (self.figure - mean[self.stream]) ** 2 / stream_works
        by_stream = self.streams.T.tocsr()
        works = (self.incidence @ by_stream).toarray()
        sums = (self.incidence @ by_stream.multiply(self.figure[:, None]).tocsr()).toarray()
        squares = (self.incidence @ by_stream.multiply(self.figure[:, None] ** 2).tocsr()).toarray()
        own = np.maximum(squares - sums**2 / np.maximum(works, 1), 0)
        held = works.sum(axis=1)
        total = ((own + spread) * (works > 0)).sum(axis=1)
        return divide(total, held**2, np.nan)

    def has_works(self) -> npt.NDArray[np.bool_]:
        """(T,) candidates with at least one work that carries the figure."""
        return np.asarray(np.diff(self.incidence.indptr) > 0)


def prepare_excess(corpus: Corpus, figure: Floats, is_used: npt.NDArray[np.bool_]) -> Excess:
    """Prepare the mean of `figure` (W,) over the works in `is_used` (W,)."""
    stream = corpus.work_stream[is_used]
    incidence = corpus.incidence.astype(np.float64)[:, np.flatnonzero(is_used)].tocsr()
    return Excess(is_used, incidence, stream_matrix(stream), stream, figure[is_used])
