"""Commands that write: demo, scan, backfill, import, report, serve."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from flows.commands.door import PARTIAL, complain, explained, now, say, show
from flows.commands.ranking_table import show_ranking
from flows.settings import Settings, SettingsError, parse_day

if TYPE_CHECKING:
    from flows.night import Outcome
    from flows.reports.records import ReportFiles


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the door."""
    app.command()(demo)
    app.command()(scan)
    app.command()(backfill)
    app.command("import")(import_)
    app.command()(report)
    app.command()(serve)


def demo(context: typer.Context) -> None:
    """Run the main job offline on the simulated practice archive: crawl it, read, rank, publish, report."""
    with explained():
        from flows.demo import run_demo

        settings = context.obj.settings()
        outcome, files, planted = run_demo(settings, now=now, say=_tell)
        _print_ranking(settings, top=planted)
        typer.echo(f"\nSimulated practice data. Weekly report: {files.html}")
    _end(outcome, files)


def scan(
    context: typer.Context,
    day: Annotated[str | None, typer.Option("--date", help="Day the scan stands for; default today (UTC).", show_default=False)] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may be given again.", show_default=False)] = None,
    dry_run: Annotated[bool, typer.Option(help="Say what would be gathered, and stop.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --dry-run: an array of objects.")] = False,
    vectors: Annotated[str | None, typer.Option(help="fast or model.", show_default=False)] = None,
) -> None:
    """Run the nightly scan once: gather what is new, read, rank, publish."""
    with explained():
        settings = context.obj.settings(vectors=vectors)
        logical_on = parse_day(day) if day else now().date()
        if logical_on > now().date() and not settings.allow_hosts:
            raise SettingsError(f"{logical_on} is in the future; a scan stands for a day that has begun.")
        from flows.sources import chosen_sources, planned_windows

        sources, skipped = chosen_sources(settings, source)
        for reason in skipped:
            complain(reason)
        if dry_run:
            show(planned_windows(settings, sources, logical_on), ("source", "from_on", "to_on"), title="Would gather", as_json=as_json)
            return
        from flows.nightly import scan as scan_once

        outcome = scan_once(settings, sources, logical_on, now=now, say=say)
        typer.echo(f"{outcome.run_id}: {outcome.rows.get('parse', 0)} new document versions, published {outcome.snapshot.name}.")
    _end(outcome)


def backfill(
    context: typer.Context,
    from_: Annotated[str, typer.Option("--from", help="First day, such as 2019-01-01.")],
    to: Annotated[str, typer.Option(help="Last day.")],
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may be given again.", show_default=False)] = None,
    vectors: Annotated[str | None, typer.Option(help="fast or model.", show_default=False)] = None,
) -> None:
    """Gather a past span, window by window; run it again to go on where it stopped."""
    with explained():
        settings = context.obj.settings(vectors=vectors)
        from crawlers.records import Window
        from flows.night import open_work, run_night
        from flows.nightly import perform_flow
        from flows.sources import chosen_sources
        from flows.worlds import enter_world

        first, last, today = parse_day(from_), parse_day(to), now().date()
        if first > last or (last > today and not settings.allow_hosts):
            raise SettingsError(f"{from_} to {to} is not a span of past days.")
        sources, skipped = chosen_sources(settings, source)
        for reason in skipped:
            complain(reason)
        with open_work(settings, "backfill", max(last, today), now=now, say=say) as run:
            enter_world(run.connection, simulated=False)
            outcome = perform_flow("backfill", run, lambda perform: run_night(run, sources, perform=perform, span=Window(first, last)))
        typer.echo(f"{outcome.run_id}: {outcome.rows.get('parse', 0)} new document versions, published {outcome.snapshot.name}.")
    _end(outcome)


def import_(
    context: typer.Context,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Parquet, JSONL or CSV in the import columns; - reads JSONL from standard input.")
    ],
    source: Annotated[str | None, typer.Option(help="Stands in for the column source.", show_default=False)] = None,
    day: Annotated[
        str | None, typer.Option("--date", help="Day to rank as of; default the last day any document was available.", show_default=False)
    ] = None,
    vectors: Annotated[str | None, typer.Option(help="fast or model.", show_default=False)] = None,
) -> None:
    """Bring in a corpus you already hold, through the same stages as a scan."""
    with explained():
        settings = context.obj.settings(vectors=vectors)
        logical_on = parse_day(day) if day else None
        from flows.ledger import stage
        from flows.night import finish, open_work
        from flows.nightly import perform_flow
        from flows.stages.importing import import_files, last_available_on
        from flows.worlds import enter_world

        handles: list[Path | IO[bytes]] = [sys.stdin.buffer if name == "-" else Path(name) for name in files]
        today = now().date()
        with open_work(settings, "import", logical_on or today, now=now, say=say) as run:
            enter_world(run.connection, simulated=False)
            with stage(run, "import"):
                rejects = import_files(run, handles, source=source, today=today)
            for reject in rejects[:20]:
                complain(f"refused {reject.detail}")
            if rejects:
                run.problems.append(f"{len(rejects)} rows were refused and recorded with their reasons.")
            run.logical_on = logical_on or last_available_on(run.connection, today)
            outcome = perform_flow("import_corpus", run, lambda perform: finish(run, perform=perform))
        fresh = outcome.rows.get("import", 0)
        typer.echo(
            f"{outcome.run_id}: {fresh} new document versions, ranked as of {outcome.logical_on}, published {outcome.snapshot.name}."
        )
    _end(outcome)


def report(
    context: typer.Context,
    week: Annotated[
        str | None, typer.Option(help="ISO week such as 2026-W47; default the week of the snapshot.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to; default reports/<week> in the data folder.", show_default=False)
    ] = None,
    lang: Annotated[
        str | None, typer.Option(help="Language: en, or zh for Chinese; default the setting report_lang.", show_default=False)
    ] = None,
    refit: Annotated[bool, typer.Option("--refit", help="First let the topics be revised, once an ISO week, and publish.")] = False,
) -> None:
    """Issue the weekly trend report: one HTML page, Markdown and an e-mail; the index and the feed of all editions; deliver it."""
    with explained():
        settings = context.obj.settings(report_lang=lang)
        held: Exception | None = None
        if refit:
            from flows.nightly import weekly

            files, held = weekly(settings, week=week, out=out, now=now, say=say)
        else:
            from flows.weekly import write_weekly_report

            files = write_weekly_report(settings, now=now, week=week, out=out)
        typer.echo(str(files.html))
        for note in files.notes:
            complain(note)
        if held is not None:
            raise held
    _end(files)


def serve(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(help="Loopback port of the Prefect server; 0 = any free one. Default: serve_port.", show_default=False)
    ] = None,
) -> None:
    """Run the schedules until stopped: every night the scan, every week the revision of topics and the report; Prefect shows the runs."""
    with explained():
        from flows.serving import serve as serve_schedules

        serve_schedules(context.obj.settings(serve_port=port), config=context.obj.config, now=now, say=complain)


def _tell(sentence: str) -> None:
    """Progress of the demo: always shown, because somebody is trying it out."""
    complain(f"{now():%H:%M:%S} {sentence}")


def _print_ranking(settings: Settings, *, top: int) -> None:
    from flows.ranking import read_ranking

    rows = read_ranking(settings, as_of=None, track=None, top=top, level="technology", say=say)
    show_ranking(rows, title=f"Emerging technologies as of {rows[0]['as_of'] if rows else '-'} (simulated practice data)")


def _end(*done: Outcome | ReportFiles) -> None:
    problems = [problem for one in done for problem in one.problems]
    for problem in problems:
        complain(problem)
    if problems:
        raise typer.Exit(PARTIAL)
