"""The flow of the simulated month: the n-th that Prefect starts scans for the n-th day, and on Sundays does the week's work too."""

from __future__ import annotations

import json
import os
import resource
import time
from datetime import date, timedelta
from pathlib import Path

from prefect import flow, runtime

from flows.deployed import now, say
from flows.lock import LockHeld, acquire
from flows.nightly import scan, weekly_refit, weekly_report
from flows.settings import load_settings
from flows.sources import chosen_sources


@flow(name="simulated-night", persist_result=False)
def night() -> None:
    """One night. Where the one before is still under way nothing is done: the next that is due takes its turn."""
    plan = Path(os.environ["MONTH_PLAN"])
    month = json.loads(plan.read_text(encoding="utf-8"))
    ends = plan.with_name("ends.jsonl")
    try:
        turn = acquire(plan.with_name("turn.lock"))
    except LockHeld:
        return
    with turn:
        number = len(ends.read_text(encoding="utf-8").splitlines()) if ends.exists() else 0
        if number >= month["nights"]:
            return
        while int(plan.with_name("ready").read_text(encoding="utf-8")) != number:
            time.sleep(0.2)
        day = date.fromisoformat(month["first"]) + timedelta(days=number)
        state = _one_night(day)
        end = {
            "day": day.isoformat(),
            "state": state,
            "scheduled": runtime.flow_run.scheduled_start_time.isoformat(),
            "peak_mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        with ends.open("a", encoding="utf-8") as file:
            file.write(json.dumps(end) + "\n")


def _one_night(day: date) -> str:
    settings = load_settings()
    sources, _ = chosen_sources(settings, None)
    try:
        state = scan(settings, sources, day, now=now, say=say).state
    except Exception as error:
        say(f"{day} failed: {error}")
        state = "failed"
    if day.isoweekday() == 7:
        weekly_refit(settings, now=now, say=say)
        weekly_report(settings)
    return state
