"""What a night costs as the archive grows: the same new documents into a small and a large warehouse, stage by stage."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from crawlers.records import Code, Document
from crawlers.replay.practice import make_world

FRESH, SMALL, LARGE = 2_000, 20_000, 200_000
SCORING, PUBLISHING = "judge", "publish"
"""Scoring reads the whole history by its nature and is shown apart; publishing writes the whole file, which is told beside."""

_DAY = date(2025, 6, 30)
_NOON = datetime(2025, 6, 30, 12)
_BATCH = 20_000


def documents(first: int, count: int, years: float, last_on: date) -> Iterator[Document]:
    """Invented papers out of the practice archive's sentences, shuffled so that no two resemble each other, over the years before a day."""
    records = [record for record in make_world().records if record.kind == "paper" and record.abstract]
    sentences = sorted({sentence.strip() for record in records for sentence in record.abstract.split(". ") if len(sentence) > 40})
    words = sorted({word for record in records for word in record.title.split() if word.isalpha()})
    codes = sorted({code for record in records for code in record.categories})
    for number in range(first, first + count):
        dice = random.Random(number)  # noqa: S311 - repeatable on purpose
        on = last_on - timedelta(days=dice.randrange(max(1, round(365 * years))))
        yield Document(
            source="bench",
            source_id=f"{number}",
            kind="paper",
            title=" ".join(dice.sample(words, 9)),
            abstract=". ".join(dice.sample(sentences, 7)),
            published_on=on,
            date_precision="day",
            available_on=on,
            lang="en",
            codes=tuple(Code("arxiv", code) for code in dice.sample(codes, 2)),
        )


def night(data_dir: Path, fresh: Iterator[Document], day: date) -> dict[str, float]:
    """Load documents and do everything that follows; processor seconds by stage, which other work on the machine changes little."""
    from flows.ledger import transaction
    from flows.night import finish, open_work
    from flows.settings import Settings
    from flows.stages.documents import DocumentRows, store

    settings = Settings(data_dir=data_dir, vectors="fast", use_prefect=False, history_quarters=1, bootstrap_draws=40, keep_snapshots=1)
    taken: dict[str, float] = {}

    def timed(name: str, work: Callable[[], None]) -> None:
        started = time.process_time()
        work()
        taken[name] = taken.get(name, 0.0) + time.process_time() - started

    with open_work(settings, "import", day, now=lambda: _NOON, say=lambda _: None) as run:

        def load() -> None:
            while batch := list(islice(fresh, _BATCH)):
                rows = DocumentRows()
                for document in batch:
                    rows.add(document, capture_id=None, fetched_at=_NOON)
                with transaction(run.connection):
                    store(run.connection, rows, run.run_id)

        timed("load", load)
        finish(run, perform=timed)
    return taken


def night_costs(fresh: int = FRESH, small: int = SMALL, large: int = LARGE) -> Table:
    """A table of processor seconds by stage for the same `fresh` documents into `small` and `large` ones, and the ratio of the sums."""
    costs = []
    for size in (small, large):
        with tempfile.TemporaryDirectory() as folder:
            night(Path(folder), documents(0, size, 5.0, _DAY - timedelta(days=1)), _DAY - timedelta(days=1))
            costs.append(night(Path(folder), documents(10_000_000, fresh, 0.003, _DAY), _DAY))
    table = Table("stage", f"{fresh:,} into {small:,} (s)", f"into {large:,} (s)", "ratio", box=None)
    for stage in costs[0]:
        _add(table, stage, costs[0][stage], costs[1][stage])
    for name, left_out in (("all but scoring", {SCORING}), ("and but publishing", {SCORING, PUBLISHING})):
        _add(table, name, *(sum(seconds for stage, seconds in cost.items() if stage not in left_out) for cost in costs))
    return table


def _add(table: Table, stage: str, small: float, large: float) -> None:
    table.add_row(stage, f"{small:.1f}", f"{large:.1f}", f"{large / small:.2f}" if small > 0.05 else "-")


if __name__ == "__main__":
    Console(width=100).print(night_costs(*(int(size) for size in sys.argv[1:])))
