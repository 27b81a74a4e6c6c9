"""A Prefect server on loopback that ends with the process that started it, however that ends.

Prefect would start one of its own for a run without a server; that one outlives a run that is killed, and keeps its file open.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path

from crawlers.run import die_with

HOST = "127.0.0.1"
STARTUP_SECONDS = 180
STOP_SECONDS = 20
"""How long what we started gets to end by itself."""


class ServingFailed(Exception):
    """The server or its schedules cannot run; the message is one sentence."""


def configure(home: Path) -> None:
    """Keep Prefect on this machine, quiet and patient. Must run before the first import of prefect.

    On a small machine the in-process server may need longer to answer the first time than Prefect's own patience of 20 s.
    """
    home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("PREFECT_HOME", str(home))
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    os.environ.setdefault("PREFECT_RESULTS_PERSIST_BY_DEFAULT", "false")
    # Runs older than Prefect's 90 days go too: left alone it deletes events only.
    os.environ.setdefault("PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED", "events,flow_runs")


@contextmanager
def prefect_server(home: Path, port: int, *, is_for_one_run: bool = False) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A Prefect server on loopback for as long as the block runs: its process and its address. Raises ServingFailed.

    One that is there for the run of this process alone has no pages and plans nothing, which lets it start sooner.
    """
    port = port or _free_port()
    address = f"http://{HOST}:{port}"
    if _answers(address):
        raise ServingFailed(f"Something answers on {address} already: choose another port with --port, or 0 for any free one.")
    command = [sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app", "--host", HOST, "--port", str(port)]
    log = home / ("server-of-a-run.log" if is_for_one_run else "server.log")
    settings = {"PREFECT_API_URL": f"{address}/api", "PREFECT_SERVER_UI_API_URL": f"{address}/api"}
    if is_for_one_run:
        settings |= {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}  # as Prefect starts its own
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 - our own interpreter
            [*command, "--log-level", "warning", "--timeout-keep-alive", "30", "--timeout-graceful-shutdown", "5"],
            env=os.environ | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us: we end it after the runs that speak to it
            preexec_fn=partial(die_with, os.getpid()),
        )
        try:
            _await_answer(server, address, log)
            yield server, address
        finally:
            _end(server)


def ensure_server(home: Path) -> None:
    """See to it that Prefect has a server: where none is named, start one that ends with this process. Raises ServingFailed."""
    from prefect.context import refresh_global_settings_context
    from prefect.settings import PREFECT_API_URL

    if PREFECT_API_URL.value():
        return
    stack = ExitStack()
    _, address = stack.enter_context(prefect_server(home, 0, is_for_one_run=True))
    atexit.register(stack.close)
    os.environ["PREFECT_API_URL"] = f"{address}/api"
    refresh_global_settings_context()


def _await_answer(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ServingFailed(f"The Prefect server ended with code {server.returncode} while starting: see {log}.")
        if _answers(address):
            return
        time.sleep(0.1)
    raise ServingFailed(f"The Prefect server did not answer within {STARTUP_SECONDS} s: see {log}.")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/health", timeout=2) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == HTTPStatus.OK)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
