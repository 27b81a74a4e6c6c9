"""The run ledger: what ran, when, how it ended. The ledger is the truth; Prefect only displays it."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from flows.journal import Log, no_log
from flows.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Clock = Callable[[], datetime]
Say = Callable[[str], None]


@dataclass(slots=True)
class Run:
    """One run in progress: what every stage is handed.

    `now` gives naive UTC timestamps; `logical_on` is the day the run stands for, whatever the clock says. `problems` collects one
    sentence per degraded source or reject batch: a run that ends with any of them is partial. `silent` are those of them that tell
    of a source which gave far less than usual. `log(event, **facts)` writes a line of the run's log.
    """

    run_id: str
    flow: str
    logical_on: date
    settings: Settings
    connection: DuckDBPyConnection
    now: Clock
    say: Say
    problems: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)
    log: Log = no_log

    @property
    def state(self) -> str:
        """How the run ends when it gets to its end: partial with any problem, else done."""
        return "partial" if self.problems else "done"

    @property
    def note(self) -> str:
        """Its problems in one line."""
        return "; ".join(self.problems)[:2000]


def make_run_id(flow: str, logical_on: date) -> str:
    """`scan-20240131-9f86d081`: flow, logical day, random tail; unique without asking anyone."""
    return f"{flow}-{logical_on:%Y%m%d}-{secrets.token_hex(4)}"


def mark_crashed(connection: DuckDBPyConnection, now: datetime) -> int:
    """Mark runs still called running as crashed. Only the holder of the lock may call this. Returns how many there were."""
    count = connection.execute("SELECT count(*) FROM meta.runs WHERE state = 'running'").fetchall()[0][0]
    if count:
        connection.execute(
            "UPDATE meta.runs SET state = 'crashed', finished_at = ?, note = 'found unfinished by a later run' WHERE state = 'running'",
            [now],
        )
        connection.execute("UPDATE meta.stages SET state = 'crashed', finished_at = ? WHERE state = 'running'", [now])
    return int(count)


def open_run(run: Run, *, boot_id: str, code_version: str) -> None:
    """Enter the run in the ledger as running."""
    run.connection.execute(
        """
        INSERT INTO meta.runs (run_id, flow, logical_on, state, started_at, process_id, boot_id, code_version)
        VALUES (?, ?, ?, 'running', ?, ?, ?, ?)
        """,
        [run.run_id, run.flow, run.logical_on, run.now(), os.getpid(), boot_id, code_version],
    )


def close_run(run: Run, state: str | None = None, note: str | None = None) -> None:
    """Enter how the run ended: failed, or by default what its problems say."""
    state, note = state or run.state, run.note if note is None else note
    run.connection.execute(
        "UPDATE meta.runs SET state = ?, finished_at = ?, note = ? WHERE run_id = ?", [state, run.now(), note or None, run.run_id]
    )


def write_last_run(run: Run, state: str, note: str) -> None:
    """Leave how the run stands in `last_run.json` of the data folder, where `status` sees a night that published nothing, or died."""
    row = {
        "run_id": run.run_id,
        "flow": run.flow,
        "logical_on": run.logical_on.isoformat(),
        "state": state,
        "finished_at": None if state == "running" else run.now().isoformat(),
        "note": note,
    }
    path = run.settings.last_run
    fresh = path.with_suffix(".json.new")
    fresh.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)


@contextmanager
def stage(run: Run, name: str) -> Iterator[None]:
    """One stage in the ledger. `run.rows[name]`, when the stage sets it, becomes its row count."""
    run.connection.execute(
        "DELETE FROM meta.stages WHERE run_id = ? AND stage = ?", [run.run_id, name]
    )  # a retried stage keeps its last try
    run.connection.execute(
        "INSERT INTO meta.stages (run_id, stage, state, started_at) VALUES (?, ?, 'running', ?)", [run.run_id, name, run.now()]
    )
    run.log("stage_began", stage=name)
    try:
        yield
    except BaseException as error:
        close_stage(run, name, "failed", str(error)[:500])
        raise
    close_stage(run, name, "done", None)


def close_stage(run: Run, name: str, state: str, note: str | None) -> None:
    """Enter how a stage ended."""
    run.log("stage_ended", stage=name, state=state, rows=run.rows.get(name), note=note)
    run.connection.execute(
        "UPDATE meta.stages SET state = ?, finished_at = ?, row_count = ?, note = ? WHERE run_id = ? AND stage = ?",
        [state, run.now(), run.rows.get(name), note, run.run_id, name],
    )


@contextmanager
def transaction(connection: DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: commit at the end, roll back on any error."""
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
