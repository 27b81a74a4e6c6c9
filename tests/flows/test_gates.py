"""Publish gates: a night that looks wrong beside what is published is held back, unless a person accepts it by name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from flows.ledger import Run
from flows.settings import Settings, SettingsError
from flows.stages.publish import ChecksFailed, check, last_judged_on, published_as_of
from flows.warehouse.connection import open_writer
from flows.warehouse.publish import publish

NOW = datetime(2024, 1, 24, 2)

# Sixty documents of one source and thirty ranked technologies, as they are published.
SOUND = """
INSERT INTO core.documents SELECT documents.* REPLACE ('arxiv_oai:n' || n AS document_id, 'n' || n AS version_id, 'arxiv_oai' AS source)
FROM core.documents AS documents, range(60) AS numbers(n) WHERE version_id = 'v3';
INSERT INTO core.works BY NAME
SELECT 'N' || n AS work_id, 'arxiv_oai:n' || n AS document_id, 'first' AS reason, 'scan-1' AS run_id FROM range(60) AS numbers(n);
DELETE FROM signals.emergence; DELETE FROM signals.indicators; DELETE FROM signals.stages;
INSERT INTO core.technologies SELECT technologies.* REPLACE ('R' || n AS technology_id)
FROM core.technologies AS technologies, range(1, 41) AS numbers(n) WHERE technology_id = 'T1';
INSERT INTO signals.emergence SELECT 'R' || n, DATE '2024-01-23', 'technology', 'tech ' || n, 'energy', true, false, '', n, n, n, n,
    60.0 - n, 60.0 - n, 60.0 - n, 0.8, 9, 5, 1, ['paper'], 'scan-1' FROM range(1, 41) AS numbers(n);
INSERT INTO signals.indicators SELECT technology_id, as_of, 'vitality', 0.5, 0.1, 0.5, 0.0, score, 'scan-1' FROM signals.emergence;
INSERT INTO signals.stages SELECT technology_id, as_of, 'incubation', 0.6, 0.1, 0.1, 0.1, 0.1, 'scan-1' FROM signals.emergence;
INSERT INTO meta.windows SELECT 'arxiv_oai', day::DATE, day::DATE, true, 1, 40, 0, [], 'scan-0', TIMESTAMP '2024-01-23 02:00:00'
FROM range(DATE '2024-01-10', DATE '2024-01-24', INTERVAL 1 DAY) AS days(day);
"""

VERDICTS = ("emergence", "indicators", "stages")
TONIGHT = """
INSERT INTO meta.windows
SELECT 'arxiv_oai', DATE '2024-01-24', DATE '2024-01-24', true, 1, {}, 0, [], 'scan-2', TIMESTAMP '2024-01-24 02:00:00';
"""
FRESH = """
INSERT INTO core.documents SELECT documents.* REPLACE ('feeds:f' || n AS document_id, 'f' || n AS version_id, 'arxiv_oai' AS source, {})
FROM core.documents AS documents, range(40) AS numbers(n) WHERE version_id = 'v3';
INSERT INTO core.works BY NAME
SELECT 'F' || n AS work_id, 'feeds:f' || n AS document_id, 'first' AS reason, 'scan-2' AS run_id FROM range(40) AS numbers(n);
"""
UPSIDE_DOWN = """
UPDATE signals.emergence SET rank = 41 - rank, rank_low = 41 - rank, rank_high = 41 - rank, track_rank = 41 - rank,
    score = score, as_of = DATE '2024-01-24';
UPDATE signals.indicators SET as_of = DATE '2024-01-24'; UPDATE signals.stages SET as_of = DATE '2024-01-24';
"""

# What a bad night does, by the gate that must hold it back.
HARM = {
    "gate_documents_lost": "".join(f"DELETE FROM core.{table} WHERE document_id LIKE 'arxiv_oai:n1%';" for table in ("works", "documents")),
    "gate_fields_emptied": FRESH.format("'' AS abstract"),
    "gate_dates_out_of_range": FRESH.format("DATE '1066-10-14' AS published_on"),
    "gate_ranking_shrank": "".join(
        f"DELETE FROM signals.{table} WHERE technology_id IN (SELECT 'R' || range FROM range(13, 41));" for table in VERDICTS
    ),
    "gate_scores_drifted": UPSIDE_DOWN,
    "gate_yield_collapsed": TONIGHT.format(3),
}


@contextmanager
def night(made_world: Path, data_dir: Path, flow: str = "scan", **settings: object) -> Iterator[Run]:
    """The world above with a snapshot of it published, as the check stage of a night finds it."""
    chosen = Settings(data_dir=data_dir, **settings)  # type: ignore[arg-type]
    chosen.warehouse.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(made_world, chosen.warehouse)
    with open_writer(chosen.warehouse) as connection:
        connection.execute("DELETE FROM meta.check_results")
        connection.execute(SOUND)
        publish(connection, chosen.published, "scan-1", published_at=NOW)
        yield Run("scan-2", flow, date(2024, 1, 24), chosen, connection, lambda: NOW, lambda _: None)


def same_ranking_today(connection: duckdb.DuckDBPyConnection) -> None:
    for table in VERDICTS:
        connection.execute(f"UPDATE signals.{table} SET as_of = DATE '2024-01-24'")


def test_a_night_like_the_others_passes(made_world: Path, tmp_path: Path) -> None:
    with night(made_world, tmp_path) as run:
        run.connection.execute(TONIGHT.format(35) + FRESH.format("title AS title"))
        same_ranking_today(run.connection)
        check(run)
        assert run.problems == []


@pytest.mark.parametrize("gate", HARM)
def test_a_bad_night_is_held_back_until_somebody_accepts_it(made_world: Path, tmp_path: Path, gate: str) -> None:
    with night(made_world, tmp_path) as run:
        if gate not in ("gate_scores_drifted", "gate_ranking_shrank"):
            same_ranking_today(run.connection)
        run.connection.execute(HARM[gate])
        if gate == "gate_ranking_shrank":
            same_ranking_today(run.connection)
        with pytest.raises(ChecksFailed, match=f"{gate} .*--accept {gate}"):
            check(run)
        check(run, [gate])
        assert any(problem.startswith(f"The gate {gate} was accepted") for problem in run.problems)


def test_a_source_that_falls_silent_alone_degrades_the_night_and_stops_nothing(made_world: Path, tmp_path: Path) -> None:
    with night(made_world, tmp_path) as run:
        same_ranking_today(run.connection)
        feeds = "windows.* REPLACE ('feeds' AS source, 400 AS document_count)"
        run.connection.execute(f"INSERT INTO meta.windows SELECT {feeds} FROM meta.windows WHERE source = 'arxiv_oai'")
        run.connection.execute(TONIGHT.format(0) + TONIGHT.format(400).replace("arxiv_oai", "feeds"))
        check(run)
        assert len(run.silent) == 1
        assert "arxiv_oai" in run.silent[0]
        assert run.state == "partial"


def test_a_source_that_rests_at_weekends_is_no_silence(made_world: Path, tmp_path: Path) -> None:
    with night(made_world, tmp_path) as run:
        same_ranking_today(run.connection)
        run.connection.execute("UPDATE meta.windows SET document_count = 0 WHERE source = 'arxiv_oai' AND to_on = DATE '2024-01-20'")
        run.connection.execute(TONIGHT.format(0))
        check(run)
        assert run.silent == []


def test_an_import_may_change_as_much_as_it_likes(made_world: Path, tmp_path: Path) -> None:
    with night(made_world, tmp_path, flow="import") as run:
        run.connection.execute(UPSIDE_DOWN)
        check(run)


def test_what_was_held_back_is_published_for_its_own_day(made_world: Path, tmp_path: Path) -> None:
    """The facts still name the published day; the night that was held back judged a later one."""
    with night(made_world, tmp_path) as run:
        run.connection.execute("DELETE FROM meta.judged")
        for as_of, judged_by, judged_at in (
            ("2024-01-23", "scan-1", "02:00"),
            ("2023-12-31", "scan-2", "03:00"),
            ("2024-01-24", "scan-2", "03:01"),
        ):
            run.connection.execute("INSERT INTO meta.judged VALUES (?, 'd', ?, ?)", [as_of, judged_by, f"2024-01-24 {judged_at}:00"])
        assert published_as_of(run.connection) == date(2024, 1, 23)
        assert last_judged_on(run.connection) == date(2024, 1, 24)


def test_a_gate_that_is_none_is_named(made_world: Path, tmp_path: Path) -> None:
    with night(made_world, tmp_path, accept_checks=("gate_score_drift",)) as run, pytest.raises(SettingsError, match="gate_scores_drifted"):
        check(run)
