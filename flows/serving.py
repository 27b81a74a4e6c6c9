"""`observatory serve`: a Prefect server on loopback, its schedules, and the runs they start, all of which end with this process.

Prefect decides when and shows what ran; what may run at once is decided by our own lock, what has run is said by our own ledger.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.ledger import Clock, Say
from flows.lock import acquire
from flows.prefect_server import STOP_SECONDS, ServingFailed, configure, prefect_server
from flows.settings import PREFIX, SERVED_BY, Settings, parse_duration

if TYPE_CHECKING:
    from prefect.runner import Runner

WATCH_SECONDS = 600
"""How often it is looked whether anything is published still."""


@dataclass(frozen=True, slots=True)
class Job:
    """A deployment: `entrypoint` names a flow as `module.function`; its `schedule` is what Prefect calls one (cron, interval ...)."""

    name: str
    entrypoint: str
    schedule: dict[str, Any] = field(default_factory=dict)


def jobs_of(settings: Settings) -> tuple[Job, ...]:
    """The nightly scan and the weekly report as the settings time them, in UTC: local time has days of 23 and of 25 hours."""
    return (
        Job("nightly", "flows.deployed.nightly_run", {"cron": settings.nightly_cron, "timezone": "UTC"}),
        Job("weekly", "flows.deployed.weekly_run", {"cron": settings.weekly_cron, "timezone": "UTC"}),
    )


def serve(settings: Settings, *, config: Path | None, now: Clock, say: Say, jobs: Sequence[Job] | None = None) -> None:
    """Run the schedules until SIGTERM or SIGINT; then the run under way is ended too, and the next one takes up its work.

    Raises LockHeld when another `serve` has this data folder, ServingFailed when the server does not start or ends by itself.
    """
    with acquire(settings.data_dir / "serve.lock"):
        os.environ[f"{PREFIX}DATA_DIR"] = str(settings.data_dir)
        if config is not None:
            os.environ[f"{PREFIX}CONFIG"] = str(config.absolute())
        os.environ[SERVED_BY] = str(os.getpid())
        configure(settings.prefect_home)
        with prefect_server(settings.prefect_home, settings.serve_port) as (server, address):
            chosen = jobs_of(settings) if jobs is None else jobs
            times = "; ".join(f"{job.name}: {' '.join(str(value) for value in job.schedule.values())}" for job in chosen)
            say(f"Prefect shows the runs on {address} ({times}).")
            os.environ["PREFECT_API_URL"] = f"{address}/api"
            asyncio.run(_run_schedules(chosen, server, Watch(settings, now, say), say))
    say("Stopped.")


async def _run_schedules(jobs: Sequence[Job], server: subprocess.Popen[bytes], watch: Watch, say: Say) -> None:
    """Let Prefect's runner start what is due until a signal comes or the server ends."""
    from prefect.runner import Runner

    stop = asyncio.Event()
    runner = Runner(name="observatory", pause_on_shutdown=False, limit=None)
    for job in jobs:
        await _deploy(runner, job)
    running = asyncio.create_task(runner.start())
    while not runner.started and not running.done():
        await asyncio.sleep(0.05)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):  # after the runner has set its own, which would leave the server behind
        loop.add_signal_handler(number, stop.set)
    ended = asyncio.create_task(stop.wait())
    try:
        while not ended.done() and not running.done() and server.poll() is None:
            await asyncio.wait({ended, running}, timeout=1, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.to_thread(watch.look)
        if not ended.done():
            why = f"the Prefect server ended with code {server.poll()}" if server.poll() is not None else "the runner ended"
            raise ServingFailed(f"Serving stopped because {why}: start it again; what was under way is taken up by the next run.")
        say("Stopping: the run under way, if there is one, is ended.")
    finally:
        ended.cancel()
        await _stop(runner, running, server.pid)


async def _stop(runner: Runner, running: asyncio.Task[None], server_process_id: int) -> None:
    """End the runs under way and the runner: asked first, and where that takes too long, killed. The next run takes up their work."""
    if runner.started:
        with suppress(TimeoutError):
            await asyncio.wait_for(runner.astop(), STOP_SECONDS)
    for process_id in _children() - {server_process_id}:
        with suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGKILL)
    await asyncio.wait({running}, timeout=STOP_SECONDS)


def _children() -> set[int]:
    """The processes this one started and that still run. Linux tells; elsewhere only the asking ends them."""
    listed = Path("/proc/self/task").glob("*/children")
    return {int(word) for path in listed for word in path.read_text(encoding="ascii").split()}


async def _deploy(runner: Runner, job: Job) -> None:
    """Register a deployment with its one schedule, in place of what an earlier `serve` registered under that name."""
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Schedule

    schedule = Schedule(**job.schedule)
    deployment = await asyncio.to_thread(RunnerDeployment.from_entrypoint, job.entrypoint, name=job.name, schedule=schedule)
    await runner.aadd_deployment(deployment)


class Watch:
    """Tells once when nothing is published any more, and again only after something was."""

    def __init__(self, settings: Settings, now: Clock, say: Say) -> None:
        self._settings, self._now, self._say = settings, now, say
        self._next_at: datetime = now() + timedelta(seconds=WATCH_SECONDS)
        self._is_told = False

    def look(self) -> None:
        """Look when it is time to. Never raises: a watch that fails must not end what it watches."""
        if self._now() < self._next_at:
            return
        self._next_at = self._now() + timedelta(seconds=WATCH_SECONDS)
        try:
            self._tell_when_silent()
        except Exception as error:
            self._say(f"The watch failed: {type(error).__name__}: {error}")

    def _tell_when_silent(self) -> None:
        from flows.notices import notice_of_silence
        from flows.notices_sending import send
        from flows.status import read_status
        from flows.warehouse.errors import WarehouseError

        settings = self._settings
        try:
            state = read_status(settings, self._now(), parse_duration(settings.silent_after))
        except WarehouseError:  # nothing was ever published: the first night is still to come
            return
        if state.is_stale and not self._is_told:
            self._say(state.sentence)
            notice = notice_of_silence(state.sentence, on=settings.notices.on)
            for failure in send(notice, settings.notices, settings.secrets_dir) if notice else ():
                self._say(failure)
        self._is_told = state.is_stale
