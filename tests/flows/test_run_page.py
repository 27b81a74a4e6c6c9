"""The page of a run: everything it is there to show, nothing a stranger could run, and a night that fails has one too."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from flows.conclusion import conclude
from flows.ledger import Run
from flows.reports.run_page import read_run, render_run, render_run_markdown
from flows.settings import Settings
from flows.warehouse.checks import run_checks
from flows.warehouse.connection import open_writer

NOW = datetime(2024, 1, 24, 2, 9)
HOSTILE = "<script>alert(1)</script>"
KEY = "s3cr3t-key-of-a-source"


@pytest.fixture
def run(warehouse_world: Path, tmp_path: Path) -> Run:
    """The run of the small world, with a stage, a failed check and a record refused for a hostile reason."""
    connection = open_writer(warehouse_world)
    connection.execute(
        "INSERT INTO meta.stages (run_id, stage, state, started_at, finished_at) VALUES ('scan-1', 'gather', 'done', ?, ?)",
        [NOW, datetime(2024, 1, 24, 2, 9, 3)],
    )
    connection.execute("INSERT INTO raw.rejects SELECT rejects.* REPLACE ('r2' AS reject_id, ? AS detail) FROM raw.rejects", [HOSTILE])
    connection.execute("UPDATE core.technologies SET name = ?", [HOSTILE])
    connection.execute("UPDATE raw.rejects SET detail = ' ' WHERE reject_id = 'r1'")
    run_checks(connection, "scan-1", NOW)
    settings = Settings(data_dir=tmp_path / "data")
    settings.runs.mkdir(parents=True)
    return Run("scan-1", "scan", date(2024, 1, 22), settings, connection, lambda: NOW, lambda _: None)


def test_the_page_shows_the_night_and_runs_nothing(run: Run) -> None:
    problems = [f"feeds: {HOSTILE}", f"lens: api_key={KEY}"]
    data = read_run(
        run.connection, "scan-1", problems=problems, published=Path("observatory-scan-1.duckdb"), redact=lambda text: text.replace(KEY, "*")
    )
    page = render_run(data)
    for shown in (
        "arxiv_oai",
        "no_title",
        "gather",
        "3.0 s",
        "rejects_have_reasons",
        "observatory-scan-1.duckdb",
        "page 2 did not answer.",
    ):
        assert shown in page, shown
    assert "<script" not in page
    assert KEY not in page
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'")
    assert not re.search(r"(?i)\s(?:src|href)=\"(?!#|data:,)", page)
    assert "<script" not in render_run_markdown(data)


def test_a_failed_night_has_a_page_and_keeps_the_snapshot(run: Run) -> None:
    conclude(run, "failed", "Check texts found 3 rows", lambda text: text)
    page = (run.settings.runs / "scan-1.html").read_text(encoding="utf-8")
    assert "Nothing was published" in page
    assert "Check texts found 3 rows" in page


def test_a_page_that_cannot_be_written_fails_no_night(run: Run, tmp_path: Path) -> None:
    shutil.rmtree(run.settings.runs)
    run.settings.runs.touch()
    logged: list[str] = []
    run.log = lambda event, **facts: logged.append(f"{event} {facts}")
    conclude(run, "done", "", lambda text: text)
    assert any("after_run_failed" in line and "page" in line for line in logged)
