"""A table as a file: CSV that no spreadsheet runs, JSON, Parquet."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "parquet": "application/vnd.apache.parquet"}
# What a spreadsheet takes for the beginning of a formula; the full-width signs are those of East Asian editions.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def export_table(table: Any, form: str) -> bytes:
    """An Arrow table in one of MEDIA_TYPES' formats. JSON is an array of objects; days and times are in ISO form."""
    if form == "parquet":
        import pyarrow.parquet as pq

        sink = io.BytesIO()
        pq.write_table(table, sink)
        return sink.getvalue()
    if form == "json":
        return json.dumps([_plain(row) for row in table.to_pylist()], ensure_ascii=False, default=str).encode("utf-8", "replace")
    columns = [column.to_pylist() for column in table.columns]
    return write_csv(table.column_names, zip(*columns, strict=True)).encode("utf-8", "replace")


def write_csv(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Comma-separated lines under a line of names. A text that a spreadsheet would run gets a leading apostrophe, names too."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow([inert(name) for name in names])
    writer.writerows([inert(value) for value in row] for row in rows)
    return sink.getvalue()


def inert(value: object) -> object:
    """A cell that no spreadsheet takes for a formula; numbers and days stay what they are."""
    if isinstance(value, list | tuple):
        value = ", ".join(str(item) for item in value)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _plain(value: Any) -> Any:
    """A value as JSON can hold it: no NaN, no infinity, no bytes."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.hex() if isinstance(value, bytes) else value
