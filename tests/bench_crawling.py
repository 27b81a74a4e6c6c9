"""What gathering costs: pages a minute over loopback without politeness, memory over a long walk, and what a storm costs others."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from tests.crawlers.long_walk import walk
from tests.crawlers.wild import WildServer, answer, atom, feeds, started

WALKS = ((10_000, 20), (50_000, 100), (200_000, 2_500))
"""(records, records a page) of the walks."""
CALM_PAGES = 300
STORMY_HOSTS = 8
ROUNDS = 5


def walks() -> Table:
    """Walk the replay server with pages of several sizes."""
    table = Table("records", "a page", "pages a minute", "of CPU time", "MB at a tenth", "MB at the end", box=None)
    for records, per_page in WALKS:
        with tempfile.TemporaryDirectory() as folder:
            taken = walk(records, per_page, Path(folder))
        rates = f"{taken.pages_a_minute:,.0f}", f"{taken.pages_a_cpu_minute:,.0f}"
        table.add_row(f"{records:,}", f"{per_page:,}", *rates, f"{taken.kib_at_a_tenth / 1024:.0f}", f"{taken.kib_at_the_end / 1024:.0f}")
    return table


def calm_share() -> float:
    """The rate of a calm host beside refusing ones, as a share of its rate alone: the median of some rounds."""
    return median(calm_share_once() for _ in range(ROUNDS))


def calm_share_once() -> float:
    """The share in one round, from two crawls at the same time."""
    alone, beside = WildServer("127.0.0.31"), WildServer("127.0.0.32")
    stormy = [WildServer(f"127.0.0.{40 + number}") for number in range(STORMY_HOSTS)]
    for calm in (alone, beside):
        for number in range(CALM_PAGES):
            calm.on(f"/{number}", unhurried(atom("1", previous=f"{calm.url}/{number + 1}" if number + 1 < CALM_PAGES else "")))
    for one in stormy:
        one.on("/feed", *(answer(b"busy", 429, {"Retry-After": "1"}) for _ in range(3)), atom("1"))
    with tempfile.TemporaryDirectory() as folder:
        crawls = [
            started(feeds(*urls), Path(folder) / name, allow_hosts=hosts)
            for name, urls, hosts in (
                ("alone", [f"{alone.url}/0"], [alone.host]),
                ("beside", [*(f"{one.url}/feed" for one in stormy), f"{beside.url}/0"], [beside.host, *(one.host for one in stormy)]),
            )
        ]
        for finish in crawls:
            finish()
    spans = [calm.seen[-1].at - calm.times("/0")[0] for calm in (alone, beside)]
    for server in (alone, beside, *stormy):
        server.stop()
    return spans[0] / spans[1]


def unhurried(body: bytes) -> Any:
    """An answer after the time a near server takes."""
    send = answer(body)

    def behave(connection: Any) -> None:
        time.sleep(0.01)
        send(connection)

    return behave
