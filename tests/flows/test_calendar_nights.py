"""R12 and R23: one logical day a run whatever the clocks do, no day missing or doubled, and never two nights at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from nights import command, environment, served

from crawlers.replay.corpus import Record
from crawlers.replay.practice import make_world
from crawlers.sources import load_sources
from flows.commands.door import LOCKED
from flows.lock import read_holder
from flows.stages.gather import windows_to_gather
from flows.weekly import same_week

TODAY = date(2024, 6, 30)
ASK_DAYS = """
import json, os, sys, time
from datetime import UTC, datetime
from prefect.runtime import flow_run
from flows.commands.door import now
from flows.deployed import scheduled_day
for scheduled, zone, day in json.loads(sys.argv[1]):
    os.environ["TZ"] = zone
    time.tzset()
    flow_run.FIELDS["scheduled_start_time"] = lambda: datetime.fromisoformat(scheduled)
    assert abs((now() - datetime.fromtimestamp(time.time(), UTC).replace(tzinfo=None)).total_seconds()) < 60, "a command's clock is not UTC"
    print(scheduled_day())
"""
MOMENTS = (
    ("2024-03-31T01:30:00+00:00", "Europe/Berlin", "2024-03-31"),  # an hour that Berlin leaves out
    ("2024-11-03T06:30:00+00:00", "America/New_York", "2024-11-03"),  # an hour that New York has twice
    ("2024-02-29T23:59:30+00:00", "Pacific/Kiritimati", "2024-02-29"),  # where it is 1 March already, and soon is in UTC
    ("2024-12-31T23:30:00+00:00", "Asia/Tokyo", "2024-12-31"),
)


@pytest.mark.parametrize("missed", [set(), {date(2024, 2, 29), date(2024, 3, 31)}, {date(2024, 12, 31), date(2025, 1, 1)}])
def test_nights_over_two_years_ask_for_every_day_and_none_twice(missed: set[date]) -> None:
    """Leap day, turns of the year, both changes of the clocks; a night that was missed is made good by the next."""
    source = replace(load_sources({})["arxiv_oai"], overlap_days=0, window_days=3)
    first, covered, asked = date(2024, 1, 1), None, []
    for number in range(731):
        night = first + timedelta(days=number)
        if night in missed:
            continue
        for window in windows_to_gather(source, covered, night, first):
            asked += [window.from_on + timedelta(days=day) for day in range((window.to_on - window.from_on).days + 1)]
            covered = window.to_on
    assert asked == [first + timedelta(days=number) for number in range(731)]


def test_a_scheduled_run_stands_for_the_utc_day_it_was_scheduled_on(tmp_path: Path) -> None:
    """However late it begins, wherever the host is, and past midnight too: the day is not asked of the clock."""
    told = subprocess.run(
        [sys.executable, "-c", ASK_DAYS, json.dumps(MOMENTS)],
        env=os.environ | {"OBSERVATORY_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout.split() == [day for _, _, day in MOMENTS], told.stderr[-2000:]


def test_a_week_is_a_week_across_the_turn_of_the_year() -> None:
    assert same_week(date(2024, 12, 30), date(2025, 1, 5))
    assert not same_week(date(2025, 1, 5), date(2025, 1, 6))
    assert not same_week(date(2024, 1, 3), date(2025, 1, 1))


@contextmanager
def scanning(around: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command("scan", "--date", str(TODAY)), env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for_run(data_dir: Path, seconds: float = 120) -> dict[str, str]:
    """What `last_run.json` says once a run has begun that is not the one before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            found: dict[str, str] = json.loads((data_dir / "last_run.json").read_text(encoding="utf-8"))
            return found
        except FileNotFoundError:
            time.sleep(0.1)
    raise AssertionError("no run began")


def test_of_two_nights_at_once_one_runs_and_a_lock_from_before_a_reboot_stops_nobody(tmp_path: Path) -> None:
    records: tuple[Record, ...] = tuple(record for record in make_world().records if record.served_on == TODAY)
    with served(records, TODAY) as server:
        around = environment(server, tmp_path)
        with scanning(around) as one, scanning(around) as other:
            while one.poll() is None and other.poll() is None:
                time.sleep(0.05)
            second, runs = (one, other) if one.poll() is not None else (other, one)
            assert second.returncode == LOCKED
            begun = wait_for_run(tmp_path)
            assert runs.poll() is None
            holder = read_holder(tmp_path / "observatory.lock")
            assert holder is not None
            assert holder.process_id == runs.pid
            runs.send_signal(signal.SIGKILL)
            runs.wait()
        assert read_holder(tmp_path / "observatory.lock") is None, "a dead process is no holder"
        lock = tmp_path / "observatory.lock"
        left = json.loads(lock.read_text(encoding="ascii")) | {"boot_id": "another boot", "process_id": os.getpid()}
        lock.write_text(json.dumps(left), encoding="ascii")  # after a reboot the number may be anybody's
        assert read_holder(lock) is None
        (tmp_path / "last_run.json").unlink()
        with scanning(around) as third:
            again = wait_for_run(tmp_path)
            assert again["run_id"] != begun["run_id"]
            assert third.poll() is None
    journal = (tmp_path / "runs" / f"{again['run_id']}.jsonl").read_text(encoding="utf-8")
    assert json.loads(journal.splitlines()[0])["crashed_before"] == 1
