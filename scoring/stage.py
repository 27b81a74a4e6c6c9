"""A first estimate of the stage: what stream mix, share trend and maturity words say about each of the five.

posterior ~ prior x stream mix x share trend x maturity words, taken as independent given the stage. The tables are
judgement, not yet fitted. Mix and words are read against the corpus's own, so that a corpus of papers alone, or a field
that always says "prototype", tells nothing by that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.growth import Growth
from scoring.periods import recent_mask
from scoring.records import STAGES, Corpus, Floats, Stage

# In the order of STAGES. Incubation leads: without a sign of industry nothing speaks for industrialisation.
PRIOR = np.array([0.30, 0.22, 0.18, 0.20, 0.10])

# How many times its corpus share a stage gives to paper, patent, news, grant.
STREAM_AFFINITY = np.array(
    [
        [2.0, 0.6, 0.6, 2.0],
        [1.1, 1.5, 0.9, 1.1],
        [0.7, 1.5, 1.6, 0.6],
        [0.8, 1.4, 1.2, 0.5],
        [1.0, 1.2, 0.8, 0.6],
    ]
)

# The same for works that hold maturity words of incubation, early industrialisation, scaling, mature, declining.
CUE_AFFINITY = np.array(
    [
        [4.0, 1.2, 0.5, 0.4, 0.4],
        [1.2, 4.0, 1.0, 0.5, 0.4],
        [0.5, 1.2, 4.0, 1.0, 0.5],
        [0.4, 0.5, 1.0, 4.0, 1.0],
        [0.4, 0.4, 0.5, 1.2, 6.0],
    ]
)

# ln(share now / share before): centre and standard deviation per stage; +1 is a share that grew 2.7-fold.
TREND_CENTRE = np.array([1.0, 1.0, 0.7, 0.0, -0.7])
TREND_DEVIATION = np.array([0.7, 0.6, 0.5, 0.3, 0.45])

# Works echo each other: beyond so many a count is heard no louder.
HEARD_WORKS = 8.0


STAGE_EVIDENCE = ("stream_mix", "maturity_words", "share_trend")


@dataclass(frozen=True, slots=True)
class Stages:
    """What is known of the stage of each candidate.

    posterior: (T, 5) over STAGES, rows sum to 1
    support:   (T, 3) in the order of STAGE_EVIDENCE: ln(how well the evidence fits the most probable stage / how well it fits
               on average under the prior); above 0 it speaks for that stage, 0 = it says nothing
    """

    posterior: Floats
    support: Floats


def weigh_stages(corpus: Corpus, recent_by_stream: npt.NDArray[np.int64], growth: Growth) -> Stages:
    """Join the evidence of stream mix, maturity words and share trend. `recent_by_stream` (T, S) works of the last two years.

    A candidate without recent works, without a known trend or without maturity words gets nothing from that source.
    """
    recent = np.flatnonzero(recent_mask(corpus.work_day, corpus.as_of))
    offered = np.bincount(corpus.work_stream[recent], minlength=STREAM_AFFINITY.shape[1])
    cued = (corpus.cues[recent] > 0).astype(np.float64)
    evidence = (
        _hear(recent_by_stream.astype(np.float64), offered, STREAM_AFFINITY),
        _hear((corpus.incidence[:, recent].astype(np.float64) @ cued).toarray(), cued.sum(axis=0), CUE_AFFINITY),
        _trend(growth),
    )
    log = np.log(PRIOR) + evidence[0] + evidence[1] + evidence[2]
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    posterior = np.asarray(weight / weight.sum(axis=1, keepdims=True), dtype=np.float64)
    named = _most_probable(posterior)
    return Stages(posterior, np.stack([_support(source, named) for source in evidence], axis=1))


def estimate_stages(corpus: Corpus, recent_by_stream: npt.NDArray[np.int64], growth: Growth) -> Floats:
    """(T, 5) posterior over STAGES, as `weigh_stages` gives it."""
    return weigh_stages(corpus, recent_by_stream, growth).posterior


def name_stages(posterior: Floats) -> tuple[Stage, ...]:
    """The most probable stage of each row; of equals the earlier."""
    return tuple(STAGES[index] for index in _most_probable(posterior).tolist())


def _most_probable(posterior: Floats) -> npt.NDArray[np.int64]:
    return np.asarray(np.round(posterior, 10).argmax(axis=1))


def _support(log: Floats, named: npt.NDArray[np.int64]) -> Floats:
    """(T,) log evidence (T, 5) of the named stage less the log of its mean under the prior."""
    top = log.max(axis=1)
    mean = top + np.log(np.exp(log - top[:, None]) @ PRIOR)
    return np.asarray(log[np.arange(len(log)), named] - mean, dtype=np.float64)


def _hear(counts: Floats, offered: npt.ArrayLike, affinity: Floats) -> Floats:
    """(T, 5) log evidence of `counts` (T, K) for each stage beyond what the corpus's own mix `offered` (K,) would give.

    sum over k of (counts - n x base)_k ln affinity_k: the multinomial log likelihood ratio of a mix tilted by affinity, less
    its value at the corpus's mix, so that a candidate with just that mix leaves the posterior as it was.
    """
    mix = np.asarray(offered, dtype=np.float64).ravel()
    base = mix / max(float(mix.sum()), 1.0)
    total = counts.sum(axis=1, keepdims=True)
    heard = (counts - total * base) * np.minimum(1.0, HEARD_WORKS / np.maximum(total, 1.0))
    return np.asarray(heard @ np.log(affinity).T, dtype=np.float64)


def _trend(growth: Growth) -> Floats:
    """(T, 5) normal log likelihood of the growth seen, its own variance added to the stage's; 0 where it is unknown."""
    variance = growth.variance[:, None] + TREND_DEVIATION**2
    log = -0.5 * (np.log(variance) + (growth.mean[:, None] - TREND_CENTRE) ** 2 / variance)
    return np.asarray(np.nan_to_num(log), dtype=np.float64)
