"""What "equal" means for tables: the same rows in any order, whoever wrote them and when.

Left out are `run_id` and every `*_at`; floats count to 5 decimals. The hash of a table is the sum of the hashes of
its rows, so it costs one scan and no sort. It compares tables read by one version of DuckDB, and is no proof against
an adversary.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from flows.warehouse.errors import WarehouseError
from flows.warehouse.stored_views import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What a run writes about itself differs from run to run by nature.
LEDGER = frozenset({"meta.migrations", "meta.runs", "meta.stages", "meta.check_results", "meta.models", "meta.facts"})


def table_hash(connection: DuckDBPyConnection, table: str) -> str:
    """`<rows>-<hex>` for one table (`core.works`). Raises WarehouseError when there is no such table."""
    schema, _, name = table.partition(".")
    columns = connection.execute(
        """
        SELECT column_name, data_type FROM duckdb_columns()
        WHERE database_name = current_database() AND schema_name = ? AND table_name = ? ORDER BY column_name
        """,
        [schema, name],
    ).fetchall()
    if not columns:
        raise WarehouseError(f"The warehouse has no table {table}.")
    parts = [_comparable(column, kind) for column, kind in columns if column != "run_id" and not column.endswith("_at")]
    count, total = connection.execute(f"SELECT count(*), coalesce(sum(hash({', '.join(parts)})::HUGEINT), 0) FROM {table}").fetchall()[0]
    return f"{count}-{total:x}"


def warehouse_hashes(connection: DuckDBPyConnection) -> dict[str, str]:
    """Table -> hash for every table but the ledger and what follows from the others, in the order of the names."""
    tables = connection.execute(
        """
        SELECT schema_name || '.' || table_name FROM duckdb_tables()
        WHERE database_name = current_database() AND NOT temporary ORDER BY 1
        """
    ).fetchall()
    return {table: table_hash(connection, table) for (table,) in tables if table not in LEDGER and table not in TABLES}


def content_digest(connection: DuckDBPyConnection) -> str:
    """24 hex digits over all hashes: equal digests mean equal content."""
    return hashlib.sha256(json.dumps(warehouse_hashes(connection), sort_keys=True).encode()).hexdigest()[:24]


def _comparable(column: str, kind: str) -> str:
    """SQL for a column in the form that is hashed."""
    if kind in ("DOUBLE", "FLOAT"):
        return f'round("{column}", 5)'
    if kind.startswith(("DOUBLE[", "FLOAT[")):
        return f'list_transform("{column}", lambda x: round(x, 5))'
    if kind.startswith("MAP("):
        return f'list_sort(map_entries("{column}"))'
    return f'"{column}"'
