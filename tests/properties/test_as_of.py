"""The law of as-of: what becomes available later changes no number of an earlier day."""

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.records import Document
from crawlers.replay.corpus import row_of
from crawlers.replay.practice import make_world
from flows.import_columns import read_row
from flows.judging import judge_technologies
from flows.ledger import Run, transaction
from flows.ranking import verdict_rows
from flows.settings import Settings
from flows.stages.annotate import read_terms, score_tracks
from flows.stages.deduplicate import deduplicate
from flows.stages.documents import DocumentRows, store
from flows.warehouse.connection import open_writer
from flows.warehouse.schema import migrate
from nlp.taxonomy import load_taxonomy

AS_OF = date(2023, 6, 30)
NOON = datetime(2025, 10, 1, 12, 0)


@pytest.fixture(scope="module")
def world() -> tuple[list[Document], list[Document]]:
    """Documents available at AS_OF and documents available later, among them later versions of the former."""
    documents = [read_row(row_of(record), 1, date(2025, 10, 1)) for record in make_world().records]
    dated = [one for one in documents if isinstance(one, Document) and one.available_on]
    early = [one for one in dated if one.available_on and one.available_on <= AS_OF]
    late = [one for one in dated if one.available_on and one.available_on > AS_OF]
    return early[::2], late


def verdict_of(path: Path, batches: list[list[Document]]) -> list[dict[str, Any]]:
    """Rows of the ranking at AS_OF after those batches were delivered, one night each."""
    connection = open_writer(path, memory_limit="1GB", threads=1)
    try:
        migrate(connection, NOON)
        run = Run("run", "test", AS_OF, Settings(data_dir=path.parent), connection, lambda: NOON, lambda _: None)
        for batch in batches:
            rows = DocumentRows(simulated=True)
            for document in batch:
                rows.add(document, capture_id=None, fetched_at=NOON)
            with transaction(connection):
                store(connection, rows, "run")
            deduplicate(run)
            read_terms(run)
            score_tracks(run)
        verdict = judge_technologies(connection, AS_OF, taxonomy=load_taxonomy(), draws=20, seed=1)
    finally:
        connection.close()
    return verdict_rows(verdict)


@pytest.fixture(scope="module")
def known_then(world: tuple[list[Document], list[Document]], tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return verdict_of(tmp_path_factory.mktemp("then") / "observatory.duckdb", [world[0]])


@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1000), share=st.floats(0.1, 1.0))
def test_later_documents_change_no_number(
    world: tuple[list[Document], list[Document]],
    known_then: list[dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    share: float,
) -> None:
    early, late = list(world[0]), list(world[1])
    order = random.Random(seed)  # noqa: S311 - an order of delivery, no secret
    order.shuffle(early)
    added = order.sample(late, int(len(late) * share))
    assert sum(bool(row["is_ranked"]) for row in known_then) > 10
    path = tmp_path_factory.mktemp("later") / "observatory.duckdb"
    assert verdict_of(path, [early + added[: len(added) // 2], added[len(added) // 2 :]]) == known_then
    assert duckdb.connect(str(path), read_only=True).execute("SELECT max(available_on) FROM core.documents").fetchall()[0][0] > AS_OF
