"""Nights for tests: a replay server over a few records, and `observatory scan` run on it as a person would, in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from crawlers.replay.corpus import Record
from crawlers.replay.faults import FaultPlan
from crawlers.replay.server import ReplayServer
from flows.warehouse.hashes import warehouse_hashes

WHOLE_SPAN_DAYS = 20_000


@contextmanager
def served(records: Iterable[Record], today: date, *, port: int = 0, faults: FaultPlan | None = None) -> Iterator[ReplayServer]:
    """A replay server on loopback for as long as the block runs."""
    with ReplayServer(tuple(records), today, port=port, faults=faults) as server:
        yield server


def environment(server: ReplayServer, data_dir: Path, **settings: object) -> dict[str, str]:
    """The environment in which `observatory` gathers from that server into that folder, plainly and quickly."""
    replayed = {
        "endpoints": json.dumps(server.endpoints() | {"feeds": " ".join(feed.url for feed in server.feeds())}),
        "sources": json.dumps([*server.endpoints(), "feeds"]),
        "allow_hosts": '["127.0.0.1"]',
        "first_window_days": WHOLE_SPAN_DAYS,
        "window_days": WHOLE_SPAN_DAYS,
    }
    return offline(data_dir, **(replayed | settings))


def offline(data_dir: Path, **settings: object) -> dict[str, str]:
    """The environment in which `observatory` asks that folder, or runs in it on what it holds."""
    chosen = {
        "data_dir": data_dir,
        "vectors": "fast",
        "use_prefect": "false",
        "history_quarters": 2,
        "bootstrap_draws": 40,
        **settings,
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OBSERVATORY_")}
    return inherited | {f"OBSERVATORY_{name.upper()}": str(value) for name, value in chosen.items()}


def command(*arguments: str) -> list[str]:
    """`observatory ...` with this interpreter."""
    return [sys.executable, "-c", "from flows.cli import main; main()", *arguments]


def observatory(environment: dict[str, str], *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(command(*arguments), env=environment, input=stdin, check=False, capture_output=True, text=True)


def hashes(data_dir: Path) -> dict[str, str]:
    """What the warehouse holds, as design law 8 compares it: run ids and times of day left out."""
    with duckdb.connect(str(data_dir / "warehouse" / "observatory.duckdb"), read_only=True) as connection:
        return warehouse_hashes(connection)
