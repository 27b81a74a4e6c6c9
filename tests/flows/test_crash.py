"""R1: a night killed at any moment and run again ends as if nothing had happened."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import time
from datetime import date
from pathlib import Path

import pytest
from nights import command, environment, hashes, observatory, served

from crawlers.replay.corpus import Record
from crawlers.replay.practice import make_world

TODAY = date(2024, 6, 30)


def few_records() -> tuple[Record, ...]:
    since = date(2024, 1, 1)
    return tuple(record for record in make_world().records if record.served_on and since <= record.served_on <= TODAY)[::2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kill_and_repeat(kills: int, tmp_path: Path, seed: int) -> None:
    """One quiet night for its hashes and its length; then a chain of nights, each killed at a random moment, and a last one let through."""
    records, port = few_records(), free_port()  # the same port twice: addresses stand in the captures
    quiet_dir, killed_dir = tmp_path / "quiet", tmp_path / "killed"
    with served(records, TODAY, port=port) as server:
        started = time.monotonic()
        assert observatory(environment(server, quiet_dir), "scan", "--date", str(TODAY)).returncode == 0
        length = time.monotonic() - started
        moments = random.Random(seed)  # noqa: S311 - moments of a test, no secret
        survived = 0
        for _ in range(kills):
            night = subprocess.Popen(
                command("scan", "--date", str(TODAY)),
                env=environment(server, killed_dir),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            try:
                night.wait(moments.uniform(0.3, length))
                survived += 1
            except subprocess.TimeoutExpired:
                night.send_signal(signal.SIGKILL)
                night.wait()
        last = observatory(environment(server, killed_dir), "scan", "--date", str(TODAY))
    assert last.returncode == 0, last.stderr[-2000:]
    assert hashes(killed_dir) == hashes(quiet_dir)
    assert survived < kills, "no night was killed: nothing was proven"


def test_a_night_killed_a_few_times_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    kill_and_repeat(4, tmp_path, seed=1)


@pytest.mark.slow
def test_a_night_killed_twenty_times_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    kill_and_repeat(20, tmp_path, seed=2)
