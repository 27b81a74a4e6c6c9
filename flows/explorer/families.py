"""What a family of pages is: its address, its tables, and how it answers. `app.py` lists them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.explorer.address import Address
from flows.explorer.snapshots import View
from flows.explorer.tables import Table, TableSpec, read_table
from flows.reports.reads import Value


@dataclass(frozen=True, slots=True)
class Question:
    """An address understood: `values` are bound in the reads, `parameters` give the address again, `page` is that of its long table,
    `is_foreign` as in Address."""

    values: Mapping[str, Value]
    parameters: Mapping[str, str]
    page: int = 1
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What a template is filled with. `title` is the heading; `place` the entry of the navigation it belongs to."""

    template: str
    title: str
    place: str
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """Another address answers this question."""

    path: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """One address: `parse` understands it (raising Refused), `show` answers, `tables` are what it shows, by name in `/data/`."""

    path: str
    parse: Callable[[Address, View], Question]
    show: Callable[[View, Question], Page | Moved]
    tables: tuple[TableSpec, ...] = ()


def read(view: View, spec: TableSpec, question: Question, *, paged: bool = False, **more: Value) -> Table:
    """A table of the page asked for; only a `paged` one follows the page number. `more` are values that the page found out."""
    return read_table(view, spec, {**question.values, **more}, question.parameters, question.page if paged else 1)
