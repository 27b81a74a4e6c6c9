"""The flows a Prefect server schedules: for `observatory serve`, and for work pools of several machines (prefect.yaml).

The one module that imports Prefect at its head: Prefect loads it by name, in a process of its own for each run. Settings come from the
environment of that process (`OBSERVATORY_DATA_DIR`, `OBSERVATORY_CONFIG` ...).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from crawlers.run import die_with
from flows.lock import LockHeld
from flows.nightly import scan, weekly
from flows.prefect_server import configure
from flows.settings import SERVED_BY, load_settings, parse_day
from flows.sources import chosen_sources

configure(load_settings().prefect_home)

from prefect import flow, runtime  # noqa: E402 - Prefect reads its settings from the environment when it is imported
from prefect.client.orchestration import get_client  # noqa: E402
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId, FlowRunFilterExpectedStartTime  # noqa: E402
from prefect.states import Completed  # noqa: E402
from prefect.types import DateTime  # noqa: E402

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from flows.night import Outcome

T = TypeVar("T")
LOCK_PATIENCE = timedelta(hours=6)
LOCK_PAUSE_SECONDS = 5.0

if (parent := os.environ.get(SERVED_BY)) and int(parent) != os.getpid():  # `serve` itself loads this module to learn what it serves
    die_with(int(parent))


@flow(name="nightly-scan", persist_result=False)
def nightly_run(logical_on: str | None = None) -> State[Any]:
    """The nightly scan for `logical_on` (2024-01-31), by default the UTC day the run was scheduled for, however late it begins.

    Waits for another run to end. Fails where the night fails; completes as `Partial` where a source was degraded, and as `Superseded`
    where a later night is due already: that one gathers the days of this one too.
    """
    if logical_on is None and is_superseded():
        return Completed(name="Superseded", message="a later night is due already")
    day = parse_day(logical_on) if logical_on else scheduled_day()
    settings = load_settings()
    sources, skipped = chosen_sources(settings, None)
    for reason in skipped:
        say(reason)
    return ended(when_free(lambda: scan(settings, sources, day, now=now, say=say)))


@flow(name="weekly-report", persist_result=False)
def weekly_run(week: str | None = None) -> State[Any]:
    """The topics revised, once an ISO week, and the report of `week`, by default that of the published day. Completes as `Partial` where
    something of it could not be done, such as its delivery."""
    files, held = when_free(lambda: weekly(load_settings(), week=week, now=now, say=say))
    if held is not None:
        raise held
    for sentence in files.notes:
        say(sentence)
    if files.problems:
        return Completed(name="Partial", message="; ".join(files.problems)[:2000])
    return Completed(message=str(files.html))


def is_superseded() -> bool:
    """Whether a later run of this deployment is due: after a time without power all that were missed are due at once."""
    if runtime.deployment.id is None:
        return False
    with get_client(sync_client=True) as client:
        later = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                deployment_id=FlowRunFilterDeploymentId(any_=[UUID(runtime.deployment.id)]),
                expected_start_time=FlowRunFilterExpectedStartTime(
                    after_=runtime.flow_run.scheduled_start_time + timedelta(seconds=1), before_=DateTime.now(UTC)
                ),
            ),
            limit=1,
        )
    return bool(later)


def ended(outcome: Outcome) -> State[Any]:
    """How Prefect shows the end of a night."""
    if outcome.problems:
        return Completed(name="Partial", message="; ".join(outcome.problems)[:2000])
    return Completed(message=f"published {outcome.snapshot.name}")


def scheduled_day() -> date:
    """The UTC day for which the server scheduled this run: a run that starts late, or runs past midnight, stands for it all the same."""
    scheduled: datetime = runtime.flow_run.scheduled_start_time
    return scheduled.astimezone(UTC).date()


def when_free(work: Callable[[], T], *, patience: timedelta = LOCK_PATIENCE, sleep: Callable[[float], None] = time.sleep) -> T:
    """Do `work` as soon as no other run holds the lock. Raises LockHeld when one still does after `patience`."""
    pauses = int(patience.total_seconds() / LOCK_PAUSE_SECONDS)
    for _ in range(pauses):
        try:
            return work()
        except LockHeld:
            sleep(LOCK_PAUSE_SECONDS)
    return work()


def now() -> datetime:
    """The wall clock, naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def say(sentence: str) -> None:
    """Progress, for the journal of the service."""
    sys.stderr.write(f"{now():%Y-%m-%d %H:%M:%SZ} {sentence}\n")
