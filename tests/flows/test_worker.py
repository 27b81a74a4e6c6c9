"""The steps of flows/README.md for several machines, in an empty folder: a server, a work pool, deployments, a worker, a night."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from nights import environment, served
from processes import started_in, wait_for

from crawlers.replay.practice import make_world

TODAY = date(2024, 6, 30)


def answer(address: str, asked: dict[str, object] | None = None) -> object:
    """What the API of the server says, None where it says nothing."""
    body = None if asked is None else json.dumps(asked).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, {"Content-Type": "application/json"}), timeout=5) as response:  # noqa: S310
            return json.load(response)
    except (urllib.error.URLError, TimeoutError):
        return None


@pytest.mark.slow
def test_a_worker_of_a_process_pool_runs_a_night(tmp_path: Path, project: Path, made_models: Path) -> None:
    place, data_dir, home = tmp_path / "place", tmp_path / "data", tmp_path / "home"
    place.mkdir()
    data_dir.mkdir()
    (data_dir / "models").symlink_to(made_models)
    shutil.copy(project / "prefect.yaml", place)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    records = [record for record in make_world().records if record.served_on == TODAY]
    with served(records, datetime.now(UTC).date()) as server, (tmp_path / "said.txt").open("w") as said, ExitStack() as ends:
        around = {name: value for name, value in environment(server, data_dir, use_prefect="true").items() if name[:8] != "PREFECT_"}
        around |= {"PREFECT_HOME": str(home), "PREFECT_API_URL": api, "OBSERVATORY_CONTACT": "you@example.org"}

        def prefect(*arguments: str) -> None:
            subprocess.run([sys.executable, "-m", "prefect", *arguments], cwd=place, env=around, check=True, stdout=said, stderr=said)

        def begin(*arguments: str) -> None:
            process = subprocess.Popen(
                [sys.executable, "-m", "prefect", *arguments], cwd=place, env=around, stdout=said, stderr=said, start_new_session=True
            )
            ends.callback(process.wait, 60)
            ends.callback(os.killpg, process.pid, signal.SIGTERM)

        begin("server", "start", "--host", "127.0.0.1", "--port", str(port))
        assert wait_for(lambda: answer(f"{api}/health") is True, 180), (tmp_path / "said.txt").read_text()
        prefect("work-pool", "create", "observatory", "--type", "process")
        prefect("--no-prompt", "deploy", "--all")
        place.rename(tmp_path / "gone")  # a worker knows no checkout
        place.mkdir()
        begin("worker", "start", "--pool", "observatory", "--limit", "1")
        prefect("deployment", "run", "nightly-scan/nightly")

        def states() -> list[str]:
            runs = answer(f"{api}/flow_runs/filter", {"flow_runs": {"state": {"type": {"not_any_": ["SCHEDULED"]}}}})
            return [run["state"]["name"] for run in runs] if isinstance(runs, list) else []

        assert wait_for(lambda: states() == ["Completed"], 300), (states(), (tmp_path / "said.txt").read_text()[-4000:])
    assert wait_for(lambda: not started_in(home), 30), "a process was left behind"
    with duckdb.connect(str(data_dir / "warehouse" / "observatory.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT flow, state FROM meta.runs").fetchall() == [("scan", "done")]
    with duckdb.connect(str(data_dir / "published" / "observatory.duckdb"), read_only=True) as snapshot:
        assert snapshot.execute("SELECT count(*) FROM marts.documents").fetchall()[0][0] > 0
