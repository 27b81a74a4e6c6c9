"""Restore: a backup becomes the data folder, every file and every table proven to be what was backed up."""

from __future__ import annotations

import shutil
from pathlib import Path

from flows.forgotten import FILE_NAME as FORGOTTEN
from flows.forgotten import Forgotten, add_forgotten, forgotten_ids, read_forgotten
from flows.keeping.backup import SINGLE_FILES, WAREHOUSE, BackupError, Contents, verify
from flows.ledger import Clock, Say
from flows.settings import CONFIG_NAME, Settings

UNPACKED = ".restoring"
REPLACED = ".replaced"


def restore(settings: Settings, source: Path, *, is_overwriting: bool, now: Clock, say: Say) -> tuple[Contents, Path]:
    """Put a backup into the data folder and publish it. Returns what it held and the snapshot.

    All of it is unpacked beside what is there and proven before anything is moved. A folder that holds a warehouse or a landing is
    refused unless `is_overwriting`; its settings stay, and its list of what was taken down is joined with that of the backup, and
    forgotten anew. Raises BackupError, LockHeld, OSError.
    """
    from flows.curation import taxonomy_in_force
    from flows.keeping.forget import forget
    from flows.lock import acquire
    from flows.night import open_work_locked
    from flows.stages.publish import check, publish_snapshot, published_as_of

    if not source.is_file():
        raise BackupError(f"There is no backup {source}.")
    with acquire(settings.lock):
        living = [path for path in (settings.warehouse, settings.landing) if path.exists()]
        if living and not is_overwriting:
            raise BackupError(f"{living[0]} is there: restore into another data folder, or say --overwrite to lose what is here.")
        fresh = settings.data_dir / UNPACKED
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            say("the backup is unpacked ...")
            contents = verify(source, into=fresh)
            say("the tables are compared ...")
            _require_equal_tables(fresh / WAREHOUSE, contents, settings)
            listed = _join_lists(settings, fresh)
            _move_in(settings, fresh)
            add_forgotten(settings, listed)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        with open_work_locked(settings, "restore", now().date(), now=now, say=say) as run:
            run.logical_on = published_as_of(run.connection) or run.logical_on
            check(run)
            snapshot = publish_snapshot(run, taxonomy_in_force(settings))
            held = run.connection.execute(
                "SELECT DISTINCT document_id FROM core.documents WHERE document_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY 1",
                [sorted(forgotten_ids(settings))],
            ).fetchall()
    if held:
        done = forget(settings, [row[0] for row in held], reason="taken down before", with_works=False, now=now, say=say)
        snapshot = done.snapshot
    return contents, snapshot


def _require_equal_tables(warehouse: Path, contents: Contents, settings: Settings) -> None:
    """The file is byte for byte what was backed up; that it also reads so is proven where the same DuckDB made the hashes."""
    import duckdb

    from flows.warehouse.connection import open_writer
    from flows.warehouse.hashes import warehouse_hashes

    with open_writer(warehouse, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
        found = warehouse_hashes(connection)
    if contents.duckdb_version == duckdb.__version__ and found != contents.tables:
        table = min(name for name in found.keys() | contents.tables.keys() if found.get(name) != contents.tables.get(name))
        raise BackupError(f"The table {table} of the backup is not what was backed up.")


def _join_lists(settings: Settings, fresh: Path) -> tuple[Forgotten, ...]:
    """What was taken down, here and in the backup. Raises SettingsError for a damaged list, before anything is moved."""
    return (*read_forgotten(settings), *read_forgotten(settings.model_copy(update={"data_dir": fresh})))


def _move_in(settings: Settings, fresh: Path) -> None:
    """The landing first, the warehouse last: without a warehouse a restore that died is seen, and made again."""
    for name in SINGLE_FILES:
        if (fresh / name).exists() and name != FORGOTTEN and not (name == CONFIG_NAME and (settings.data_dir / name).exists()):
            (fresh / name).replace(settings.data_dir / name)
    for place, unpacked in ((settings.landing, fresh / "landing"), (settings.warehouse.parent, fresh / "warehouse")):
        replaced = place.with_name(place.name + REPLACED)
        shutil.rmtree(replaced, ignore_errors=True)
        if place.exists():
            place.rename(replaced)
        if unpacked.exists():
            unpacked.rename(place)
        shutil.rmtree(replaced, ignore_errors=True)
