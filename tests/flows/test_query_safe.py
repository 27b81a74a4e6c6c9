"""A statement somebody typed can read the published snapshot and do nothing else."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from flows.warehouse.errors import WarehouseError
from flows.warehouse.publish import LINK, publish
from flows.warehouse.reads import list_sql
from flows.warehouse.safe_query import QueryRefused, require_reading, run_query


@pytest.fixture(scope="module")
def published(made_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    publish(made_world, folder, "night-1")
    return folder / LINK


def test_rows_come_with_their_names_and_types(published: Path) -> None:
    result = run_query(published, "SELECT technology_id, score, as_of, streams FROM marts.emergence ORDER BY as_of, technology_id LIMIT 2")
    assert result.columns == ("technology_id", "score", "as_of", "streams")
    assert result.types == ("VARCHAR", "DOUBLE", "DATE", "VARCHAR[]")
    assert result.rows == [("T1", 40.0, date(2024, 1, 15), ["paper"]), ("T2", 60.0, date(2024, 1, 15), ["patent"])]
    assert not result.is_truncated


@pytest.mark.parametrize(
    "sql",
    [
        "FROM marts.tracks;",
        "SHOW ALL TABLES",
        "DESCRIBE marts.emergence",
        "SUMMARIZE marts.tracks",
        "WITH a AS (SELECT 1 AS one) SELECT * FROM a -- with a comment; and a semicolon",
        "SELECT 'insert into x; drop table y' AS text, 1::HUGEINT, uuid(), INTERVAL 1 DAY, now()",
        "(SELECT 1) UNION ALL (SELECT 2)",
    ],
)
def test_reading_in_every_form_is_allowed(published: Path, sql: str) -> None:
    assert run_query(published, sql).rows


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("INSERT INTO meta.facts VALUES ('a', 'b')", "INSERT is not reading"),
        ("/* hello */ update meta.facts set value = ''", "UPDATE is not reading"),
        ("DELETE FROM meta.facts", "DELETE is not reading"),
        ("CREATE TABLE x AS SELECT 1", "CREATE is not reading"),
        ("DROP VIEW marts.tracks", "DROP is not reading"),
        ("COPY (SELECT 1) TO 'x.csv'", "COPY is not reading"),
        ("ATTACH 'x.duckdb' AS x", "ATTACH is not reading"),
        ("SET threads = 64", "SET is not reading"),
        ("PRAGMA database_list", "PRAGMA is not reading"),
        ("INSTALL httpfs", "INSTALL is not reading"),
        ("CALL pragma_version()", "CALL is not reading"),
        ("EXPORT DATABASE 'x'", "EXPORT is not reading"),
        ("SELECT 1; DROP TABLE meta.facts", "One statement at a time"),
        ("WITH x AS (INSERT INTO meta.facts VALUES ('a', 'b') RETURNING *) FROM x", "not reading"),
        ("", "no statement"),
        ("-- nothing", "no statement"),
        ("SELECT 'open", "cannot be read"),
        ("SELECT * FROM read_csv('/etc/passwd')", "disabled by configuration"),
        ("FROM read_text('/etc/passwd')", "disabled by configuration"),
        ("FROM '/etc/passwd'", "does not exist"),
        ("FROM glob('/*')", "disabled by configuration"),
        ("FROM read_parquet('http://127.0.0.1:9/x.parquet')", "disabled by configuration"),
        ("SELECT colour FROM marts.tracks", 'column "colour" not found'),
        ("SELECT list(range) FROM range(200000000)", "more memory than it may use"),
    ],
)
def test_everything_else_is_refused_in_one_sentence(published: Path, sql: str, message: str) -> None:
    before = hashlib.sha256(published.read_bytes()).digest()
    with pytest.raises(QueryRefused, match=message) as caught:
        run_query(published, sql, memory_limit="300MB")
    assert "\n" not in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert hashlib.sha256(published.read_bytes()).digest() == before


def test_the_first_look_alone_stops_what_writes() -> None:
    with pytest.raises(QueryRefused, match="INSERT is not reading"):
        require_reading("WITH x AS (INSERT INTO meta.facts VALUES ('a', 'b') RETURNING *) SELECT * FROM x")
    require_reading("SELECT " + "(" * 3000 + "1" + ")" * 3000)


def test_a_query_without_end_is_ended(published: Path) -> None:
    with pytest.raises(QueryRefused, match="ended after 1 seconds"):
        run_query(published, "SELECT count(*) FROM range(10000000000) AS a, range(1000) AS b", timeout_s=1)


def test_more_rows_than_allowed_are_left_out_and_that_is_said(published: Path) -> None:
    result = run_query(published, "FROM range(100000)", max_rows=10)
    assert (len(result.rows), result.is_truncated) == (10, True)
    assert not run_query(published, "FROM range(10)", max_rows=10).is_truncated


def test_nothing_published_is_said(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="Nothing is published"):
        run_query(tmp_path / LINK, "SELECT 1")


@pytest.mark.parametrize("name", list_sql("queries"))
def test_saved_queries_run_and_say_what_they_answer(published: Path, name: str) -> None:
    text = list_sql("queries")[name]
    assert text.startswith("-- question: ")
    assert text.splitlines()[0].endswith("?") or "?" in text.splitlines()[0]
    assert "marts." in text
    assert not {"core.", "signals.", "raw."} & set(text.split())
    run_query(published, text)
