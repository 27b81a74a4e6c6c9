"""How a snapshot says what it holds and how it is cited: `datapackage.json` and `CITATION.cff`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# DuckDB's types as Table Schema's (datapackage.org/standard/table-schema, version 2).
_TYPES = {
    "VARCHAR": "string",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "BOOLEAN": "boolean",
    "DOUBLE": "number",
    "FLOAT": "number",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
}
_TITLE = "Future-industry observatory: emerging technologies, their scores and their evidence"


def describe_package(
    connection: DuckDBPyConnection, snapshot_id: str, files: Mapping[str, Mapping[str, Any]], keys: Mapping[str, Sequence[str]]
) -> str:
    """The Data Package descriptor (datapackage.org/standard/data-package, version 2) of a folder of Parquet files, as JSON.

    `files` is the manifest's: file name -> rows, bytes, sha256; `keys` the primary key of each mart. Lists and maps are of type
    `array` and `object`; meanings and units come from the comments in the snapshot.
    """
    views = dict(connection.execute("SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'marts'").fetchall())
    columns: dict[str, list[dict[str, str]]] = {}
    for view, name, kind, comment in connection.execute(
        """
        SELECT table_name, column_name, data_type, comment FROM duckdb_columns()
        WHERE schema_name = 'marts' ORDER BY table_name, column_index
        """
    ).fetchall():
        columns.setdefault(view, []).append({"name": name, "type": _type_of(kind), "description": comment or ""})
    resources = [
        {
            "name": (mart := file.removesuffix(".parquet")).replace("_", "-"),
            "path": file,
            "format": "parquet",
            "mediatype": "application/vnd.apache.parquet",
            "description": views[mart],
            "bytes": facts["bytes"],
            "hash": f"sha256:{facts['sha256']}",
            "schema": {"fields": columns[mart], "primaryKey": list(keys[mart])},
        }
        for file, facts in sorted(files.items())
    ]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"observatory-{snapshot_id}".lower(),
        "title": _TITLE,
        "version": snapshot_id,
        "created": _published_at(connection),
        "resources": resources,
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def cite(connection: DuckDBPyConnection, snapshot_id: str) -> str:
    """How to cite the snapshot, in the Citation File Format 1.2.0 (citation-file-format.github.io)."""
    is_simulated, code_version = connection.execute("SELECT is_simulated, code_version FROM marts.snapshot").fetchall()[0]
    abstract = (
        "Simulated practice data: nothing in it is about the world." if is_simulated else "A snapshot of the observatory's warehouse."
    )
    lines = [
        "cff-version: 1.2.0",
        "message: Cite the snapshot you used, so that your figures can be found again.",
        "type: dataset",
        f"title: {json.dumps(_TITLE)}",
        "authors:",
        "  - name: Future-industry observatory",
        f"version: {json.dumps(snapshot_id)}",
        f"date-released: {_published_at(connection)[:10]}",
        f"abstract: {json.dumps(f'{abstract} Made by version {code_version} of the software.')}",
    ]
    return "\n".join(lines) + "\n"


def _published_at(connection: DuckDBPyConnection) -> str:
    """RFC 3339, UTC."""
    (published_at,) = connection.execute("SELECT published_at FROM marts.snapshot").fetchall()[0]
    return f"{published_at.isoformat(timespec='seconds')}Z"


def _type_of(kind: str) -> str:
    if kind.endswith("[]"):
        return "array"
    if kind.startswith(("MAP", "STRUCT", "JSON")):
        return "object"
    return _TYPES[kind.partition("(")[0]]
