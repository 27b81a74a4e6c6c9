"""The published snapshot behind every page. Each request sees one snapshot, the current one at its beginning."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.reports.reads import run_read
from flows.warehouse.connection import open_reader, resolve_snapshot
from flows.warehouse.errors import WarehouseError, explained

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PACKAGE = "flows.explorer"
# Views that pages look into again and again, with the order that makes looking cheap. A view is computed anew by every question;
# a snapshot never changes, so these are computed once, in memory. Texts stay in the file.
HELD = {
    "marts.documents": "document_id",
    "marts.evidence": "technology_id, evidence_rank",
    "marts.document_actors": "name_key, document_id",
    "marts.technologies": "technology_id",
    "marts.technology_timeline": "technology_id, quarter_on",
    "marts.topics": "topic_id",
    "marts.topic_timeline": "topic_id, quarter_on",
    "marts.tracks": "track",
    "marts.sources": "source",
    "marts.snapshot": "snapshot_id",
    "core.searched_texts": "document_id",
}
_NUMBERS = itertools.count(1)  # a file opened anew while cursors of its first opening are alive is the same database
_TEXTS = "abstract, identifiers, extras"


@dataclass(frozen=True, slots=True)
class Facts:
    """What every page says of the snapshot it was read from. `as_ofs` are the stored days, newest first; empty = never judged."""

    snapshot_id: str
    published_at: datetime | None
    is_simulated: bool
    as_of: date | None
    as_ofs: tuple[date, ...]

    def newest(self, day: date | None) -> date | None:
        """The newest stored as-of on or before `day` (None = of all); None where there is none."""
        return next((known for known in self.as_ofs if day is None or known <= day), None)


@dataclass(frozen=True, slots=True)
class View:
    """One request's sight of a snapshot: a cursor of its own, the file it reads, and what it is.

    On the cursor `marts.documents` has no `abstract`, `identifiers` and `extras`: they stand in `core.documents`.
    """

    cursor: DuckDBPyConnection
    path: Path
    facts: Facts


@dataclass(frozen=True, slots=True)
class _Held:
    connection: DuckDBPyConnection
    path: Path
    facts: Facts
    name: str


class Snapshots:
    """Opens the snapshot behind the link `published`, and the next one as soon as the link moves.

    The file of a snapshot never changes, so one connection serves all requests that see it, each by a cursor. A cursor keeps its
    database alive: requests that began on the older snapshot end on it.
    """

    def __init__(self, published: Path, *, memory_limit: str = "1GB", threads: int = 2) -> None:
        self._published, self._memory_limit, self._threads = published, memory_limit, threads
        self._held: _Held | None = None
        self._lock = threading.Lock()

    @property
    def published(self) -> Path:
        """The link that is followed."""
        return self._published

    @contextmanager
    def view(self) -> Iterator[View]:
        """The current snapshot for one request. Raises WarehouseError with one sentence where none can be opened."""
        held = self._current()
        with held.connection.cursor() as cursor:
            cursor.execute(f"USE {held.name}")
            yield View(cursor, held.path, held.facts)

    def close(self) -> None:
        """Let go of the snapshot held."""
        with self._lock:
            held, self._held = self._held, None
        if held is not None:
            held.connection.close()

    def _current(self) -> _Held:
        path = resolve_snapshot(self._published)
        with self._lock:
            if self._held is None or self._held.path != path:
                self._held = self._open()
            return self._held

    def _open(self) -> _Held:
        connection = open_reader(self._published, memory_limit=self._memory_limit, threads=self._threads)
        try:
            with explained(self._published):
                rows = connection.execute("SELECT path FROM duckdb_databases() WHERE database_name = current_database()").fetchall()
                name = _hold(connection)
                return _Held(connection, Path(rows[0][0]), _read_facts(connection), name)
        except WarehouseError:
            connection.close()
            raise


def _hold(connection: DuckDBPyConnection) -> str:
    """Lay a database in memory over the snapshot: the views of HELD as tables, everything else as views onto the file. Its name."""
    held = f"held_{next(_NUMBERS)}"
    snapshot = connection.execute("SELECT current_database()").fetchall()[0][0]
    relations = connection.execute(
        """
        SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal AND database_name = current_database()
        UNION ALL SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal AND database_name = current_database()
        """
    ).fetchall()
    connection.execute(f"ATTACH ':memory:' AS {held} (READ_WRITE)")
    for schema in sorted({schema for schema, _ in relations} - {"main"}):
        connection.execute(f'CREATE SCHEMA {held}."{schema}"')
    for schema, name in relations:
        order = HELD.get(f"{schema}.{name}")
        if order:
            kept = f"* EXCLUDE ({_TEXTS})" if name == "documents" else "*"
            connection.execute(f'CREATE TABLE {held}.{schema}."{name}" AS SELECT {kept} FROM {schema}."{name}" ORDER BY {order}')
        elif schema != "main":
            connection.execute(f'CREATE VIEW {held}."{schema}"."{name}" AS SELECT * FROM "{snapshot}"."{schema}"."{name}"')
    connection.execute(f"USE {held}")
    return held


def _read_facts(connection: DuckDBPyConnection) -> Facts:
    row = run_read(connection, "snapshot", {})[0]
    as_ofs = tuple(found["as_of"] for found in run_read(connection, "as_ofs", {}, PACKAGE))
    return Facts(row["snapshot_id"] or "unpublished", row["published_at"], bool(row["is_simulated"]), row["as_of"], as_ofs)
