"""One holder at a time, across processes; a holder that died leaves no stuck lock."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.lock import LockError, LockHeld, acquire, boot_id

HOLD = """
import sys
from pathlib import Path
from flows.lock import acquire
lock = acquire(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""
SINCE = datetime(2024, 1, 24, 2, tzinfo=UTC)


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process


def test_a_second_run_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "data" / "observatory.lock"
    with holder(path) as process:
        with pytest.raises(LockHeld, match=f"Another run holds the lock .*: process {process.pid} since 20") as caught:
            acquire(path)
        assert caught.value.pid == process.pid
        assert caught.value.since is not None
        process.communicate(b"")
    with acquire(path):
        pass


def test_a_killed_holder_leaves_no_stuck_lock(tmp_path: Path) -> None:
    path = tmp_path / "observatory.lock"
    with holder(path) as process:
        process.kill()
        process.wait()
    with acquire(path) as lock:
        assert lock.crashed is not None
        assert (lock.crashed.process_id, lock.crashed.boot_id) == (process.pid, boot_id())


def test_an_orderly_release_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "observatory.lock"
    with acquire(path, SINCE), pytest.raises(LockHeld) as caught:
        acquire(path)
    assert (caught.value.pid, caught.value.since) == (os.getpid(), SINCE)
    with acquire(path) as lock:
        assert lock.crashed is None


@pytest.mark.parametrize(
    "left", ['{"process_id": 1, "boot', "", "[]", '{"process_id": 4194304, "boot_id": "before", "since": "2020-01-01T00:00:00+00:00"}']
)
def test_whatever_an_earlier_boot_left_in_the_file_the_lock_is_free(tmp_path: Path, left: str) -> None:
    path = tmp_path / "observatory.lock"
    path.write_text(left, encoding="ascii")
    with acquire(path) as lock:
        assert (lock.crashed is not None) == ("since" in left)


def test_a_lock_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LockError, match=r"cannot be made: .*\.$"):
        acquire(tmp_path / "file" / "observatory.lock")


def test_the_lock_is_taken_before_anything_heavy() -> None:
    program = "import sys, flows.lock; print(sorted({'duckdb', 'pyarrow', 'numpy', 'pydantic', 'prefect'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
