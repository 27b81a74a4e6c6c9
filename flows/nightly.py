"""The nightly scan and the weekly report as Prefect flows: batch-level tasks over the plain functions of flows/night.py.

Prefect displays; the ledger in the warehouse is the truth. The in-process API needs nothing but the machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flows.night import Outcome, Perform, perform_plainly

if TYPE_CHECKING:
    from pathlib import Path

    from flows.ledger import Run

RETRIES = {"gather": 1, "publish": 2}
"""Stages where trying again can help: the network and the file system. A stage that computes would only fail again."""


def configure(home: Path) -> None:
    """Keep Prefect on this machine, quiet and patient. Must run before the first import of prefect.

    The in-process server takes 12-25 s to answer the first time on a small machine; Prefect's own patience is 20 s.
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
    return run_as_flow(name, run.settings.data_dir / "prefect", run, body)


def run_as_flow(name: str, home: Path, run: Run, body: Callable[[Perform], Outcome]) -> Outcome:
    """Run `body` as a Prefect flow called `name`; each stage it performs becomes one task, and the run leaves a table artifact."""
    configure(home)
    from prefect import flow, task
    from prefect.artifacts import create_table_artifact
    from prefect.cache_policies import NO_CACHE

    def perform(stage_name: str, work: Callable[[], None]) -> None:
        retries = RETRIES.get(stage_name, 0)
        task(name=stage_name, retries=retries, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)(work)()

    @flow(name=name, flow_run_name=run.run_id, validate_parameters=False, persist_result=False)
    def observed() -> Outcome:
        outcome = body(perform)
        create_table_artifact(key=name.replace("_", "-"), table=_artifact_rows(run), description=f"{run.run_id}: {outcome.state}")
        return outcome

    outcome: Outcome = observed()
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
