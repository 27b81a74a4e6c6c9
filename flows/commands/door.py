"""What every command shares: exit codes, settings from the global flags, one sentence an error, tables for people and JSON."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.settings import Settings, SettingsError, load_settings

DONE, FAILED, USAGE, PARTIAL, LOCKED = 0, 1, 2, 3, 75


@dataclass(slots=True)
class Door:
    """Global flags of one call."""

    data_dir: Path | None = None
    config: Path | None = None

    def settings(self, **flags: Any) -> Settings:
        """The settings in force, with a command's own flags on top."""
        return load_settings(config=self.config, flags={"data_dir": self.data_dir, **flags})


def now() -> datetime:
    """The wall clock, naive UTC; every command hands it on."""
    return datetime.now(UTC).replace(tzinfo=None)


def say(sentence: str) -> None:
    """Progress for a person watching: stderr, and only on a terminal."""
    if sys.stderr.isatty():
        Console(stderr=True, highlight=False).print(f"[dim]{now():%H:%M:%S}[/dim] {escape(_visible(sentence))}")


def complain(sentence: str) -> None:
    """One sentence on stderr, whatever is watching."""
    typer.echo(_visible(sentence), err=True)


@contextmanager
def explained() -> Iterator[None]:
    """Turn every expected error into one sentence and its exit code. Anything else is a bug and keeps its traceback."""
    from flows.lock import LockError, LockHeld
    from flows.warehouse.errors import WarehouseError

    try:
        yield
    except SettingsError as error:
        complain(str(error))
        raise typer.Exit(USAGE) from None
    except LockHeld as error:
        complain(str(error))
        raise typer.Exit(LOCKED) from None
    except LockError as error:  # a full or read-only disk takes no lock
        complain(str(error))
        raise typer.Exit(FAILED) from None
    except WarehouseError as error:
        complain(str(error))
        raise typer.Exit(FAILED) from None
    except BrokenPipeError:  # `| head` has seen enough: click ends the command without a word
        raise
    except OSError as error:
        complain(f"{error.strerror or error}: {error.filename or 'no file named'}.")
        raise typer.Exit(FAILED) from None
    except Exception as error:
        if "duckdb" in sys.modules and isinstance(error, sys.modules["duckdb"].Error):
            complain(f"DuckDB: {str(error).splitlines()[0]}")
        elif isinstance(error, _late_errors()):
            complain(str(error))
        else:
            raise
        raise typer.Exit(FAILED) from None


def _late_errors() -> tuple[type[Exception], ...]:
    """Expected errors of modules that may not be loaded: only a loaded module can have raised one."""
    found: list[type[Exception]] = []
    for module, name in (
        ("nlp.embeddings", "ModelMissing"),
        ("nlp.taxonomy", "TaxonomyError"),
        ("flows.stages.importing", "ImportRefused"),
        ("flows.stages.publish", "ChecksFailed"),
        ("flows.disk", "DiskFull"),
        ("flows.prefect_server", "ServingFailed"),
        ("flows.worlds", "WorldMismatch"),
        ("flows.reports.weekly", "ReportError"),
    ):
        if module in sys.modules:
            found.append(getattr(sys.modules[module], name))
    return tuple(found)


def show(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    *,
    title: str | None = None,
    as_json: bool = False,
    widths: Mapping[str, int] | None = None,
) -> None:
    """Print rows as a table for a person, or as a JSON array of objects with all their keys.

    `widths`: columns that stay at least so many characters wide, as long as the others then have six each.
    """
    if as_json:
        typer.echo(json.dumps([{key: plain(value) for key, value in row.items()} for row in rows], ensure_ascii=False, indent=None))
        return
    if title:
        typer.echo(title)  # apart from the table: inside it a title is folded to the width of a narrow one
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    least = widths if widths and sum(widths.values()) + 6 * (len(columns) - len(widths)) + 2 * len(columns) <= console.width else {}
    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in columns:
        numeric = all(isinstance(row.get(column), int | float | None) for row in rows)
        justify: Literal["left", "right"] = "right" if numeric else "left"
        table.add_column(column.replace("_", " "), justify=justify, overflow="fold", min_width=least.get(column))
    for row in rows:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    console.print(table)


def plain(value: Any) -> Any:
    """A value as JSON can hold it: days and times in ISO form."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def _visible(text: str) -> str:
    """The text without control characters: a title or an address must not steer the terminal."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc")


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, list | tuple):
        return escape(_visible(", ".join(str(item) for item in value)))
    return escape(_visible(str(value)))
