"""Versions of a document: each counts from its own day, whatever the order in which they arrive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import duckdb
import pytest

from crawlers.records import Document
from flows.ledger import transaction
from flows.stages.documents import DocumentRows, store, version_id
from flows.warehouse.connection import open_writer
from flows.warehouse.schema import migrate

NOON = datetime(2025, 10, 1, 12, 0)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    opened = open_writer(tmp_path / "observatory.duckdb", memory_limit="1GB", threads=1)
    migrate(opened, NOON)
    yield opened
    opened.close()


def document(title: str, updated: date | None) -> Document:
    return Document(
        source="held",
        source_id="1",
        kind="paper",
        title=title,
        abstract="",
        published_on=date(2020, 1, 1),
        date_precision="day",
        available_on=date(2020, 1, 1),
        updated_on=updated,
    )


VERSIONS = (document("first", None), document("second", date(2021, 5, 1)), document("third", date(2022, 7, 1)))


def deliver(connection: duckdb.DuckDBPyConnection, *documents: Document) -> None:
    for number, one in enumerate(documents):
        rows = DocumentRows()
        rows.add(one, capture_id=None, fetched_at=NOON + timedelta(hours=number))
        with transaction(connection):
            store(connection, rows, "run")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_each_version_counts_from_its_day_until_the_next(connection: duckdb.DuckDBPyConnection, order: tuple[int, ...]) -> None:
    deliver(connection, *(VERSIONS[place] for place in order))
    rows = connection.execute("SELECT title, available_on, superseded_on FROM core.documents ORDER BY available_on").fetchall()
    assert rows == [
        ("first", date(2020, 1, 1), date(2021, 5, 1)),
        ("second", date(2021, 5, 1), date(2022, 7, 1)),
        ("third", date(2022, 7, 1), None),
    ]


def test_delivering_again_changes_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    deliver(connection, *VERSIONS, *VERSIONS)
    assert connection.execute("SELECT count(*) FROM core.documents").fetchall() == [(3,)]


def test_a_text_that_returns_to_an_earlier_wording_counts_again(connection: duckdb.DuckDBPyConnection) -> None:
    right, wrong = document("right", None), document("wrong", None)
    deliver(connection, right, wrong, right)
    current = "SELECT title FROM core.documents WHERE superseded_on IS NULL"
    assert connection.execute(current).fetchall() == [("right",)]
    deliver(connection, right, wrong)
    assert connection.execute(current).fetchall() == [("right",)], "an old delivery repeated moves nothing"


def test_a_version_is_its_content() -> None:
    assert version_id(document("first", None)) == version_id(VERSIONS[0])
    assert version_id(document("First", None)) != version_id(VERSIONS[0])
