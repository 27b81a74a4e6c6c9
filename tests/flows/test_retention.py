"""What is too old or too large goes, oldest first; what is current, or still to be read, stays."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.disk import DiskFull, require_room
from flows.retention import GIB, Kept, expire, too_much
from flows.settings import Settings
from flows.warehouse.connection import open_writer
from flows.warehouse.publish import list_snapshots, publish

NOW = datetime(2024, 3, 1)


def kept(age_days: int, size: int) -> Kept:
    return Kept(Path(f"{age_days}"), NOW - timedelta(days=age_days), size)


def names(gone: list[Kept]) -> list[str]:
    return [one.path.name for one in gone]


def test_age_and_room_each_let_the_oldest_go() -> None:
    things = [kept(1, GIB), kept(5, GIB), kept(30, GIB)]
    assert names(too_much(things, NOW, days=None, gib=None)) == []
    assert names(too_much(things, NOW, days=7, gib=None)) == ["30"]
    assert names(too_much(things, NOW, days=None, gib=1.5)) == ["5", "30"]
    assert names(too_much([kept(1, 2 * GIB), kept(5, 1)], NOW, days=None, gib=1)) == ["1", "5"], "no older one in place of a newer"


def test_the_current_snapshot_and_unread_windows_stay(warehouse_world: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", keep_snapshots_days=7, keep_landing_days=7, keep_runs_days=7)
    for window in ("2024-01-01_2024-01-10", "2024-01-11_2024-01-20", "2024-01-21_2024-01-22"):
        folder = settings.landing / "arxiv_oai" / window
        folder.mkdir(parents=True)
        (folder / "manifest.json").touch()
    settings.runs.mkdir(parents=True)
    (settings.runs / "scan-0.html").touch()
    with open_writer(warehouse_world) as connection:
        connection.execute(
            "INSERT INTO meta.windows SELECT windows.* REPLACE (DATE '2024-01-10' AS to_on) FROM meta.windows WHERE source = 'arxiv_oai'"
        )
        first = publish(connection, settings.published, "scan-1")
        connection.execute("DELETE FROM signals.alerts")
        second = publish(connection, settings.published, "scan-2")
        long_ago = datetime(2024, 1, 25, tzinfo=UTC).timestamp()
        for path in [first, second, *settings.runs.iterdir(), *(settings.landing / "arxiv_oai").iterdir()]:
            os.utime(path, (long_ago, long_ago))
        expire(settings, connection, NOW)
    assert list_snapshots(settings.published) == [second]
    assert sorted(path.name for path in (settings.landing / "arxiv_oai").iterdir()) == ["2024-01-11_2024-01-20", "2024-01-21_2024-01-22"]
    assert list(settings.runs.iterdir()) == []


def test_no_stage_begins_without_room(tmp_path: Path) -> None:
    require_room(Settings(data_dir=tmp_path / "not" / "there", min_free_gib=0), "gather")
    with pytest.raises(DiskFull, match=r"gather begins with 1000000\.00: free some space"):
        require_room(Settings(data_dir=tmp_path, min_free_gib=1e6), "gather")
