"""Running a statement somebody typed, on the published snapshot, without trusting it.

Three fences, each enough by itself against writing: the statement is looked at first (one, and a reading one), the
file is opened read-only with every other file, the network, extensions and settings shut off, and all of it happens
in a process of its own that is ended at the limit.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.warehouse.connection import resolve_snapshot
from flows.warehouse.errors import WarehouseError, first_sentence

READING_VERBS = ("SELECT", "FROM", "WITH", "SHOW", "DESCRIBE", "DESC", "SUMMARIZE", "VALUES", "TABLE", "(")
MAX_SQL_CHARACTERS = 100_000
_MAX_BYTES = 256 * 2**20
# The first look happens in the caller's process, where no limit ends it: longer statements are left to DuckDB's own parser.
_MOST_TOKENS = 2_000
_CHILD = Path(__file__).with_name("query_child.py")


class QueryRefused(WarehouseError):
    """The statement was not run, or not to its end; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a statement gave: column names, DuckDB's names of their types, the rows as an Arrow table.

    `is_truncated` is True when more rows than allowed were there and the rest was left out.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    table: Any
    is_truncated: bool

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The rows as Python values."""
        return list(zip(*(column.to_pylist() for column in self.table.columns), strict=True))


def run_query(
    published: Path,
    sql: str,
    *,
    timeout_s: float = 30.0,
    max_rows: int = 10_000,
    memory_limit: str = "1GB",
    threads: int = 2,
) -> Result:
    """Run one reading statement on the snapshot behind the link `published`.

    Raises QueryRefused with one sentence: it does not only read, it is wrong, it took longer than `timeout_s`, or it
    needs more than `memory_limit`. Raises WarehouseError where nothing is published.
    """
    ends_at = time.monotonic() + timeout_s
    require_reading(sql)
    request = {
        "path": str(resolve_snapshot(published)),
        "sql": sql,
        "max_rows": max_rows,
        "max_bytes": _MAX_BYTES,
        "memory_limit": memory_limit,
        "threads": threads,
        "timeout_s": timeout_s,
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and file; the statement travels as data
            [sys.executable, "-I", str(_CHILD)],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=max(ends_at - time.monotonic(), 0.0),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise QueryRefused(f"The query was ended after {timeout_s:g} seconds.") from None
    if done.returncode != 0:
        raise QueryRefused(_say_failure(done.returncode, done.stderr.decode(errors="replace")))
    table = pa.ipc.open_stream(done.stdout).read_all()
    metadata = table.schema.metadata
    return Result(tuple(table.column_names), tuple(json.loads(metadata[b"types"])), table, json.loads(metadata[b"is_truncated"]))


def require_reading(sql: str) -> None:
    """Raise QueryRefused unless the text looks like one statement that only reads.

    A first look only: what it cannot parse is left to DuckDB's own parser and its read-only connection.
    """
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    if not sql.strip().strip(";"):
        raise QueryRefused("There is no statement to run.")
    if len(sql) > MAX_SQL_CHARACTERS:
        raise QueryRefused(f"The statement is longer than {MAX_SQL_CHARACTERS} characters.")
    try:
        tokens = sqlglot.tokenize(sql, read="duckdb")
    except SqlglotError as error:
        raise QueryRefused(f"The statement cannot be read: {first_sentence(str(error))}") from None
    if not tokens:
        raise QueryRefused("There is no statement to run.")
    verb = tokens[0].text.upper()
    if verb not in READING_VERBS:
        raise QueryRefused(f"Only reading is allowed here, and {verb} is not reading.")
    if len(tokens) > _MOST_TOKENS:
        return
    try:
        statements = [statement for statement in sqlglot.parse(sql, read="duckdb") if statement is not None]
    except (SqlglotError, RecursionError):
        return
    if len(statements) > 1:
        raise QueryRefused(f"One statement at a time, please: this is {len(statements)}.")
    writing = (
        next(statements[0].find_all(exp.DML, exp.DDL, exp.Drop, exp.Alter, exp.Copy, exp.Attach, exp.Set), None) if statements else None
    )
    if writing is not None and not isinstance(writing, exp.Query):
        raise QueryRefused(f"Only reading is allowed here, and {writing.key.upper()} is not reading.")


def _say_failure(status: int, text: str) -> str:
    if status == -signal.SIGKILL:
        return "The query was ended because it needs more memory than there is."
    if status < 0:
        return f"The query was ended by signal {-status}."
    sentence = first_sentence(text)
    if sentence.startswith("Out of Memory"):
        return "The query needs more memory than it may use: ask for less at a time."
    return sentence
