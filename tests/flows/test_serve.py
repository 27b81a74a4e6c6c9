"""`observatory serve` on a real Prefect server: it starts what is due, in UTC, and leaves nobody behind however it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from processes import children, command_of, is_alive, wait_for

from flows.lock import LockHeld, acquire
from flows.prefect_server import ServingFailed, configure, prefect_server
from flows.serving import Watch, jobs_of
from flows.settings import Settings

SERVE = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from flows.serving import Job, serve
from flows.settings import Settings
every = timedelta(seconds=float(sys.argv[2]))
serve(Settings(data_dir=Path(sys.argv[1]), serve_port=0), config=None, now=lambda: datetime.now(UTC).replace(tzinfo=None),
      say=lambda sentence: print(sentence, flush=True), jobs=[Job("tick", "served_flows.tick", {"interval": every})])
"""
TESTS = Path(__file__).resolve().parents[1]


@contextmanager
def serving(data_dir: Path, every_seconds: float, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """`serve` with the flow of served_flows.py in its own process, in a time zone that changes its clocks."""
    around = {name: value for name, value in os.environ.items() if not name.startswith(("OBSERVATORY_", "PREFECT_"))}
    paths = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    more = {"PYTHONPATH": paths, "TICKS": str(data_dir / "ticks"), "TZ": "America/New_York", "PREFECT_RUNNER_POLL_FREQUENCY": "1"}
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "said.txt").open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(data_dir), str(every_seconds)], env=around | more | environment, stdout=said, stderr=said
        )
        try:
            yield process  # type: ignore[misc]
        finally:
            process.kill()
            process.wait()


def ticks(data_dir: Path) -> list[list[str]]:
    path = data_dir / "ticks"
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_what_is_due_runs_and_nobody_is_left_behind(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path, 20, TICK_SECONDS="300") as process:
        assert wait_for(lambda: len(ticks(tmp_path)) >= 2, 240), (tmp_path / "said.txt").read_text(encoding="utf-8")
        family = children(process.pid)
        assert {int(line[1]) for line in ticks(tmp_path)} <= family
        process.send_signal(number)
        code = process.wait(90)
    assert code == (0 if number != signal.SIGKILL else -signal.SIGKILL)
    assert wait_for(lambda: not any(is_alive(one) for one in family), 20), "a process outlived serve"
    moments = [datetime.fromisoformat(line[0]) for line in ticks(tmp_path)]
    assert len(set(moments)) == len(moments), "a run was started twice"
    assert all(moment.utcoffset() == timedelta(0) for moment in moments)


@pytest.mark.slow
def test_a_server_that_dies_ends_serve_and_the_next_serve_goes_on(tmp_path: Path) -> None:
    with serving(tmp_path, 20) as process:
        assert wait_for(lambda: len(ticks(tmp_path)) >= 1, 240)
        server = next(one for one in children(process.pid) if "uvicorn" in command_of(one))
        os.kill(server, signal.SIGKILL)
        assert process.wait(90) == 1
    before = len(ticks(tmp_path))
    with serving(tmp_path, 20):
        assert wait_for(lambda: len(ticks(tmp_path)) > before, 240)


def test_two_of_one_data_folder_are_one_too_many(tmp_path: Path) -> None:
    from flows.serving import serve

    with acquire(tmp_path / "serve.lock"), pytest.raises(LockHeld):
        serve(Settings(data_dir=tmp_path), config=None, now=lambda: datetime(2024, 1, 1), say=lambda _: None)


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    import http.server
    import threading

    taken = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    thread = threading.Thread(target=taken.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        with pytest.raises(ServingFailed, match="choose another port"), prefect_server(tmp_path, taken.server_address[1]):
            pass
    finally:
        taken.shutdown()
        taken.server_close()


def test_the_server_keeps_to_loopback_and_to_itself(tmp_path: Path) -> None:
    """What the server is started with; that it runs is proven by the slow tests."""
    saved = dict(os.environ)
    try:
        for name in [name for name in os.environ if name.startswith("PREFECT_") or name == "DO_NOT_TRACK"]:
            del os.environ[name]
        configure(tmp_path / "data" / "prefect")
        told = {name: os.environ[name] for name in ("PREFECT_HOME", "DO_NOT_TRACK", "PREFECT_SERVER_ANALYTICS_ENABLED")}
    finally:
        os.environ.clear()
        os.environ.update(saved)
    assert [path.stat().st_mode & 0o077 for path in (tmp_path / "data", tmp_path / "data" / "prefect")] == [0, 0]
    assert told == {"PREFECT_HOME": str(tmp_path / "data" / "prefect"), "DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}


def test_the_schedules_are_in_utc_and_a_year_of_them_has_every_day_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """R12: clocks that change, a leap day, the turn of the year, on a host whose zone is not UTC."""
    from prefect.schedules import Schedule
    from prefect.server.schemas.schedules import CronSchedule as Planner

    monkeypatch.setenv("TZ", "Pacific/Apia")
    time.tzset()
    try:
        nightly, weekly = jobs_of(Settings(data_dir=tmp_path))
        for job in (nightly, weekly):
            assert Schedule(**job.schedule).timezone == "UTC"  # what a deployment is given
        first = datetime(2023, 12, 25, tzinfo=UTC)
        nights, sundays = (asyncio.run(Planner(**job.schedule).get_dates(n=800, start=first)) for job in (nightly, weekly))
        days, weeks = ([moment.astimezone(UTC).date() for moment in moments] for moments in (nights, sundays))
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    assert days == [date(2023, 12, 25) + timedelta(days=number) for number in range(800)]
    assert date(2024, 2, 29) in days
    assert len({day.isocalendar()[:2] for day in weeks}) == len(weeks), "an ISO week without a report, or with two"


def test_the_deployments_for_work_pools_name_the_same_flows_and_times(tmp_path: Path, project: Path) -> None:
    deployments = yaml.safe_load((project / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    served = {job.name: (job.entrypoint, job.schedule["cron"], "UTC") for job in jobs_of(Settings(data_dir=tmp_path))}
    assert {one["name"]: (one["entrypoint"], one["schedules"][0]["cron"], one["schedules"][0]["timezone"]) for one in deployments} == served


def test_silence_is_told_once(tmp_path: Path, warehouse_world: Path) -> None:
    from flows.warehouse.publish import publish

    settings = Settings(data_dir=tmp_path / "data")
    publish(warehouse_world, settings.published, "scan-1", published_at=datetime(2024, 1, 24, 2))
    clock, said = [datetime(2024, 1, 24, 3)], []
    watch = Watch(settings, lambda: clock[0], said.append)
    for hours in (1, 20, 40, 60):
        clock[0] = datetime(2024, 1, 24, 3) + timedelta(hours=hours)
        watch.look()
    assert len(said) == 1
    assert "stale" in said[0]
