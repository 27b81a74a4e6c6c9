"""Opening the writer's file and the published snapshot. Every other module is handed a connection."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb

from flows.warehouse.errors import WarehouseError, explained

# Extensions come with DuckDB or not at all: nothing is ever downloaded behind a user's back.
_NO_DOWNLOADS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def open_writer(
    path: Path, *, memory_limit: str = "4GB", threads: int | None = None, on_damaged_log: Callable[[str], None] | None = None
) -> duckdb.DuckDBPyConnection:
    """Open the warehouse for writing, creating the file and its folder where they do not exist.

    `memory_limit` as DuckDB writes it (`4GB`); `threads` None = one per core. Times are read and written as UTC. A write-ahead log
    that cannot be replayed is set aside as `<name>.wal.damaged` where the caller takes a sentence on it (`on_damaged_log`): the file
    is then what it was at its last checkpoint, and as cursors stand in it with their rows, the next run reads from the landing what
    is missing. Raises WarehouseError with one sentence: in use by another process, not a database, read-only, no room.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _connect(path, memory_limit, threads, read_only=False)
        except duckdb.Error as error:
            if on_damaged_log is None or not re.search("replaying WAL", str(error)):
                raise
            log = path.with_name(path.name + ".wal")
            kept = log.replace(log.with_name(log.name + ".damaged"))
            connection = _connect(path, memory_limit, threads, read_only=False)
            on_damaged_log(
                f"The log of the warehouse was damaged and set aside as {kept.name}: what it held is read again from the landing."
            )
            return connection


def open_reader(published: Path, *, memory_limit: str = "4GB", threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Open the snapshot that the link `published` points to at this moment, read-only.

    The link is resolved first, because a versioned file never changes: the connection sees exactly one snapshot
    however often the link is moved meanwhile. Raises WarehouseError with one sentence.
    """
    while True:
        snapshot = resolve_snapshot(published)
        try:
            with explained(snapshot):
                return _connect(snapshot, memory_limit, threads, read_only=True)
        except WarehouseError:
            # Retention may delete a snapshot between reading the link and opening it, but only after the link has
            # moved on.
            if snapshot.exists() or resolve_snapshot(published) == snapshot:
                raise


def resolve_snapshot(published: Path) -> Path:
    """The versioned file behind the link. Raises WarehouseError where nothing is published."""
    try:
        return published.resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError):
        raise WarehouseError(f"Nothing is published at {published} yet: run `observatory scan` or `observatory demo` first.") from None


def _connect(path: Path, memory_limit: str, threads: int | None, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    config = dict(_NO_DOWNLOADS) | {"memory_limit": memory_limit}
    if threads is not None:
        config["threads"] = threads
    connection = duckdb.connect(str(path), read_only=read_only, config=config)
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")  # it writes to standard output, into the middle of what a command prints
    return connection
