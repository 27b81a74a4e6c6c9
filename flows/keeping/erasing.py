"""Documents out of the warehouse: every row that is about them, in whatever table, and every quotation of them in notes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flows.ledger import transaction
from flows.warehouse.errors import explained

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from flows.keeping.traces import Quotations

# Free text that a stage or a check wrote, and that may quote a record.
_NOTES = (("raw.rejects", "detail"), ("meta.check_results", "sample"), ("meta.runs", "note"), ("meta.stages", "note"))


def texts_of(connection: DuckDBPyConnection, document_ids: Sequence[str]) -> list[tuple[str, str, str | None]]:
    """(title, abstract, url) of every version held of these documents."""
    return connection.execute(
        "SELECT DISTINCT title, abstract, url FROM core.documents WHERE document_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY ALL",
        [list(document_ids)],
    ).fetchall()


def erase(connection: DuckDBPyConnection, document_ids: Sequence[str], quotations: Quotations) -> None:
    """Delete every row about these documents, in one transaction. A technology known by one of them first is known by its next.

    Every table with a column `version_id` or `document_id` is looked through, later ones included.
    """
    with transaction(connection):
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE erased AS SELECT document_id, version_id, source, source_id FROM core.documents "
            "WHERE document_id IN (SELECT unnest(?::VARCHAR[]))",
            [list(document_ids)],
        )
        connection.execute(
            "DELETE FROM raw.rejects WHERE (source, record_id) IN (SELECT (source, source_id) FROM erased) AND record_id IS NOT NULL"
        )
        for column in ("version_id", "document_id"):
            for table in _tables_with(connection, column):
                connection.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT {column} FROM erased)")
        _give_first_documents(connection)
        for table, column in _NOTES:
            for (note,) in connection.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL").fetchall():
                if (cleaned := quotations.without(note)) != note:
                    connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", [cleaned, note])
        connection.execute("DROP TABLE erased")


def _tables_with(connection: DuckDBPyConnection, column: str) -> list[str]:
    """Every table of the warehouse with a column of that name."""
    rows = connection.execute(
        """
        SELECT schema_name || '.' || table_name FROM duckdb_columns()
        WHERE database_name = current_database() AND NOT internal AND schema_name <> 'main' AND column_name = ?
          AND (schema_name, table_name) IN (SELECT (schema_name, table_name) FROM duckdb_tables() WHERE NOT temporary)
        ORDER BY 1
        """,
        [column],
    ).fetchall()
    return [table for (table,) in rows]


def _give_first_documents(connection: DuckDBPyConnection) -> None:
    """Technologies whose first evidence is gone: the earliest document left that names one of their terms, or they were never found."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE orphaned AS
        WITH terms AS (
            SELECT technology_id, unnest(term_keys) AS term_key FROM core.technologies
            WHERE first_document_id IN (SELECT document_id FROM erased)
        )
        SELECT terms.technology_id, min(documents.available_on) AS first_on,
               arg_min(documents.document_id, (documents.available_on, documents.document_id)) AS first_document_id
        FROM terms
        LEFT JOIN core.term_mentions AS mentions USING (term_key)
        LEFT JOIN core.documents AS documents ON documents.version_id = mentions.version_id AND documents.available_on IS NOT NULL
        GROUP BY terms.technology_id
        """
    )
    connection.execute(
        """
        UPDATE core.technologies SET first_on = orphaned.first_on, first_document_id = orphaned.first_document_id
        FROM orphaned WHERE orphaned.technology_id = technologies.technology_id AND orphaned.first_document_id IS NOT NULL
        """
    )
    connection.execute("DELETE FROM orphaned WHERE first_document_id IS NOT NULL")
    connection.execute(
        "UPDATE core.technologies SET merged_into_technology_id = NULL "
        "WHERE merged_into_technology_id IN (SELECT technology_id FROM orphaned)"
    )
    # A day that ranked one of them is judged anew, or computed when somebody asks: without it the ranks would have a gap.
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE reopened AS "
        "SELECT DISTINCT as_of FROM signals.emergence WHERE technology_id IN (SELECT technology_id FROM orphaned)"
    )
    for table in _tables_with(connection, "as_of"):
        connection.execute(f"DELETE FROM {table} WHERE as_of IN (SELECT as_of FROM reopened)")
    for table in _tables_with(connection, "technology_id"):
        connection.execute(f"DELETE FROM {table} WHERE technology_id IN (SELECT technology_id FROM orphaned)")
    connection.execute("DROP TABLE reopened")
    connection.execute("DROP TABLE orphaned")


def compact(warehouse: Path, *, memory_limit: str, threads: int) -> None:
    """Write the file anew: a deleted row stays readable in the old one until its place is used again. Raises WarehouseError.

    The caller holds the lock and no connection. A file killed half way lies beside the old one and is written over by the next.
    """
    from flows.warehouse.connection import open_writer

    fresh = warehouse.with_name(warehouse.name + ".compacting")
    for path in (fresh, fresh.with_name(fresh.name + ".wal")):
        path.unlink(missing_ok=True)
    quoted = str(fresh).replace("'", "''")
    with open_writer(warehouse, memory_limit=memory_limit, threads=threads) as connection, explained(warehouse):
        name = connection.execute("SELECT current_database()").fetchall()[0][0]
        connection.execute("CHECKPOINT")
        connection.execute(f"ATTACH '{quoted}' AS compacted")
        connection.execute(f'COPY FROM DATABASE "{name}" TO compacted')
        connection.execute("CHECKPOINT compacted")
        connection.execute("DETACH compacted")
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(warehouse)
