"""The weekly report, from the published snapshot: what the decision maker reads and what the analyst queries are the same numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flows.night import Perform, perform_plainly
from flows.settings import Settings, SettingsError

if TYPE_CHECKING:
    from flows.reports.records import ReportFiles, WeekData


def write_weekly_report(
    settings: Settings, *, week: str | None = None, out: Path | None = None, perform: Perform = perform_plainly
) -> ReportFiles:
    """Write the report of an ISO week (default: the week of the snapshot) to `out` or `<data folder>/reports/<week>`.

    `perform` runs the two stages, read and write. Raises WarehouseError when nothing is published, SettingsError when the week is none.
    """
    from flows.reports.weekly import read_week, write_report
    from flows.reports.weeks import parse_week, week_of
    from flows.warehouse.connection import open_reader

    read: list[WeekData] = []
    written: list[ReportFiles] = []

    def read_snapshot() -> None:
        with open_reader(settings.snapshot, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
            as_of = connection.execute("SELECT as_of FROM marts.snapshot").fetchall()[0][0]
            try:
                chosen = parse_week(week) if week else week_of(as_of)
            except ValueError as error:
                raise SettingsError(str(error)) from None
            read.append(read_week(connection, chosen, as_of=None))

    perform("read week", read_snapshot)
    data = read[0]
    perform("write report", lambda: written.append(write_report(data, out or settings.reports / str(data.week))))
    return written[0]
