"""What a report must say about itself before it says anything else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flows.reports.findings import tie_groups
from flows.reports.language import ENGLISH, Language
from flows.reports.records import Change, Source
from flows.reports.weeks import IsoWeek

# A source gathered up to this many days before the as-of is current: weekly sources publish once a week.
_CURRENT_DAYS = 8


def state_limits(
    week: IsoWeek,
    as_of: date | None,
    compared_with: date | None,
    ranking: Sequence[Change],
    sources: Sequence[Source],
    *,
    news_only_count: int,
    empty_tracks: Sequence[str],
    language: Language = ENGLISH,
) -> tuple[str, ...]:
    """The limits of this report, one or two sentences each, the gravest for a reader first."""
    return tuple(
        limit
        for limit in (
            _say_time(week, as_of, compared_with, language),
            _say_ties(ranking, language),
            _say_sources(sources, language),
            *(_say_gap(source, as_of, language) for source in sources),
            _say_rejects(sources, language),
            _say_news(news_only_count, language),
            _say_empty_tracks(empty_tracks, language) if ranking else "",
            language.say(
                "A high place means that a technology and the field around it are young and active in these sources. "
                "It is no forecast of market success."
            ),
        )
        if limit
    )


def _say_time(week: IsoWeek, as_of: date | None, compared_with: date | None, language: Language) -> str:
    if as_of is None:
        return language.say("No ranking is stored for this week or any before it.")
    sentences = []
    if as_of < week.first_on:
        behind = (week.last_on - as_of).days
        sentences.append(
            language.say(
                "The newest ranking is of %(day)s, %(days)s days before the week ends: what came later is not in it.",
                day=language.day(as_of),
                days=behind,
            )
        )
    if compared_with is None:
        sentences.append(language.say("No earlier ranking is stored, so no change can be shown."))
    elif (as_of - compared_with).days > 7:
        span = (as_of - compared_with).days
        sentences.append(
            language.say(
                "The nearest earlier ranking is of %(day)s: changes are those of %(days)s days, not of one week.",
                day=language.day(compared_with),
                days=span,
            )
        )
    return language.gettext(" ").join(sentences)


def _say_ties(ranking: Sequence[Change], language: Language) -> str:
    if not ranking:
        return ""
    first = tie_groups([change.now for change in ranking])[0]
    if len(first) == 1:
        return language.say("Places have 80 %% intervals; where they overlap, the order between two technologies means nothing.")
    return language.say(
        "The order among the first %(count)s places means nothing: the 80 %% intervals of all of them overlap that of place 1.",
        count=len(first),
    )


def _say_sources(sources: Sequence[Source], language: Language) -> str:
    named = [source.source for source in sources if source.documents]
    if not named:
        return language.say("No source has yielded a document.")
    message = language.ngettext(
        "It rests on %(documents)s documents of %(count)s source (%(named)s); what others publish is unseen.",
        "It rests on %(documents)s documents of %(count)s sources (%(named)s); what others publish is unseen.",
        len(named),
    )
    total = sum(source.documents for source in sources)
    return message % {"documents": f"{total:,}", "count": len(named), "named": language.listed(named)}


def _say_gap(source: Source, as_of: date | None, language: Language) -> str:
    if not source.is_last_window_complete:
        if not source.problems:
            return language.say("%(source)s was not gathered completely last time.", source=source.source)
        problem = source.problems[0].rstrip(".")
        return language.say("%(source)s was not gathered completely last time: %(problem)s.", source=source.source, problem=problem)
    if as_of is not None and source.covered_to_on is not None and (as_of - source.covered_to_on).days > _CURRENT_DAYS:
        return language.say("%(source)s is gathered only up to %(day)s.", source=source.source, day=language.day(source.covered_to_on))
    return ""


def _say_rejects(sources: Sequence[Source], language: Language) -> str:
    refused = [source for source in sources if source.rejects]
    if not refused:
        return ""
    total = sum(source.rejects for source in refused)
    message = language.ngettext(
        "%(count)s record could not be read and count nowhere (%(named)s).",
        "%(count)s records could not be read and count nowhere (%(named)s).",
        total,
    )
    return message % {"count": f"{total:,}", "named": language.listed([f"{source.source} {source.rejects:,}" for source in refused])}


def _say_news(count: int, language: Language) -> str:
    if not count:
        return ""
    message = language.ngettext(
        "One technology is seen in the news alone: attention without papers or patents is a weak signal here and gets no place.",
        "%(count)s technologies are seen in the news alone: attention without papers or patents is a weak signal here and gets no place.",
        count,
    )
    return message % {"count": f"{count:,}"}


def _say_empty_tracks(tracks: Sequence[str], language: Language) -> str:
    if not tracks:
        return ""
    named = language.gettext(" or ").join(language.term(track) for track in tracks)
    return language.say("Nothing is ranked in %(tracks)s; that may be a lack of sources, not of technologies.", tracks=named)
