"""Numbered migrations: once each, all or nothing, and never behind the back of a file made by another version."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from flows.warehouse.connection import open_writer
from flows.warehouse.errors import WarehouseError
from flows.warehouse.reads import list_sql
from flows.warehouse.schema import VIEWS, Migration, applied, load_migrations, migrate, pending, read_migrations

NOW = datetime(2024, 1, 24, 2)


def edited(migrations: tuple[Migration, ...], number: int, sql: str) -> tuple[Migration, ...]:
    return tuple(Migration(m.number, m.name, sql if m.number == number else m.sql) for m in migrations)


def test_migrating_twice_applies_once(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with open_writer(path) as connection:
        assert pending(connection) == load_migrations()
        assert migrate(connection, NOW)[:2] == ("0001_house", "0002_comments")
    with open_writer(path) as connection:
        assert migrate(connection, NOW) == ()
        assert [name for _, name, _ in applied(connection)] == [migration.name for migration in load_migrations()]


def test_an_edited_migration_is_refused() -> None:
    with duckdb.connect() as connection:
        migrate(connection, NOW)
        with pytest.raises(WarehouseError, match="0002_comments is not the one this warehouse was made with"):
            migrate(connection, NOW, edited(load_migrations(), 2, "SELECT 1"))


def test_windows_line_ends_are_no_edit() -> None:
    one = Migration(1, "0001_a", "SELECT 1;\nSELECT 2;\n")
    assert Migration(1, "0001_a", "SELECT 1;\r\nSELECT 2;\r\n").checksum == one.checksum


def test_a_file_from_a_newer_version_is_refused() -> None:
    with duckdb.connect() as connection:
        migrate(connection, NOW)
        connection.execute("INSERT INTO meta.migrations VALUES (99, '0099_future', 'x', ?)", [NOW])
        with pytest.raises(WarehouseError, match=r"written by a newer version \(0099_future is unknown here"):
            migrate(connection, NOW)


def test_a_failing_migration_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    good = load_migrations()
    broken = (*good, Migration(len(good) + 1, "0009_broken", "CREATE TABLE meta.half (i INTEGER); CREATE TABLE meta.half (i INTEGER);"))
    with open_writer(path) as connection, pytest.raises(WarehouseError, match=r"^migration 0009_broken: .*already exists"):
        migrate(connection, NOW, broken)
    with open_writer(path) as connection:
        assert len(applied(connection)) == len(good)
        assert connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half'").fetchall() == [(0,)]
        assert migrate(connection, NOW) == ()


@pytest.mark.parametrize("names", [["0001_a", "0003_c"], ["0001_a", "0001_b"], ["first"]])
def test_migrations_are_numbered_without_a_gap(names: list[str]) -> None:
    with pytest.raises(WarehouseError):
        read_migrations(dict.fromkeys(names, "SELECT 1"))


def test_every_view_file_is_made_and_views_of_old_are_dropped() -> None:
    assert sorted(VIEWS) == sorted(list_sql("views"))
    with duckdb.connect() as connection:
        migrate(connection, NOW)
        connection.execute("CREATE VIEW marts.bygone AS SELECT 1 AS one")
        migrate(connection, NOW)
        found = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    assert sorted(name for (name,) in found) == sorted(VIEWS)


def test_every_table_view_and_column_says_what_it_means() -> None:
    with duckdb.connect() as connection:
        migrate(connection, NOW)
        mute = connection.execute(
            """
            SELECT schema_name || '.' || table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL
            UNION ALL SELECT table_name FROM duckdb_tables() WHERE comment IS NULL
            UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL
            """
        ).fetchall()
    assert mute == []
