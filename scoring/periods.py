"""Months and quarters as of a date, and how many works of each candidate and stream fall into them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from scoring.records import STREAMS, Corpus, Floats

Unit = Literal["month", "quarter"]
MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3}
EPOCH = date(1970, 1, 1)
DAYS_IN_YEAR = 365.25
RECENT_YEARS = 2
RECENT_QUARTERS = 8
BASELINE_QUARTERS = 20


@dataclass(frozen=True, slots=True)
class Counts:
    """Works per candidate, stream and period; nothing is left out, the running period included.

    first:        index of the first period (periods since 1970), the earliest work's own
    complete:     how many of the P periods, from the first on, have wholly passed
    works:        (S, T, P) works of the candidate
    stream_works: (S, P) all works of the stream
    """

    unit: Unit
    first: int
    complete: int
    works: npt.NDArray[np.int64]
    stream_works: npt.NDArray[np.int64]

    @property
    def recent(self) -> slice:
        """The last 8 complete periods (fewer where the corpus is younger)."""
        return slice(max(0, self.complete - RECENT_QUARTERS), self.complete)

    @property
    def baseline(self) -> slice:
        """Up to 20 periods before the recent ones."""
        return slice(max(0, self.recent.start - BASELINE_QUARTERS), self.recent.start)


def day_number(day: date) -> int:
    """Days since 1970-01-01, the unit of `Corpus.work_day`."""
    return (day - EPOCH).days


def period_of(days: npt.ArrayLike, unit: Unit) -> npt.NDArray[np.int64]:
    """Index of the calendar month or quarter (since 1970) that holds each day number."""
    months = np.asarray(days, dtype=np.int64).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months // MONTHS[unit]


def last_complete_period(as_of: date, unit: Unit) -> int:
    """Index of the last period that has wholly passed when `as_of` ends."""
    return int(period_of(day_number(as_of + timedelta(days=1)), unit)) - 1


def ages(work_day: npt.NDArray[np.int32], as_of: date) -> Floats:
    """(W,) age of each work at `as_of` in years; a work dated `as_of` has age 0."""
    return (day_number(as_of) - work_day.astype(np.float64)) / DAYS_IN_YEAR


def recent_mask(work_day: npt.NDArray[np.int32], as_of: date) -> npt.NDArray[np.bool_]:
    """(W,) works of the two years that end with `as_of`; works after it are not among them."""
    age = ages(work_day, as_of)
    return (age >= 0) & (age < RECENT_YEARS)


def stream_matrix(work_stream: npt.NDArray[np.int8]) -> csr_matrix:
    """(S, W) 0/1 matrix that sums works by stream."""
    works = len(work_stream)
    return csr_matrix((np.ones(works), (work_stream, np.arange(works))), shape=(len(STREAMS), works))


def count_works(corpus: Corpus, unit: Unit = "quarter") -> Counts:
    """Count the works of every candidate and stream per month or quarter, from the earliest work to `as_of`."""
    last = int(period_of(day_number(corpus.as_of), unit))
    period = period_of(corpus.work_day, unit)
    first = min(int(period.min()), last) if len(period) else last
    periods, streams = last - first + 1, len(STREAMS)
    cell = corpus.work_stream.astype(np.int64) * periods + (period - first)
    shape = (len(period), streams * periods)
    cells = csr_matrix((np.ones(len(cell), dtype=np.int64), (np.arange(len(cell)), cell)), shape=shape)
    table = (corpus.incidence.astype(np.int64) @ cells).toarray()
    return Counts(
        unit=unit,
        first=first,
        complete=last_complete_period(corpus.as_of, unit) - first + 1,
        works=np.ascontiguousarray(table.reshape(-1, streams, periods).transpose(1, 0, 2)),
        stream_works=np.bincount(cell, minlength=streams * periods).reshape(streams, periods),
    )
