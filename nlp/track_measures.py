"""How well tracks were given: F1, calibration and confusion against labels by hand. Sees labels and scores, no model.

The rule of the labels: a missed track counts only when it is required, a given one only when it is not allowed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp.records import TRACKS, Text, Track

Marks = npt.NDArray[np.bool_]  # one row a text, one column a track, in the order of TRACKS
CALIBRATION_BINS = 10
BOOTSTRAP_DRAWS = 1_000
HELD_OUT_DRAWS = frozenset({"", "fresh", "fresh-materials"})


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text labelled by hand: tracks it must get, tracks it may get (a superset), and which of those are likelier than not.

    `draw` says how one of our own labels was drawn; it is empty where two coders labelled the text.
    """

    text: Text
    required: frozenset[Track]
    allowed: frozenset[Track]
    likely: frozenset[Track]
    draw: str = ""

    @property
    def is_held_out(self) -> bool:
        """Half of the coders' texts and of our fresh ones, by a hash of their identifier, are never used to set a number."""
        return self.draw in HELD_OUT_DRAWS and unit_hash(f"half:{self.text.version_id}") >= 0.5


def unit_hash(text: str) -> float:
    """A number in [0, 1) that depends on the text only: sampling without a random generator."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48


def membership(labelled: Sequence[LabelledText]) -> tuple[Marks, Marks]:
    """Required and allowed tracks as two tables of shape (texts, 6)."""
    required = np.array([[track in item.required for track in TRACKS] for item in labelled])
    allowed = np.array([[track in item.allowed for track in TRACKS] for item in labelled])
    return required, allowed


def track_f1(given: Marks, required: Marks, allowed: Marks) -> list[float]:
    """F1 of each track in the order of TRACKS."""
    hits = (given & required).sum(axis=0)
    faults = (~given & required).sum(axis=0) + (given & ~allowed).sum(axis=0)
    return [float(value) for value in 2 * hits / np.maximum(2 * hits + faults, 1)]


def none_f1(given: Marks, required: Marks, allowed: Marks) -> float:
    """F1 of the answer `none`: right where no track is allowed, wrong where one is required."""
    is_none, is_some, is_silent = ~allowed.any(axis=1), required.any(axis=1), ~given.any(axis=1)
    hits, misses, surplus = int((is_none & is_silent).sum()), int((is_none & ~is_silent).sum()), int((is_some & is_silent).sum())
    return 2 * hits / max(2 * hits + misses + surplus, 1)


def macro_interval(given: Marks, required: Marks, allowed: Marks, seed: int = 0) -> tuple[float, float]:
    """The middle 95 % of macro-F1 over texts drawn again with replacement (percentile bootstrap)."""
    generator = np.random.default_rng(seed)
    draws = generator.integers(0, len(given), size=(BOOTSTRAP_DRAWS, len(given)))
    values = [np.mean(track_f1(given[draw], required[draw], allowed[draw])) for draw in draws]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def calibration_error(scores: npt.NDArray[np.float64], required: Marks, allowed: Marks) -> float:
    """Expected calibration error over all (text, track) pairs on which the labels are clear, in ten bins of equal width."""
    is_clear = required | ~allowed
    said, is_true = scores[is_clear], required[is_clear]
    bins = np.minimum((said * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = [abs(float(said[bins == place].mean() - is_true[bins == place].mean())) * int((bins == place).sum()) for place in set(bins)]
    return sum(gaps) / max(len(said), 1)


def confusion(given: Marks, required: Marks, allowed: Marks) -> dict[tuple[str, str], int]:
    """Counts of (labelled, given): a right track pairs with itself, a fault with the other side's faults of the same text, or with none."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in range(len(given)):
        right = given[row] & allowed[row]
        missed = [track for place, track in enumerate(TRACKS) if required[row, place] and not given[row, place]]
        surplus = [track for place, track in enumerate(TRACKS) if given[row, place] and not allowed[row, place]]
        counts.update((track, track) for place, track in enumerate(TRACKS) if right[place])
        instead: list[str] = [*surplus] or ["none"]
        counts.update((wanted, got) for wanted in missed for got in instead)
        if not missed:
            counts.update(("none", got) for got in surplus)
        if not given[row].any() and not required[row].any():
            counts["none", "none"] += 1
    return dict(counts)


def worst_errors(
    scores: npt.NDArray[np.float64], given: Marks, required: Marks, allowed: Marks, count: int
) -> list[tuple[int, int, float]]:
    """(row, track column, score) of the most confident faults, the worst first."""
    faults = (given & ~allowed) | (~given & required)
    ranked = sorted(
        ((abs(float(scores[row, place]) - float(required[row, place])), int(row), int(place)) for row, place in np.argwhere(faults)),
        key=lambda fault: (-fault[0], fault[1], fault[2]),
    )
    return [(row, place, float(scores[row, place])) for _, row, place in ranked[:count]]
