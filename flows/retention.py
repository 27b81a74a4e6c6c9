"""What is too old or too large goes: snapshots, landed windows, pages and logs of runs. What is current stays whatever its age."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from crawlers.records import Window
from flows.disk import GIB
from flows.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that may go: `made_at` is naive UTC, `size` in bytes."""

    path: Path
    made_at: datetime
    size: int


def too_much(kept: Sequence[Kept], now: datetime, *, days: int | None, gib: float | None) -> list[Kept]:
    """Those older than `days`, then the oldest until the rest is at most `gib`. None = no limit."""
    newest_first = sorted(kept, key=lambda one: (one.made_at, one.path.name), reverse=True)
    gone: list[Kept] = []
    total, is_full = 0, False
    for one in newest_first:
        is_full = is_full or (gib is not None and total + one.size > gib * GIB)
        if is_full or (days is not None and now - one.made_at > timedelta(days=days)):
            gone.append(one)
        else:
            total += one.size
    return gone


def expire(settings: Settings, connection: DuckDBPyConnection, now: datetime) -> list[Path]:
    """Delete what the settings no longer keep and return it. `now` is naive UTC. Raises OSError.

    Of the landing only windows go that are loaded whole and lie behind their source's cursor: they are never asked for again.
    """
    gone = [
        *too_much(list(_snapshots(settings)), now, days=settings.keep_snapshots_days, gib=settings.keep_snapshots_gib),
        *too_much(list(_runs(settings)), now, days=settings.keep_runs_days, gib=None),
    ]
    if settings.keep_landing_days is not None or settings.keep_landing_gib is not None:
        gone += too_much(list(_windows(settings, connection)), now, days=settings.keep_landing_days, gib=settings.keep_landing_gib)
    for one in gone:
        _remove(one.path)
    return [one.path for one in gone]


def _snapshots(settings: Settings) -> Iterator[Kept]:
    from flows.warehouse.publish import current_snapshot, list_snapshots

    current = current_snapshot(settings.published)
    for path in list_snapshots(settings.published):
        if path.resolve() != current:
            yield _kept([path, parquet_of(path)])


def parquet_of(snapshot: Path) -> Path:
    """The Parquet folder beside a snapshot."""
    return snapshot.with_name(snapshot.name.replace("observatory-", "parquet-", 1).removesuffix(".duckdb"))


def _runs(settings: Settings) -> Iterator[Kept]:
    return (_kept([path]) for path in settings.runs.glob("*") if path.suffix in (".html", ".jsonl"))


def _windows(settings: Settings, connection: DuckDBPyConnection) -> Iterator[Kept]:
    rows = connection.execute(
        """
        SELECT windows.source, windows.from_on, windows.to_on
        FROM meta.windows AS windows JOIN meta.cursors AS cursors ON cursors.source = windows.source
        WHERE windows.is_complete AND windows.to_on < cursors.covered_to_on
        """
    ).fetchall()
    for source, from_on, to_on in rows:
        path = settings.landing / source / Window(from_on, to_on).key
        if path.is_dir():
            yield _kept([path])


def _kept(paths: Sequence[Path]) -> Kept:
    made = datetime.fromtimestamp(paths[0].stat().st_mtime, UTC).replace(tzinfo=None)
    return Kept(paths[0], made, sum(_sizes(paths)))


def _sizes(paths: Iterable[Path]) -> Iterator[int]:
    for path in paths:
        yield from (one.stat().st_size for one in ([path] if path.is_file() else path.rglob("*")) if one.is_file())


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
        return
    path.unlink()
    if path.suffix == ".duckdb":
        shutil.rmtree(parquet_of(path), ignore_errors=True)  # a half left behind is removed with the next publish
