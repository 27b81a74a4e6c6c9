"""`observatory`: one door to everything. Heavy libraries are loaded only by the commands that need them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows import __version__
from flows.commands import asking, curating, exploring, keeping, operating, proving, reading, running
from flows.commands.door import Door

app = typer.Typer(
    name="observatory",
    help="Find technologies early: gather papers, patents and news, map them onto six tracks, rank what emerges, show the evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"observatory {__version__}")
        raise typer.Exit


@app.callback()
def door(
    context: typer.Context,
    data_dir: Annotated[Path | None, typer.Option(help="Where everything is written (OBSERVATORY_DATA_DIR).", show_default=False)] = None,
    config: Annotated[
        Path | None, typer.Option(help="Settings file; default observatory.toml in the data folder.", show_default=False)
    ] = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Keep the global flags for the command that follows."""
    del version
    context.obj = Door(data_dir=data_dir, config=config)


for room in (running, reading, asking, exploring, proving, curating, operating, keeping):
    room.register(app)


def main() -> None:
    """Entry point of the `observatory` command."""
    app()
