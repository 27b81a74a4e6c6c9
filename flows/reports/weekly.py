"""The weekly trend report: read everything from one published snapshot, then write it as page, Markdown and e-mail."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows.reports import pages, reading
from flows.reports.findings import EVIDENCE_PER_CLAIM, choose_changes, tell
from flows.reports.language import ENGLISH, Language
from flows.reports.limits import state_limits
from flows.reports.reads import Value, written_out
from flows.reports.records import (
    TRACKS,
    Change,
    Claim,
    Evidence,
    Point,
    Query,
    ReportFiles,
    Snapshot,
    Source,
    Timeline,
    TrackData,
    WeekData,
)
from flows.reports.texts import say_day
from flows.reports.weeks import IsoWeek

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PLACES = 20
TRACK_PLACES = 10
TIMELINES = 5
LISTED = 30


class ReportError(Exception):
    """A report that cannot be made; the message is one sentence for a person."""


def read_week(connection: DuckDBPyConnection, week: IsoWeek, *, as_of: date | None = None, language: Language = ENGLISH) -> WeekData:
    """Everything the report of `week` says, in `language`, read from `marts` on a connection to a published snapshot.

    `as_of` None = the newest stored ranking on or before the week's Sunday; a snapshot without one gives an empty report.
    Raises ReportError when `as_of` is given and rankings are stored, but none of that day.
    """
    found, previous = reading.read_as_ofs(connection, as_of or week.last_on)
    if as_of is not None and found != as_of and reading.read_as_ofs(connection, date.max)[0] is not None:
        nearest = f"the newest before it is of {say_day(found)}" if found else "all stored ones are later"
        raise ReportError(f"No ranking of {say_day(as_of)} is stored in this snapshot; {nearest}.")
    snapshot, sources = reading.read_snapshot(connection), reading.read_sources(connection)
    if found is None:
        return _empty_week(week, snapshot, sources, language)
    values: dict[str, Value] = {"as_of": found, "previous": previous}
    changes, left = reading.read_changes(connection, found, previous)
    chosen = choose_changes(changes, PLACES)
    weak_signals, weak_signal_count, news_only_count = reading.read_weak_signals(connection, values | {"rows": LISTED})
    own = {track: [change for change in changes if change.now.track == track] for track in TRACKS}
    told = sorted({technology_id for group in (chosen, *(first[:TIMELINES] for first in own.values())) for technology_id in _ids(group)})
    evidence = reading.read_evidence(connection, values | {"technology_ids": told})
    points = reading.read_points(connection, values | {"technology_ids": told})
    tracks = tuple(_describe_track(track, ranked, points, evidence) for track, ranked in own.items())
    limits = state_limits(
        week,
        found,
        previous,
        changes[:PLACES],
        sources,
        news_only_count=news_only_count,
        empty_tracks=[track.track for track in tracks if not track.ranking],
        language=language,
    )
    return WeekData(
        week=week,
        as_of=found,
        compared_with=previous,
        snapshot=snapshot,
        ranked_count=len(changes),
        findings=tuple(
            tell(change, evidence.get(change.now.technology_id, ()), has_past=previous is not None, language=language) for change in chosen
        ),
        ranking=changes[:PLACES],
        left=left[:LISTED],
        tracks=tracks,
        weak_signals=weak_signals,
        weak_signal_count=weak_signal_count,
        alerts=reading.read_alerts(connection, values | {"rows": LISTED}),
        sources=sources,
        limits=limits,
        queries=_list_queries(values, chosen, tracks),
        language=language,
    )


def write_report(data: WeekData, out_dir: Path) -> ReportFiles:
    """Write `report.html`, `report.md`, `email.html`, `email.txt` and the pictures of the e-mail (`email/`) into `out_dir`.

    Each file appears whole or not at all. Equal data gives equal bytes. Raises ReportError when the folder cannot be written.
    """
    try:
        (out_dir / "email").mkdir(parents=True, exist_ok=True)
        page, markdown = pages.render_html(data), pages.render_markdown(data)
        email_html, email_text, images = pages.render_email(data)
        texts = {"report.html": page, "report.md": markdown, "email.html": email_html, "email.txt": email_text}
        for name, text in texts.items():
            write_whole(out_dir / name, text.encode())
        for name, content in images.items():
            write_whole(out_dir / "email" / name, content)
    except OSError as error:
        raise ReportError(f"The report cannot be written to {out_dir}: {error.strerror}.") from error
    return ReportFiles(
        html=out_dir / "report.html",
        markdown=out_dir / "report.md",
        email_html=out_dir / "email.html",
        email_text=out_dir / "email.txt",
        images=tuple(out_dir / "email" / name for name in images),
    )


def _empty_week(week: IsoWeek, snapshot: Snapshot, sources: tuple[Source, ...], language: Language) -> WeekData:
    return WeekData(
        week=week,
        as_of=None,
        compared_with=None,
        snapshot=snapshot,
        ranked_count=0,
        findings=(),
        ranking=(),
        left=(),
        tracks=tuple(TrackData(track, 0, (), (), ()) for track in TRACKS),
        weak_signals=(),
        weak_signal_count=0,
        alerts=(),
        sources=sources,
        limits=state_limits(week, None, None, (), sources, news_only_count=0, empty_tracks=TRACKS, language=language),
        queries=(Query("sources", written_out("sources", {})),),
        language=language,
    )


def _describe_track(
    track: str, ranked: Sequence[Change], points: Mapping[str, Sequence[Point]], evidence: Mapping[str, Sequence[Evidence]]
) -> TrackData:
    first = [change.now for change in ranked[:TIMELINES]]
    return TrackData(
        track=track,
        ranked_count=len(ranked),
        ranking=tuple(ranked[:TRACK_PLACES]),
        timelines=tuple(Timeline(now.technology_id, now.name, now.name_zh, tuple(points.get(now.technology_id, ()))) for now in first),
        claims=tuple(
            Claim(now.technology_id, now.name, now.name_zh, tuple(evidence[now.technology_id][:EVIDENCE_PER_CLAIM]))
            for now in first
            if now.technology_id in evidence
        ),
    )


def _list_queries(values: Mapping[str, Value], chosen: Sequence[Change], tracks: Sequence[TrackData]) -> tuple[Query, ...]:
    """Every query behind the page, by the name under which the page shows it."""

    def query(name: str, read: str, **more: Value) -> Query:
        return Query(name, written_out(read, {**values, **more}))

    found = [
        query("ranking", "ranking", track=None, places=PLACES),
        query("changes", "changes", places=PLACES),
        query("finding evidence", "evidence", technology_ids=_ids(chosen)),
        query("weak signals", "weak_signals", rows=LISTED),
        query("alerts", "alerts", rows=LISTED),
        query("sources", "sources"),
    ]
    for track in tracks:
        found.append(query(f"ranking {track.track}", "ranking", track=track.track, places=TRACK_PLACES))
        found.append(query(f"evidence {track.track}", "evidence", technology_ids=_ids(track.ranking[:TIMELINES])))
        drawn = [timeline.technology_id for timeline in track.timelines]
        found.extend(query(f"timeline {technology_id}", "timelines", technology_ids=[technology_id]) for technology_id in drawn)
    return tuple(found)


def _ids(changes: Sequence[Change]) -> list[str]:
    return [change.now.technology_id for change in changes]


def write_whole(path: Path, content: bytes) -> None:
    """Beside the target first, then moved over it, so that a reader never sees half a file."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
