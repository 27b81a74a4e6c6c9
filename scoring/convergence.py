"""Convergence: whether a candidate draws on fields that lie further apart than before."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

from scoring.likeness import jackknife_variance, mean_likeness
from scoring.periods import BASELINE_QUARTERS, RECENT_YEARS, ages, recent_mask
from scoring.records import Corpus, Floats


def measure_convergence(
    corpus: Corpus, fields: csr_matrix, is_heard: npt.NDArray[np.bool_], tenth: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """(T,) change of Rao-Stirling diversity from the five years before the recent window to it, and its variance.

    fields: (W, F) 0/1, codes or tracks of the works; a work with several is spread over them. tenth: (W,) groups of works for
    the variance. Diversity (Rao 1982, Stirling
    2007) is the mean distance 1 - cosine of two fields, each of another work of the candidate; the cosine of fields is that
    of the works that carry them, up to the as-of. Taken over pairs of different works it does not grow with their number.
    NaN for candidates that are not heard or have under 5 works with a field in either window.
    """
    value, variance = np.full(len(is_heard), np.nan), np.full(len(is_heard), np.nan)
    rows = np.flatnonzero(is_heard)
    carried = np.asarray(fields.sum(axis=1)).ravel()
    if not len(rows) or not carried.any():
        return value, variance
    spread = (diags(np.divide(1.0, carried, out=np.zeros_like(carried), where=carried > 0)) @ fields).tocsr()
    kernel = _field_cosines(fields)
    recent = recent_mask(corpus.work_day, corpus.as_of)
    earlier = ~recent & (ages(corpus.work_day, corpus.as_of) < RECENT_YEARS + BASELINE_QUARTERS / 4)
    now, before = (
        mean_likeness(corpus.incidence[rows][:, used], spread[used], tenth[used], kernel=kernel)
        for used in (np.flatnonzero(window & (carried > 0)) for window in (recent, earlier))
    )
    value[rows] = before.mean - now.mean  # diversity is 1 - likeness
    variance[rows] = jackknife_variance(before.without - now.without)
    return value, variance


def _field_cosines(fields: csr_matrix) -> csr_matrix:
    held = np.asarray(fields.sum(axis=0)).ravel()
    inverse = diags(np.divide(1.0, np.sqrt(held), out=np.zeros_like(held), where=held > 0))
    return (inverse @ (fields.T @ fields) @ inverse).tocsr()
