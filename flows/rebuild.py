"""Rebuild: the warehouse is a reading of the landing and can be made again from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flows.ledger import Clock, Say
from flows.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from flows.night import Outcome


def rebuild_from_landing(settings: Settings, *, now: Clock, say: Say) -> Outcome:
    """Read every landed window into a new warehouse, judge and publish it.

    The old file is set aside as `<name>.before-rebuild` and comes back if anything fails; where it is lost, the published snapshot
    stands in for it. Documents that were imported from files are not in the landing: they are copied over from the old file, with their
    rejects. Raises WarehouseError when there is nothing to rebuild from.
    """
    from flows.lock import acquire
    from flows.night import finish, open_work_locked, set_aside_path, take_back
    from flows.nightly import perform_flow
    from flows.sources import landed_sources
    from flows.stages.parse import parse
    from flows.stages.publish import published_as_of
    from flows.warehouse.errors import WarehouseError

    with acquire(settings.lock):
        sources = landed_sources(settings)
        aside = set_aside_path(settings)
        take_back(settings)
        if settings.warehouse.is_file():
            _settle(settings)
            settings.warehouse.replace(aside)
        old = next((path.resolve() for path in (aside, settings.snapshot) if path.exists()), None)
        if old is None and not sources:
            raise WarehouseError(f"There is nothing to rebuild from in {settings.data_dir}: no warehouse, no snapshot, no landing.")
        try:
            with open_work_locked(settings, "rebuild", now().date(), now=now, say=say) as run:
                if old is not None:
                    run.connection.execute(f"ATTACH '{_quoted(old)}' AS old (READ_ONLY)")
                    _copy_imports(run.connection)
                    run.connection.execute("DETACH old")
                run.logical_on = published_as_of(run.connection) or run.logical_on
                parse(run, sources)
                outcome = perform_flow("rebuild", run, lambda perform: finish(run, perform=perform))
        except BaseException:
            if not take_back(settings):  # nothing stood here before: a half-built file would pass for a warehouse
                settings.warehouse.unlink(missing_ok=True)
                settings.warehouse.with_name(settings.warehouse.name + ".wal").unlink(missing_ok=True)
            raise
        aside.unlink(missing_ok=True)
    return outcome


def _settle(settings: Settings) -> None:
    """Write what a killed run left in the log beside the file into the file, for only the file is moved."""
    from flows.warehouse.connection import open_writer

    with open_writer(settings.warehouse, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
        connection.execute("CHECKPOINT")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _copy_imports(connection: DuckDBPyConnection) -> None:
    """What no landing holds: imported documents and their rejects, and the facts that say which world this is and its day."""
    connection.execute("INSERT INTO meta.facts SELECT * FROM old.meta.facts")
    connection.execute("INSERT INTO core.documents BY NAME SELECT * FROM old.core.documents WHERE capture_id IS NULL")
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
