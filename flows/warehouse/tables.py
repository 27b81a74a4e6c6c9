"""Writing rows: all of them at once through Arrow, in the order and the types the catalogue states."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from flows.warehouse.errors import WarehouseError, explained

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_INCOMING = "incoming_rows"
_UNFIT = (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeEncodeError)


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the catalogue has it: DuckDB's type, the Arrow type that carries it, and whether it may be NULL."""

    name: str
    type: str
    arrow_type: Any
    is_nullable: bool


def append(connection: DuckDBPyConnection, table: str, rows: Any, run_id: str) -> int:
    """Add rows to `table` (`core.works`), stamped with `run_id` where the table has that column. Returns how many.

    `rows` is a sequence of mappings or of dataclass instances, or an Arrow table; keys are column names. A column
    that may be NULL may be left out. NaN is stored as NULL, a dict for a JSON column as JSON, a time with a zone as
    UTC. Raises WarehouseError with the table, the column and the row when something does not fit; then nothing is
    written.
    """
    columns = read_columns(connection, table)
    arrow = _from_arrow(rows, table, columns, run_id) if isinstance(rows, pa.Table) else _from_rows(rows, table, columns, run_id)
    if arrow.num_rows == 0:
        return 0
    _require_values(arrow, table, columns)
    names = ", ".join(f'"{column.name}"' for column in columns)
    with explained(table):
        connection.register(_INCOMING, arrow)
        try:
            connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {_INCOMING}")
        finally:
            connection.unregister(_INCOMING)
    return int(arrow.num_rows)


def read_columns(connection: DuckDBPyConnection, table: str) -> tuple[Column, ...]:
    """Columns of `table` (`schema.table`) in their order. Raises WarehouseError when there is no such table."""
    schema, _, name = table.partition(".")
    found = connection.execute(
        """
        SELECT column_name, data_type, is_nullable FROM duckdb_columns()
        WHERE database_name = current_database() AND schema_name = ? AND table_name = ? ORDER BY column_index
        """,
        [schema, name],
    ).fetchall()
    if not found:
        raise WarehouseError(f"The warehouse has no table {table}.")
    arrow_schema = connection.sql(f"SELECT * FROM {table} LIMIT 0").to_arrow_table().schema
    return tuple(Column(column, kind, arrow_schema.field(column).type, nullable) for column, kind, nullable in found)


def _from_rows(rows: Sequence[Any], table: str, columns: Sequence[Column], run_id: str) -> Any:
    records = [_as_mapping(row) for row in rows]
    known = {column.name for column in columns}
    for place, record in enumerate(records):
        if unknown := record.keys() - known:
            raise WarehouseError(f"{table} has no column {min(unknown)} (row {place}).")
    arrays = []
    for column in columns:
        values = [run_id] * len(records) if column.name == "run_id" else [_storable(record.get(column.name), column) for record in records]
        arrays.append(_to_array(values, table, column))
    return pa.table(arrays, names=[column.name for column in columns])


def _from_arrow(rows: Any, table: str, columns: Sequence[Column], run_id: str) -> Any:
    if unknown := set(rows.column_names) - {column.name for column in columns}:
        raise WarehouseError(f"{table} has no column {min(unknown)}.")
    arrays = []
    for column in columns:
        if column.name == "run_id":
            arrays.append(pa.array([run_id] * rows.num_rows, column.arrow_type))
        elif column.name not in rows.column_names:
            arrays.append(pa.nulls(rows.num_rows, column.arrow_type))
        else:
            given = rows.column(column.name)
            if pa.types.is_floating(given.type):
                given = pc.if_else(pc.is_nan(given), pa.scalar(None, given.type), given)
            try:
                arrays.append(given.cast(column.arrow_type))
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                raise WarehouseError(f"{table}.{column.name}: {given.type} values do not fit {column.type}: {error}") from None
    return pa.table(arrays, names=[column.name for column in columns])


def _as_mapping(row: Any) -> Mapping[str, Any]:
    if isinstance(row, Mapping):
        return row
    return {part.name: getattr(row, part.name) for part in dataclasses.fields(row)}


def _storable(value: Any, column: Column) -> Any:
    """The value as Arrow takes it for this column."""
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    if column.type == "JSON" and value is not None and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, Mapping) and column.type.startswith("MAP"):
        return sorted(value.items())
    return value


def _to_array(values: list[Any], table: str, column: Column) -> Any:
    if not any(_is_cut(value, column) for value in values):
        with suppress(*_UNFIT):
            return pa.array(values, column.arrow_type)
    place = next(place for place, value in enumerate(values) if not _fits(value, column))
    raise WarehouseError(f"{table}.{column.name}: row {place} holds {values[place]!r:.80}, which is not {column.type}.")


def _is_cut(value: Any, column: Column) -> bool:
    """True for 1.5 in a column of whole numbers: Arrow would cut it down to 1 without a word."""
    return isinstance(value, float) and pa.types.is_integer(column.arrow_type) and not value.is_integer()


def _fits(value: Any, column: Column) -> bool:
    try:
        pa.array([value], column.arrow_type)
    except _UNFIT:
        return False
    return not _is_cut(value, column)


def _require_values(arrow: Any, table: str, columns: Sequence[Column]) -> None:
    for column in columns:
        values = arrow.column(column.name)
        if not column.is_nullable and values.null_count:
            place = pc.index(pc.is_null(values), True).as_py()
            raise WarehouseError(f"{table}.{column.name} must not be empty (row {place}).")
