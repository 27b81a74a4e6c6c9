"""Novelty: how lately a candidate came, and how unlike it is to what was established before."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

from scoring.arrivals import SUPPORT_WORKS, arrival_days
from scoring.periods import DAYS_IN_YEAR, day_number
from scoring.records import Corpus, Floats

FADING_YEARS = 5.0
ESTABLISHED_YEARS = 5.0
ESTABLISHED_WORKS = 10
PROFILE_TERMS = 100  # the strongest; more adds noise and makes the comparison of thousands with thousands slow
LEAST_TERMS = 3
ROWS_AT_ONCE = 1024
WEIGHT_DECIMALS = 10


def measure_novelty(corpus: Corpus, vectors: csr_matrix, own: csr_matrix, is_heard: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """(T,) exp(-years since the third work / 5) x (1 - largest cosine to what had 10 works five years ago), and its variance.

    vectors: (W, V) unit rows of the works; own: (T, V) terms that share a word with a candidate and say nothing of its
    company. A candidate's profile is the mean of its works' vectors, its 100 strongest terms; an established one's that of
    its works up to then. A candidate that was established itself is like itself, so that its novelty is 0. NaN where nothing
    was established, for candidates that are not heard, have under 3 works or under 3 terms.

    Variance: that of a correlation over the n terms of the profile, (1 - c^2)^2 / (n - 1), times the squared age factor.
    """
    candidates = len(is_heard)
    today = day_number(corpus.as_of)
    is_old = corpus.work_day <= today - ESTABLISHED_YEARS * DAYS_IN_YEAR
    old = np.flatnonzero(is_old)
    stood = np.flatnonzero(np.asarray(corpus.incidence[:, old].sum(axis=1)).ravel() >= ESTABLISHED_WORKS)
    rows = np.flatnonzero(is_heard)
    value, variance = np.full(candidates, np.nan), np.full(candidates, np.nan)
    if not len(stood) or not len(rows):
        return value, variance
    established = make_profiles(corpus.incidence[stood][:, old], vectors[old], own[stood]).T.tocsr()
    closest, terms = np.zeros(len(rows)), np.zeros(len(rows))
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        profiles = make_profiles(corpus.incidence[rows[part]], vectors, own[rows[part]])
        closest[part] = (profiles @ established).max(axis=1).toarray().ravel()
        terms[part] = np.diff(profiles.indptr)
    closest = np.where(np.isin(rows, stood), 1.0, np.clip(closest, 0.0, 1.0))
    years = (today - arrival_days(corpus.incidence[rows], corpus.work_day.astype(np.float64), SUPPORT_WORKS)) / DAYS_IN_YEAR
    age = np.where(terms >= LEAST_TERMS, np.exp(-years / FADING_YEARS), np.nan)
    value[rows] = age * (1 - closest)
    variance[rows] = age**2 * (1 - closest**2) ** 2 / np.maximum(terms - 1, 1)
    return value, variance


def make_profiles(incidence: csr_matrix, vectors: csr_matrix, own: csr_matrix) -> csr_matrix:
    """(t, V) unit rows: the sum of the works' vectors less the candidate's own terms, cut to its 100 strongest terms.

    Of equally strong terms the first columns stay, so that the order of works and candidates means nothing.
    """
    summed = (incidence.astype(np.float64) @ vectors).tocsr()
    summed = (summed - summed.multiply(own)).tocsr()
    summed.eliminate_zeros()
    summed.sort_indices()
    counts = np.diff(summed.indptr)
    row = np.repeat(np.arange(summed.shape[0]), counts)
    order = np.lexsort((summed.indices, -np.round(summed.data, WEIGHT_DECIMALS), row))
    place = np.arange(len(order)) - np.repeat(summed.indptr[:-1], counts)
    kept = order[place < PROFILE_TERMS]
    cut = csr_matrix((summed.data[kept], (row[kept], summed.indices[kept])), shape=summed.shape)
    length = np.sqrt(np.asarray(cut.multiply(cut).sum(axis=1)).ravel())
    return (diags(np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)) @ cut).tocsr()
