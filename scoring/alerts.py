"""What a reader should hear of between two judgements, and of each thing once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from scoring.backtest.baselines import kleinberg_burst
from scoring.backtest.splits import count_periods
from scoring.bootstrap import FIRST_PLACES
from scoring.community import departures, recent_organisations
from scoring.evidence import RECENT_WORKS, SUBSTANCE_STREAMS, SUBSTANCE_WORKS, recent_stream_works
from scoring.records import STREAMS, Alert, Corpus, Floats, Judgement

DOMINANT_SHARE = 0.6
DOMINATED_WORKS = 10
HYPE_SHARE = 0.8
SURE_STAGE = 0.5  # a stage less sure than this, before or after, has not changed, it wavers
SURE_ENTRY = 0.5  # a place among the first that fewer of the bootstrap's draws give is chance: it comes and goes
BURST_YEARS = 5  # what is usual for a candidate is read from so many
BURST_WORKS = 10  # in two years: a few works more than few are no burst
COOL_DOWN = timedelta(days=28)
"""An alert of one kind on one candidate is not raised again for so long: what hovers about a threshold would ring every night."""


@dataclass(frozen=True, slots=True)
class _Risks:
    """Who is dominated by one organisation, and who is talked about without substance, at one day (T,)."""

    leading_share: Floats
    named_works: npt.NDArray[np.int64]
    news_works: npt.NDArray[np.int64]
    recent_works: npt.NDArray[np.int64]
    substance_works: npt.NDArray[np.int64]

    def is_dominated(self) -> npt.NDArray[np.bool_]:
        return (self.named_works >= DOMINATED_WORKS) & (np.nan_to_num(self.leading_share) >= DOMINANT_SHARE)

    def is_hype(self) -> npt.NDArray[np.bool_]:
        loud = (self.recent_works >= RECENT_WORKS) & (self.news_works >= HYPE_SHARE * self.recent_works)
        return loud & (self.substance_works < SUBSTANCE_WORKS)


def find_alerts(before: Judgement, after: Judgement, corpus: Corpus) -> tuple[Alert, ...]:
    """Alerts that `after` raises and `before` did not, by candidate id. `corpus` is the one `after` judged; from it the
    risks of the earlier day are read too. Raises ValueError when the two do not follow each other or the corpus is
    another."""
    if before.as_of > after.as_of:
        raise ValueError(f"the earlier judgement ({before.as_of}) is later than the other ({after.as_of})")
    if corpus.as_of != after.as_of or corpus.candidate_ids != after.candidate_ids:
        raise ValueError(f"the corpus is not the one that was judged as of {after.as_of}")
    found = [
        *_entered(before, after),
        *_restaged(before, after),
        *_risky(before.as_of, corpus),
        *_bursting(before.as_of, corpus),
        *_left(before.as_of, corpus),
    ]
    return tuple(sorted(found, key=lambda alert: (alert.candidate_id, alert.alert)))


def cool_down(found: Iterable[Alert], raised: Iterable[tuple[str, str, date]]) -> tuple[Alert, ...]:
    """The alerts of `found` that were not among those `raised` (candidate, kind, day) in the 28 days before them."""
    days: dict[tuple[str, str], list[date]] = defaultdict(list)
    for candidate, kind, on in raised:
        days[candidate, kind].append(on)
    return tuple(
        alert for alert in found if not any(timedelta() < alert.as_of - on < COOL_DOWN for on in days[alert.candidate_id, alert.alert])
    )


def _entered(before: Judgement, after: Judgement) -> Iterator[Alert]:
    first = {candidate for candidate, rank in zip(before.candidate_ids, before.rank, strict=True) if rank <= FIRST_PLACES}
    ranks = dict(zip(before.candidate_ids, before.rank, strict=True))
    for candidate, rank, share in zip(after.candidate_ids, after.rank, after.top20_share, strict=True):
        if rank <= FIRST_PLACES and share >= SURE_ENTRY and candidate not in first:
            former = ranks.get(candidate, np.nan)
            origin = "was not ranked before" if np.isnan(former) else f"came from {former:.0f}"
            yield Alert(candidate, after.as_of, "entered top 20", f"stands at {rank:.0f} and {origin}")


def _restaged(before: Judgement, after: Judgement) -> Iterator[Alert]:
    were_sure = before.is_ranked & (before.stage_probability.max(axis=1, initial=0.0) >= SURE_STAGE)
    stages = {c: s for c, s, sure in zip(before.candidate_ids, before.stage, were_sure, strict=True) if sure}
    for index, (candidate, stage) in enumerate(zip(after.candidate_ids, after.stage, strict=True)):
        sure = float(after.stage_probability[index].max())
        former = stages.get(candidate, stage)
        if after.is_ranked[index] and former != stage and sure >= SURE_STAGE:
            yield Alert(candidate, after.as_of, "stage changed", f"moved from {former} to {stage} (probability {sure:.2f})")


def _risky(before_on: date, corpus: Corpus) -> Iterator[Alert]:
    was, now = _risks(corpus, before_on), _risks(corpus, corpus.as_of)
    for index in np.flatnonzero(now.is_dominated() & ~was.is_dominated()).tolist():
        share, works = now.leading_share[index], now.named_works[index]
        detail = f"one organisation stands behind {share:.0%} of the {works} recent works that name any"
        yield Alert(corpus.candidate_ids[index], corpus.as_of, "one organisation dominates", detail)
    for index in np.flatnonzero(now.is_hype() & ~was.is_hype()).tolist():
        news, works = now.news_works[index], now.recent_works[index]
        detail = f"{news} of {works} recent works are news, {now.substance_works[index]} stand in the strongest other stream"
        yield Alert(corpus.candidate_ids[index], corpus.as_of, "hype without substance", detail)


def _risks(corpus: Corpus, as_of: date) -> _Risks:
    organisations = recent_organisations(corpus, as_of)
    by_stream = recent_stream_works(corpus, as_of)
    return _Risks(
        leading_share=organisations.leading_share,
        named_works=organisations.named_works,
        news_works=by_stream[:, STREAMS.index("news")],
        recent_works=by_stream.sum(axis=1),
        substance_works=by_stream[:, [STREAMS.index(stream) for stream in SUBSTANCE_STREAMS]].max(axis=1),
    )


def _bursting(before_on: date, corpus: Corpus) -> Iterator[Alert]:
    was, now = _burst_weights(corpus, before_on), _burst_weights(corpus, corpus.as_of)
    recent = recent_stream_works(corpus, corpus.as_of).sum(axis=1)
    quarter = count_periods(corpus, 1, "quarter").counts[:, -1]
    for index in np.flatnonzero((now > 0) & (was == 0) & (recent >= BURST_WORKS)).tolist():
        detail = f"{quarter[index]:.0f} works in the last three months: the rate of the past {BURST_YEARS} years doubled"
        yield Alert(corpus.candidate_ids[index], corpus.as_of, "burst", detail)


def _burst_weights(corpus: Corpus, as_of: date) -> Floats:
    return kleinberg_burst(count_periods(replace(corpus, as_of=as_of), BURST_YEARS, "quarter"))


def _left(before_on: date, corpus: Corpus) -> Iterator[Alert]:
    was, now = departures(corpus, before_on), departures(corpus, corpus.as_of)
    for index in np.flatnonzero(now.has_left & ~was.has_left).tolist():
        detail = (
            f"one organisation stood behind {now.former_works[index]} of {now.former_named[index]} works of the year before "
            f"and behind none of the {now.works[index]} of the last year"
        )
        yield Alert(corpus.candidate_ids[index], corpus.as_of, "one organisation left", detail)
