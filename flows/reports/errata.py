"""What earlier editions stated, held against what the snapshot says now of the same day; and what a new edition of a week changes.

A statement is corrected when the technology has no place any more (or has one again), when its place or score lies outside the stated
80 % interval, when its stage is another, or when its works differ by more than a tenth and by more than one. What a later edition has
corrected already is held against that correction, so that each thing is said once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flows.reports.editions import Correction, Edition, Series, Shelf, Statement
from flows.reports.language import ENGLISH, Language
from flows.reports.reading import read_as_ofs, read_standings
from flows.reports.reads import run_read
from flows.reports.records import Snapshot, Standing, WeekData

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FIGURES_TOLD = 5
_WORKS_SHARE = 0.1


def place_in_series(connection: DuckDBPyConnection, data: WeekData, shelf: Shelf, *, number: int) -> Series:
    """Where the report of `data` stands among the editions kept, with the corrections it owes to those of earlier weeks."""
    week = str(data.week)
    earlier = shelf.before(week)
    corrections: list[Correction] = []
    checked: list[str] = []
    for edition in earlier:
        if edition.as_of is None or read_as_ofs(connection, edition.as_of)[0] != edition.as_of:
            continue
        holds = {standing.technology_id: state(standing, data.language) for standing in read_standings(connection, edition.as_of)}
        merged = _read_merged(connection, [statement.technology_id for statement in edition.statements], data.language)
        told = told_already(edition.week, earlier)
        corrections += find_corrections(edition, holds, told, data.snapshot, merged, score_components(data), data.language)
        checked.append(edition.week)
    replaced = max(
        (edition for edition in (*shelf.current, *shelf.replaced) if edition.week == week and edition.number < number),
        key=lambda edition: edition.number,
        default=None,
    )
    return Series(
        number=number,
        previous=earlier[0] if earlier and number else None,
        replaced=replaced,
        corrections=tuple(corrections),
        differences=tell_differences(replaced, data) if replaced else (),
        checked=tuple(checked),
    )


def state(standing: Standing, language: Language = ENGLISH) -> Statement:
    """A standing as an edition in a language states it."""
    return Statement(
        technology_id=standing.technology_id,
        name=language.name_of(standing),
        rank=standing.rank,
        rank_low=standing.rank_low,
        rank_high=standing.rank_high,
        score=standing.score,
        score_low=standing.score_low,
        score_high=standing.score_high,
        stage=standing.stage,
        works=standing.works,
    )


def score_components(data: WeekData) -> tuple[str, ...]:
    """The parts that the scores of a report are made of; none where nothing is ranked."""
    return tuple(sorted(part.component for part in data.ranking[0].now.parts)) if data.ranking else ()


def told_already(week: str, editions: Sequence[Edition]) -> dict[str, Statement | None]:
    """What later editions already corrected of the edition of `week`: technology id -> what they said holds. `editions` newest first."""
    return {
        correction.technology_id: correction.holds
        for edition in reversed(editions)
        for correction in edition.corrections
        if correction.week == week
    }


def find_corrections(
    edition: Edition,
    holds: Mapping[str, Statement],
    told: Mapping[str, Statement | None],
    snapshot: Snapshot,
    merged: Mapping[str, str],
    components: tuple[str, ...] = (),
    language: Language = ENGLISH,
) -> list[Correction]:
    """What of an edition's statements does not hold any more, in the order of its places.

    `holds` is everything ranked as of its day now, `told` what was corrected before, `merged` names what a technology became part of,
    `components` are the parts of a score now.
    """
    if edition.as_of is None:
        return []
    found = []
    for original in edition.statements:
        key = original.technology_id
        stated, now = told.get(key, original), holds.get(key)
        if differs(stated, now):
            why = say_why(edition, snapshot, stated, now, merged.get(key), components, language)
            found.append(Correction(edition.week, edition.as_of, key, original.name, stated, now, why))
    return found


def differs(stated: Statement | None, now: Statement | None) -> bool:
    """Whether a statement does not hold any more (see the head of this module)."""
    if stated is None or now is None or stated == now:
        return stated != now
    return (
        not stated.rank_low <= now.rank <= stated.rank_high
        or not stated.score_low <= now.score <= stated.score_high
        or stated.stage != now.stage
        or abs(now.works - stated.works) > max(1, _WORKS_SHARE * stated.works)
    )


def say_why(
    edition: Edition,
    snapshot: Snapshot,
    stated: Statement | None,
    now: Statement | None,
    merged_into: str | None,
    components: tuple[str, ...] = (),
    language: Language = ENGLISH,
) -> str:
    """What is known of the cause, in one or more sentences."""
    causes = []
    if merged_into and now is None:
        causes.append(language.say("It was found to be the same as %(other)s and counts there.", other=merged_into))
    gained = now.works - stated.works if stated and now else 0
    if gained > 0:
        message = language.ngettext("One work on it came to light later.", "%(count)s works on it came to light later.", gained)
        causes.append(message % {"count": f"{gained:,}"})
    if gained < 0:
        message = language.ngettext(
            "One work on it counts no more: withdrawn, taken down, or one with another.",
            "%(count)s works on it count no more: withdrawn, taken down, or one with another.",
            -gained,
        )
        causes.append(message % {"count": f"{-gained:,}"})
    if edition.code_version != snapshot.fact("code_version"):
        versions = {"old": edition.code_version, "new": snapshot.fact("code_version")}
        causes.append(language.say("The software went from %(old)s to %(new)s.", **versions))
    if edition.taxonomy_digest != snapshot.fact("taxonomy_digest"):
        causes.append(language.say("The taxonomy is another."))
    if edition.components and components and edition.components != components:
        causes.append(language.say("The score is made of other parts."))
    return language.gettext(" ").join(causes) or language.say("The cause is not recorded.")


def tell_differences(old: Edition, data: WeekData) -> tuple[str, ...]:
    """What an edition changes of the one of the same week that it replaces: the day, the findings, the figures. Sentences."""
    language = data.language
    shown = (*(finding.change for finding in data.findings), *data.ranking)
    now = {change.now.technology_id: state(change.now, language) for change in shown}
    sentences = []
    if old.as_of == data.as_of:
        sentences.append(language.say("Both stand as of the same day."))
    else:
        days = [day.isoformat() if day else language.say("no ranking") for day in (old.as_of, data.as_of)]
        sentences.append(language.say("It stood as of %(old)s, this one as of %(new)s.", old=days[0], new=days[1]))
    told = [finding.change.now.technology_id for finding in data.findings]
    fresh = [now[key].name for key in told if key not in old.findings]
    gone = [old.names.get(key, key) for key in old.findings if key not in told]
    if not fresh and not gone:
        sentences.append(language.say("Its findings are on the same technologies."))
    if fresh:
        sentences.append(language.say("New among the findings: %(names)s.", names=language.listed(fresh)))
    if gone:
        sentences.append(language.say("No longer among them: %(names)s.", names=language.listed(gone)))
    moved = [(stated, now[stated.technology_id]) for stated in old.statements if _is_other(stated, now.get(stated.technology_id))]
    if moved:
        figures = [
            language.say(
                "%(name)s from place %(former)s (score %(former_score)s) to %(rank)s (%(score)s)",
                name=stated.name,
                former=stated.rank,
                former_score=f"{stated.score:.1f}",
                rank=other.rank,
                score=f"{other.score:.1f}",
            )
            for stated, other in moved[:FIGURES_TOLD]
        ]
        if len(moved) > FIGURES_TOLD:
            figures.append(language.say("and %(count)s more", count=len(moved) - FIGURES_TOLD))
        sentences.append(language.say("Other figures: %(figures)s.", figures=language.say("; ").join(figures)))
    else:
        sentences.append(language.say("The places and scores that both state are the same."))
    return tuple(sentences)


def _is_other(stated: Statement, now: Statement | None) -> bool:
    return now is not None and (stated.rank != now.rank or f"{stated.score:.1f}" != f"{now.score:.1f}")


def _read_merged(connection: DuckDBPyConnection, technology_ids: Sequence[str], language: Language) -> dict[str, str]:
    rows = run_read(connection, "merged", {"technology_ids": technology_ids})
    return {row["technology_id"]: row["name"] if language.is_english else row["name_zh"] or row["name"] for row in rows}
