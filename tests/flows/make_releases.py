"""Writes fixtures/releases/: the known world as a warehouse file of every schema version so far, as it lay on disk then.

Run `python tests/flows/make_releases.py` when a migration was added; files that are there already are kept as they are.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from flows.warehouse.connection import open_writer
from flows.warehouse.schema import load_migrations, migrate

HERE = Path(__file__).parent
RELEASES = HERE / "fixtures" / "releases"
NIGHT = datetime(2024, 1, 24, 2)


def write_release(number: int, target: Path) -> None:
    """The world's rows, as far as schema version `number` has columns for them, in a file that went through that many migrations."""
    with tempfile.TemporaryDirectory() as folder:
        path, world = Path(folder) / "observatory.duckdb", Path(folder) / "world.duckdb"
        with open_writer(world) as connection:
            migrate(connection, NIGHT)
            connection.execute((HERE / "warehouse_world.sql").read_text(encoding="utf-8"))
        with open_writer(path) as connection:
            for migration in load_migrations()[:number]:
                connection.execute(migration.sql)
                connection.execute(
                    "INSERT INTO meta.migrations VALUES (?, ?, ?, ?)", [migration.number, migration.name, migration.checksum, NIGHT]
                )
            connection.execute("CREATE VIEW marts.bygone AS SELECT 1 AS one")  # views of that time are dropped by every upgrade
            connection.execute(f"ATTACH '{world}' AS world (READ_ONLY)")
            for table, columns in connection.execute(
                """
                SELECT old.schema_name || '.' || old.table_name, string_agg('"' || old.column_name || '"', ', ' ORDER BY old.column_index)
                FROM duckdb_columns() AS old
                SEMI JOIN (SELECT * FROM duckdb_columns() WHERE database_name = 'world') AS new USING (schema_name, table_name, column_name)
                WHERE old.database_name = current_database() AND old.table_name <> 'migrations'
                  AND (old.schema_name, old.table_name) IN (SELECT (schema_name, table_name) FROM duckdb_tables())
                GROUP BY ALL
                """
            ).fetchall():
                connection.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM world.{table}")
            connection.execute("DETACH world")
            connection.execute("CHECKPOINT")
        target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def main() -> int:
    """Write what is missing."""
    RELEASES.mkdir(parents=True, exist_ok=True)
    for migration in load_migrations():
        target = RELEASES / f"schema-{migration.number:04d}.duckdb.gz"
        if not target.exists():
            write_release(migration.number, target)
            sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
