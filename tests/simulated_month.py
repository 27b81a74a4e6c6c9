"""A month by Prefect's scheduler: 30 nights and 4 weeks over the replay server with faults, at short intervals, each with its own day.

`python -m tests.simulated_month FOLDER [--nights 30] [--seconds 60]` runs it and prints what became of it as JSON: windows, reports of the
weeks, alerts, how disk and memory grew. What Prefect schedules is real; what is injected is the logical day. The folder remembers how far
the month came, so that one that was stopped goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests")]

from faulty_nights import random_faults  # noqa: E402
from month_plan import PLAN, events  # noqa: E402
from nights import environment  # noqa: E402

from crawlers.replay.corpus import Record  # noqa: E402
from crawlers.replay.faults import FaultPlan  # noqa: E402
from crawlers.replay.practice import make_world  # noqa: E402
from crawlers.replay.server import ReplayServer  # noqa: E402
from flows.settings import SERVED_BY  # noqa: E402

FIRST = date(2024, 5, 27)  # a Monday; in the month lie four whole weeks
SINCE = date(2021, 6, 1)  # enough of the past to rank some hundred technologies
SERVE = """
import sys
from datetime import UTC, datetime, timedelta
from flows.serving import Job, serve
from flows.settings import load_settings
serve(load_settings(), config=None, now=lambda: datetime.now(UTC).replace(tzinfo=None), say=lambda sentence: print(sentence, flush=True),
      jobs=[Job("night", "month_flows.night", {"interval": timedelta(seconds=float(sys.argv[1]))}),
            Job("week", "month_flows.week", {"interval": 7 * timedelta(seconds=float(sys.argv[1]))})])
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the month and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--limit", type=float, default=7200, help="give up after so many seconds")
    chosen = parser.parse_args(arguments)
    print(json.dumps(run_month(chosen.folder, chosen.nights, chosen.seconds, limit=chosen.limit), indent=1))  # noqa: T201
    return 0


def records_of_the_month() -> tuple[Record, ...]:
    """Three years before it and the month itself, whatever part of it is run: one that was stopped goes on with the same records."""
    last = FIRST + timedelta(days=31)
    return tuple(record for record in make_world().records if record.served_on and SINCE <= record.served_on <= last)


def run_month(folder: Path, nights: int, seconds: float, *, limit: float) -> dict[str, Any]:
    """Serve the archive with faults that change every night, let Prefect run nights and weeks, and look at what is left."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    began, code = time.monotonic(), 0
    if len(lines(folder / "ends.jsonl")) < len(events(FIRST, nights)):
        code = _serve_month(folder, nights, seconds, limit)
    return {"seconds": round(time.monotonic() - began), "serve_exit": code} | _figures(folder)


def _serve_month(folder: Path, nights: int, seconds: float, limit: float) -> int:
    """Run `serve` until the month is over, or `limit` seconds; its exit code."""
    plan = folder / "plan.json"
    port = json.loads(plan.read_text(encoding="utf-8"))["port"] if plan.exists() else 0  # always the same: addresses stand in the captures
    with ReplayServer(records_of_the_month(), FIRST, port=port) as server, (folder / "said.txt").open("a", encoding="utf-8") as said:
        plan.write_text(json.dumps({"first": FIRST.isoformat(), "nights": nights, "port": urlsplit(server.url).port}), encoding="utf-8")
        around = environment(server, folder / "data", use_prefect="true")
        paths = os.pathsep.join([str(PROJECT / "tests"), str(PROJECT)])
        around |= {"PYTHONPATH": paths, PLAN: str(plan), "OBSERVATORY_SERVE_PORT": "0", "PREFECT_RUNNER_POLL_FREQUENCY": "2"}
        around.pop(SERVED_BY, None)
        serving = subprocess.Popen([sys.executable, "-c", SERVE, str(seconds)], env=around, stdout=said, stderr=said)
        ends_at = time.monotonic() + limit
        try:
            _change_weather(server, folder, nights, lambda: time.monotonic() > ends_at, serving)
        finally:
            serving.terminate()
            serving.wait(120)
    return serving.returncode


def _change_weather(server: ReplayServer, folder: Path, nights: int, is_over: Callable[[], bool], serving: subprocess.Popen[bytes]) -> None:
    """Before each night the server's day moves on and its faults change; the last two nights are undisturbed."""
    ahead = events(FIRST, nights)
    ready = -1
    while not is_over() and serving.poll() is None:
        done = len(lines(folder / "ends.jsonl"))
        if done > ready:
            ready = done
            _write_sizes(folder, done)
            if done == len(ahead):
                return
            day = ahead[done][1]
            server.set_today(day)
            plan = random_faults(random.Random(f"month-{day}")) if (day - FIRST).days < nights - 2 else FaultPlan()  # noqa: S311 - repeatable on purpose
            server.set_faults(plan)
            (folder / "ready").write_text(str(done), encoding="utf-8")
        time.sleep(0.5)


def _write_sizes(folder: Path, done: int) -> None:
    """How many bytes lie in each folder of the data folder after so many runs."""
    sizes = {"done": done}
    for place in sorted((folder / "data").iterdir()):
        if place.is_dir():
            sizes[place.name] = sum(path.stat().st_size for path in place.rglob("*") if path.is_file() and not path.is_symlink())
    with (folder / "sizes.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(sizes) + "\n")


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, none where there is no file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _figures(folder: Path) -> dict[str, Any]:
    data_dir = folder / "data"
    ends = lines(folder / "ends.jsonl")
    nights = [end for end in ends if end["kind"] == "night"]
    span = [FIRST, FIRST + timedelta(days=len(nights) - 1)]
    found: dict[str, Any] = {}
    with duckdb.connect(str(data_dir / "warehouse" / "observatory.duckdb"), read_only=True) as connection:
        for name, sql in FIGURES.items():
            rows = connection.execute(sql, span if "?" in sql else []).fetchall()
            found[name] = [[str(value) if isinstance(value, date) else value for value in row] for row in rows]
    return found | {
        "ends": [[end["kind"], end["day"], end["state"]] for end in ends],
        "runs_by_the_scheduler": len({end["flow_run"] for end in ends}),
        "nights_with_faults": sum(bool(random_faults(random.Random(f"month-{end['day']}")).rules) for end in nights[:-2]),  # noqa: S311 - as above
        "reports": sorted(path.parent.name for path in (data_dir / "reports").glob("*/report.html")),
        "run_pages": len(list((data_dir / "runs").glob("*.html"))),
        "snapshots": len(list((data_dir / "published").glob("observatory-*.duckdb"))),
        "sizes": lines(folder / "sizes.jsonl"),
        "peak_memory_mebibytes": {kind: [end["peak_mebibytes"] for end in ends if end["kind"] == kind] for kind in ("night", "week")},
    }


FIGURES = {
    "windows_gathered_twice": """
        SELECT source, from_on, to_on, count(*) FROM meta.windows GROUP BY ALL HAVING count(*) > 1
        """,
    "windows": "SELECT source, count(*), count(*) FILTER (is_complete) FROM meta.windows GROUP BY source ORDER BY source",
    "cursors": "SELECT source, covered_to_on FROM meta.cursors ORDER BY source",
    "days_without_a_whole_window": """
        SELECT cursors.source, day::DATE FROM meta.cursors AS cursors, range(?::DATE, ?::DATE + 1, INTERVAL 1 DAY) AS days(day)
        WHERE NOT EXISTS (SELECT 1 FROM meta.windows AS windows
            WHERE windows.source = cursors.source AND windows.is_complete AND day BETWEEN windows.from_on AND windows.to_on)
        """,
    "scans_and_their_days": "SELECT count(*), count(DISTINCT logical_on) FROM meta.runs WHERE flow = 'scan'",
    "runs": "SELECT flow, state, count(*) FROM meta.runs GROUP BY ALL ORDER BY ALL",
    "documents": "SELECT count(DISTINCT document_id) FROM core.documents",
    "doubled_versions": "SELECT count(*) - count(DISTINCT version_id) FROM core.documents",
    "lagging": "SELECT source, part FROM meta.lagging_parts",
    "alerts": """
        SELECT as_of, alert, name, detail FROM signals.alerts JOIN core.technologies USING (technology_id) ORDER BY ALL
        """,
    "open_checks": "SELECT check_name, severity, count(*) FROM meta.check_results WHERE failed_count > 0 GROUP BY ALL ORDER BY ALL",
    "ranked": "SELECT count(*) FROM signals.emergence WHERE as_of = (SELECT max(as_of) FROM signals.emergence) AND rank IS NOT NULL",
}


if __name__ == "__main__":
    sys.exit(main())
