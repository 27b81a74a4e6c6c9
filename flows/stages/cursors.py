"""How far each source is gathered, and which of its feeds, sites or queries lag behind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from crawlers.landing import Manifest
from crawlers.records import Window
from crawlers.sources import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from flows.ledger import Run


def covered_days(connection: DuckDBPyConnection) -> dict[str, date]:
    """Source -> last day up to which it was gathered without a gap."""
    return dict(connection.execute("SELECT source, max(covered_to_on) FROM meta.cursors GROUP BY source").fetchall())


def lagging_since(connection: DuckDBPyConnection, source: str) -> dict[str, date]:
    """Part -> first day to ask it for again, for the parts of the source that fell behind its cursor."""
    rows = connection.execute("SELECT part, min(wanted_from_on) FROM meta.lagging_parts WHERE source = ? GROUP BY part", [source])
    return dict(rows.fetchall())


def forget_parts(run: Run, source: Source) -> None:
    """Drop what is noted of feeds, sites and queries that were taken out of the source."""
    parts = [*(feed.name for feed in source.feeds), *source.queries]
    run.connection.execute(
        "DELETE FROM meta.lagging_parts WHERE source = ? AND part NOT IN (SELECT unnest(?::VARCHAR[]))", [source.name, parts]
    )


def move_cursor(run: Run, manifest: Manifest) -> None:
    """Enter a finished window. Must run in the transaction that stores its rows, after its row in meta.windows.

    There is one row a source, and it only moves forward; it does not move past a window that was not finished or was set aside,
    and not for a backfill.
    """
    source, window = manifest.source, manifest.window
    _move_parts(run, manifest)
    covered_to_on = covered_days(run.connection).get(source)
    if manifest.is_backfill or _follows_a_gap(run, source, window, covered_to_on):
        return
    if covered_to_on is None or window.to_on > covered_to_on:
        run.connection.execute("DELETE FROM meta.cursors WHERE source = ?", [source])
        run.connection.execute(
            "INSERT INTO meta.cursors (source, covered_to_on, run_id, moved_at) VALUES (?, ?, ?, ?)",
            [source, window.to_on, run.run_id, run.now()],
        )


def _move_parts(run: Run, manifest: Manifest) -> None:
    """A part that fell behind keeps the first day it lacks. A window that asked it from there on and came back whole brings it
    up to the window's last day, and it has caught up where no finished window of the source reaches further."""
    source, window = manifest.source, manifest.window
    lagging = lagging_since(run.connection, source)
    for part in {*lagging, *manifest.behind}:
        asked_from_on = min(window.from_on, manifest.since.get(part, window.from_on))
        wanted_from_on: date | None
        if part in manifest.behind:
            wanted_from_on = min(lagging.get(part, asked_from_on), asked_from_on)
        elif asked_from_on <= lagging[part] <= window.to_on:
            wanted_from_on = window.to_on + timedelta(days=1) if window.to_on < _last_finished_day(run, source) else None
        else:
            continue
        run.connection.execute("DELETE FROM meta.lagging_parts WHERE source = ? AND part = ?", [source, part])
        if wanted_from_on is not None:
            run.connection.execute(
                "INSERT INTO meta.lagging_parts (source, part, wanted_from_on, run_id, moved_at) VALUES (?, ?, ?, ?, ?)",
                [source, part, wanted_from_on, run.run_id, run.now()],
            )


def _last_finished_day(run: Run, source: str) -> date:
    found: list[tuple[date]] = run.connection.execute(
        "SELECT max(to_on) FROM meta.windows WHERE source = ? AND is_complete HAVING count(*) > 0", [source]
    ).fetchall()
    return found[0][0] if found else date.min


def _follows_a_gap(run: Run, source: str, window: Window, covered_to_on: date | None) -> bool:
    """Whether, between the cursor and this window, one of the windows it was cut from with it is not finished."""
    before = window.from_on - timedelta(days=1)
    while covered_to_on is None or before > covered_to_on:
        ending = run.connection.execute(
            "SELECT is_complete, min(from_on) FROM meta.windows WHERE source = ? AND to_on = ? GROUP BY is_complete", [source, before]
        ).fetchall()
        finished = dict(ending)
        if True not in finished:
            return bool(finished)
        before = finished[True] - timedelta(days=1)
    return False
