"""Vitality: how young a candidate's works are, against those of their stream (Klavans, Boyack and Murdick, QSS
2022)."""

from __future__ import annotations

import numpy as np

from scoring.excess import Excess, prepare_excess
from scoring.periods import ages
from scoring.records import Corpus


def prepare_vitality(corpus: Corpus) -> Excess:
    """Mean of 1 / (age in years + 1) over a candidate's works minus the same over the whole stream, ready for any
    weights."""
    return prepare_excess(corpus, 1 / (ages(corpus.work_day, corpus.as_of) + 1), np.ones(len(corpus.work_ids), dtype=bool))
