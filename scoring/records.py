"""What the judging room takes and gives: arrays of counts in, indicators and ranks out. No clock, no disk, no model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

Stage = Literal["incubation", "early industrialisation", "scaling", "mature", "declining"]
STAGES: tuple[Stage, ...] = ("incubation", "early industrialisation", "scaling", "mature", "declining")
STREAMS: tuple[str, ...] = ("paper", "patent", "news", "grant")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Corpus:
    """All works available at `as_of`, and which candidate speaks of which.

    W works, T candidates (technologies or topics), A authors, O organisations, C codes. Rows of every matrix over works
    are in the order of `work_ids`, which is sorted by (available_on, work_id) so that results never depend on delivery
    order.

    work_day:      (W,) int32 days since 1970-01-01 of `available_on`
    work_stream:   (W,) int8 index into STREAMS
    incidence:     (T, W) 0/1, candidate named in work
    authors:       (W, A) 0/1; A may be 0
    organisations: (W, O) 0/1; O may be 0
    codes:         (W, C) 0/1; C may be 0
    cues:          (W, 5) counts of maturity words per stage of STAGES found in the work (pilot line, mass production,
                   中试 ...)
    words:         for each candidate the set of words of its names: two candidates that share a word never count as
                   neighbours
    """

    as_of: date
    candidate_ids: tuple[str, ...]
    names: tuple[str, ...]
    words: tuple[frozenset[str], ...]
    work_ids: tuple[str, ...]
    work_day: npt.NDArray[np.int32]
    work_stream: npt.NDArray[np.int8]
    incidence: csr_matrix
    authors: csr_matrix
    organisations: csr_matrix
    codes: csr_matrix
    cues: csr_matrix


@dataclass(frozen=True, slots=True)
class Readings:
    """What else was read in the works of a corpus, rows in the order of its `work_ids`.

    terms:      (W, V) 0/1, term named in work; V may be 0
    term_words: the words of each term
    tracks:     (W, 6) 0/1, work assigned to track; all 0 where nothing is known
    """

    terms: csr_matrix
    term_words: tuple[frozenset[str], ...]
    tracks: csr_matrix


@dataclass(frozen=True, slots=True)
class Weights:
    """Share of each component in the score; shares sum to 1. Read from scoring/weights.json by flows."""

    version: str
    shares: dict[str, float]


@dataclass(frozen=True, slots=True)
class Component:
    """One indicator over the T candidates: larger = more emergent. NaN where it cannot be computed.

    `value` and `variance` in the indicator's own unit; `cohort_rank` in [0, 1] over the ranked cohort (mean rank for
    ties); `robust_z` median/MAD clipped at +-4; `points` = 100 x share x cohort_rank, so that the points of all
    components add up to the score.
    """

    name: str
    value: Floats
    variance: Floats
    cohort_rank: Floats
    robust_z: Floats
    points: Floats


@dataclass(frozen=True, slots=True)
class Cohort:
    """Candidates that are ranked together: `members` (indices) are placed within `reference` (indices, members
    included)."""

    members: npt.NDArray[np.int64]
    reference: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on T candidates at one as-of, in the order of `Corpus.candidate_ids`.

    `is_ranked` False means weak signal or excluded, with `reason` (a short sentence, '' when ranked); rank 1 = first,
    NaN when not ranked; `rank_low` <= rank <= `rank_high` and likewise for the score hold the 80 % bootstrap interval;
    `top20_share` = share of draws in the first twenty. `stage_probability` is (T, 5) in the order of STAGES;
    `stage_support` (T, 3) says what speaks for the named stage, in the order of scoring.stage.STAGE_EVIDENCE.
    `cohorts` hold every ranked candidate once as a member.
    `curve_chance` (T, 3) weighs the curves of scoring.curve.CURVES, `ceiling_share` is what the logistic one has reached, with the
    ends of its 80 % interval.
    `tier` = 1 for all that cannot be told from the first, and so on; NaN when not ranked. `hype_gap` and `leading_share` (share
    of the recent works with a known organisation that name the most frequent one) stand beside the score, never inside it.
    """

    as_of: date
    candidate_ids: tuple[str, ...]
    is_ranked: npt.NDArray[np.bool_]
    is_weak_signal: npt.NDArray[np.bool_]
    reason: tuple[str, ...]
    score: Floats
    score_low: Floats
    score_high: Floats
    rank: Floats
    rank_low: Floats
    rank_high: Floats
    top20_share: Floats
    tier: Floats
    works: npt.NDArray[np.int64]
    recent_works: npt.NDArray[np.int64]
    organisation_count: npt.NDArray[np.int64]
    streams: tuple[tuple[str, ...], ...]
    hype_gap: Floats
    hype_gap_variance: Floats
    leading_share: Floats
    components: tuple[Component, ...]
    cohorts: tuple[Cohort, ...]
    stage: tuple[Stage, ...]
    stage_probability: Floats
    stage_support: Floats
    curve_chance: Floats
    ceiling_share: Floats
    ceiling_share_low: Floats
    ceiling_share_high: Floats


@dataclass(frozen=True, slots=True)
class Part:
    """One additive part of one candidate's score: `points` = 100 x `share` x `cohort_rank`, and the points sum to the
    score.

    `share` is the component's share after that of missing components was spread over the rest; None where it is missing
    itself or the candidate is not ranked, as are the other figures that cannot be computed.
    """

    component: str
    value: float | None
    variance: float | None
    cohort_rank: float | None
    robust_z: float | None
    share: float | None
    points: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one candidate between two judgements.

    `parts` holds (component, change in points), largest first; they sum to `score_change`. It is empty and
    `score_change` None unless the candidate was ranked both times. `sentence` lacks its subject, the name.
    """

    candidate_id: str
    change: Literal["new", "gone", "up", "down", "same"]
    rank_before: int | None
    rank_after: int | None
    score_change: float | None
    parts: tuple[tuple[str, float], ...]
    sentence: str


AlertKind = Literal[
    "entered top 20", "stage changed", "burst", "one organisation dominates", "one organisation left", "hype without substance"
]


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a reader wants to hear of at `as_of`. `detail` is a sentence with the numbers; it lacks its subject,
    the name."""

    candidate_id: str
    as_of: date
    alert: AlertKind
    detail: str
