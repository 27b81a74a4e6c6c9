"""Commands that ask the published snapshot: rank, explain, query."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from flows.commands.door import FAILED, USAGE, complain, explained, say, show
from flows.commands.ranking_table import show_ranking
from flows.settings import SettingsError, parse_day

LEVELS = ("technology", "topic")
_SIMULATED = " (simulated data)"


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the door."""
    app.command()(rank)
    app.command()(explain)
    app.command()(query)


def rank(
    context: typer.Context,
    track: Annotated[str | None, typer.Option(help="Only this track.", show_default=False)] = None,
    as_of: Annotated[str | None, typer.Option(help="Any past day; computed on demand where it is not stored.", show_default=False)] = None,
    top: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    level: Annotated[str, typer.Option(help="technology or topic.")] = "technology",
    as_json: Annotated[bool, typer.Option("--json", help="An array of objects.")] = False,
) -> None:
    """Show the ranking with its intervals and stages."""
    with explained():
        from flows.ranking import is_simulated, read_ranking, require_track

        if level not in LEVELS:
            raise SettingsError(f"level {level!r} is not one of {', '.join(LEVELS)}.")
        if track is not None:
            require_track(track)
        day = parse_day(as_of) if as_of else None
        rows = read_ranking(context.obj.settings(), as_of=day, track=track, top=top, level=level, say=say)
        if not rows and not as_json:
            typer.echo("Nothing is ranked there: no candidate meets the minimum evidence.")
            return
        kind = _SIMULATED if is_simulated(context.obj.settings()) else ""
        title = f"{level.capitalize()} ranking as of {rows[0]['as_of']}{kind}" if rows else None
        show_ranking(rows, title=title, as_json=as_json)


def explain(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name, alias or id of a technology.")],
    as_of: Annotated[str | None, typer.Option(help="Any past day.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object.")] = False,
) -> None:
    """Show the additive parts of a score, its series and its evidence documents."""
    with explained():
        import json

        from flows.ranking import Unknown, explain_technology, is_simulated

        try:
            explanation = explain_technology(context.obj.settings(), name, as_of=parse_day(as_of) if as_of else None, say=say)
        except Unknown as error:
            complain(str(error))
            raise typer.Exit(FAILED) from None
        if as_json:
            typer.echo(json.dumps(explanation, ensure_ascii=False, default=str))
        else:
            _print_explanation(explanation, _SIMULATED if is_simulated(context.obj.settings()) else "")


def query(
    context: typer.Context,
    sql: Annotated[str, typer.Argument(help="One SELECT over marts; - reads it from standard input.")] = "",
    saved: Annotated[str, typer.Option("--saved", help="Run a saved query by its name; `list` shows them all.")] = "",
    output: Annotated[str, typer.Option("--format", help="table, csv, json or parquet.")] = "table",
) -> None:
    """Ask the published snapshot in SQL, read-only."""
    with explained():
        from flows.commands.output import FORMATS, write_result
        from flows.warehouse.safe_query import run_query

        if output not in FORMATS:
            raise SettingsError(f"format {output!r} is not one of {', '.join(FORMATS)}.")
        if bool(sql) == bool(saved):
            raise SettingsError("Say either a statement or --saved with a name (`--saved list` shows them).")
        if saved == "list":
            show(_saved_queries(), ("name", "question"))
            return
        text = _saved_query(saved) if saved else sys.stdin.read() if sql == "-" else sql
        result = run_query(context.obj.settings().snapshot, text)
        if output == "parquet" and sys.stdout.isatty():
            complain("Parquet is binary: send it to a file with > name.parquet.")
            raise typer.Exit(USAGE)
        write_result(result, output)


def _saved_queries() -> list[dict[str, str]]:
    """Name and question of every query that ships."""
    from flows.warehouse.reads import list_sql

    return [{"name": name, "question": text.partition("\n")[0].removeprefix("-- question: ")} for name, text in list_sql("queries").items()]


def _saved_query(name: str) -> str:
    from flows.warehouse.reads import list_sql

    queries = list_sql("queries")
    if name not in queries:
        raise SettingsError(f"There is no saved query {name!r}: `observatory query --saved list` shows them.")
    return queries[name]


def _print_explanation(explanation: Mapping[str, Any], kind: str) -> None:
    """Show an explanation to a person; `kind` says so behind the day where the data are simulated."""
    row = explanation["technology"]
    if row["is_ranked"]:
        standing = f"rank {row['rank']} (80 % interval {row['rank_low']}-{row['rank_high']}), "
        standing += f"score {row['score']:.1f} ({row['score_low']:.1f}-{row['score_high']:.1f})"
    else:
        standing = f"not ranked: {row['reason']}"
    typer.echo(f"{row['name']} as of {row['as_of']}{kind}: {standing}")
    typer.echo(
        f"track {row['track'] or '-'}, stage {row['stage']}, {row['works']} works, {row['recent_works']} of them in the last two years\n"
    )
    show(explanation["parts"], ("component", "value", "points"), title="Parts of the score (points add up to it)")
    columns = ("kind", "left_out_name", "works", "rank_without", "reason")
    show(explanation["left_out"], columns, title="\nWithout what speaks most of it")
    show(_by_quarter(explanation["series"]), ("quarter_on", "paper", "patent", "news", "grant"), title="\nWorks per quarter")
    show(explanation["evidence"], ("available_on", "kind", "title", "url"), title="\nStrongest documents")


def _by_quarter(series: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    quarters: dict[Any, dict[str, Any]] = {}
    for point in series:
        quarters.setdefault(point["quarter_on"], {"quarter_on": point["quarter_on"]})[point["stream"]] = point["works"]
    return [quarters[quarter] for quarter in sorted(quarters)][-12:]
