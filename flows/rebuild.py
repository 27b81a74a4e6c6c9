"""Rebuild: the warehouse is a reading of the landing and can be made again from it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from flows.forgotten import forgotten_ids
from flows.ledger import Clock, Say
from flows.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from flows.night import Outcome


def rebuild_from_landing(settings: Settings, *, now: Clock, say: Say) -> Outcome:
    """Read every landed window into a new warehouse, judge and publish it.

    The new file is built beside the old one, as `<name>.rebuilding`, and takes its place when all is done: whatever ends this run
    before, the old warehouse, or none, is what the next one finds. Where the old file is lost or cannot be opened (then it is kept
    as `<name>.damaged`), the published snapshot stands in for it. Documents that are not in the landing, because they were imported
    from files or their windows were let go, are copied over from there. Raises WarehouseError when there is nothing to rebuild from.
    """
    from flows.lock import acquire
    from flows.night import finish, open_work_locked
    from flows.nightly import perform_flow
    from flows.sources import landed_sources
    from flows.stages.parse import parse
    from flows.stages.publish import published_as_of
    from flows.warehouse.errors import WarehouseError

    with acquire(settings.lock):
        sources = landed_sources(settings)
        fresh = settings.warehouse.with_name(settings.warehouse.name + ".rebuilding")
        _remove(fresh)
        old = _old_file(settings, now, say)
        if old is None and not sources:
            raise WarehouseError(f"There is nothing to rebuild from in {settings.data_dir}: no warehouse, no snapshot, no landing.")
        try:
            with open_work_locked(settings, "rebuild", now().date(), now=now, say=say, warehouse=fresh) as run:
                if old is not None:
                    run.connection.execute(f"ATTACH '{_quoted(old)}' AS old (READ_ONLY)")
                    carry_over(run.connection, settings.landing, forgotten_ids(settings))
                    run.problems.extend(_lost_texts(run.connection))
                    run.connection.execute("DETACH old")
                run.logical_on = published_as_of(run.connection) or run.logical_on
                parse(run, sources)
                outcome = perform_flow("rebuild", run, lambda perform: finish(run, perform=perform))
        except BaseException:
            _remove(fresh)
            raise
        fresh.replace(settings.warehouse)
    return outcome


def _old_file(settings: Settings, now: Clock, say: Say) -> Path | None:
    """The file to carry imports over from: the warehouse, brought to this version and without a log, else the snapshot."""
    from flows.warehouse.connection import open_writer
    from flows.warehouse.errors import WarehouseDamaged
    from flows.warehouse.schema import migrate

    if settings.warehouse.is_file():
        try:
            with open_writer(settings.warehouse, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
                migrate(connection, now())
                connection.execute("CHECKPOINT")
            return settings.warehouse
        except WarehouseDamaged as error:
            kept = settings.warehouse.with_name(settings.warehouse.name + ".damaged")
            say(f"the old warehouse was set aside as {kept.name}: {error}")
            settings.warehouse.replace(kept)
    # A log without its file, or of a file that cannot be opened, must not be read into the new one.
    settings.warehouse.with_name(settings.warehouse.name + ".wal").unlink(missing_ok=True)
    return settings.snapshot.resolve() if settings.snapshot.exists() else None


def _remove(warehouse: Path) -> None:
    """A half-built file and its log."""
    warehouse.unlink(missing_ok=True)
    warehouse.with_name(warehouse.name + ".wal").unlink(missing_ok=True)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def carry_over(connection: DuckDBPyConnection, landing: Path, forgotten: Collection[str]) -> None:
    """What no landing holds, from the database attached as `old`: imported documents, those of windows that were let go or lost, their
    rejects; and the facts that say which world this is and its day. Nothing in `forgotten` comes along."""
    connection.execute("INSERT INTO meta.facts SELECT * FROM old.meta.facts")
    landed = connection.execute("SELECT capture_id, path, source, from_on, to_on FROM old.raw.captures").fetchall()
    gone = [row[0] for row in landed if not (landing / row[1]).is_file()]
    connection.execute(
        """
        INSERT INTO core.documents BY NAME
        SELECT * REPLACE (NULL AS capture_id) FROM old.core.documents
        WHERE (capture_id IS NULL OR capture_id IN (SELECT unnest($gone::VARCHAR[])))
          AND document_id NOT IN (SELECT unnest($forgotten::VARCHAR[]))
        """,
        {"gone": gone, "forgotten": sorted(forgotten)},
    )
    # Days that were gathered whole are not asked for again because their responses were let go.
    let_go = {row[2:] for row in landed if row[0] in set(gone) and not (landing / row[1]).parent.is_dir()}
    for span in sorted(let_go):
        connection.execute(
            "INSERT INTO meta.windows BY NAME SELECT * FROM old.meta.windows WHERE source = ? AND from_on = ? AND to_on = ?", list(span)
        )
    for table in ("core.actors", "core.codes"):
        connection.execute(
            f"INSERT INTO {table} BY NAME SELECT * FROM old.{table} WHERE version_id IN (SELECT version_id FROM core.documents)"
        )
    # Topics are learned over time: made anew from all texts at once they would lose their identity.
    for table in ("core.topics", "core.topic_lineage"):
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM old.{table}")
    connection.execute("INSERT INTO raw.rejects BY NAME SELECT * FROM old.raw.rejects WHERE capture_id IS NULL")
    connection.execute("INSERT INTO meta.runs BY NAME SELECT * FROM old.meta.runs WHERE state <> 'running'")
    connection.execute("INSERT INTO meta.stages BY NAME SELECT * FROM old.meta.stages WHERE state <> 'running'")


def _lost_texts(connection: DuckDBPyConnection) -> list[str]:
    """A sentence where a snapshot stood in for the warehouse and had to leave out the texts of documents that no landing holds."""
    has_list = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'old' AND table_name = 'withheld_texts'"
    ).fetchall()[0][0]
    if not has_list:
        return []
    count = connection.execute("SELECT count(*) FROM core.documents SEMI JOIN old.core.withheld_texts USING (version_id)").fetchall()[0][0]
    return [f"{count} documents came from the published snapshot, without the abstracts it may not hold."] if count else []
