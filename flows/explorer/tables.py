"""Tables of a page: one SQL read each, shown in part, exported whole, and citable as the query that gives it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.explorer.address import Refused
from flows.explorer.snapshots import PACKAGE, View
from flows.reports.reads import Value, execute_read, written_out

PAGE_ROWS = 50
EXPORT_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column as a page shows it: `kind` says how a cell is drawn (`templates/cells.html.j2`)."""

    name: str
    label: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table: its name in `/data/<name>.csv`, the read that fills it, its caption, the columns a page shows, its rows on a page."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    read: str = ""
    package: str = PACKAGE
    rows: int = PAGE_ROWS


@dataclass(frozen=True, slots=True)
class Table:
    """Rows read for a page. `has_more` = the read would give more rows behind these; `parameters` = the address of the export."""

    spec: TableSpec
    rows: list[dict[str, Any]]
    sql: str
    page: int
    has_more: bool
    parameters: dict[str, str]

    @property
    def first(self) -> int:
        """Number of the first row shown, from 1."""
        return (self.page - 1) * self.spec.rows + 1


def read_table(view: View, spec: TableSpec, values: Mapping[str, Value], parameters: Mapping[str, str], page: int = 1) -> Table:
    """The rows of page `page` of a table. Raises Refused for a page behind its end."""
    bound = {**values, "rows": spec.rows + 1, "skip": (page - 1) * spec.rows}
    cursor = execute_read(view.cursor, spec.read or spec.name, bound, spec.package)
    names = [column[0] for column in cursor.description or []]
    found = cursor.fetchmany(spec.rows + 1)
    if page > 1 and not found:
        raise Refused(404, "There is no such page", f"This table ends before page {page:,}.")
    rows = [dict(zip(names, row, strict=True)) for row in found[: spec.rows]]
    sql = written_out(spec.read or spec.name, {**bound, "rows": spec.rows}, spec.package)
    return Table(spec, rows, sql, page, len(found) > spec.rows, {**parameters})


def read_whole(view: View, spec: TableSpec, values: Mapping[str, Value]) -> Any:
    """The table as Arrow: all its rows, or EXPORT_ROWS + 1 where it has more."""
    bound = {**values, "rows": EXPORT_ROWS + 1, "skip": 0}
    return execute_read(view.cursor, spec.read or spec.name, bound, spec.package).to_arrow_table()
