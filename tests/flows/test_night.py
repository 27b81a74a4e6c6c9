"""Whole nights over loopback with real Scrapy, DuckDB and Prefect: what was asked is there, once, and stays the same."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
from nights import environment, hashes, observatory, offline, served

from crawlers.replay.corpus import Record
from crawlers.replay.faults import Fault, FaultPlan, FaultRule
from crawlers.replay.practice import make_world

FIRST, SECOND = date(2024, 6, 30), date(2024, 7, 15)


@pytest.fixture(scope="module")
def few() -> tuple[Record, ...]:
    """About 500 records around the two nights, from all three streams."""
    since = date(2024, 1, 1)
    records = [record for record in make_world().records if record.served_on is None or since <= record.served_on <= SECOND]
    return tuple(records[::2])


@pytest.fixture(scope="module")
def two_nights(few: tuple[Record, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after two nights without trouble, the second one shown in Prefect."""
    data_dir = tmp_path_factory.mktemp("quiet")
    with served(few, FIRST) as server:
        quiet = environment(server, data_dir)
        first = observatory(quiet, "scan", "--date", str(FIRST))
        assert first.returncode == 0, first.stderr[-2000:]
        server.set_today(SECOND)
        second = observatory(quiet | {"OBSERVATORY_USE_PREFECT": "true"}, "scan", "--date", str(SECOND))
        assert second.returncode == 0, second.stderr[-2000:]
    return data_dir


def test_every_record_served_is_a_document_once(few: tuple[Record, ...], two_nights: Path) -> None:
    with duckdb.connect(str(two_nights / "warehouse" / "observatory.duckdb"), read_only=True) as connection:
        found = dict(connection.execute("SELECT kind, count(DISTINCT document_id) FROM core.documents GROUP BY kind").fetchall())
        doubled = connection.execute("SELECT count(*) - count(DISTINCT version_id) FROM core.documents").fetchall()
    expected = {kind: len({record.id for record in few if record.kind == kind}) for kind in ("paper", "patent", "news")}
    assert found == expected
    assert doubled == [(0,)]


def test_the_same_night_again_changes_nothing(few: tuple[Record, ...], two_nights: Path) -> None:
    before = hashes(two_nights)
    with served(few, SECOND) as server:
        again = observatory(environment(server, two_nights), "scan", "--date", str(SECOND))
    assert again.returncode == 0, again.stderr[-2000:]
    assert hashes(two_nights) == before


def test_the_ledger_tells_what_ran(two_nights: Path) -> None:
    with duckdb.connect(str(two_nights / "warehouse" / "observatory.duckdb"), read_only=True) as connection:
        runs = connection.execute("SELECT logical_on, state FROM meta.runs ORDER BY started_at").fetchall()
        stages = connection.execute("SELECT DISTINCT stage FROM meta.stages WHERE state = 'done'").fetchall()
    assert runs[:2] == [(FIRST, "done"), (SECOND, "done")]
    wanted = {"gather", "parse", "deduplicate", "read", "embed", "tracks", "topics", "judge", "check", "publish"}
    assert {stage for (stage,) in stages} == wanted


def test_a_broken_source_degrades_the_night_and_is_made_good_by_the_next(few: tuple[Record, ...], two_nights: Path, tmp_path: Path) -> None:
    faults = FaultPlan((FaultRule("/oai*", Fault("truncated")),))
    with served(few, FIRST, faults=faults) as server:
        troubled = environment(server, tmp_path)
        first = observatory(troubled, "scan", "--date", str(FIRST))
        assert first.returncode == 3, first.stderr[-2000:]
        assert "arxiv_oai" in first.stderr
        assert "Traceback" not in first.stderr
        server.set_faults(FaultPlan(()))
        server.set_today(SECOND)
        assert observatory(troubled, "scan", "--date", str(SECOND)).returncode == 0
    with duckdb.connect(str(tmp_path / "warehouse" / "observatory.duckdb"), read_only=True) as connection:
        mended = connection.execute("SELECT source, source_id FROM core.documents ORDER BY ALL").fetchall()
    with duckdb.connect(str(two_nights / "warehouse" / "observatory.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT source, source_id FROM core.documents ORDER BY ALL").fetchall() == mended


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "--max-age", "3d", "--json"),
        ("sources", "--json"),
        ("doctor", "--json"),
        ("rank", "--json", "--top", "5"),
        ("query", "SELECT document_id, title FROM marts.documents LIMIT 3", "--format", "json"),
    ],
)
def test_what_prints_a_table_prints_json(two_nights: Path, arguments: tuple[str, ...]) -> None:
    answer = observatory(offline(two_nights), *arguments)
    assert answer.returncode == 0, answer.stderr[-2000:]
    assert isinstance(json.loads(answer.stdout), list)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("query", "DELETE FROM core.documents"), 1, "DELETE"),
        (("rank", "--track", "energies"), 2, "not one of"),
        (("rank", "--as-of", "2031-01-01"), 2, "knows nothing after"),
        (("explain", "no such thing at all"), 1, "No technology called"),
        (("scan", "--date", "2024-02-30"), 2, "is not a day"),
        (("scan", "--source", "arxiv_oia", "--dry-run"), 2, "arxiv_oai"),
        (("report", "--week", "2026-W99"), 2, "no week 99"),
        (("status", "--max-age", "0s"), 1, "stale"),
        (("parse", "arxiv_oia", "-"), 2, "arxiv_oai"),
    ],
)
def test_bad_input_is_one_sentence_and_the_right_exit(two_nights: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    answer = observatory(offline(two_nights), *arguments, stdin="")
    assert answer.returncode == code, answer.stdout + answer.stderr
    assert words in answer.stdout + answer.stderr
    assert "Traceback" not in answer.stderr


def test_simulated_and_real_are_not_mixed(two_nights: Path) -> None:
    answer = observatory(offline(two_nights), "demo")
    assert answer.returncode == 1
    assert "must not be mixed" in answer.stderr


def test_rebuild_reads_the_same_documents_from_the_landing(two_nights: Path) -> None:
    before = hashes(two_nights)
    answer = observatory(offline(two_nights), "rebuild")
    assert answer.returncode == 0, answer.stderr[-2000:]
    after = hashes(two_nights)
    for table in ("raw.captures", "core.documents", "core.actors", "core.codes", "core.works", "core.term_mentions", "core.track_scores"):
        assert after[table] == before[table], table
