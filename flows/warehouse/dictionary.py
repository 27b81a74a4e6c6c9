"""The dictionary of the warehouse, written from the comments in it: what analysts may rely on first."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.warehouse.schema import migrate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# DuckDB cannot comment on a schema, so its meaning stands here.
SCHEMAS: dict[str, str] = {
    "marts": "What analysts may rely on: views over the rest. Changed only by adding.",
    "signals": "What was judged: technology (or topic) x as-of.",
    "core": "What was read: documents by version, and what was found in them.",
    "raw": "What was received: responses, and records that could not be read.",
    "meta": "What ran: runs, windows, checks, models, migrations.",
}


def render_dictionary(connection: DuckDBPyConnection) -> str:
    """Markdown over every schema, table, view and column of a migrated warehouse, from its comments."""
    relations = connection.execute(
        """
        SELECT schema_name, view_name AS relation, comment, true AS is_view FROM duckdb_views()
        WHERE NOT internal AND NOT temporary AND database_name = current_database()
        UNION ALL
        SELECT schema_name, table_name, comment, false FROM duckdb_tables() WHERE NOT temporary AND database_name =
        current_database() ORDER BY ALL
        """
    ).fetchall()
    columns = connection.execute(
        """
        SELECT schema_name, table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns()
        WHERE NOT internal AND database_name = current_database() ORDER BY schema_name, table_name, column_index
        """
    ).fetchall()
    lines = [
        "# Dictionary",
        "",
        "Written by `make dictionary` from the comments in the warehouse; do not edit. Every published file has them:",
        "`FROM duckdb_columns() WHERE schema_name = 'marts'`. Times are UTC, shares run from 0 to 1, `_on` is a day.",
    ]
    for schema, meaning in SCHEMAS.items():
        lines += ["", f"## {schema}", "", meaning]
        for _, relation, comment, is_view in [row for row in relations if row[0] == schema]:
            lines += [
                "",
                f"### {schema}.{relation}{' (view)' if is_view and schema != 'marts' else ''}",
                "",
                comment or "",
                "",
            ]
            lines += ["| column | type | meaning |", "|---|---|---|"]
            lines += [
                f"| {name} | {kind}{'' if is_nullable or is_view else ', required'} | {_cell(text or '')} |"
                for owner, table, name, kind, is_nullable, text in columns
                if (owner, table) == (schema, relation)
            ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def write_dictionary(path: Path) -> None:
    """Write the dictionary of a new warehouse of this version."""
    import duckdb

    with duckdb.connect() as connection:
        migrate(connection, datetime(1970, 1, 1))  # noqa: DTZ001 - naive UTC, and never shown
        path.write_text(render_dictionary(connection), encoding="utf-8")


if __name__ == "__main__":
    write_dictionary(Path(sys.argv[1]))
