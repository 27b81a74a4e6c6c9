"""Commands that operate the observatory: status, doctor, sources, publish, migrate, rebuild."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from flows.commands.door import DONE, FAILED, PARTIAL, complain, explained, now, say, show
from flows.settings import parse_duration

Json = Annotated[bool, typer.Option("--json", help="An array of objects.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the door."""
    app.command()(status)
    app.command()(doctor)
    inside = typer.Typer(help="Show every source: on or off, how it fares, last window, yield, rejects.", invoke_without_command=True)
    inside.callback()(sources)
    inside.command()(probe)
    app.add_typer(inside, name="sources")
    app.command()(publish)
    app.command()(migrate)
    app.command()(rebuild)


def status(
    context: typer.Context,
    max_age: Annotated[str, typer.Option(help="Exit 1 when the snapshot is older, such as 26h or 3d.")] = "26h",
    notify: Annotated[bool, typer.Option(help="When it is too old, tell those whom the settings name.")] = False,
    as_json: Json = False,
) -> None:
    """Say what is published and how the last runs ended; exit 1 when the snapshot is too old or the last run failed or died."""
    with explained():
        from flows.status import read_status

        settings = context.obj.settings()
        state = read_status(settings, now(), parse_duration(max_age))
        if notify and state.is_stale:
            from flows.notices import notice_of_silence
            from flows.notices_sending import send

            if notice := notice_of_silence(state.sentence, on=settings.notices.on):
                for failure in send(notice, settings.notices, settings.secrets_dir):
                    complain(failure)
        show(
            state.runs,
            ("run_id", "flow", "logical_on", "state", "started_at", "finished_at", "note"),
            title=state.sentence,
            as_json=as_json,
        )
        if as_json and state.is_stale:
            typer.echo(state.sentence, err=True)
    raise typer.Exit(FAILED if state.is_stale else DONE)


def doctor(
    context: typer.Context,
    live: Annotated[bool, typer.Option("--live", help="Also ask every enabled source once whether it answers.")] = False,
    as_json: Json = False,
) -> None:
    """Check disk, lock, models, keys, time zone, versions and files; exit 1 when something would stop a run."""
    with explained():
        from flows.doctor import examine, examine_live

        settings = context.obj.settings()
        findings = examine(settings, now())
        if live:
            findings += examine_live(settings, now().date(), say=say)
        show([finding.as_row() for finding in findings], ("what", "state", "detail"), as_json=as_json)
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(FAILED)


def sources(context: typer.Context, as_json: Json = False) -> None:
    """Show every source: on or off, how it fares, last window, yield, rejects."""
    if context.invoked_subcommand:
        return
    with explained():
        from flows.sources import source_states

        columns = ("source", "kind", "state", "health", "covered_to_on", "document_count", "reject_count", "checked_on")
        show(source_states(context.obj.settings()), columns, as_json=as_json)


def probe(
    context: typer.Context,
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may be given again.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """Ask every enabled source once, politely, and say what came back and whether it was understood; exit 3 when one was not."""
    with explained():
        from flows.probing import probe_sources

        probes = list(probe_sources(context.obj.settings(), source, now().date(), say=say))
        columns = ("source", "verdict", "status", "document_count", "reject_count", "size_bytes", "said")
        show([{"verdict": "well" if one.is_well else "bad", **asdict(one)} for one in probes], columns, as_json=as_json)
    if not all(one.is_well for one in probes):
        raise typer.Exit(PARTIAL)


def publish(
    context: typer.Context,
    accept: Annotated[
        list[str] | None, typer.Option(help="Publish although this gate is open; may be given again.", show_default=False)
    ] = None,
) -> None:
    """Check the warehouse and publish it as a new snapshot: also what a night held back, once a person accepts it by the gate's name."""
    with explained():
        from flows.curation import taxonomy_in_force
        from flows.night import open_work, require_warehouse
        from flows.stages.publish import check, last_judged_on, publish_snapshot

        settings = context.obj.settings()
        require_warehouse(settings)
        with open_work(settings, "publish", now().date(), now=now, say=say) as run:
            run.logical_on = last_judged_on(run.connection) or run.logical_on
            check(run, accept or ())
            typer.echo(str(publish_snapshot(run, taxonomy_in_force(settings))))


def migrate(context: typer.Context) -> None:
    """Bring the warehouse file to this version's schema."""
    with explained():
        from flows.lock import acquire
        from flows.warehouse.connection import open_writer
        from flows.warehouse.schema import migrate as apply_migrations

        settings = context.obj.settings()
        with acquire(settings.lock):
            connection = open_writer(settings.warehouse, memory_limit=settings.memory_limit, threads=settings.threads)
            try:
                applied = apply_migrations(connection, now())
            finally:
                connection.close()
        typer.echo(f"Applied {', '.join(applied)}." if applied else "Nothing to apply: the warehouse has this version's schema.")


def rebuild(context: typer.Context) -> None:
    """Make the warehouse again from the landing, publish it, and keep the old file beside it until that is done."""
    with explained():
        from flows.rebuild import rebuild_from_landing

        outcome = rebuild_from_landing(context.obj.settings(), now=now, say=say)
        typer.echo(f"{outcome.run_id}: {outcome.rows.get('parse', 0)} document versions read again, published {outcome.snapshot.name}.")
    if outcome.problems:
        raise typer.Exit(PARTIAL)
