"""The process that runs one analyst's statement; started by safe_query, by path, so that it loads nothing but DuckDB
and Arrow.

Standard input: a JSON object {path, sql, max_rows, max_bytes, memory_limit, threads, timeout_s}. Standard output: the
rows as an Arrow stream whose schema metadata carry the DuckDB types and whether rows were left out. On an error: one
sentence on standard error, exit status 1.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import Any

import duckdb
import pyarrow as pa

# Rows are taken in batches, so that a result far over the limit is never held whole.
_BATCH_ROWS = 10_000


class RefusedError(Exception):
    """The statement is not run; the message is one sentence."""


def open_locked(path: str, memory_limit: str, threads: int) -> duckdb.DuckDBPyConnection:
    """A read-only connection that reaches no other file, no network, no extension, and whose settings are locked."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "threads": threads,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        # Nothing is spilled to disk: a query that needs more than its memory ends with a sentence instead of filling
        # the disk.
        "temp_directory": "",
    }
    connection = duckdb.connect(path, read_only=True, config=config)
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def require_one_select(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise RefusedError unless DuckDB's own parser sees exactly one statement, and that one only reads."""
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise RefusedError(f"One statement at a time, please: this is {len(statements)}.")
    kind = statements[0].type
    if kind != duckdb.StatementType.SELECT:
        raise RefusedError(f"Only reading is allowed here, and {kind.name} is not reading.")


def fetch(connection: duckdb.DuckDBPyConnection, sql: str, max_rows: int, max_bytes: int) -> Any:
    """Run the statement: an Arrow table of at most `max_rows` rows, with `types` and `is_truncated` as JSON metadata."""
    relation = connection.sql(sql)
    types = [str(kind) for kind in relation.types]
    reader = relation.to_arrow_reader(_BATCH_ROWS)
    batches, count, size = [], 0, 0
    for batch in reader:
        batches.append(batch)
        count += batch.num_rows
        size += batch.nbytes
        if size > max_bytes:
            raise RefusedError(f"The result is larger than {max_bytes // 2**20} MiB: ask for fewer columns or rows.")
        if count > max_rows:
            break
    table = pa.Table.from_batches(batches, reader.schema).slice(0, max_rows)
    table = table.rename_columns(distinct_names(table.column_names))
    return table.replace_schema_metadata({"types": json.dumps(types), "is_truncated": json.dumps(count > max_rows)})


def distinct_names(names: list[str]) -> list[str]:
    """`a, a` -> `a, a_2`: a join that selects two columns of one name must lose neither."""
    taken: set[str] = set()
    result = []
    for name in names:
        fresh, number = name, 2
        while fresh in taken:
            fresh, number = f"{name}_{number}", number + 1
        taken.add(fresh)
        result.append(fresh)
    return result


def main() -> int:
    """Serve one request."""
    request = json.loads(sys.stdin.buffer.read())
    # The caller ends this process at the limit; should the caller be gone, the kernel does it a second later.
    signal.setitimer(signal.ITIMER_REAL, request["timeout_s"] + 1)
    try:
        with open_locked(request["path"], request["memory_limit"], request["threads"]) as connection:
            require_one_select(connection, request["sql"])
            table = fetch(connection, request["sql"], request["max_rows"], request["max_bytes"])
            with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
                stream.write_table(table)
    except (RefusedError, duckdb.Error, pa.ArrowException, MemoryError) as error:
        sys.stderr.write(str(error) or type(error).__name__)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
