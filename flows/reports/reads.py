"""The queries behind a report: run with bound values, shown with the same values written out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PACKAGE = "flows.reports"
_PARAMETER = re.compile(r"\$([a-z_]+)")
Value = str | int | date | None | Sequence[str]


def run_read(connection: DuckDBPyConnection, name: str, values: Mapping[str, Value], package: str = PACKAGE) -> list[dict[str, Any]]:
    """Rows of `reads/<name>.sql` of a package, keys = its columns; `values` holds at least the `$names` in its text."""
    cursor = execute_read(connection, name, values, package)
    columns = [column[0] for column in cursor.description or []]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def execute_read(connection: DuckDBPyConnection, name: str, values: Mapping[str, Value], package: str = PACKAGE) -> DuckDBPyConnection:
    """Run `reads/<name>.sql` of a package with its values bound; the answer waits on the connection."""
    text = _load(name, package)
    return connection.execute(text, {key: values[key] for key in set(_PARAMETER.findall(text))})


def written_out(name: str, values: Mapping[str, Value], package: str = PACKAGE) -> str:
    """The same read as a text that runs as it stands: each `$name` replaced by its value as a literal."""
    return _PARAMETER.sub(lambda match: _literal(values[match[1]]), _load(name, package)).strip()


@cache
def _load(name: str, package: str) -> str:
    return files(package).joinpath("reads", f"{name}.sql").read_text(encoding="utf-8")


def _literal(value: Value) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "[" + ", ".join(_literal(item) for item in value) + "]"
