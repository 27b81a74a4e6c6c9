"""Transition: how far a candidate has come on the way from papers over patents to news, and how lately."""

from __future__ import annotations

import numpy as np

from scoring.arrivals import SUPPORT_WORKS, arrival_days
from scoring.periods import DAYS_IN_YEAR, day_number
from scoring.records import STREAMS, Corpus, Floats

WAY: tuple[tuple[str, ...], ...] = (("paper", "grant"), ("patent",), ("news",))
"""The stations in order: what is researched, what is claimed, what is offered."""
RECENCY_YEARS = 5.0


def measure_transition(corpus: Corpus) -> tuple[Floats, Floats]:
    """(T,) sum over the stations reached after an earlier one of exp(-years since it was reached / 5), and its variance.

    A station is reached with its third work; a candidate that was in the news before it was in papers has made no step by
    that. 0 = no step, 2 = both just now. NaN for all where the corpus has works of one station only.

    Variance by the delta method: the third of a stream of events comes after a Gamma(3) time, whose standard deviation is
    its mean / sqrt(3); the gap from the first work to the third stands for the mean.
    """
    candidates = len(corpus.candidate_ids)
    offered = [np.isin(corpus.work_stream, [STREAMS.index(stream) for stream in station]) for station in WAY]
    if sum(bool(works.any()) for works in offered) < 2:
        return np.full(candidates, np.nan), np.full(candidates, np.nan)
    today = day_number(corpus.as_of)
    value, variance = np.zeros(candidates), np.zeros(candidates)
    earliest = np.full(candidates, np.inf)
    for works in offered:
        columns = np.flatnonzero(works)
        named, days = corpus.incidence[:, columns], corpus.work_day[columns].astype(np.float64)
        reached = arrival_days(named, days, SUPPORT_WORKS)
        gap = np.nan_to_num(reached - arrival_days(named, days, 1)) / DAYS_IN_YEAR
        is_step = reached > earliest  # False where it was not reached
        weight = np.where(is_step, np.exp(-(today - np.nan_to_num(reached)) / DAYS_IN_YEAR / RECENCY_YEARS), 0.0)
        value += weight
        variance += (weight / RECENCY_YEARS * gap) ** 2 / SUPPORT_WORKS
        earliest = np.fmin(earliest, reached)
    return value, variance
