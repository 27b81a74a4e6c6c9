"""Numbered migrations, each applied once, in one transaction; views made anew each time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flows.warehouse.errors import WarehouseError, explained
from flows.warehouse.reads import list_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# In the order in which they may use one another.
VIEWS: tuple[str, ...] = (
    "current_documents",
    "searched_texts",
    "documents",
    "works",
    "work_links",
    "technologies",
    "judgements",
    "emergence",
    "topic_emergence",
    "technology_timeline",
    "evidence",
    "topics",
    "topic_timeline",
    "topic_lineage",
    "rank_changes",
    "alerts",
    "left_out",
    "document_actors",
    "actors",
    "regions",
    "tracks",
    "sources",
    "snapshot",
)

# Questions with arguments: FROM marts.emerging('health').
MACROS: tuple[str, ...] = ("emerging", "evidence", "timeline")


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step of the schema. `checksum` is of the text with Unix line ends, as no checkout changes it."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """sha256 in hex."""
        return hashlib.sha256(self.sql.replace("\r\n", "\n").encode()).hexdigest()


def load_migrations() -> tuple[Migration, ...]:
    """The migrations that ship with this version, in order."""
    return read_migrations(list_sql("migrations"))


def read_migrations(texts: Mapping[str, str]) -> tuple[Migration, ...]:
    """Migrations from names (`0001_house`) and texts. Raises WarehouseError unless they are numbered 1, 2, 3 ..."""
    found = []
    for name, sql in sorted(texts.items()):
        match = re.fullmatch(r"(\d{4})_[a-z0-9_]+", name)
        if not match:
            raise WarehouseError(f"migration {name} is not named like 0001_house.sql.")
        found.append(Migration(int(match.group(1)), name, sql))
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise WarehouseError("migrations are not numbered 0001, 0002, ... without a gap.")
    return tuple(found)


def applied(connection: DuckDBPyConnection) -> tuple[tuple[int, str, str], ...]:
    """(number, name, checksum) of what this file has been through, in order; empty for a new file."""
    ledger = connection.execute(
        """
        SELECT count(*) FROM duckdb_tables()
        WHERE database_name = current_database() AND schema_name = 'meta' AND table_name = 'migrations'
        """
    ).fetchall()[0][0]
    if not ledger:
        return ()
    return tuple(connection.execute("SELECT number, name, checksum FROM meta.migrations ORDER BY number").fetchall())


def pending(connection: DuckDBPyConnection, migrations: tuple[Migration, ...] | None = None) -> tuple[Migration, ...]:
    """What `migrate` would apply. Changes nothing.

    Raises WarehouseError when the file was written by a newer version, or when an applied migration has been edited
    since.
    """
    migrations = load_migrations() if migrations is None else migrations
    known = {migration.number: migration for migration in migrations}
    done = applied(connection)
    for number, name, checksum in done:
        if number not in known:
            raise WarehouseError(f"The warehouse was written by a newer version ({name} is unknown here): install that version.")
        if known[number].checksum != checksum:
            raise WarehouseError(
                f"Migration {name} is not the one this warehouse was made with: "
                "restore the file, or make the warehouse again with `observatory rebuild`."
            )
    return tuple(migration for migration in migrations if migration.number > len(done))


def migrate(connection: DuckDBPyConnection, now: datetime, migrations: tuple[Migration, ...] | None = None) -> tuple[str, ...]:
    """Apply what is pending, one transaction each, and make the views and macros anew. Returns the names applied.

    `now` is naive UTC. A migration that fails leaves the file as it was before it. Raises WarehouseError.
    """
    todo = pending(connection, migrations)
    for migration in todo:
        with explained(f"migration {migration.name}"):
            connection.execute("BEGIN TRANSACTION")
            try:
                connection.execute(migration.sql)
                connection.execute(
                    "INSERT INTO meta.migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
                    [migration.number, migration.name, migration.checksum, now],
                )
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            # Schema changes left in the write-ahead log are what files have been lost to after a crash.
            connection.execute("CHECKPOINT")
    create_views(connection)
    return tuple(migration.name for migration in todo)


def create_views(connection: DuckDBPyConnection) -> None:
    """Make every view and macro anew, in one transaction, and drop views of earlier versions. Raises WarehouseError."""
    texts, macros = list_sql("views"), list_sql("macros")
    with explained("views"):
        connection.execute("BEGIN TRANSACTION")
        try:
            for view in stale_views(connection):
                connection.execute(f"DROP VIEW {view}")
            for name in VIEWS:
                connection.execute(texts[name])
            for name in MACROS:
                connection.execute(macros[name])
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def stale_views(connection: DuckDBPyConnection) -> list[str]:
    """Views in the file that this version no longer has."""
    return [f"{schema}.{name}" for schema, name in list_views(connection) if name not in VIEWS]


def list_views(connection: DuckDBPyConnection) -> list[tuple[str, str]]:
    """(schema, name) of every view in the file, sorted."""
    return connection.execute(
        """
        SELECT schema_name, view_name FROM duckdb_views()
        WHERE NOT internal AND NOT temporary AND database_name = current_database() ORDER BY ALL
        """
    ).fetchall()


def read_keys() -> dict[str, tuple[str, ...]]:
    """View -> columns that tell its rows apart, from the first line of its file (`-- key: as_of, technology_id`)."""
    keys = {}
    for name, text in list_sql("views").items():
        match = re.match(r"-- key: ([a-z_, ]+)\n", text)
        if not match:
            raise WarehouseError(f"view {name} does not begin with `-- key: columns`.")
        keys[name] = tuple(column.strip() for column in match.group(1).split(","))
    return keys
