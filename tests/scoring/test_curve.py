import numpy as np
import pytest

from scoring.curve import CURVES, fit_curves
from scoring.periods import Counts

QUARTERS = 40
OFFERED = np.stack([np.round(1000 * 1.03 ** np.arange(QUARTERS)), np.full(QUARTERS, 400.0)]).astype(np.int64)


def curves_of(*shares):
    """Fits of candidates that hold `shares` (by quarter) of the first, growing stream."""
    works = np.zeros((2, len(shares), QUARTERS + 1), dtype=np.int64)
    for place, share in enumerate(shares):
        works[0, place, :QUARTERS] = np.round(share * OFFERED[0])
    offered = np.concatenate([OFFERED, [[7], [7]]], axis=1)
    return fit_curves(Counts("quarter", 0, QUARTERS, works, offered), np.ones(len(shares), dtype=bool))


def logistic_share(span, middle, height):
    place = np.arange(QUARTERS) + 0.5
    level = 1 / (1 + np.exp(-np.log(81) / span * (place - middle)))
    return height * level * (1 - level)


def test_each_curve_is_known_by_its_counts():
    place = np.arange(QUARTERS)
    curves = curves_of(np.full(QUARTERS, 0.02), 0.0005 * np.exp(0.12 * place), logistic_share(16, 20, 0.15))
    assert [CURVES[best] for best in curves.chance.argmax(axis=1)] == ["flat", "exponential", "logistic"]
    assert (curves.chance.max(axis=1) > 0.9).all()


def test_the_share_of_the_ceiling_has_an_interval_that_narrows_after_the_turn():
    before, at, after = (logistic_share(16, middle, 0.04) for middle in (44, 38, 20))
    curves = curves_of(before, at, after)
    # reached at the end: 1 / (1 + e^(ln 81 / 16 x (middle - 40)))
    truth = 1 / (1 + np.exp(np.log(81) / 16 * (np.array([44, 38, 20]) - 40)))
    assert ((curves.ceiling_share_low <= truth + 0.01) & (truth - 0.01 <= curves.ceiling_share_high)).all()
    width = curves.ceiling_share_high - curves.ceiling_share_low
    assert width[0] > 0.2 > width[2]
    assert curves.ceiling_share[2] == pytest.approx(truth[2], abs=0.02)


def test_too_little_tells_nothing():
    few = np.zeros(QUARTERS)
    few[-1] = 19 / OFFERED[0, -1]
    assert np.isnan(curves_of(few).chance).all()
    short = fit_curves(Counts("quarter", 0, 11, np.full((2, 1, 11), 9), np.full((2, 11), 100)), np.array([True]))
    assert np.isnan(short.ceiling_share).all()
