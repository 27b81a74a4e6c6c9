"""The world of the report's tests: a small warehouse of two weeks, and the data folder in which it is published."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from flows.reports import pages
from flows.settings import Settings
from flows.warehouse.schema import migrate

WORLD = Path(__file__).parent / "flows" / "test_report_world.sql"


def open_empty(path: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A warehouse without rows, in memory or in a new file."""
    connection = duckdb.connect(str(path or ":memory:"))
    connection.execute("SET TimeZone = 'UTC'")
    migrate(connection, datetime(2026, 11, 22))
    return connection


def open_world(path: Path | None = None) -> duckdb.DuckDBPyConnection:
    """The world's warehouse, in memory or in a new file."""
    connection = open_empty(path)
    connection.execute(WORLD.read_text(encoding="utf-8"))
    return connection


def publish_undrawn(snapshot: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder with that snapshot; drawing is left out, for it takes seconds and is tested elsewhere."""
    monkeypatch.setattr(pages.charts, "timeline_svg", lambda *_: "<svg></svg>")
    monkeypatch.setattr(pages.charts, "ranking_png", lambda *_: b"\x89PNG")
    settings = Settings(data_dir=data_dir)
    settings.published.mkdir(parents=True)
    shutil.copy(snapshot, settings.snapshot)
    return settings
