"""What analysts rely on, on a world small enough to know by heart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from flows.warehouse.connection import open_reader
from flows.warehouse.schema import list_views, read_keys


@pytest.fixture
def marts(made_world: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_reader(made_world) as connection:
        connection.execute("USE marts")
        yield connection


def test_the_key_of_every_view_tells_its_rows_apart(marts: duckdb.DuckDBPyConnection) -> None:
    for schema, name in list_views(marts):
        key = ", ".join(read_keys()[name])
        doubled = marts.execute(f"SELECT {key} FROM {schema}.{name} GROUP BY {key} HAVING count(*) > 1").fetchall()
        assert doubled == [], name


def test_documents_show_the_current_version_and_the_first_day(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.execute(
        "SELECT document_id, work_id, title, available_on, version_count, tracks, topic_id, state FROM documents ORDER BY ALL"
    ).fetchall()
    assert rows == [
        ("arxiv_oai:1", "W1", "Solid state battery", date(2024, 1, 2), 2, ["energy", "materials"], "P1", "live"),
        ("arxiv_oai:3", "W3", "Withdrawn battery", date(2024, 1, 6), 1, [], None, "withdrawn"),
        ("feeds:2", "W1", "A battery story", date(2024, 1, 5), 1, [], None, "live"),
        ("uspto_xml:4", "W4", "Electrolyte", None, 1, [], None, "live"),
    ]


def test_a_work_is_led_by_its_earliest_live_document(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.execute(
        "SELECT work_id, document_id, kind, available_on, document_count, kinds, reasons FROM works ORDER BY ALL"
    ).fetchall()
    assert rows == [
        ("W1", "arxiv_oai:1", "paper", date(2024, 1, 2), 2, ["news", "paper"], ["first", "near"]),
        ("W4", "uspto_xml:4", "patent", None, 1, ["patent"], ["first"]),
    ]


def test_evidence_is_live_current_and_strongest_first(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.execute("SELECT technology_id, evidence_rank, document_id, is_in_title, url FROM evidence ORDER BY ALL").fetchall()
    assert rows == [
        ("T1", 1, "arxiv_oai:1", True, "http://x/v2"),
        ("T1", 2, "feeds:2", False, "http://x/v3"),
        ("T2", 1, "uspto_xml:4", True, "http://x/v5"),
    ]


def test_one_row_a_technology_and_day_with_its_parts_side_by_side(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.execute(
        "SELECT technology_id, as_of, rank, score, vitality_points + field_momentum_points, growth, growth_points, stage, is_weak_signal "
        "FROM emergence WHERE as_of >= DATE '2024-01-22' ORDER BY as_of, technology_id"
    ).fetchall()
    assert rows == [
        ("T1", date(2024, 1, 22), 1, 55.0, 55.0, 0.5, None, "incubation", False),
        ("T2", date(2024, 1, 22), None, None, None, 0.5, None, "incubation", True),
        ("T1", date(2024, 1, 23), 1, 57.0, 57.0, 0.5, None, "incubation", False),
    ]
    assert marts.execute("SELECT topic_id, rank FROM topic_emergence").fetchall() == [("P1", 1)]


def test_changes_are_against_the_nearest_day_a_week_or_more_before(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.execute(
        "SELECT technology_id, as_of, previous_as_of, rank, previous_rank, rank_change, score_change, vitality_points_change, "
        "is_beyond_intervals FROM rank_changes ORDER BY as_of, technology_id"
    ).fetchall()
    first, second, third = date(2024, 1, 15), date(2024, 1, 22), date(2024, 1, 23)
    assert rows == [
        ("T1", second, first, 1, 2, 1, 15.0, 15.0, False),
        ("T2", second, first, None, 1, None, None, -50.0, False),
        ("T1", third, first, 1, 2, 1, 17.0, 17.0, False),
        ("T2", third, first, None, 1, None, None, -50.0, False),
    ]


def test_counts_leave_out_what_was_withdrawn(marts: duckdb.DuckDBPyConnection) -> None:
    assert marts.execute("SELECT technology_id, document_count, work_count FROM technologies ORDER BY ALL").fetchall() == [
        ("T1", 2, 1),
        ("T2", 1, 1),
    ]
    assert marts.execute("SELECT name_key, name, countries, work_count FROM actors ORDER BY ALL").fetchall() == [
        ("acme", "Acme Corp", ["DE", "US"], 2),
        ("ada l", "Ada L.", None, 1),
    ]
    assert marts.execute("SELECT country, work_count, patent_work_count, energy_work_count FROM regions ORDER BY ALL").fetchall() == [
        ("DE", 1, 0, 1),
        ("US", 1, 1, 0),
    ]
    assert marts.execute("SELECT topic_id, document_count FROM topics").fetchall() == [("P1", 1)]


def test_all_six_tracks_are_listed(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.execute(
        "SELECT track, document_count, technology_count, ranked_count, first_technology_id FROM tracks ORDER BY track"
    ).fetchall()
    assert rows == [
        ("energy", 1, 2, 1, "T1"),
        ("health", 0, 0, 0, None),
        ("information", 0, 0, 0, None),
        ("manufacturing", 0, 0, 0, None),
        ("materials", 1, 0, 0, None),
        ("space", 0, 0, 0, None),
    ]


def test_sources_tell_how_far_they_came_and_what_went_wrong(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.execute(
        "SELECT source, document_count, live_document_count, reject_count, covered_to_on, is_last_window_complete, last_problems "
        "FROM sources ORDER BY source"
    ).fetchall()
    assert rows == [
        ("arxiv_oai", 2, 1, 0, date(2024, 1, 20), True, []),
        ("feeds", 1, 1, 1, None, False, ["page 2 did not answer."]),
        ("uspto_xml", 1, 1, 0, None, None, None),
    ]


def test_the_snapshot_says_what_it_is(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.execute(
        "SELECT run_id, as_of, started_at, code_version, model_revisions, taxonomy_digest, is_simulated FROM snapshot"
    ).fetchall()
    started = datetime(2024, 1, 24, 2)
    assert rows == [("scan-1", date(2024, 1, 23), started, "0.1.0", {"embeddings": "minilm@r2"}, "feed", True)]
