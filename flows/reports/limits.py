"""What a report must say about itself before it says anything else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flows.reports.findings import tie_groups
from flows.reports.records import Change, Source
from flows.reports.texts import say_day
from flows.reports.weeks import IsoWeek

# A source gathered up to this many days before the as-of is current: weekly sources publish once a week.
_CURRENT_DAYS = 8
_MEANING = (
    "A high place means that a technology and the field around it are young and active in these sources. "
    "It is no forecast of market success."
)


def state_limits(
    week: IsoWeek,
    as_of: date | None,
    compared_with: date | None,
    ranking: Sequence[Change],
    sources: Sequence[Source],
    *,
    news_only_count: int,
    empty_tracks: Sequence[str],
) -> tuple[str, ...]:
    """The limits of this report, one or two sentences each, the gravest for a reader first."""
    return tuple(
        limit
        for limit in (
            _say_time(week, as_of, compared_with),
            _say_ties(ranking),
            _say_sources(sources),
            *(_say_gap(source, as_of) for source in sources),
            _say_rejects(sources),
            _say_news(news_only_count),
            _say_empty_tracks(empty_tracks) if ranking else "",
            _MEANING,
        )
        if limit
    )


def _say_time(week: IsoWeek, as_of: date | None, compared_with: date | None) -> str:
    if as_of is None:
        return "No ranking is stored for this week or any before it."
    sentences = []
    if as_of < week.first_on:
        behind = (week.last_on - as_of).days
        sentences.append(f"The newest ranking is of {say_day(as_of)}, {behind} days before the week ends: what came later is not in it.")
    if compared_with is None:
        sentences.append("No earlier ranking is stored, so no change can be shown.")
    elif (as_of - compared_with).days > 7:
        span = (as_of - compared_with).days
        sentences.append(f"The nearest earlier ranking is of {say_day(compared_with)}: changes are those of {span} days, not of one week.")
    return " ".join(sentences)


def _say_ties(ranking: Sequence[Change]) -> str:
    if not ranking:
        return ""
    first = tie_groups([change.now for change in ranking])[0]
    if len(first) == 1:
        return "Places have 80 % intervals; where they overlap, the order between two technologies means nothing."
    return f"The order among the first {len(first)} places means nothing: the 80 % intervals of all of them overlap that of place 1."


def _say_sources(sources: Sequence[Source]) -> str:
    named = [source.source for source in sources if source.documents]
    if not named:
        return "No source has yielded a document."
    total = sum(source.documents for source in sources)
    plural = "source" if len(named) == 1 else "sources"
    return f"It rests on {total:,} documents of {len(named)} {plural} ({', '.join(named)}); what others publish is unseen."


def _say_gap(source: Source, as_of: date | None) -> str:
    if not source.is_last_window_complete:
        detail = f": {source.problems[0].rstrip('.')}" if source.problems else ""
        return f"{source.source} was not gathered completely last time{detail}."
    if as_of is not None and source.covered_to_on is not None and (as_of - source.covered_to_on).days > _CURRENT_DAYS:
        return f"{source.source} is gathered only up to {say_day(source.covered_to_on)}."
    return ""


def _say_rejects(sources: Sequence[Source]) -> str:
    refused = [source for source in sources if source.rejects]
    if not refused:
        return ""
    total = sum(source.rejects for source in refused)
    named = ", ".join(f"{source.source} {source.rejects:,}" for source in refused)
    return f"{total:,} {'record' if total == 1 else 'records'} could not be read and count nowhere ({named})."


def _say_news(count: int) -> str:
    if not count:
        return ""
    subject = "One technology is" if count == 1 else f"{count:,} technologies are"
    return f"{subject} seen in the news alone: attention without papers or patents is a weak signal here and gets no place."


def _say_empty_tracks(tracks: Sequence[str]) -> str:
    return f"Nothing is ranked in {' or '.join(tracks)}; that may be a lack of sources, not of technologies." if tracks else ""
