"""The nightly scan and the weekly report as Prefect flows: batch-level tasks over the plain functions of flows/night.py.

Prefect displays; the ledger in the warehouse is the truth. The in-process API needs nothing but the machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from flows.night import Outcome, Perform, perform_plainly
from flows.settings import Settings
from flows.weekly import write_weekly_report

if TYPE_CHECKING:
    from pathlib import Path

    from flows.ledger import Run
    from flows.reports.records import ReportFiles

T = TypeVar("T")

RETRIES = {"gather": 1, "publish": 2}
"""Stages where trying again can help: the network and the file system. A stage that computes would only fail again."""


def configure(home: Path) -> None:
    """Keep Prefect on this machine, quiet and patient. Must run before the first import of prefect.

    On a small machine the in-process server may need longer to answer the first time than Prefect's own patience of 20 s.
    """
    home.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PREFECT_HOME", str(home))
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    os.environ.setdefault("PREFECT_RESULTS_PERSIST_BY_DEFAULT", "false")


def perform_flow(name: str, run: Run, body: Callable[[Perform], Outcome]) -> Outcome:
    """Run `body` through Prefect, or plainly when the settings say so. Either way the same functions run."""
    if not run.settings.use_prefect:
        return body(perform_plainly)
    return run_as_flow(name, run.run_id, run.settings.data_dir / "prefect", body, lambda _: _artifact_rows(run))


def weekly_report(settings: Settings, *, week: str | None = None, out: Path | None = None) -> ReportFiles:
    """The weekly report as a flow of two tasks, read and write; its artifact lists the files."""
    if not settings.use_prefect:
        return write_weekly_report(settings, week=week, out=out)
    return run_as_flow(
        "weekly_report",
        week or "week-of-the-snapshot",
        settings.data_dir / "prefect",
        lambda perform: write_weekly_report(settings, week=week, out=out, perform=perform),
        lambda files: [{"file": str(path)} for path in (files.html, files.markdown, files.email_html, files.email_text)],
    )


def run_as_flow(name: str, run_name: str, home: Path, body: Callable[[Perform], T], artifact: Callable[[T], list[dict[str, Any]]]) -> T:
    """Run `body` as a Prefect flow called `name`; each stage it performs becomes one task, and the run leaves a table artifact."""
    configure(home)
    from prefect import flow, task
    from prefect.artifacts import create_table_artifact
    from prefect.cache_policies import NO_CACHE

    def perform(stage_name: str, work: Callable[[], None]) -> None:
        retries = RETRIES.get(stage_name, 0)
        task(name=stage_name, retries=retries, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)(work)()

    @flow(name=name, flow_run_name=run_name, validate_parameters=False, persist_result=False)
    def observed() -> T:
        outcome = body(perform)
        create_table_artifact(key=name.replace("_", "-"), table=artifact(outcome), description=f"{name} {run_name}")
        return outcome

    outcome: T = observed()
    return outcome


def _artifact_rows(run: Run) -> list[dict[str, Any]]:
    """Stages of the run with their times and rows, as the ledger has them."""
    rows = run.connection.execute(
        """
        SELECT stage, state, row_count, date_diff('millisecond', started_at, finished_at) / 1000
        FROM meta.stages WHERE run_id = ? ORDER BY started_at
        """,
        [run.run_id],
    ).fetchall()
    return [{"stage": stage, "state": state, "rows": count, "seconds": seconds} for stage, state, count, seconds in rows]
