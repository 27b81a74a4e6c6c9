"""One window of a back-test halved again and again: scored on one half, measured on the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from flows.backtest_corpus import Window
from scoring.backtest.methods import find_eligible, find_heard, random_order, score_methods
from scoring.backtest.records import Outcome, Trial
from scoring.backtest.result import Plan
from scoring.backtest.splits import halve
from scoring.backtest.targets import measure_outcome
from scoring.subsets import keep_candidates, keep_works

if TYPE_CHECKING:
    from scoring.records import Weights

LEAST_CANDIDATES = 25


def run_trials(window: Window, plan: Plan, weights: Weights, ends_on: date, families: dict[str, int]) -> Iterator[Trial]:
    """One trial a split; a split with under 25 eligible candidates, or without works to measure on, gives none.

    `ends_on` is the last day that may be looked at; `families` numbers the families of names over all calls.
    """
    known, measured = (halve(corpus.work_ids, plan.splits, plan.seed) for corpus in (window.past, window.later))
    family = np.array([families.setdefault(_family(name), len(families)) for name in window.past.names], dtype=np.int64)
    for split in range(plan.splits):
        whole_half = keep_works(window.past, known[:, split])
        heard = find_heard(whole_half)
        half = keep_candidates(whole_half, heard)
        eligible = find_eligible(half)
        other_half = keep_candidates(keep_works(window.later, ~measured[:, split]), heard)
        outcome = measure_outcome(other_half, window.cutoff, ends_on)
        if outcome is None or eligible.sum() < LEAST_CANDIDATES:
            continue
        echo = measure_outcome(keep_candidates(keep_works(window.later, measured[:, split]), heard), window.cutoff, ends_on)
        yield Trial(
            cutoff=window.cutoff,
            split=split,
            scores=score_methods(half, weights, eligible, seed=plan.seed, split=split),
            breaker=random_order(half, "ties", plan.seed, split)[eligible],
            family=family[heard][eligible],
            outcome=Outcome(
                future=outcome.future[eligible],
                recent=outcome.recent[eligible],
                expected=outcome.expected[eligible],
                has_grown=None if outcome.has_grown is None else outcome.has_grown[eligible],
            ),
            echo=None if echo is None or echo.has_grown is None else echo.has_grown[eligible],
        )


def _family(name: str) -> str:
    """Deep learning and deep network rise together: technologies that begin with the same word are drawn together."""
    return name.casefold().split()[0] if name.split() else ""
