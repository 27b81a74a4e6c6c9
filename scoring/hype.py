"""Hype gap: how much louder the news is about a candidate than papers and patents are. Shown beside the score, never inside."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoring.emergence import Z_LIMIT, centre_and_scale
from scoring.records import STREAMS, Floats

JEFFREYS = 0.5
NEWS = (STREAMS.index("news"),)
SUBSTANCE = (STREAMS.index("paper"), STREAMS.index("patent"))


def measure_hype_gap(
    recent_by_stream: npt.NDArray[np.int64], offered: npt.NDArray[np.int64], is_heard: npt.NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """(T,) z(news share) - z(paper and patent share) of the last two years, and its variance.

    recent_by_stream: (T, S) works; offered: (S,) all works; is_heard: (T,) the candidates whose median and MAD make the z.
    Shares are taken as ln((n + 1/2) / (N + 1)): most candidates are in no news at all, and plain shares would have no
    spread. NaN for all where either side has no works or nobody is heard.
    """
    from scipy.special import polygamma

    candidates = len(recent_by_stream)
    gap, variance = np.zeros(candidates), np.zeros(candidates)
    for sign, streams in ((1.0, NEWS), (-1.0, SUBSTANCE)):
        works, total = recent_by_stream[:, streams].sum(axis=1), float(offered[list(streams)].sum())
        if total == 0 or not is_heard.any():
            return np.full(candidates, np.nan), np.full(candidates, np.nan)
        share = np.log((works + JEFFREYS) / (total + 1))
        centre, scale = centre_and_scale(share[is_heard])
        gap += sign * np.clip((share - centre) / scale, -Z_LIMIT, Z_LIMIT)
        variance += polygamma(1, works + JEFFREYS) / scale**2
    return gap, variance
