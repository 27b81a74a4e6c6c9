"""Community: how many organisations stand behind a candidate's recent works, and how many of them are new to it.

Where organisations are unknown the figures are NaN: authors are never counted in their place, for the unit would
change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from scoring.periods import ages, day_number, recent_mask
from scoring.persistence import beta_posterior
from scoring.records import Corpus, Floats

FORMER_WORKS, FORMER_SHARE, REMAINING_WORKS = 10, 0.3, 5


@dataclass(frozen=True, slots=True)
class Organisations:
    """Who stands behind the works of the two years before a day, per candidate (T,).

    count: distinct organisations; named_works: works that name one; leading_share: share of those works that name the
    most frequent organisation (NaN where none is named).
    """

    count: npt.NDArray[np.int64]
    named_works: npt.NDArray[np.int64]
    leading_share: Floats


def recent_organisations(corpus: Corpus, as_of: date) -> Organisations:
    """Count organisations over the two years that end with `as_of`, a day not after `corpus.as_of`."""
    recent = np.flatnonzero(recent_mask(corpus.work_day, as_of))
    incidence = corpus.incidence[:, recent].astype(np.float64)
    organisations = corpus.organisations[recent].astype(np.float64)
    pairs = (incidence @ organisations).tocsr()
    named = incidence @ (np.diff(organisations.tocsr().indptr) > 0).astype(np.float64)
    leading = pairs.max(axis=1).toarray().ravel() if pairs.shape[1] else np.zeros(pairs.shape[0])
    return Organisations(
        count=np.diff(pairs.indptr).astype(np.int64),
        named_works=named.astype(np.int64),
        leading_share=np.divide(leading, named, out=np.full_like(named, np.nan), where=named > 0),
    )


@dataclass(frozen=True, slots=True)
class Departures:
    """Whether an organisation that mattered fell silent on a candidate (T,).

    has_left: an organisation stood behind 30 % or more of at least 10 named works of the year before last, and behind none of
    at least 5 named works of the last year. `former_works` of `former_named`: its works then, the most of any that fell silent;
    `works`: named works of the last year.
    """

    has_left: npt.NDArray[np.bool_]
    former_works: npt.NDArray[np.int64]
    former_named: npt.NDArray[np.int64]
    works: npt.NDArray[np.int64]


def departures(corpus: Corpus, as_of: date) -> Departures:
    """Compare the last year with the one before it, both counted back from `as_of`, a day not after `corpus.as_of`."""
    age = ages(corpus.work_day, as_of)
    now, then = _pairs(corpus, (age >= 0) & (age < 1)), _pairs(corpus, (age >= 1) & (age < 2))
    silent = (then - then.multiply(now > 0)).tocsr()
    former = np.asarray(silent.max(axis=1).toarray().ravel() if silent.shape[1] else np.zeros(silent.shape[0]), dtype=np.int64)
    is_named = np.diff(corpus.organisations.tocsr().indptr) > 0
    incidence = corpus.incidence.astype(np.float64)
    works = np.asarray(incidence @ (is_named & (age >= 0) & (age < 1)).astype(np.float64), dtype=np.int64)
    named = np.asarray(incidence @ (is_named & (age >= 1) & (age < 2)).astype(np.float64), dtype=np.int64)
    mattered = (named >= FORMER_WORKS) & (former >= FORMER_SHARE * named)
    return Departures(mattered & (works >= REMAINING_WORKS), former, named, works)


def measure_community(corpus: Corpus) -> tuple[Floats, Floats]:
    """(T,) ln of the effective number of organisations in the recent window, and its variance.

    Shannon entropy of the works per organisation with Miller and Madow's correction (K - 1) / 2n; Basharin's variance.
    """
    pairs = _pairs(corpus, recent_mask(corpus.work_day, corpus.as_of))
    total = np.asarray(pairs.sum(axis=1)).ravel()
    known = total > 0
    divisor = np.where(known, total, 1.0)
    share = pairs.data / np.repeat(divisor, np.diff(pairs.indptr))
    entropy = -_row_sums(pairs, share * np.log(share))
    second = _row_sums(pairs, share * np.log(share) ** 2)
    corrected = entropy + (np.diff(pairs.indptr) - 1) / (2 * divisor)
    variance = np.maximum(second - entropy**2, 0.0) / divisor
    return np.where(known, corrected, np.nan), np.where(known, variance, np.nan)


def measure_entrants(corpus: Corpus) -> tuple[Floats, Floats]:
    """(T,) share of the recent work-organisation pairs from organisations that had not named the candidate before
    the recent window, and its variance, under a Beta(1, 1) prior."""
    recent = recent_mask(corpus.work_day, corpus.as_of)
    earlier = (corpus.work_day <= day_number(corpus.as_of)) & ~recent
    now, before = _pairs(corpus, recent), _pairs(corpus, earlier)
    total = np.asarray(now.sum(axis=1)).ravel()
    known_pairs = np.asarray(now.multiply(before > 0).sum(axis=1)).ravel()
    mean, variance = beta_posterior(total - known_pairs, total)
    return np.where(total > 0, mean, np.nan), np.where(total > 0, variance, np.nan)


def _pairs(corpus: Corpus, used: npt.NDArray[np.bool_]) -> csr_matrix:
    """(T, O) works of the candidate by the organisation among the works in `used`."""
    columns = np.flatnonzero(used)
    return (corpus.incidence[:, columns].astype(np.float64) @ corpus.organisations[columns].astype(np.float64)).tocsr()


def _row_sums(like: csr_matrix, data: Floats) -> Floats:
    sums = csr_matrix((data, like.indices, like.indptr), shape=like.shape).sum(axis=1)
    return np.asarray(sums, dtype=np.float64).ravel()
