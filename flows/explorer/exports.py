"""A table as a file: CSV that no spreadsheet runs, JSON, Parquet."""

from __future__ import annotations

import io
import json
import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flows.spreadsheets import write_csv

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "parquet": "application/vnd.apache.parquet"}


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
    if isinstance(value, Decimal):
        return float(value)
    return value.hex() if isinstance(value, bytes) else value
