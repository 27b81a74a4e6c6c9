"""A walk of many records over loopback: the replay server in a process of its own, the true crawl in another."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from crawlers.landing import read_manifest
from crawlers.sources import load_sources
from tests.crawlers.wild import WINDOW, crawl_apart

WORDS = "a sentence of the length that abstracts have, about nothing in particular, said again and again; "
# Notes at every page when it was landed, the CPU time of the crawl and the most memory it had taken.
NOTE_EVERY_PAGE = """
import atexit, json, sys, time
from crawlers.spiders.landing_spider import LandingSpider
true_land, notes = LandingSpider.land, []

def land(spider, response, order):
    true_land(spider, response, order)
    notes.append((time.monotonic(), time.process_time(), peak_kib()))

LandingSpider.land = land
atexit.register(lambda: print(json.dumps(notes), peak_kib(), sep="\\n", file=sys.stderr))
"""


@dataclass(frozen=True)
class Walk:
    """What a walk took: KiB at its most after a tenth of the pages and at the end; pages a minute by the clock, from the first to
    the last, and by the crawl's own CPU time, which other work on the machine does not lengthen."""

    pages: int
    records: int
    kib_at_a_tenth: int
    kib_at_the_end: int
    pages_a_minute: float
    pages_a_cpu_minute: float


def walk(records: int, per_page: int, folder: Path) -> Walk:
    """Gather that many papers from the replay server by the arXiv spider, with politeness off."""
    corpus = folder / "corpus.jsonl"
    with corpus.open("w", encoding="utf-8") as file:
        for number in range(records):
            day = WINDOW.from_on + timedelta(days=number % 90)
            row = {"source": "arxiv", "kind": "paper", "id": f"arxiv:{2401 + number // 99_000}.{number % 99_000:05}"}
            row |= {"title": f"Paper {number}", "abstract": WORDS * 8, "published": day.isoformat()}
            file.write(json.dumps(row) + "\n")
    with replaying(corpus, per_page) as url:
        source = load_sources({"arxiv_oai": url})["arxiv_oai"]
        crawled = crawl_apart(source, folder / "landing", first=NOTE_EVERY_PAGE)
    manifest = read_manifest(folder / "landing", "arxiv_oai", WINDOW)
    assert crawled.result.complete, crawled.result.problems
    assert manifest is not None
    notes = json.loads(crawled.said.splitlines()[-2])
    assert len(notes) >= len(manifest.captures)
    by_clock, by_cpu = (60 * (len(notes) - 1) / (notes[-1][kind] - notes[0][kind]) for kind in (0, 1))
    return Walk(len(notes), records, notes[len(notes) // 10][2], crawled.peak_kib, by_clock, by_cpu)


@contextmanager
def replaying(corpus: Path, per_page: int) -> Iterator[str]:
    """Serve a corpus; yields the address of its OAI interface."""
    command = [
        sys.executable,
        "-m",
        "crawlers.replay",
        str(corpus),
        "--today",
        WINDOW.to_on.isoformat(),
        "--papers-per-page",
        str(per_page),
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["endpoints"]["arxiv_oai"]
    finally:
        server.terminate()
        server.wait()
