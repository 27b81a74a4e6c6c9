"""The nightly scan and the weekly report as Prefect flows: batch-level tasks over the plain functions of flows/night.py.

Prefect displays; the ledger in the warehouse is the truth. The in-process API needs nothing but the machine. Inside a flow that a
server scheduled (flows/deployed.py) the stages become tasks of that flow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from flows.ledger import Clock, Say
from flows.night import Outcome, Perform, open_work, perform_plainly, run_night
from flows.prefect_server import configure, ensure_server
from flows.settings import Settings
from flows.weekly import refit, write_weekly_report
from flows.worlds import enter_world

if TYPE_CHECKING:
    from pathlib import Path

    from crawlers.sources import Source
    from flows.ledger import Run
    from flows.reports.records import ReportFiles
    from flows.stages.publish import ChecksFailed

T = TypeVar("T")

RETRIES = {"gather": 1, "publish": 2}
"""Stages where trying again can help: the network and the file system. A stage that computes would only fail again."""


def scan(settings: Settings, sources: Sequence[Source], logical_on: date, *, now: Clock, say: Say) -> Outcome:
    """The nightly scan of real sources once, for the day `logical_on`. Raises LockHeld at once when another run is under way."""
    with open_work(settings, "scan", logical_on, now=now, say=say) as run:
        enter_world(run.connection, simulated=False)
        return perform_flow("nightly_scan", run, lambda perform: run_night(run, sources, perform=perform))


def weekly_refit(settings: Settings, *, now: Clock, say: Say) -> Outcome | None:
    """Let the topics be revised and publish, unless that was done in the ISO week of what is published: then None."""
    return refit(settings, now=now, say=say, wrap=lambda run, body: perform_flow("weekly_refit", run, body))


def weekly(
    settings: Settings, *, week: str | None = None, out: Path | None = None, now: Clock, say: Say
) -> tuple[ReportFiles, ChecksFailed | None]:
    """The topics revised and the report written. Where a gate holds the revision back, the report of what is published is written all the
    same, and what the gate said comes with it."""
    from flows.stages.publish import ChecksFailed

    held: ChecksFailed | None = None
    try:
        weekly_refit(settings, now=now, say=say)
    except ChecksFailed as error:
        held = error
    return weekly_report(settings, week=week, out=out, now=now), held


def perform_flow(name: str, run: Run, body: Callable[[Perform], Outcome]) -> Outcome:
    """Run `body` through Prefect, or plainly when the settings say so. Either way the same functions run."""
    if not run.settings.use_prefect:
        return body(perform_plainly)
    return run_as_flow(name, run.run_id, run.settings.prefect_home, body, lambda: _artifact(run))


def weekly_report(settings: Settings, *, now: Clock, week: str | None = None, out: Path | None = None) -> ReportFiles:
    """The weekly report as a flow of a few tasks: read, write, deliver; its artifact lists the files."""
    if not settings.use_prefect:
        return write_weekly_report(settings, now=now, week=week, out=out)
    written: list[ReportFiles] = []

    def write(perform: Perform) -> ReportFiles:
        written.append(write_weekly_report(settings, now=now, week=week, out=out, perform=perform))
        return written[0]

    def list_files() -> str:
        return "".join(f"- {path}\n" for files in written for path in (files.html, files.markdown, files.email_html, files.email_text))

    return run_as_flow("weekly_report", week or "week-of-the-snapshot", settings.prefect_home, write, list_files)


def run_as_flow(name: str, run_name: str, home: Path, body: Callable[[Perform], T], artifact: Callable[[], str]) -> T:
    """Run `body` as a Prefect flow called `name`, or within the flow that is under way; each stage it performs becomes one task.

    The run leaves a Markdown artifact, also when it fails.
    """
    configure(home)
    from prefect import flow, task
    from prefect.artifacts import create_markdown_artifact
    from prefect.cache_policies import NO_CACHE
    from prefect.context import FlowRunContext

    def perform(stage_name: str, work: Callable[[], None]) -> None:
        retries = RETRIES.get(stage_name, 0)
        task(name=stage_name, retries=retries, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)(work)()

    def observed() -> T:
        try:
            return body(perform)
        finally:  # a failed night is the one somebody will want to see
            create_markdown_artifact(key=name.replace("_", "-"), markdown=artifact(), description=f"{name} {run_name}")

    if FlowRunContext.get() is not None:
        return observed()
    ensure_server(home)
    outcome: T = flow(name=name, flow_run_name=run_name, validate_parameters=False, persist_result=False)(observed)()
    return outcome


def _artifact(run: Run) -> str:
    """The run page in short. It must not fail a night: where it cannot be made it says so."""
    from flows.conclusion import read_conclusion
    from flows.journal import known_keys
    from flows.redaction import make_redaction
    from flows.reports.run_page import render_run_markdown

    try:
        return render_run_markdown(read_conclusion(run, run.problems, make_redaction(known_keys(run.settings))))
    except Exception as error:
        run.log("artifact_failed", error=f"{type(error).__name__}: {error}")
        return f"The page of {run.run_id} could not be made: {type(error).__name__}."
