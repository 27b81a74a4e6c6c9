"""The flows of the simulated month. Prefect starts them; what is injected is the logical day: the n-th night scans for the n-th day, and
after each Sunday's night the next weekly run does the week's work."""

from __future__ import annotations

import json
import os
import resource
import time
from datetime import date
from pathlib import Path
from typing import Any

from month_plan import PLAN, events
from prefect import flow, runtime

from flows.deployed import nightly_run, say, weekly_run
from flows.lock import LockHeld, acquire


@flow(name="simulated-night", persist_result=False)
def night() -> None:
    """One night. Where the one before is still under way nothing is done: the next that is due takes its turn."""
    _take_turn("night")


@flow(name="simulated-week", persist_result=False)
def week() -> None:
    """One week, as soon as the night of its Sunday is over."""
    _take_turn("week")


def _take_turn(kind: str) -> None:
    plan = Path(os.environ[PLAN])
    month = json.loads(plan.read_text(encoding="utf-8"))
    ends = plan.with_name("ends.jsonl")
    ahead = events(date.fromisoformat(month["first"]), month["nights"])
    try:
        turn = acquire(plan.with_name(f"{kind}.lock"))
    except LockHeld:
        return
    with turn:
        while (number := len(ends.read_text(encoding="utf-8").splitlines()) if ends.exists() else 0) < len(ahead):
            if ahead[number][0] == kind and int(plan.with_name("ready").read_text(encoding="utf-8")) == number:
                break
            time.sleep(0.2)
        else:
            return
        day = ahead[number][1]
        state = _state(kind, day)
        end = {
            "kind": kind,
            "day": day.isoformat(),
            "state": state,
            "flow_run": str(runtime.flow_run.id),
            "scheduled": runtime.flow_run.scheduled_start_time.isoformat(),
            "peak_mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        with ends.open("a", encoding="utf-8") as file:
            file.write(json.dumps(end) + "\n")


def _state(kind: str, day: date) -> str:
    """Do the work as `serve` does it; how it ended."""
    try:
        done: Any = nightly_run.fn(day.isoformat()) if kind == "night" else weekly_run.fn()
    except Exception as error:
        say(f"{kind} of {day} failed: {error}")
        return "failed"
    return str(done.name)
