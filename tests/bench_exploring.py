"""`python -m tests.bench_exploring SNAPSHOT [--requests 504] [--copies 1]`: the explorer over a published file, page kind by page kind.

Prints a table: milliseconds one at a time and 20 at a time, processor milliseconds, the server's memory before and after; asserts
nothing. `--copies 8` multiplies the documents of the file first (on a copy), which makes a small corpus as wide as a large one.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import duckdb
from rich.console import Console
from rich.table import Table

AT_ONCE = 20
# Tables with a row a document or more, and their columns that name a document: each copy gets names of its own.
MULTIPLIED = {
    "core.documents": ("document_id", "version_id", "source_id"),
    "core.works": ("document_id", "work_id", "linked_to_document_id"),
    "core.actors": ("version_id",),
    "core.track_scores": ("version_id",),
    "core.topic_documents": ("version_id",),
    "core.technology_documents": ("version_id", "document_id"),
}


def multiply(snapshot: Path, folder: Path, copies: int) -> Path:
    """A snapshot in `folder` with every document `copies` times."""
    target = folder / "observatory.duckdb"
    shutil.copy(snapshot, target)
    if copies > 1:
        with duckdb.connect(str(target)) as connection:
            for table, names in MULTIPLIED.items():
                renamed = ", ".join(f"{name} || '_' || copy AS {name}" for name in names)
                numbers = f"range(1, {copies}) AS numbers (copy)"
                connection.execute(f"INSERT INTO {table} SELECT * EXCLUDE (copy) REPLACE ({renamed}) FROM {table}, {numbers}")
    return target


def serve(data_dir: Path) -> tuple[subprocess.Popen[str], str]:
    """The command itself, on a free port: the process and its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.bench_exploring", "--serve", str(data_dir), str(port)]
    process = subprocess.Popen(command, text=True, stdout=subprocess.PIPE)
    return process, f"http://127.0.0.1:{port}"


def addresses(base: str, dice: random.Random) -> dict[str, Callable[[], str]]:
    """Page kind -> an address of it, drawn anew by every call."""

    def rows(path: str) -> list[dict[str, str]]:
        with urlopen(base + path, timeout=120) as answer:  # noqa: S310 - our own server on loopback
            return list(json.load(answer))

    listed = [row for name in ("ranked", "weak+signals", "unranked") for row in rows(f"/data/ranking.json?list={name}")[:1000]]
    technologies, names = [row["technology_id"] for row in listed], [row["name"] for row in listed]
    topics = [row["topic_id"] for row in rows("/data/topics.json")]
    chosen = dice.sample(technologies, min(5, len(technologies)))
    actors = [row["name_key"] for technology in chosen for row in rows(f"/data/technology-actors.json?id={technology}")[:30]]
    documents = [row["document_id"] for technology in chosen for row in rows(f"/data/evidence.json?id={technology}")[:30]]

    def one(of: list[str]) -> str:
        return quote(dice.choice(of), safe="")

    return {
        "overview": lambda: "/",
        "ranking": lambda: "/ranking?" + dice.choice(["track=energy", "list=weak+signals", "sort=climbed", "words=a", "stage=mature"]),
        "technology": lambda: f"/technology?id={one(technologies)}",
        "topics": lambda: "/topics",
        "topic": lambda: f"/topic?id={one(topics)}",
        "compare": lambda: f"/compare?first={one(technologies)}&second={one(technologies)}",
        "two days": lambda: "/compare/days",
        "actor": lambda: f"/actor?key={one(actors)}",
        "document": lambda: f"/document?id={one(documents)}",
        "sources": lambda: "/sources",
        "glossary": lambda: "/glossary",
        "file": lambda: f"/data/evidence.{dice.choice(['csv', 'json', 'parquet'])}?id={one(technologies)}",
        "search": lambda: f"/search?q={one(names)}",
        "console": lambda: f"/console?saved={dice.choice(['weak_signals', 'climbers'])}",
    }


def ask(address: str) -> tuple[float, bool]:
    """(seconds, whether it was answered)."""
    started = time.perf_counter()
    try:
        with urlopen(address, timeout=120) as answer:  # noqa: S310 - our own server on loopback
            answer.read()
    except URLError:
        return time.perf_counter() - started, False
    return time.perf_counter() - started, True


def resident_mib(process_id: int) -> int:
    """Memory of a process, MiB (Linux)."""
    return (
        int(next(line for line in Path(f"/proc/{process_id}/status").read_text().splitlines() if line.startswith("VmRSS")).split()[1])
        // 1024
    )


def processor_seconds(process_id: int) -> float:
    """Processor time a process has used (Linux, at 100 ticks a second)."""
    fields = Path(f"/proc/{process_id}/stat").read_text().split()
    return (int(fields[13]) + int(fields[14])) / 100


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed, in milliseconds."""
    return 1000 * sorted(values)[int(0.95 * (len(values) - 1))]


def measure(snapshot: Path, requests: int, copies: int) -> None:
    """Ask every kind of page in turn, one at a time and then twenty at a time."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "published").mkdir()
        multiply(snapshot.resolve(), Path(folder) / "published", copies)
        process, base = serve(Path(folder))
        try:
            print(process.stdout.readline().strip() if process.stdout else "")  # noqa: T201 - a bench tells people
            kinds = addresses(base, random.Random(1))  # noqa: S311 - which pages are asked, nothing secret
            # Drawn anew for each round: pages are kept, and a page asked twice would cost nothing.
            work, crowd_work = ([(kind, kinds[kind]()) for kind in islice(cycle(kinds), requests)] for _ in range(2))
            before = resident_mib(process.pid)
            single: dict[str, list[float]] = defaultdict(list)
            cost: dict[str, float] = defaultdict(float)
            failed = 0
            for kind, path in work:
                started = processor_seconds(process.pid)
                taken, is_answered = ask(base + path)
                single[kind].append(taken)
                cost[kind] += processor_seconds(process.pid) - started
                failed += not is_answered
            middle = resident_mib(process.pid)
            with ThreadPoolExecutor(AT_ONCE) as crowd:
                answers = list(crowd.map(lambda item: (item[0], *ask(base + item[1])), crowd_work))
            after = resident_mib(process.pid)
        finally:
            process.terminate()
            process.wait()
    crowded: dict[str, list[float]] = defaultdict(list)
    for kind, taken, is_answered in answers:
        crowded[kind].append(taken)
        failed += not is_answered
    table = Table(title=f"{requests} requests, milliseconds")
    for column in ("page", "p95, one at a time", f"p95, {AT_ONCE} at a time", "processor, mean"):
        table.add_column(column, justify="left" if column == "page" else "right")
    for kind in kinds:
        table.add_row(kind, f"{p95(single[kind]):.0f}", f"{p95(crowded[kind]):.0f}", f"{1000 * cost[kind] / len(single[kind]):.0f}")
    pages = [taken for kind, values in single.items() if kind not in ("search", "console") for taken in values]
    crowd_pages = [taken for kind, values in crowded.items() if kind not in ("search", "console") for taken in values]
    table.add_row("but the last two", f"{p95(pages):.0f}", f"{p95(crowd_pages):.0f}", "")
    Console().print(table)
    Console().print(f"memory {before} MiB before, {middle} after the first round, {after} after the second; {failed} requests failed")


def run_server(data_dir: str, port: str) -> None:
    """`observatory explore` on a port, in this process."""
    from flows.cli import app

    app(["--data-dir", data_dir, "explore", "--port", port])


def main() -> int:
    """Entry point of the bench."""
    if sys.argv[1:2] == ["--serve"]:
        run_server(*sys.argv[2:4])
        return 0
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("snapshot", type=Path, help="a published file, such as data/published/observatory.duckdb")
    parser.add_argument("--requests", type=int, default=504)
    parser.add_argument("--copies", type=int, default=1)
    given = parser.parse_args()
    measure(given.snapshot, given.requests, given.copies)
    return 0


if __name__ == "__main__":
    sys.exit(main())
