"""How the observatory is: the last runs, and whether the last good one is too long ago."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flows.lock import read_holder
from flows.settings import Settings
from flows.warehouse.connection import open_reader

RUNS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Status:
    """`sentence` says it all; `runs` are the last ones, newest first."""

    sentence: str
    is_stale: bool
    runs: list[dict[str, Any]]


def read_status(settings: Settings, now: datetime, max_age: timedelta) -> Status:
    """Read the published snapshot and how the last run ended, never the writer's file. `now` is naive UTC.

    Stale is a snapshot older than `max_age`, or a last run that failed or died. Raises WarehouseError when nothing is published.
    """
    last = read_last_run(settings)
    with open_reader(settings.snapshot) as connection:
        cursor = connection.execute(
            "SELECT run_id, flow, logical_on, state, started_at, finished_at, note FROM meta.runs ORDER BY started_at DESC LIMIT ?",
            [RUNS_SHOWN],
        )
        columns = [column[0] for column in cursor.description or []]
        runs = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        snapshot_id, as_of, published_at = connection.execute("SELECT snapshot_id, as_of, published_at FROM marts.snapshot").fetchall()[0]
    age = now - published_at
    is_stale = age > max_age
    judgement = f"older than {_spoken(max_age)}: stale" if is_stale else "fresh"
    sentence = f"Snapshot {snapshot_id} as of {as_of}, published {_spoken(age)} ago: {judgement}."
    if last and last["run_id"] not in {run["run_id"] for run in runs}:
        runs = [{**dict.fromkeys(columns), **last}, *runs]
    if last and last["state"] == "failed":
        sentence += f" The last run failed: {last['note']}"
    elif last and last["state"] == "crashed":
        sentence += f" The last run, {last['run_id']}, died without ending: the next one takes up its work."
    elif last and last["state"] == "running":
        sentence += f" The run {last['run_id']} is under way."
    return Status(sentence, is_stale or bool(last and last["state"] in ("failed", "crashed")), runs)


def read_last_run(settings: Settings) -> dict[str, Any] | None:
    """How the last run stands; None where nothing ever ran. One that is called running while nobody holds the lock has died: crashed."""
    if not settings.last_run.is_file():
        return None
    found: dict[str, Any] = json.loads(settings.last_run.read_text(encoding="utf-8"))
    if found["state"] == "running" and read_holder(settings.lock) is None:
        # Read again: it may have ended, and given the lock back, in between.
        found = json.loads(settings.last_run.read_text(encoding="utf-8"))
        if found["state"] == "running":
            found["state"] = "crashed"
    return found


def _spoken(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes / 60:.1f} h" if minutes < 48 * 60 else f"{minutes / 1440:.1f} d"
