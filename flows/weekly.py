"""The week: topics revised once, and the report from the published snapshot, so that the decision maker reads what the analyst queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows.ledger import Clock, Say
from flows.night import Outcome, Perform, finish, open_work, perform_plainly, require_warehouse
from flows.settings import Settings, SettingsError

if TYPE_CHECKING:
    from flows.ledger import Run
    from flows.reports.records import ReportFiles, WeekData


def refit(settings: Settings, *, now: Clock, say: Say, wrap: Callable[[Run, Callable[[Perform], Outcome]], Outcome]) -> Outcome | None:
    """Let the topics be revised as of the published day, judge and publish; `wrap` runs the stages (plainly, or shown in Prefect).

    None, and nothing done, where they were revised in that ISO week already. Raises WarehouseError when nothing is published.
    """
    from flows.warehouse.connection import open_reader

    require_warehouse(settings)
    with open_reader(settings.snapshot) as snapshot:
        facts = dict(snapshot.execute("SELECT key, value FROM meta.facts WHERE key IN ('as_of', 'topics_fitted_on')").fetchall())
    as_of = date.fromisoformat(facts["as_of"])
    if "topics_fitted_on" in facts and same_week(date.fromisoformat(facts["topics_fitted_on"]), as_of):
        return None
    with open_work(settings, "refit", as_of, now=now, say=say) as run:
        run.connection.execute("DELETE FROM meta.facts WHERE key = 'topics_fitted_on'")
        return wrap(run, lambda perform: finish(run, perform=perform))


def same_week(day: date, other: date) -> bool:
    """Whether two days lie in one ISO week: Monday to Sunday, across the turn of the year too."""
    return day.isocalendar()[:2] == other.isocalendar()[:2]


def write_weekly_report(
    settings: Settings, *, week: str | None = None, out: Path | None = None, perform: Perform = perform_plainly
) -> ReportFiles:
    """Write the report of an ISO week (default: the week of the snapshot) to `out` or `<data folder>/reports/<week>`.

    `perform` runs the two stages, read and write. Raises WarehouseError when nothing is published, SettingsError when the week is none.
    """
    from flows.reports.proof import read_proofs
    from flows.reports.weekly import read_week, write_report
    from flows.reports.weeks import parse_week, week_of
    from flows.warehouse.connection import open_reader

    try:
        proofs = read_proofs(settings.reports)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    read: list[WeekData] = []
    written: list[ReportFiles] = []

    def read_snapshot() -> None:
        with open_reader(settings.snapshot, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
            as_of = connection.execute("SELECT as_of FROM marts.snapshot").fetchall()[0][0]
            try:
                chosen = parse_week(week) if week else week_of(as_of)
            except ValueError as error:
                raise SettingsError(str(error)) from None
            read.append(replace(read_week(connection, chosen, as_of=None), proofs=proofs))

    perform("read week", read_snapshot)
    data = read[0]
    perform("write report", lambda: written.append(write_report(data, out or settings.reports / str(data.week))))
    return written[0]
