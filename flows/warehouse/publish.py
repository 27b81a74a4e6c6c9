"""Publishing: a read-only copy of the warehouse under a name of its own, verified, then swapped in by moving one
link.

Readers never meet the writer's file (DuckDB would lock them out) and never meet half a snapshot: a versioned file
does not change once its name is there, and the link always points to a whole one. Whatever fails, the link still
points to the snapshot before.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from flows.warehouse.connection import open_reader, open_writer
from flows.warehouse.errors import WarehouseError, explained
from flows.warehouse.hashes import content_digest
from flows.warehouse.parquet import export_parquet
from flows.warehouse.schema import create_views, list_views
from flows.warehouse.stored_views import TABLES, store_views

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LINK = "observatory.duckdb"
PARQUET_LINK = "parquet"
# Format that DuckDB 1.4 and everything newer can read; the default of 2.0 shuts older clients out.
STORAGE_VERSION = "v1.4.0"
_PART = ".part-"
_WITHHELD = "core.withheld_texts"


def publish(
    source: DuckDBPyConnection | Path,
    published: Path,
    snapshot_id: str,
    *,
    keep: int = 14,
    skip_unchanged: bool = False,
    published_at: datetime | None = None,
    withheld: Sequence[tuple[str, str | None]] = (),
) -> Path:
    """Publish what `source` (the writer's connection, outside a transaction, or the warehouse's path) holds. Returns
    the versioned file.

    Into the folder `published` come `observatory-<snapshot_id>.duckdb` and `parquet-<snapshot_id>/`, with the links
    `observatory.duckdb` and `parquet` moved onto them; of older snapshots the newest stay, `keep` in all. With
    `skip_unchanged` a warehouse equal to the current snapshot publishes nothing and returns that. Publishing the same
    content under the same id again is the same snapshot; other content under a known id becomes `<snapshot_id>-2`.
    `published_at` is naive UTC (default: now). Abstracts of the sources and licences in `withheld` never enter the copy: their
    documents are published with title and link, and `core.withheld_texts` says so.
    Raises WarehouseError with one sentence; then the current snapshot is what it was.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", snapshot_id):
        raise WarehouseError(f"{snapshot_id!r} cannot name a snapshot: use letters, digits, dots and dashes.")
    if keep < 1:
        raise WarehouseError(f"At least one snapshot must be kept, not {keep}.")
    with explained(published), _connected(source) as connection:
        published.mkdir(parents=True, exist_ok=True)
        remove_leftovers(published)
        create_views(connection)
        digest = content_digest(connection)
        current = current_snapshot(published)
        if skip_unchanged and current is not None and _digest_of(current) == digest:
            return current
        name = _free_name(published, snapshot_id, digest)
        snapshot = published / f"observatory-{name}.duckdb"
        if not snapshot.exists():
            _build(
                connection,
                published,
                {
                    "snapshot_id": name,
                    "content_digest": digest,
                    "published_at": (published_at or datetime.now(UTC).replace(tzinfo=None)).isoformat(sep=" "),
                },
                withheld,
            )
        _move_link(published / LINK, snapshot.name)
        _move_link(published / PARQUET_LINK, f"parquet-{name}")
    remove_old(published, keep)
    return snapshot


def current_snapshot(published: Path) -> Path | None:
    """The versioned file the link points to; None when nothing is published."""
    link = published / LINK
    return link.resolve() if link.exists() else None


def list_snapshots(published: Path) -> list[Path]:
    """Whole snapshots, newest first."""
    found = [path for path in published.glob("observatory-*.duckdb") if _parquet_of(path).is_dir()]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def remove_old(published: Path, keep: int) -> None:
    """Delete all but the newest `keep` snapshots, never the current one."""
    current = current_snapshot(published)
    others = [path for path in list_snapshots(published) if path.resolve() != current]
    for path in others[keep - 1 :]:
        path.unlink()
        shutil.rmtree(_parquet_of(path))


def remove_leftovers(published: Path) -> None:
    """Delete what a publish that died left behind: parts, and halves of snapshots that no link points to."""
    current = current_snapshot(published)
    for path in published.glob(f"{_PART}*"):
        _remove(path)
    for path in published.glob("observatory-*.duckdb"):
        if path.resolve() != current and not _parquet_of(path).is_dir():
            path.unlink()
    for path in published.glob("parquet-*"):
        snapshot = published / f"observatory-{path.name.removeprefix('parquet-')}.duckdb"
        if path.is_dir() and not snapshot.exists():
            shutil.rmtree(path)


def _build(connection: DuckDBPyConnection, published: Path, facts: dict[str, str], withheld: Sequence[tuple[str, str | None]]) -> None:
    """Copy, verify, export and put both under their final names, everything on the disk before the names are there."""
    name = facts["snapshot_id"]
    part, parquet = published / f"{_PART}{name}.duckdb", published / f"{_PART}parquet-{name}"
    try:
        _copy(connection, part, facts, withheld)
        parquet.mkdir()
        with open_reader(part) as reader:
            _verify(connection, reader, part)
            export_parquet(reader, parquet, name)
        for path in (part, *sorted(parquet.iterdir()), parquet):
            _to_disk(path)
        part.replace(published / f"observatory-{name}.duckdb")
        parquet.replace(published / f"parquet-{name}")
        _to_disk(published)
    except BaseException:
        remove_leftovers(published)  # at once, and not with the next publish: on a full disk every byte counts
        raise


def _copy(connection: DuckDBPyConnection, target: Path, facts: dict[str, str], withheld: Sequence[tuple[str, str | None]] = ()) -> None:
    warehouse = connection.execute("SELECT current_database()").fetchall()[0][0]
    quoted = str(target).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS snapshot (STORAGE_VERSION '{STORAGE_VERSION}')")
    try:
        if withheld:
            _copy_without(connection, warehouse, withheld)
        else:
            connection.execute(f'COPY FROM DATABASE "{warehouse}" TO snapshot')
        store_views(connection, "snapshot")
        for key, value in facts.items():
            connection.execute("DELETE FROM snapshot.meta.facts WHERE key = ?", [key])
            connection.execute("INSERT INTO snapshot.meta.facts VALUES (?, ?)", [key, value])
        connection.execute("CHECKPOINT snapshot")
    finally:
        with suppress(duckdb.TransactionException):  # there is one to roll back only when the copy failed
            connection.execute("ROLLBACK")
        connection.execute("DETACH snapshot")


def _copy_without(connection: DuckDBPyConnection, warehouse: str, withheld: Sequence[tuple[str, str | None]]) -> None:
    """Table by table, so that a text that must not be passed on is never written into the file, not even to be deleted there."""
    connection.execute(f'COPY FROM DATABASE "{warehouse}" TO snapshot (SCHEMA)')
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE withheld_versions AS
        WITH pairs AS (SELECT unnest($sources::VARCHAR[]) AS source, unnest($licences::VARCHAR[]) AS licence)
        SELECT version_id, length(abstract) AS abstract_length
        FROM core.documents AS documents JOIN pairs
          ON pairs.source = documents.source AND pairs.licence IS NOT DISTINCT FROM documents.licence
        WHERE abstract <> '' AND NOT is_simulated
        """,
        {"sources": [source for source, _ in withheld], "licences": [licence for _, licence in withheld]},
    )
    try:
        for table in _tables(connection):
            connection.execute(_COPIES.get(table, "INSERT INTO snapshot.{table} SELECT * FROM {table}").format(table=table))
    finally:
        connection.execute("DROP TABLE withheld_versions")


_COPIES = {
    "core.documents": """
        INSERT INTO snapshot.core.documents
        SELECT documents.* REPLACE (
            CASE WHEN withheld.version_id IS NULL THEN abstract ELSE '' END AS abstract,
            CASE WHEN withheld.version_id IS NULL OR extras IS NULL THEN extras
                 ELSE json_merge_patch(extras, '{{"other_abstracts": null}}') END AS extras)
        FROM core.documents AS documents LEFT JOIN withheld_versions AS withheld USING (version_id)
        """,
    _WITHHELD: "INSERT INTO snapshot.core.withheld_texts SELECT version_id, abstract_length FROM withheld_versions",
}


def _tables(connection: DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        """
        SELECT schema_name || '.' || table_name FROM duckdb_tables()
        WHERE database_name = current_database() AND NOT temporary ORDER BY 1
        """
    ).fetchall()
    return [table for (table,) in rows]


def _verify(warehouse: DuckDBPyConnection, snapshot: DuckDBPyConnection, path: Path) -> None:
    """Same tables, rows, views and comments; that the views answer is proven by exporting them. Raises WarehouseError."""
    expected, found = _row_counts(warehouse), _row_counts(snapshot)
    for table in sorted(expected.keys() | found.keys()):
        if expected.get(table) != found.get(table):
            raise WarehouseError(f"{path} is not whole: {table} has {found.get(table)} of {expected.get(table)} rows.")
    if list_views(snapshot) != list_views(warehouse) or _comments(snapshot) != _comments(warehouse):
        raise WarehouseError(f"{path} is not whole: views or comments are missing.")


def _row_counts(connection: DuckDBPyConnection) -> dict[str, int]:
    tables = [table for table in _tables(connection) if table not in ("meta.facts", _WITHHELD, *TABLES)]
    return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in tables}


def _comments(connection: DuckDBPyConnection) -> list[tuple[str, str, str, str]]:
    return connection.execute(
        """
        SELECT schema_name, table_name, column_name, comment FROM duckdb_columns()
        WHERE database_name = current_database() AND NOT internal AND comment IS NOT NULL AND schema_name <> 'main'
        UNION ALL
        SELECT schema_name, view_name, '', comment FROM duckdb_views()
        WHERE database_name = current_database() AND NOT internal AND comment IS NOT NULL
        ORDER BY ALL
        """
    ).fetchall()


def _free_name(published: Path, snapshot_id: str, digest: str) -> str:
    """The id, unless a snapshot of other content has it already."""
    name, attempt = snapshot_id, 1
    while (path := published / f"observatory-{name}.duckdb").exists() and _digest_of(path) != digest:
        attempt += 1
        name = f"{snapshot_id}-{attempt}"
    return name


def _digest_of(snapshot: Path) -> str | None:
    with open_reader(snapshot) as reader:
        rows = reader.execute("SELECT value FROM meta.facts WHERE key = 'content_digest'").fetchall()
    return rows[0][0] if rows else None


def _move_link(link: Path, target: str) -> None:
    part = link.with_name(f"{_PART}link-{link.name}")
    _remove(part)
    part.symlink_to(target)
    part.replace(link)
    _to_disk(link.parent)


def _to_disk(path: Path) -> None:
    """fsync a file or a folder (for a folder: the names in it)."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _parquet_of(snapshot: Path) -> Path:
    return snapshot.with_name(snapshot.name.replace("observatory-", "parquet-", 1).removesuffix(".duckdb"))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _connected(source: DuckDBPyConnection | Path) -> Iterator[DuckDBPyConnection]:
    if not isinstance(source, Path):
        yield source
        return
    with open_writer(source) as connection:
        yield connection
