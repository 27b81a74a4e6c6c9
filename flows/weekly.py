"""The weekly report, from the published snapshot: what the decision maker reads and what the analyst queries are the same numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings import Settings, SettingsError

if TYPE_CHECKING:
    from flows.reports.records import ReportFiles


def write_weekly_report(settings: Settings, *, week: str | None = None, out: Path | None = None) -> ReportFiles:
    """Write the report of an ISO week (default: the week of the snapshot) to `out` or `<data folder>/reports/<week>`.

    Raises WarehouseError when nothing is published, SettingsError when the week is none or lies after the snapshot.
    """
    from flows.reports.weekly import read_week, write_report
    from flows.reports.weeks import parse_week, week_of
    from flows.warehouse.connection import open_reader

    with open_reader(settings.snapshot, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
        as_of = connection.execute("SELECT as_of FROM marts.snapshot").fetchall()[0][0]
        try:
            chosen = parse_week(week) if week else week_of(as_of)
        except ValueError as error:
            raise SettingsError(str(error)) from None
        data = read_week(connection, chosen, as_of=None)
    return write_report(data, out or settings.reports / str(chosen))
