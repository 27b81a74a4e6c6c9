"""Which curve a candidate's life follows: a flat share, an exponential, or a logistic in Meyer's form with the interval of its ceiling.

A logistic that has turned says how much is still to come; one that has not cannot be told from an exponential, and the interval of
its ceiling says so (Meyer, Yung and Ausubel, TFSC 1999). Shown beside the stage: it reads the same counts as the share trend, so
to multiply both into one posterior would count them twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.periods import Counts
from scoring.records import Floats

CURVES = ("flat", "exponential", "logistic")
PARAMETERS = np.array([1.0, 2.0, 3.0])  # height; height and rate; height, span and middle
LN81 = float(np.log(81.0))  # Meyer's span leads from 10 % to 90 % of the ceiling
FIT_WORKS = 20
FIT_QUARTERS = 12
SPANS = np.array([3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0, 96.0])  # quarters
MIDDLES = np.linspace(-0.5, 2.5, 61)  # of the time seen
RATES = np.array([-0.32, -0.16, -0.08, -0.04, 0.02, 0.04, 0.06, 0.08, 0.12, 0.16, 0.24, 0.32, 0.48])  # a quarter
INTERVAL_DROP = 0.8212  # half the 80 % point of chi-square with one degree of freedom
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Curves:
    """(T,) arrays; NaN where a candidate is not heard, has under 20 works or the corpus under 12 complete quarters.

    chance: (T, 3) weight of each of CURVES by the Bayesian information criterion, rows sum to 1
    ceiling_share: what is reached of the ceiling of the best logistic, 0 to 1; `ceiling_share_low` and `ceiling_share_high` at
                   the ends of its 80 % interval by profile likelihood
    """

    chance: Floats
    ceiling_share: Floats
    ceiling_share_low: Floats
    ceiling_share_high: Floats


def fit_curves(counts: Counts, is_heard: npt.NDArray[np.bool_]) -> Curves:
    """Fit the three curves to every heard candidate's works per quarter, by a search over one grid of shapes for all.

    The works of a quarter are Poisson around height x shape x exposure, the exposure what the candidate would get there at a
    constant share of each of its streams: a growing corpus alone is flat. At its best height a shape f has log likelihood
    sum y ln f - Y ln(sum e f) plus what is the same for all shapes. The running quarter is left out.
    """
    works = counts.works[:, :, : counts.complete].astype(np.float64)
    rows = np.flatnonzero(is_heard & (works.sum(axis=(0, 2)) >= FIT_WORKS))
    chance, ceiling, low, high = np.full((len(is_heard), len(CURVES)), np.nan), *(np.full(len(is_heard), np.nan) for _ in range(3))
    if counts.complete >= FIT_QUARTERS and len(rows):
        offered = counts.stream_works[:, : counts.complete].astype(np.float64)
        share = works[:, rows].sum(axis=2) / np.maximum(offered.sum(axis=1), 1.0)[:, None]
        seen, exposure = works[:, rows].sum(axis=0), share.T @ offered
        shapes, curve, reached = _shapes(counts.complete)
        log = seen @ np.log(shapes).T - seen.sum(axis=1)[:, None] * np.log(exposure @ shapes.T)
        best = np.stack([log[:, curve == place].max(axis=1) for place in range(len(CURVES))], axis=1)
        evidence = best - 0.5 * PARAMETERS * np.log(seen.sum(axis=1))[:, None]
        weight = np.exp(evidence - evidence.max(axis=1, keepdims=True))
        chance[rows] = weight / weight.sum(axis=1, keepdims=True)
        logistic = log[:, curve == CURVES.index("logistic")]
        reached = reached[curve == CURVES.index("logistic")]
        ceiling[rows] = reached[logistic.argmax(axis=1)]
        likely = logistic >= logistic.max(axis=1, keepdims=True) - INTERVAL_DROP
        low[rows] = np.where(likely, reached, np.inf).min(axis=1)
        high[rows] = np.where(likely, reached, -np.inf).max(axis=1)
    return Curves(chance, ceiling, low, high)


def _shapes(quarters: int) -> tuple[Floats, npt.NDArray[np.int64], Floats]:
    """(G, P) works per quarter of every shape, (G,) which of CURVES it is, and (G,) what it reached of its ceiling, NaN if it has none."""
    place: Floats = np.arange(quarters, dtype=np.float64) + 0.5  # the middle of each quarter
    exponential: Floats = np.exp(RATES[:, None] * (place - quarters))
    grid = np.array([(span, middle) for span in SPANS for middle in MIDDLES * quarters])
    span, middle = grid[:, :1], grid[:, 1:]

    def level(at: Floats | float) -> Floats:
        return np.asarray(1 / (1 + np.exp(-np.clip(LN81 / span * (at - middle), -30, 30))))

    steps = np.maximum(level(place) * (1 - level(place)), TINY)
    curve = np.repeat([0, 1, 2], [1, len(exponential), len(steps)])
    reached = np.concatenate([np.full(1 + len(exponential), np.nan), level(float(quarters))[:, 0]])
    return np.concatenate([np.ones((1, quarters)), exponential, steps]), curve, reached
