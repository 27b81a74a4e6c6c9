"""The wheel holds what the tree holds, and works away from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOMS = ("crawlers", "nlp", "scoring", "flows")


@pytest.fixture(scope="module")
def wheel(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `pip wheel` builds it."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(project)]
    subprocess.run(command, check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel installed into a folder of its own, without its dependencies."""
    site = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def test_wheel_holds_every_file_of_the_rooms_and_nothing_else(project: Path, wheel: Path) -> None:
    names = subprocess.run(["git", "ls-files", *ROOMS], cwd=project, check=True, capture_output=True, text=True).stdout.splitlines()
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == {name for name in names if (project / name).is_file()}


def run(unpacked: Path, folder: Path, code: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "XDG_DATA_HOME": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, env=environment, input=stdin, check=False, capture_output=True, text=True
    )


def test_the_wheel_alone_classifies_a_text(unpacked: Path, tmp_path: Path) -> None:
    code = "import flows, sys; assert flows.__file__.startswith(sys.argv.pop(1)); from flows.cli import main; main()"
    line = json.dumps({"id": 1, "title": "Green hydrogen from proton exchange membrane electrolysis", "text": "Fuel cells use it."})
    answer = run(unpacked, tmp_path, code, str(unpacked), "classify", stdin=line)
    assert answer.returncode == 0, answer.stderr
    assert [track["track"] for track in json.loads(answer.stdout)["tracks"]][:1] == ["energy"]


@pytest.mark.slow
def test_the_wheel_alone_runs_the_demo(unpacked: Path, tmp_path: Path) -> None:
    code = "import flows, sys; assert flows.__file__.startswith(sys.argv.pop(1)); from flows.cli import main; main()"
    answer = run(unpacked, tmp_path, code, str(unpacked), "--data-dir", str(tmp_path / "observatory"), "demo")
    assert answer.returncode == 0, answer.stderr[-3000:]
    assert list((tmp_path / "observatory" / "reports").glob("*/report.html"))
