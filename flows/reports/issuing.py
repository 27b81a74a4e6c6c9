"""Issuing an edition: the one it replaces is kept aside, its record, its files, then the index and the feed are written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flows.reports.editions import RECORD, Edition, keep_aside, read_shelf, record_text
from flows.reports.errata import score_components, state
from flows.reports.findings import say_headline
from flows.reports.language import Language
from flows.reports.listing import render_feed, render_index
from flows.reports.records import ReportFiles, WeekData
from flows.reports.weekly import ReportError, write_report, write_whole

INDEX, FEED = "index.html", "feed.xml"


def issue(data: WeekData, reports: Path) -> tuple[ReportFiles, Edition]:
    """Write the edition of `data` under the folder of reports, with its record; then the index and the feed of all editions.

    The record comes first: a command that is killed then finds its own edition and writes it again. Raises ReportError when the
    folder cannot be written.
    """
    folder = reports / str(data.week)
    shelf = read_shelf(reports)
    known = shelf.of_week(str(data.week))
    is_same = known is not None and known.number == data.series.number
    edition = edition_of(data, delivered=known.delivered if known and is_same else ())
    try:
        if not is_same:
            keep_aside(reports, str(data.week))
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / RECORD, record_text(edition).encode())
        files = write_report(data, folder)
        write_listing(reports, data.language)
    except OSError as error:
        raise ReportError(f"The report cannot be written to {folder}: {error.strerror}.") from error
    return files, edition


def mark_delivered(edition: Edition, reports: Path, way: str) -> Edition:
    """Note in the record of an edition that it went out by a way. Raises OSError."""
    marked = replace(edition, delivered=(*edition.delivered, way))
    write_whole(reports / edition.week / RECORD, record_text(marked).encode())
    return marked


def write_listing(reports: Path, language: Language) -> None:
    """Write the index and the feed of the editions kept, all in one language. Raises OSError."""
    shelf = read_shelf(reports)
    write_whole(reports / INDEX, render_index(shelf, language).encode())
    write_whole(reports / FEED, render_feed(shelf, language).encode())


def edition_of(data: WeekData, *, delivered: tuple[str, ...] = ()) -> Edition:
    """What the report states, for the record: its findings and its first places."""
    findings = [finding.change.now for finding in data.findings]
    stated = {standing.technology_id: standing for standing in (*findings, *(change.now for change in data.ranking))}
    return Edition(
        week=str(data.week),
        number=data.series.number,
        snapshot_id=data.snapshot.snapshot_id,
        content_digest=data.snapshot.content,
        published_at=data.snapshot.published_at,
        is_simulated=data.snapshot.is_simulated,
        as_of=data.as_of,
        ranked_count=data.ranked_count,
        headline=say_headline(data.findings, data.language),
        findings=tuple(standing.technology_id for standing in findings),
        statements=tuple(state(standing, data.language) for standing in stated.values()),
        corrections=data.series.corrections,
        code_version=data.snapshot.fact("code_version"),
        taxonomy_digest=data.snapshot.fact("taxonomy_digest"),
        components=score_components(data),
        delivered=delivered,
    )
