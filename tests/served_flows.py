"""A flow for the tests of `serve`: it writes down for which moment it was scheduled, and takes its time."""

from __future__ import annotations

import os
import time
from pathlib import Path

from prefect import flow, runtime

from crawlers.run import die_with
from flows.settings import SERVED_BY

if (parent := os.environ.get(SERVED_BY)) and int(parent) != os.getpid():
    die_with(int(parent))


@flow(name="tick", persist_result=False)
def tick() -> None:
    """One line a run: `<scheduled> <process> <TZ>`; then work that lasts longer than the test."""
    with Path(os.environ["TICKS"]).open("a", encoding="utf-8") as ticks:
        ticks.write(f"{runtime.flow_run.scheduled_start_time.isoformat()} {os.getpid()} {os.environ.get('TZ', '-')}\n")
    time.sleep(float(os.environ.get("TICK_SECONDS", "0")))
