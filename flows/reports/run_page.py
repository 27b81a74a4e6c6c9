"""The page of a run: what was asked for, what came, what was refused, how long it took, what was checked, what was published."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from flows.reports.reads import run_read
from flows.reports.texts import clean_text, markdown_text, say_day

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TEXT_LENGTH = 400
REJECTS_SHOWN = 100
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RunData:
    """One run. `problems` are sentences; the rows of the tables have the columns of `reads/run_*.sql`, their texts made safe to show.

    `published` is the name of the snapshot it published, None when the one before was kept.
    """

    run_id: str
    flow: str
    logical_on: date
    state: str
    started_at: datetime
    finished_at: datetime | None
    code_version: str
    problems: tuple[str, ...]
    stages: Sequence[Row]
    windows: Sequence[Row]
    rejects: Sequence[Row]
    checks: Sequence[Row]
    alerts: Sequence[Row]
    published: str | None
    is_simulated: bool

    @property
    def open_checks(self) -> list[Row]:
        """The checks that found something."""
        return [check for check in self.checks if check["failed_count"]]


def read_run(
    connection: DuckDBPyConnection, run_id: str, *, problems: Sequence[str], published: Path | None, redact: Callable[[str], str]
) -> RunData:
    """Everything the page says, from the warehouse. `redact` takes keys out of a text. Raises LookupError for an unknown run."""
    found = run_read(connection, "run_itself", {"run_id": run_id})
    if not found:
        raise LookupError(f"The ledger knows no run {run_id}.")
    run = found[0]

    def rows(name: str) -> list[Row]:
        values = {"run_id": run_id, "as_of": run["logical_on"]}
        return [{column: _safe(value, redact) for column, value in row.items()} for row in run_read(connection, name, values)]

    simulated = connection.execute("SELECT count(*) FROM meta.facts WHERE key = 'world' AND value = 'simulated'").fetchall()[0][0]
    return RunData(
        run_id=run_id,
        flow=run["flow"],
        logical_on=run["logical_on"],
        state=run["state"],
        started_at=run["started_at"],
        finished_at=run["finished_at"],
        code_version=run["code_version"],
        problems=tuple(_safe(problem, redact) for problem in problems),
        stages=rows("run_stages"),
        windows=rows("run_windows"),
        rejects=rows("run_rejects"),
        checks=rows("run_checks"),
        alerts=rows("run_alerts"),
        published=published.name if published else None,
        is_simulated=bool(simulated),
    )


def render_run(data: RunData) -> str:
    """The page: loads nothing, runs nothing; its style is inline and named by digest in its own policy."""
    environment = _environment()
    style = environment.get_template("report.css.j2").render(is_simulated=data.is_simulated)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("run.html.j2").render(
        run=data,
        style=Markup(style),  # noqa: S704 - our own file
        style_digest=digest,
        rejects_shown=REJECTS_SHOWN,
    )


def render_run_markdown(data: RunData) -> str:
    """The same in short, as Markdown: what Prefect shows."""
    return _environment().get_template("run.md.j2").render(run=data)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows.reports"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        day=say_day,
        clock=lambda at: at.strftime("%Y-%m-%d %H:%M:%S") if at else "-",
        count=lambda number: "-" if number is None else f"{number:,}",
        rate=lambda number: "-" if number is None else f"{number:,.1f}",
        seconds=lambda number: "-" if number is None else f"{number:,.1f} s",
        md=lambda text: markdown_text(str(text)),
    )
    return environment


def _safe(value: Any, redact: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean_text(redact(value), TEXT_LENGTH)
    if isinstance(value, list):
        return [_safe(item, redact) for item in value]
    return value
