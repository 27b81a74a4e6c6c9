"""The command that proves: backtest."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.door import PARTIAL, complain, explained, say
from flows.settings import SettingsError, parse_day

_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")
_MOST_SPLITS = 200


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the door."""
    app.command()(backtest)


def backtest(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="Folder for backtest.json, backtest.html and backtest.md.")] = Path("backtest"),
    cutoffs: Annotated[
        str | None,
        typer.Option(
            help="Days or years (their last days), such as 2006-2014 or 2010,2012-06-30; default all that leave room.", show_default=False
        ),
    ] = None,
    splits: Annotated[int, typer.Option(min=1, max=_MOST_SPLITS, help="Random halves of the works at each cut-off.")] = 30,
    stream: Annotated[list[str] | None, typer.Option(help="Only this stream; may be given again.", show_default=False)] = None,
    expert: Annotated[
        Path | None,
        typer.Option(
            help="CSV of expert lists: technology, list, year, aliases. Judges every quarter, so it takes long.", show_default=False
        ),
    ] = None,
    with_filter: Annotated[
        bool,
        typer.Option(help="Judge only names that the learned filter lets pass, as the nightly list does; its teachers knew what came."),
    ] = False,
    name: Annotated[str | None, typer.Option(help="What to call the corpus; default the data folder's name.", show_default=False)] = None,
) -> None:
    """Prove the score in time: rebuild past cut-offs from their own past, and compare with what came after and with every baseline."""
    with explained():
        from flows.backtest import prove

        settings = context.obj.settings()
        days = parse_cutoffs(cutoffs) if cutoffs else None
        streams = tuple(stream) if stream else None
        result, files = prove(
            settings, name=name, cutoffs=days, streams=streams, splits=splits, expert=expert, out=out, say=say, with_filter=with_filter
        )
        typer.echo(files.markdown.read_text(encoding="utf-8"))
        typer.echo(str(files.html))
    if not result.rows:
        complain("No cut-off could be judged; the reasons stand above.")
        raise typer.Exit(PARTIAL)


def parse_cutoffs(text: str) -> tuple[date, ...]:
    """`2006-2014`, `2010,2012` or `2012-06-30` -> days, a year standing for its last day. Raises SettingsError otherwise."""
    days: list[date] = []
    for part in text.split(","):
        years = _YEARS.fullmatch(part.strip())
        if years is None:
            days.append(parse_day(part.strip()))
            continue
        first, last = int(years[1]), int(years[2] or years[1])
        if first > last:
            raise SettingsError(f"{part.strip()} runs backwards; write the earlier year first.")
        days += [parse_day(f"{year}-12-31") for year in range(first, last + 1)]
    return tuple(sorted(set(days)))
