"""R13: the order in which batches arrive, and batches that arrive again, leave no trace in any table."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.records import Document
from crawlers.replay.corpus import row_of
from crawlers.replay.practice import make_world
from flows.import_columns import read_row
from flows.ledger import Run, transaction
from flows.settings import Settings
from flows.stages.annotate import read_terms, score_tracks
from flows.stages.deduplicate import deduplicate
from flows.stages.documents import DocumentRows, store
from flows.warehouse.connection import open_writer
from flows.warehouse.hashes import warehouse_hashes
from flows.warehouse.schema import migrate

NOON = datetime(2025, 10, 1, 12)
BATCHES = 6


@pytest.fixture(scope="module")
def batches() -> list[list[Document]]:
    """Some 400 documents of all streams in six batches; versions of one document lie in one batch."""
    read = [read_row(row_of(record), 1, date(2025, 10, 1)) for record in make_world().records[::6]]
    documents = [one for one in read if isinstance(one, Document)]
    found: list[list[Document]] = [[] for _ in range(BATCHES)]
    for document in documents:
        found[sum(document.document_id.encode()) % BATCHES].append(document)
    return found


def left_by(path: Path, nights: list[list[list[Document]]]) -> dict[str, str]:
    """Hashes of the tables after these nights, each of which delivers some batches."""
    with open_writer(path, memory_limit="1GB", threads=1) as connection:
        migrate(connection, NOON)
        for number, delivered in enumerate(nights):
            now = NOON + timedelta(days=number)
            run = Run(f"run-{number}", "test", NOON.date(), Settings(data_dir=path.parent), connection, lambda now=now: now, lambda _: None)
            for batch in delivered:
                rows = DocumentRows(simulated=True)
                for document in batch:
                    rows.add(document, capture_id=None, fetched_at=now)
                with transaction(connection):
                    store(connection, rows, run.run_id)
            deduplicate(run)
            read_terms(run)
            score_tracks(run)
        return warehouse_hashes(connection)


def test_shuffled_batches_and_batches_delivered_again_leave_the_same_tables(batches: list[list[Document]], tmp_path: Path) -> None:
    dice = random.Random(3)  # noqa: S311 - an order of delivery, no secret
    expected = left_by(tmp_path / "once.duckdb", [batches])
    shuffled = [dice.sample(batch, len(batch)) for batch in dice.sample(batches, BATCHES)]
    again = dice.sample(shuffled, BATCHES // 2)
    assert left_by(tmp_path / "again.duckdb", [shuffled[:2], shuffled[2:] + again, [*again, *shuffled]]) == expected
    assert int(expected["core.documents"].partition("-")[0]) > 300
