"""A month by Prefect's scheduler: 30 nights and 4 weeks over the replay server with faults, at short intervals, each with its own day.

`python -m tests.simulated_month FOLDER [--nights 30] [--seconds 60] [--records 6]` runs it and prints what became of it as JSON: every
window covered once, reports of the weeks, alerts, how the disk grew. What Prefect schedules is real; what is injected is the logical day.
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
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests")]

from faulty_nights import random_faults  # noqa: E402
from nights import environment  # noqa: E402

from crawlers.replay.faults import FaultPlan  # noqa: E402
from crawlers.replay.practice import make_world  # noqa: E402
from crawlers.replay.server import ReplayServer  # noqa: E402
from flows.settings import SERVED_BY  # noqa: E402

FIRST = date(2024, 5, 27)  # a Monday; in the month lie four whole weeks
PLAN = "MONTH_PLAN"
SERVE = """
import sys
from datetime import UTC, datetime, timedelta
from flows.serving import Job, serve
from flows.settings import load_settings
serve(load_settings(), config=None, now=lambda: datetime.now(UTC).replace(tzinfo=None), say=lambda sentence: print(sentence, flush=True),
      jobs=[Job("night", "month_flows.night", {"interval": timedelta(seconds=float(sys.argv[1]))})])
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the month and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--records", type=int, default=1, help="take every n-th record")
    parser.add_argument("--limit", type=float, default=3600, help="give up after so many seconds")
    chosen = parser.parse_args(arguments)
    print(json.dumps(run_month(chosen.folder, chosen.nights, chosen.seconds, every=chosen.records, limit=chosen.limit), indent=1))  # noqa: T201
    return 0


def run_month(folder: Path, nights: int, seconds: float, *, every: int, limit: float) -> dict[str, Any]:
    """Serve the archive with faults that change every night, let Prefect run the nights, and look at what is left."""
    since = FIRST - timedelta(days=120)
    last = FIRST + timedelta(days=31)  # whatever `nights` is: a month that was stopped goes on with the same records
    records = [record for record in make_world().records if record.served_on is None or since <= record.served_on <= last][::every]
    data_dir = folder / "data"
    data_dir.mkdir(parents=True, exist_ok=True)
    plan = folder / "plan.json"
    plan.write_text(json.dumps({"first": FIRST.isoformat(), "nights": nights}), encoding="utf-8")
    sizes: dict[str, int] = {}
    with ReplayServer(tuple(records), FIRST) as server:
        around = environment(server, data_dir, use_prefect="true", window_days=31, first_window_days=120)
        paths = os.pathsep.join([str(PROJECT / "tests"), str(PROJECT)])
        around |= {"PYTHONPATH": paths, PLAN: str(plan), "OBSERVATORY_SERVE_PORT": "0", "PREFECT_RUNNER_POLL_FREQUENCY": "2"}
        around.pop(SERVED_BY, None)
        with (folder / "said.txt").open("w", encoding="utf-8") as said:
            serving = subprocess.Popen([sys.executable, "-c", SERVE, str(seconds)], env=around, stdout=said, stderr=said)
            began = time.monotonic()
            try:
                _change_weather(server, folder, nights, sizes, lambda: time.monotonic() - began > limit, serving)
            finally:
                serving.terminate()
                serving.wait(120)
    return {"seconds": round(time.monotonic() - began), "serve_exit": serving.returncode} | _figures(folder, sizes)


def _change_weather(
    server: ReplayServer, folder: Path, nights: int, sizes: dict[str, int], is_over: Callable[[], bool], serving: subprocess.Popen[bytes]
) -> None:
    """Before each night the server's day moves on and its faults change; the last two nights are undisturbed."""
    ready = -1
    while not is_over() and serving.poll() is None:
        done = len(_ends(folder))
        if done > ready:
            ready = done
            sizes[str(done)] = sum(path.stat().st_size for path in (folder / "data").rglob("*") if path.is_file() and not path.is_symlink())
            if done >= nights:
                return
            server.set_today(FIRST + timedelta(days=done))
            dice = random.Random(f"month-{done}")  # noqa: S311 - repeatable on purpose
            server.set_faults(random_faults(dice) if done < nights - 2 else FaultPlan())
            (folder / "ready").write_text(str(done), encoding="utf-8")
        time.sleep(0.5)


def _ends(folder: Path) -> list[dict[str, Any]]:
    path = folder / "ends.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _figures(folder: Path, sizes: dict[str, int]) -> dict[str, Any]:
    data_dir = folder / "data"
    ends = _ends(folder)
    with duckdb.connect(str(data_dir / "warehouse" / "observatory.duckdb"), read_only=True) as connection:
        days = connection.execute(
            """
            SELECT source, count(*) AS windows, count(*) FILTER (is_complete) AS whole FROM meta.windows GROUP BY source ORDER BY source
            """
        ).fetchall()
        cursors = connection.execute("SELECT source, covered_to_on FROM meta.cursors ORDER BY source").fetchall()
        holes = connection.execute(
            """
            SELECT cursors.source, count(*) FROM meta.cursors AS cursors, range(?::DATE, ?::DATE + 1, INTERVAL 1 DAY) AS days(day)
            WHERE NOT EXISTS (SELECT 1 FROM meta.windows AS windows
                WHERE windows.source = cursors.source AND windows.is_complete AND day BETWEEN windows.from_on AND windows.to_on)
            GROUP BY cursors.source
            """,
            [FIRST, FIRST + timedelta(days=len(ends) - 1)],
        ).fetchall()
        doubled = connection.execute("SELECT count(*) - count(DISTINCT version_id) FROM core.documents").fetchall()[0][0]
        documents = connection.execute("SELECT count(DISTINCT document_id) FROM core.documents").fetchall()[0][0]
        lagging = connection.execute("SELECT source, part FROM meta.lagging_parts").fetchall()
        runs = connection.execute("SELECT flow, state, count(*) FROM meta.runs GROUP BY ALL ORDER BY ALL").fetchall()
        logical = connection.execute("SELECT count(*), count(DISTINCT logical_on) FROM meta.runs WHERE flow = 'scan'").fetchall()[0]
        alerts = connection.execute("SELECT alert, count(*) FROM signals.alerts GROUP BY alert ORDER BY alert").fetchall()
        open_checks = connection.execute(
            "SELECT check_name, severity, count(*) FROM meta.check_results WHERE failed_count > 0 GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    return {
        "nights": len(ends),
        "ends": {state: sum(end["state"] == state for end in ends) for state in sorted({end["state"] for end in ends})},
        "scan_runs_and_their_days": list(logical),
        "runs": [list(row) for row in runs],
        "windows": [list(row) for row in days],
        "cursors": [[source, day.isoformat()] for source, day in cursors],
        "days_without_a_whole_window": [list(row) for row in holes],
        "documents": documents,
        "doubled_versions": doubled,
        "lagging": [list(row) for row in lagging],
        "reports": sorted(path.parent.name for path in (data_dir / "reports").glob("*/report.html")),
        "alerts": [list(row) for row in alerts],
        "open_checks": [list(row) for row in open_checks],
        "run_pages": len(list((data_dir / "runs").glob("*.html"))),
        "snapshots": len(list((data_dir / "published").glob("observatory-*.duckdb"))),
        "mebibytes_after_night": {night: round(size / 2**20, 1) for night, size in sizes.items()},
        "peak_memory_mebibytes": [end["peak_mebibytes"] for end in ends],
        "finished_at": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    sys.exit(main())
