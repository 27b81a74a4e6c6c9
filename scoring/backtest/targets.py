"""What came after, measured on the half of the works that no score has seen."""

from __future__ import annotations

from datetime import date

import numpy as np
from scipy.sparse import csr_matrix

from scoring.backtest.records import Flags, Outcome
from scoring.periods import DAYS_IN_YEAR, ages, day_number
from scoring.records import Corpus, Floats

LIFT_YEARS = 2
LABEL_YEARS = 3
PEAK_YEARS = 10
YEARLY_GROWTH = 1.08
LABEL_WORKS = 5
CODED_SHARE = 0.5


def measure_outcome(later: Corpus, cutoff: date, ends_on: date) -> Outcome | None:
    """Measure on `later`, the measured half as it was known afterwards; `ends_on` is the last day it covers.

    None where it ends before `cutoff` + 2 years, or holds no work on either side. The label needs a third year.
    """
    covered = (day_number(ends_on) - day_number(cutoff)) / DAYS_IN_YEAR
    age = ages(later.work_day, cutoff)
    is_recent, is_future = (age >= 0) & (age < LIFT_YEARS), (age < 0) & (age >= -LIFT_YEARS)
    if _falls_short(covered, LIFT_YEARS) or not is_recent.any() or not is_future.any():
        return None
    incidence = later.incidence.astype(np.float64)
    return Outcome(
        future=incidence @ is_future / is_future.sum(),
        recent=incidence @ is_recent / is_recent.sum(),
        expected=_expected(incidence, later.codes.astype(np.float64).tocsr(), is_recent, is_future),
        has_grown=None if _falls_short(covered, LABEL_YEARS) else label_growth(*_yearly(incidence, age)),
    )


def label_growth(past: Floats, past_totals: Floats, future: Floats, future_totals: Floats) -> Flags:
    """CSET's extreme growth: in some year h = 1, 2, 3 after the cut-off at least 5 works, and a share above
    1.08^h times the peak of the ten years before. `past` (T, 10) and `future` (T, 3) are works by year, oldest first."""
    peak = (past / np.maximum(past_totals, 1.0)).max(axis=1)
    share = future / np.maximum(future_totals, 1.0)
    bar = peak[:, None] * YEARLY_GROWTH ** np.arange(1, future.shape[1] + 1)
    return np.asarray(((share > bar) & (future >= LABEL_WORKS)).any(axis=1))


def _falls_short(covered: float, years: int) -> bool:
    # A year is 365.25 days here and 365 in most calendars: a week of grace, so that 31 December to 31 December is a year.
    return covered < years - 7 / DAYS_IN_YEAR


def _yearly(incidence: csr_matrix, age: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    year = np.ceil(-age).astype(np.int64) - 1  # the year up to the cut-off is -1, the one after it 0
    year = np.where(age >= 0, -1 - np.floor(age).astype(np.int64), year)
    used = np.flatnonzero((year >= -PEAK_YEARS) & (year < LABEL_YEARS))
    table = csr_matrix((np.ones(len(used)), (used, year[used] + PEAK_YEARS)), shape=(len(age), PEAK_YEARS + LABEL_YEARS))
    counts, totals = (incidence @ table).toarray(), np.asarray(table.sum(axis=0)).ravel()
    return counts[:, :PEAK_YEARS], totals[:PEAK_YEARS], counts[:, PEAK_YEARS:], totals[PEAK_YEARS:]


def _expected(incidence: csr_matrix, codes: csr_matrix, is_recent: Flags, is_future: Flags) -> Floats:
    """(T,) share that a candidate would have had its works grown as their codes did, each work by the mean of its codes."""
    carried = np.diff(codes.indptr)
    now, then = (codes.T @ used.astype(np.float64) / used.sum() for used in (is_future, is_recent))
    growth = np.divide(now, then, out=np.ones_like(now), where=then > 0)
    factor = np.divide(codes @ growth, carried, out=np.ones(len(carried)), where=carried > 0)
    named = incidence @ is_recent
    coded = incidence @ (is_recent & (carried > 0))
    expected = incidence @ np.where(is_recent, factor, 0.0) / is_recent.sum()
    return np.where(coded >= CODED_SHARE * np.maximum(named, 1), expected, np.nan)
