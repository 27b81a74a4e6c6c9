"""Many nights of gathering over loopback, with random faults or without: what is left in the end must be the same."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from nights import served

from crawlers.replay.corpus import Record
from crawlers.replay.faults import Fault, FaultPlan, FaultRule
from crawlers.replay.server import ReplayServer
from flows.night import open_work
from flows.settings import Settings
from flows.sources import chosen_sources
from flows.stages.gather import gather, nightly_plan
from flows.stages.parse import parse
from flows.worlds import enter_world

PATHS = ("/oai*", "/api/*", "/feeds/*", "*.zip")
FAULTS = (
    Fault("unavailable"),
    Fault("unavailable", retry_after="0"),
    Fault("too many", retry_after="0"),
    Fault("truncated"),
    Fault("empty"),
    Fault("html"),
    Fault("wrong charset"),
)


@dataclass(frozen=True, slots=True)
class Left:
    """What some nights left in the warehouse. `partial_nights` counts those that ended with problems."""

    documents: list[Any]
    version_count: int
    cursors: list[Any]
    lagging: list[Any]
    partial_nights: int
    faults: int


def random_faults(dice: random.Random) -> FaultPlan:
    """On two nights of three: up to four kinds of requests go wrong, some once, some again and again."""
    if dice.random() < 1 / 3:
        return FaultPlan()
    rules = []
    for _ in range(dice.randint(1, 4)):
        first = dice.randint(1, 3)
        times = tuple(range(first, first + dice.choice((1, 1, 2, 8))))
        rules.append(FaultRule(dice.choice(PATHS), dice.choice(FAULTS), nth=times))
    return FaultPlan(tuple(rules))


def run_nights(records: Sequence[Record], first: date, count: int, data_dir: Path, *, seed: int | None) -> Left:
    """Gather and parse `count` nights, one a day from `first`; with a seed all but the last two are disturbed."""
    dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
    partial_nights = faults = 0
    with served(records, first) as server:
        settings = _settings(server, data_dir)
        for number in range(count):
            day = first + timedelta(days=number)
            plan = random_faults(dice) if seed is not None and number < count - 2 else FaultPlan()
            server.set_today(day)
            server.set_faults(plan)
            faults += len(plan.rules)
            sources, _ = chosen_sources(settings, None)
            now = datetime(day.year, day.month, day.day, 23, tzinfo=UTC).replace(tzinfo=None)
            with open_work(settings, "scan", day, now=lambda now=now: now, say=lambda _: None) as run:
                enter_world(run.connection, simulated=False)
                parse(run, sources)
                gather(run, nightly_plan(run, sources, first - timedelta(days=20)))
                parse(run, sources)
                partial_nights += run.state == "partial"
    with closing(duckdb.connect(str(settings.warehouse), read_only=True)) as connection:
        return Left(
            documents=connection.execute(
                """
                SELECT document_id, kind, title, abstract, published_on, available_on, state
                FROM core.documents WHERE superseded_on IS NULL ORDER BY ALL
                """
            ).fetchall(),
            version_count=int(connection.execute("SELECT count(*) FROM core.documents").fetchall()[0][0]),
            cursors=connection.execute("SELECT source, covered_to_on FROM meta.cursors ORDER BY ALL").fetchall(),
            lagging=connection.execute("SELECT source, part FROM meta.lagging_parts").fetchall(),
            partial_nights=partial_nights,
            faults=faults,
        )


def _settings(server: ReplayServer, data_dir: Path) -> Settings:
    return Settings(
        data_dir=data_dir,
        sources=(*server.endpoints(), "feeds"),
        endpoints=server.endpoints() | {"feeds": " ".join(feed.url for feed in server.feeds())},
        allow_hosts=("127.0.0.1",),
        vectors="fast",
        use_prefect=False,
    )
