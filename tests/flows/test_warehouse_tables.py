"""Rows go in as the catalogue says, or not at all; equal tables have equal hashes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.warehouse.errors import WarehouseError
from flows.warehouse.hashes import LEDGER, table_hash, warehouse_hashes
from flows.warehouse.schema import migrate
from flows.warehouse.tables import append

CREATE = """
CREATE SCHEMA core;
CREATE TABLE core.things (
    thing_id VARCHAR NOT NULL, size INTEGER, score DOUBLE, vector FLOAT[], names MAP(VARCHAR, VARCHAR), extras JSON, day DATE,
    run_id VARCHAR NOT NULL, seen_at TIMESTAMP);
"""


@dataclass(frozen=True, slots=True)
class Thing:
    thing_id: str
    size: int


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(CREATE)
        yield connection


def read(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return connection.execute("FROM core.things ORDER BY thing_id").fetchall()


def test_mappings_arrive_as_they_were_meant(connection: duckdb.DuckDBPyConnection) -> None:
    noon_in_beijing = datetime(2024, 1, 1, 12, tzinfo=timezone(timedelta(hours=8)))
    row = {"thing_id": "a", "size": 2, "score": float("nan"), "vector": [0.5, 1.0], "names": {"z": "1", "a": "2"}}
    row |= {"extras": {"b": 1, "a": "固"}, "day": date(2024, 1, 1), "seen_at": noon_in_beijing}
    assert append(connection, "core.things", [row, {"thing_id": "b"}], "run-1") == 2
    first, second = read(connection)
    assert first[:5] == ("a", 2, None, [0.5, 1.0], {"a": "2", "z": "1"})
    assert json.loads(first[5]) == {"a": "固", "b": 1}
    assert first[6:] == (date(2024, 1, 1), "run-1", datetime(2024, 1, 1, 4))
    assert second == ("b", None, None, None, None, None, None, "run-1", None)


def test_dataclasses_and_arrow_tables_go_in_too(connection: duckdb.DuckDBPyConnection) -> None:
    append(connection, "core.things", [Thing("a", 1)], "r")
    arrow = pa.table({"size": pa.array([2, None], pa.int64()), "thing_id": ["b", "c"], "score": [float("nan"), 0.5]})
    append(connection, "core.things", arrow, "r")
    assert [row[:3] for row in read(connection)] == [("a", 1, None), ("b", 2, None), ("c", None, 0.5)]
    assert append(connection, "core.things", [], "r") == 0


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"thing_id": "a"}, {"thing_id": "b", "size": "many"}], r"core\.things\.size: row 1 holds 'many', which is not INTEGER"),
        ([{"thing_id": "a", "size": 1.5}], r"core\.things\.size: row 0 holds 1\.5"),
        ([{"thing_id": "a", "size": 2**40}], r"core\.things\.size: row 0 holds 1099511627776"),
        ([{"thing_id": "a"}, {"size": 1}], r"core\.things\.thing_id must not be empty \(row 1\)"),
        ([{"thing_id": "a", "colour": 1}], r"core\.things has no column colour"),
        ([{"thing_id": "a", "extras": "{no json"}], r"core\.things: .*JSON"),
        (pa.table({"thing_id": ["a"], "size": ["x"]}), r"core\.things\.size: string values do not fit INTEGER"),
        (pa.table({"thing": ["a"]}), r"core\.things has no column thing"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_written(connection: duckdb.DuckDBPyConnection, rows: Any, message: str) -> None:
    with pytest.raises(WarehouseError, match=message) as caught:
        append(connection, "core.things", rows, "r")
    assert "\n" not in str(caught.value)
    assert read(connection) == []


def test_an_unknown_table_is_named(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(WarehouseError, match=r"no table core\.nothing"):
        append(connection, "core.nothing", [{"a": 1}], "r")


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "thing_id": st.text(max_size=3),
            "size": st.none() | st.integers(0, 3),
            "score": st.none() | st.floats(-10, 10).map(lambda value: round(value, 3)),
            "vector": st.none() | st.lists(st.floats(-1, 1, width=32).map(lambda value: round(value, 3)), max_size=3),
            "names": st.none() | st.dictionaries(st.text(max_size=2), st.text(max_size=2), max_size=3),
        }
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(rows=ROWS, seed=st.integers(0, 10))
def test_hash_ignores_order_run_time_and_dust(rows: list[dict[str, Any]], seed: int) -> None:
    shuffled = [dict(row, score=None if row["score"] is None else row["score"] + 1e-9) for row in rows]
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - a test
    with duckdb.connect() as connection:
        connection.execute(CREATE)
        append(connection, "core.things", [row | {"seen_at": datetime(2024, 1, 1, tzinfo=UTC)} for row in rows], "run-1")
        before = table_hash(connection, "core.things")
        connection.execute("DELETE FROM core.things")
        append(connection, "core.things", [row | {"seen_at": datetime(2025, 1, 1, tzinfo=UTC)} for row in shuffled], "run-2")
        assert table_hash(connection, "core.things") == before
        append(connection, "core.things", [{"thing_id": "one more"}], "run-2")
        assert table_hash(connection, "core.things") != before


@pytest.mark.parametrize(
    "change", [{"score": 0.50002}, {"vector": [0.5, 0.2]}, {"names": {"a": "c"}}, {"size": None}, {"day": date(2024, 1, 2)}]
)
def test_hash_sees_every_kind_of_change(connection: duckdb.DuckDBPyConnection, change: dict[str, Any]) -> None:
    row = {"thing_id": "a", "size": 1, "score": 0.5, "vector": [0.5, 0.1], "names": {"a": "b"}, "day": date(2024, 1, 1)}
    append(connection, "core.things", [row], "r")
    before = table_hash(connection, "core.things")
    connection.execute("DELETE FROM core.things")
    append(connection, "core.things", [row | change], "r")
    assert table_hash(connection, "core.things") != before


def test_the_ledger_is_no_content() -> None:
    with duckdb.connect() as connection:
        migrate(connection, datetime(2024, 1, 1))
        hashes = warehouse_hashes(connection)
    assert {"core.documents", "signals.emergence", "meta.cursors"} <= hashes.keys()
    assert not LEDGER & hashes.keys()
