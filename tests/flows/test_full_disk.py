"""R11: a disk that is full at any point, or read-only, ends a command with one sentence; nothing published is lost, and it recovers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path: Path) -> None:
    around = shutil.which("unshare")
    if not around or subprocess.run([around, "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk of their own (unshare -rm)")
    done = subprocess.run(
        [around, "-rm", sys.executable, "-m", "tests.full_disk", str(tmp_path)],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["first"][0] == 0, told["first"]
    failed = [(room, code, said) for room, code, said in told["attempts"] if code]
    print(f"{len(failed)} full disks, from {failed[0][0]} to {failed[-1][0]} bytes of room")  # noqa: T201 - shown with -s
    assert len(failed) >= 5, "the disk was never full: nothing was proven"
    for room, code, said in failed:
        assert code == 1, (room, code, said)
        assert "Traceback" not in said, (room, said)
        assert "room" in said or "space" in said.lower(), (room, said)
    assert set(told["ids"][: len(failed)]) == {told["before"]}, "a snapshot was replaced by a command that failed"
    assert told["last"][0] == 0, told["last"]
    assert told["unequal"] == []
    assert told["refused"][0] == 1
    assert "read-only" in told["refused"][1].lower()
    assert "Traceback" not in told["refused"][1]
    assert told["asked"][0] == 0, told["asked"]
