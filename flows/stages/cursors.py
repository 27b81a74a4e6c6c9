"""How far each source is gathered, and which of its feeds, sites or queries lag behind."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from crawlers.landing import Manifest

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


def move_cursor(run: Run, manifest: Manifest) -> None:
    """Enter a finished window. Must run in the transaction that stores its rows.

    There is one row a source, and it only moves forward. A part that fell behind keeps the first day it lacks; it has caught
    up when a window that asked it from there on came back whole.
    """
    source, window = manifest.source, manifest.window
    lagging = lagging_since(run.connection, source)
    for part in {*lagging, *manifest.behind}:
        asked_from_on = min(window.from_on, manifest.since.get(part, window.from_on))
        wanted_from_on = lagging.get(part, asked_from_on)
        if part not in manifest.behind and asked_from_on > wanted_from_on:
            continue
        run.connection.execute("DELETE FROM meta.lagging_parts WHERE source = ? AND part = ?", [source, part])
        if part in manifest.behind:
            run.connection.execute(
                "INSERT INTO meta.lagging_parts (source, part, wanted_from_on, run_id, moved_at) VALUES (?, ?, ?, ?, ?)",
                [source, part, min(wanted_from_on, asked_from_on), run.run_id, run.now()],
            )
    known = covered_days(run.connection).get(source)
    if known is None or window.to_on > known:
        run.connection.execute("DELETE FROM meta.cursors WHERE source = ?", [source])
        run.connection.execute(
            "INSERT INTO meta.cursors (source, covered_to_on, run_id, moved_at) VALUES (?, ?, ?, ?)",
            [source, window.to_on, run.run_id, run.now()],
        )
