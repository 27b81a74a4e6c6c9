"""The marts as Parquet files with a manifest, for whoever does not use DuckDB."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from flows.warehouse.citation import cite, describe_package
from flows.warehouse.schema import list_views, read_keys

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MANIFEST = "manifest.json"


def export_parquet(connection: DuckDBPyConnection, folder: Path, snapshot_id: str) -> None:
    """Write every mart of the snapshot as `<name>.parquet` into the empty `folder`, with `datapackage.json` and `CITATION.cff`;
    `manifest.json` comes last.

    Rows are sorted by their key, so that equal content gives equal files. The manifest holds for each file its rows, size in bytes
    and sha256.
    """
    entries, keys = {}, read_keys()
    for schema, name in list_views(connection):
        if schema != "marts":
            continue
        target = folder / f"{name}.parquet"
        quoted = str(target).replace("'", "''")
        count = connection.execute(
            f"COPY (SELECT * FROM marts.{name} ORDER BY {', '.join(keys[name])}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)"
        ).fetchall()[0][0]
        entries[target.name] = {"rows": int(count), "bytes": target.stat().st_size, "sha256": file_digest(target)}
    (folder / "datapackage.json").write_text(describe_package(connection, snapshot_id, entries, keys), encoding="utf-8")
    (folder / "CITATION.cff").write_text(cite(connection, snapshot_id), encoding="utf-8")
    manifest = {"snapshot_id": snapshot_id, "files": entries}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def file_digest(path: Path) -> str:
    """sha256 of a file in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
