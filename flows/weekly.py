"""The week: topics revised once, and the report from the published snapshot, so that the decision maker reads what the analyst queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows.ledger import Clock, Say
from flows.night import Outcome, Perform, finish, open_work, perform_plainly, require_warehouse
from flows.settings import Delivery, Settings, SettingsError

if TYPE_CHECKING:
    from flows.ledger import Run
    from flows.reports.editions import Edition
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
    settings: Settings, *, now: Clock, week: str | None = None, out: Path | None = None, perform: Perform = perform_plainly
) -> ReportFiles:
    """Issue the report of an ISO week (default: the week of the snapshot) as an edition in `<data folder>/reports/<week>` and hand it
    over; or, given `out`, write it there as a file of its own, which is no edition and goes nowhere. The Chinese editions
    are a series of their own, in `reports/zh`.

    `perform` runs the stages: read, write, deliver. What went wrong on the way stands in the `problems` of what is returned. Raises
    WarehouseError when nothing is published, SettingsError when the week is none.
    """
    from flows.delivery import deliver
    from flows.reports.editions import RECORD, number_for, read_shelf
    from flows.reports.errata import place_in_series
    from flows.reports.issuing import issue
    from flows.reports.language import load_language
    from flows.reports.proof import read_proofs
    from flows.reports.watchlist import Watched, read_watch
    from flows.reports.weekly import read_week, write_report
    from flows.reports.weeks import parse_week, week_of
    from flows.warehouse.connection import open_reader

    try:
        proofs = read_proofs(settings.reports)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    language = load_language(settings.report_lang)
    reports = settings.reports if language.is_english else settings.reports / language.code
    shelf = read_shelf(reports)
    watched = Watched(settings.watchlist.technologies, settings.watchlist.tracks, settings.watchlist.actors)
    read: list[WeekData] = []
    written: list[ReportFiles] = []
    issued: list[Edition] = []

    def read_snapshot() -> None:
        with open_reader(settings.snapshot, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
            as_of = connection.execute("SELECT as_of FROM marts.snapshot").fetchall()[0][0]
            try:
                chosen = parse_week(week) if week else week_of(as_of)
            except ValueError as error:
                raise SettingsError(str(error)) from None
            data = read_week(connection, chosen, language=language)
            number = 0 if out else number_for(reports, str(chosen), data.snapshot.content)
            series = place_in_series(connection, data, shelf, number=number)
            watch, queries = read_watch(connection, data, watched)
            read.append(replace(data, proofs=proofs, series=series, watch=watch, queries=(*data.queries, *queries)))

    def write() -> None:
        if out:
            written.append(write_report(read[0], out))
            return
        files, edition = issue(read[0], reports)
        written.append(files)
        issued.append(edition)

    perform("read week", read_snapshot)
    perform("write report", write)
    problems = [f"{name}/{RECORD} is damaged: what that edition stated is not checked." for name in shelf.damaged]
    if issued and settings.delivery != Delivery():
        perform("deliver", lambda: problems.extend(deliver(settings, issued[0], reports, now=now())))
    return replace(written[0], notes=read[0].watch.unknown if read[0].watch else (), problems=tuple(problems))
