"""What the back-test passes from hand to hand: yearly series, trials and the rows of its report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from scoring.records import Floats

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Series:
    """Works per period, oldest first; the last period ends with the cut-off.

    counts: (T, P) works of each candidate
    totals: (P,) all works of the stream
    """

    counts: Floats
    totals: Floats


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the candidates, counted on the half of the works that no score has seen. Arrays are (T,).

    future, recent: share of the half's works in (T, T + 2] and in the two years up to T that name the candidate
    expected:       `recent` carried on by the growth of the fields (codes) its recent works stand in; NaN where most of
                    them carry no code
    has_grown:      CSET's label; None where the corpus ends too early to tell
    """

    future: Floats
    recent: Floats
    expected: Floats
    has_grown: Flags | None


@dataclass(frozen=True, slots=True)
class Trial:
    """One cut-off and one split: only eligible candidates, every array over the same n of them.

    scores:  (M, n) by method in the order of `Trials.methods`; larger = ranked before, NaN = barred by a gate, last
    breaker: (n,) random numbers that order equal scores
    family:  (n,) candidates that are drawn together in the bootstrap, numbered over all trials
    echo:    (n,) the label of `outcome` counted on the later works of the scored half; no score sees it. How far the two agree
             is how far the label can be told at all from so many works. None where there is no label
    """

    cutoff: date
    split: int
    scores: Floats
    breaker: Floats
    family: npt.NDArray[np.int64]
    outcome: Outcome
    echo: Flags | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well the growth label of one half of the works tells that of the other: what even the future itself would score.

    `csi` is pooled over cut-offs and splits, `base_rate` the share of technologies that bear the label in the measured half.
    """

    corpus: str
    level: str
    csi: float
    precision: float
    base_rate: float


@dataclass(frozen=True, slots=True)
class CutoffFigure:
    """One metric at one cut-off; `candidates` and `base_rate` are means over the splits."""

    cutoff: date
    value: float
    candidates: float
    base_rate: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One pooled figure with its 80 % interval and its difference to vitality alone, None where it cannot be told."""

    corpus: str
    stream: str
    target: str
    method: str
    metric: str
    depth: int | None
    value: float
    low80: float | None
    high80: float | None
    diff_vitality: float | None
    diff_low80: float | None
    diff_high80: float | None
    level: str
    by_cutoff: tuple[CutoffFigure, ...]
