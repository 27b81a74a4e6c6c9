"""Minimum evidence: who may be ranked, who is a weak signal, and the sentence that says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from scoring.community import recent_organisations
from scoring.periods import Counts, period_of, recent_mask, stream_matrix
from scoring.records import STREAMS, Corpus, Floats

RECENT_WORKS = 10
ORGANISATIONS = 3
LEADING_SHARE = 0.75  # above it the others are bystanders, and one organisation alone cannot rank
NAMED_WORKS = 5  # organisations count as known when this many recent works name one ...
NAMED_SHARE = 1 / 3  # ... and they are this share of the recent works
ACTIVE_QUARTERS = 3
SPAN_QUARTERS = 4
BASELINE_SHARE = 0.15
BASELINE_WORKS = 30  # a stream with fewer works in the baseline cannot tell what is common
SUBSTANCE_STREAMS = ("paper", "patent", "grant")
SUBSTANCE_WORKS = 5
SIGNAL_WORKS = 3
COHORT_WORKS = 3  # a stream belongs to a candidate's cohort from this many works on: one stray mention is no stream


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind each candidate (T,). `reason` is '' when ranked; `cohort_streams` names the streams that hold
    at least 3 of its works, `streams` those that hold any; `recent_offered` (S,) all recent works by stream; `leading_share` that
    of the most frequent organisation among the recent works that name any, NaN where none does."""

    is_ranked: npt.NDArray[np.bool_]
    is_weak_signal: npt.NDArray[np.bool_]
    reason: tuple[str, ...]
    works: npt.NDArray[np.int64]
    recent_works: npt.NDArray[np.int64]
    recent_by_stream: npt.NDArray[np.int64]
    recent_offered: npt.NDArray[np.int64]
    organisation_count: npt.NDArray[np.int64]
    leading_share: Floats
    streams: tuple[tuple[str, ...], ...]
    cohort_streams: tuple[tuple[str, ...], ...]

    @property
    def is_heard(self) -> npt.NDArray[np.bool_]:
        """(T,) candidates a reader is shown: ranked ones and weak signals."""
        return self.is_ranked | self.is_weak_signal


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figures of one candidate that the rules look at."""

    works: int
    recent: int
    by_stream: tuple[int, ...]
    organisations: int
    named: int
    leading: float
    active: int
    span: int
    common: float

    @property
    def substance(self) -> int:
        """Recent works in the strongest stream other than news."""
        return max(self.by_stream[STREAMS.index(stream)] for stream in SUBSTANCE_STREAMS)

    @property
    def is_news(self) -> bool:
        """Whether most of the recent works are news."""
        return self.by_stream[STREAMS.index("news")] * 2 > self.recent


def weigh_evidence(corpus: Corpus, counts: Counts) -> Evidence:
    """Apply the minimum evidence to every candidate. `counts` are the quarterly counts of the same corpus."""
    by_stream = recent_stream_works(corpus, corpus.as_of)
    organisations = recent_organisations(corpus, corpus.as_of)
    active, span = _recent_quarters(corpus)
    stream_works = counts.works.sum(axis=2)
    works, recent = stream_works.sum(axis=0), by_stream.sum(axis=1)
    common, leading = _baseline_share(counts), np.nan_to_num(organisations.leading_share)
    verdicts = [
        _verdict(
            _Figures(
                works=int(works[index]),
                recent=int(recent[index]),
                by_stream=tuple(by_stream[index].tolist()),
                organisations=int(organisations.count[index]),
                named=int(organisations.named_works[index]),
                leading=float(leading[index]),
                active=int(active[index]),
                span=int(span[index]),
                common=float(common[index]) if common[index] >= BASELINE_SHARE else 0.0,
            )
        )
        for index in range(len(works))
    ]
    return Evidence(
        is_ranked=np.array([not reason for reason, _ in verdicts], dtype=bool),
        is_weak_signal=np.array([is_weak for _, is_weak in verdicts], dtype=bool),
        reason=tuple(reason for reason, _ in verdicts),
        works=works,
        recent_works=recent,
        recent_by_stream=by_stream,
        recent_offered=np.bincount(corpus.work_stream[recent_mask(corpus.work_day, corpus.as_of)], minlength=len(STREAMS)),
        organisation_count=organisations.count,
        leading_share=organisations.leading_share,
        streams=_streams_with(stream_works, 1),
        cohort_streams=_streams_with(stream_works, COHORT_WORKS),
    )


def recent_stream_works(corpus: Corpus, as_of: date) -> npt.NDArray[np.int64]:
    """(T, S) works of the two years that end with `as_of`, a day not after `corpus.as_of`; the running quarter
    included."""
    recent = np.flatnonzero(recent_mask(corpus.work_day, as_of))
    table = corpus.incidence[:, recent].astype(np.float64) @ stream_matrix(corpus.work_stream[recent]).T
    return np.asarray(table.toarray(), dtype=np.int64)


@lru_cache(maxsize=2**16)  # among a hundred thousand candidates most are alike: few works, no organisation, not common
def _verdict(figures: _Figures) -> tuple[str, bool]:
    """The reason a candidate is not ranked ('' when it is) and whether it is a weak signal."""
    failures = _failures(figures)
    is_young = figures.recent * 2 > figures.works
    is_heard = is_young or (figures.is_news and figures.substance < SUBSTANCE_WORKS)
    is_weak = figures.recent >= SIGNAL_WORKS and figures.common < BASELINE_SHARE and is_heard
    return "; ".join(failures), bool(failures) and is_weak


def _failures(figures: _Figures) -> list[str]:
    failures = []
    if figures.common >= BASELINE_SHARE:
        failures.append(f"named in {figures.common:.0%} of a stream's earlier works (under {BASELINE_SHARE:.0%} needed)")
    if figures.recent < RECENT_WORKS:
        failures.append(f"{figures.recent} of the {RECENT_WORKS} works needed in two years")
    if figures.substance < SUBSTANCE_WORKS:
        kind = "news only: " if figures.is_news else ""
        failures.append(f"{kind}{figures.substance} of the {SUBSTANCE_WORKS} recent works needed in papers, in patents or in grants")
    if figures.named >= NAMED_WORKS and figures.named >= NAMED_SHARE * figures.recent:
        if figures.organisations < ORGANISATIONS:
            failures.append(f"{figures.organisations} of the {ORGANISATIONS} organisations needed, behind {figures.named} works")
        elif figures.leading > LEADING_SHARE:
            failures.append(f"one organisation stands behind {figures.leading:.0%} of {figures.named} works")
    if figures.active < ACTIVE_QUARTERS or figures.span < SPAN_QUARTERS:
        failures.append(
            f"{figures.active} of the {ACTIVE_QUARTERS} active quarters needed, over {3 * figures.span} of {3 * SPAN_QUARTERS} months"
        )
    return failures


def _recent_quarters(corpus: Corpus) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(T,) quarters with a work in the two years before `as_of`, and quarters from the first to the last of them."""
    recent = np.flatnonzero(recent_mask(corpus.work_day, corpus.as_of))
    quarter = period_of(corpus.work_day[recent], "quarter")
    first = int(quarter.min()) if len(quarter) else 0
    table = np.zeros((len(corpus.candidate_ids), int(quarter.max()) - first + 1 if len(quarter) else 1), dtype=bool)
    named = corpus.incidence[:, recent].tocoo()
    table[named.row, quarter[named.col] - first] = True
    active = table.sum(axis=1)
    span = table.shape[1] - table.argmax(axis=1) - table[:, ::-1].argmax(axis=1)
    return active, np.where(active > 0, span, 0)


def _baseline_share(counts: Counts) -> Floats:
    """(T,) largest share that a candidate holds of any stream with at least 30 works in the baseline window."""
    works = counts.works[:, :, counts.baseline].sum(axis=2)
    offered = counts.stream_works[:, counts.baseline].sum(axis=1)
    share = works / np.maximum(offered, 1)[:, None] * (offered >= BASELINE_WORKS)[:, None]
    return np.asarray(share.max(axis=0), dtype=np.float64)


def _streams_with(works: npt.NDArray[np.int64], least: int) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(stream for stream, count in zip(STREAMS, column, strict=True) if count >= least) for column in works.T.tolist())
