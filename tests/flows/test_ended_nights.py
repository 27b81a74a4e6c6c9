"""R2: a night that is ended, whoever ends it, leaves no process and no stuck lock; the ledger calls it crashed, and the next one runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from nights import command, environment, observatory, served
from processes import children, command_of, is_alive, started_in, wait_for

from crawlers.replay.corpus import Record
from crawlers.replay.practice import make_world
from flows.lock import read_holder

TODAY = date(2024, 6, 30)
FLOW = """
import sys, time
from pathlib import Path
from flows.nightly import run_as_flow
run_as_flow("nightly_scan", "a-night", Path(sys.argv[1]), lambda perform: perform("gather", lambda: time.sleep(300)), lambda: "a page")
"""
SERVE = """
from datetime import UTC, datetime, timedelta
from flows.serving import Job, serve
from flows.settings import load_settings
serve(load_settings(), config=None, now=lambda: datetime.now(UTC).replace(tzinfo=None), say=lambda sentence: print(sentence, flush=True),
      jobs=[Job("nightly", "flows.deployed.nightly_run", {"interval": timedelta(seconds=30)})])
"""


def test_a_flow_that_is_killed_takes_its_server_along(tmp_path: Path) -> None:
    home = tmp_path / "prefect"
    around = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "OBSERVATORY_"))}
    with subprocess.Popen([sys.executable, "-c", FLOW, str(home)], env=around) as night:
        assert wait_for(lambda: bool(started_in(home)), 60), "no server was started"
        night.kill()
    assert wait_for(lambda: not started_in(home), 10), "the server outlived the night"


def records_of_a_day() -> list[Record]:
    return [record for record in make_world().records if record.served_on == TODAY]


def states(data_dir: Path) -> list[str]:
    """How the runs ended, in the ledger, oldest first."""
    with duckdb.connect(str(data_dir / "warehouse" / "observatory.duckdb"), read_only=True) as connection:
        return [row[0] for row in connection.execute("SELECT state FROM meta.runs ORDER BY started_at").fetchall()]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_night_that_is_ended_leaves_nobody_and_the_next_goes_on(tmp_path: Path, made_models: Path, number: signal.Signals) -> None:
    (tmp_path / "models").symlink_to(made_models)
    home = tmp_path / "prefect"
    with served(records_of_a_day(), TODAY) as server:
        around = environment(server, tmp_path, use_prefect="true")
        with subprocess.Popen(command("scan", "--date", str(TODAY)), env=around, stderr=subprocess.DEVNULL) as night:
            assert wait_for(lambda: any((tmp_path / "landing").glob("*")), 120), "no spider began"
            assert started_in(home)
            night.send_signal(number)
            assert night.wait(30) == -number
        assert wait_for(lambda: not started_in(home), 10), "a process outlived the night"
        done = observatory(around, "scan", "--date", str(TODAY))
    assert done.returncode == 0, done.stderr
    assert not started_in(home)
    assert states(tmp_path) == ["crashed", "done"]


@contextmanager
def serving(around: dict[str, str], data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`serve` with the real nightly flow every half a minute, until the block ends."""
    with (data_dir / "said.txt").open("a", encoding="utf-8") as said:
        process = subprocess.Popen([sys.executable, "-c", SERVE], env=around, stdout=said, stderr=said)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(90)


def last_run(data_dir: Path) -> dict[str, str]:
    path = data_dir / "last_run.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"run_id": "", "state": ""}


@pytest.mark.slow
@pytest.mark.parametrize("whom", ["run", "server", "serve"])
def test_whoever_is_killed_under_serve_the_next_night_runs(tmp_path: Path, made_models: Path, whom: str) -> None:
    (tmp_path / "models").symlink_to(made_models)
    lock = tmp_path / "observatory.lock"

    def is_done(after: str) -> bool:
        run = last_run(tmp_path)
        return run["run_id"] != after and run["state"] in ("done", "partial")

    with served(records_of_a_day(), datetime.now(UTC).date()) as server:  # a scheduled night stands for the day it was scheduled on
        around = environment(server, tmp_path, use_prefect="true", serve_port=0) | {"PREFECT_RUNNER_POLL_FREQUENCY": "1"}
        with serving(around, tmp_path) as process:
            assert wait_for(lambda: last_run(tmp_path)["state"] == "running" and read_holder(lock) is not None, 240), "no night began"
            begun, holder, family = last_run(tmp_path)["run_id"], read_holder(lock), children(process.pid)
            assert holder is not None
            servers = [one for one in family if "uvicorn" in command_of(one)]
            os.kill({"run": holder.process_id, "server": servers[0], "serve": process.pid}[whom], signal.SIGKILL)
            assert wait_for(lambda: read_holder(lock) != holder, 60), "the lock is stuck"
            if whom == "run":
                assert wait_for(lambda: is_done(begun), 240), "no night followed"
            else:
                assert process.wait(90) == {"server": 1, "serve": -signal.SIGKILL}[whom]
                assert wait_for(lambda: not any(is_alive(one) for one in family), 30), "a process outlived serve"
        if whom != "run":
            with serving(around, tmp_path):
                assert wait_for(lambda: is_done(begun), 240), "no night followed"
    assert wait_for(lambda: not started_in(tmp_path / "prefect"), 30)
    assert states(tmp_path)[:2] == ["crashed", "done"]
