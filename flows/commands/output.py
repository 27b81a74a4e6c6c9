"""Results of a query in the format a person or a program wants."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import typer

from flows.commands.door import complain, plain, show
from flows.spreadsheets import write_csv

if TYPE_CHECKING:
    from flows.warehouse.safe_query import Result

FORMATS = ("table", "csv", "json", "parquet")


def write_result(result: Result, output: str) -> None:
    """Write to standard output. A CSV cell that a spreadsheet would run as a formula gets a leading apostrophe."""
    if result.is_truncated:
        complain(f"Only the first {len(result.rows)} rows are shown: add a LIMIT or a condition.")
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    if output == "table":
        show(rows, result.columns)
    elif output == "json":
        typer.echo(json.dumps([{key: plain(value) for key, value in row.items()} for row in rows], ensure_ascii=False, default=str))
    elif output == "csv":
        typer.echo(write_csv(result.columns, result.rows), nl=False)
    else:
        import pyarrow.parquet as pq

        pq.write_table(result.table, sys.stdout.buffer)
