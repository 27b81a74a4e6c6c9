"""Every check passes on a sound warehouse and finds the one thing it is there to find."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from flows.warehouse.checks import Check, load_checks, parse_checks, run_checks
from flows.warehouse.connection import open_writer
from flows.warehouse.errors import WarehouseError

NOW = datetime(2024, 1, 24, 2)

# What must be done to a sound warehouse for a check to speak.
HARM = {
    "captures_unique": "INSERT INTO raw.captures FROM raw.captures",
    "current_version_single": "UPDATE core.documents SET superseded_on = NULL WHERE version_id = 'v1'",
    "cursors_single": "INSERT INTO meta.cursors FROM meta.cursors",
    "dates_in_order": "UPDATE core.documents SET published_on = DATE '2024-02-02' WHERE version_id = 'v3'",
    "dates_not_in_future": "UPDATE core.documents SET available_on = DATE '2024-01-25' WHERE version_id = 'v3'",
    "document_versions_unique": "INSERT INTO core.documents FROM core.documents WHERE version_id = 'v1'",
    "indicators_shown": "UPDATE signals.indicators SET indicator = 'luck' WHERE indicator = 'growth'",
    "kept_apart_known": "INSERT INTO core.kept_apart VALUES ('feeds:2', 'feeds:9', 'r')",
    "points_sum_to_score": "UPDATE signals.indicators SET points = points + 1e-5 WHERE indicator = 'vitality' AND technology_id = 'T1'",
    "ranks_dense": "UPDATE signals.emergence SET rank = 3, rank_high = 3 WHERE technology_id = 'T1' AND as_of = DATE '2024-01-15'",
    "readings_refer_to_versions": "INSERT INTO core.term_mentions VALUES ('v9', 'a', 'a', 1, true, false, 'r')",
    "readings_unique": "INSERT INTO core.embeddings FROM core.embeddings",
    "reasons_given": "UPDATE signals.emergence SET reason = '' WHERE NOT is_ranked",
    "rejects_have_reasons": "UPDATE raw.rejects SET detail = ' '",
    "scores_within_intervals": "UPDATE signals.emergence SET score_high = score - 1 WHERE technology_id = 'T2' AND is_ranked",
    "shares_in_range": "UPDATE core.track_scores SET score = 1.01 WHERE track = 'energy'",
    "sources_gave_something": "UPDATE meta.windows SET document_count = 0 WHERE source = 'arxiv_oai'",
    "sources_readable": "UPDATE meta.windows SET reject_count = 9 WHERE source = 'feeds'",
    "technologies_refer": "UPDATE core.technologies SET first_document_id = 'nowhere:1' WHERE technology_id = 'T1'",
    "technologies_unique": "INSERT INTO core.technologies FROM core.technologies WHERE technology_id = 'T1'",
    "texts_present": "UPDATE core.documents SET title = '' WHERE version_id = 'v3'",
    "topics_refer": "UPDATE core.topic_documents SET topic_id = 'P9' WHERE topic_id = 'P1'",
    "verdicts_complete": "DELETE FROM signals.stages WHERE technology_id = 'P1'",
    "verdicts_unique": "INSERT INTO signals.stages FROM signals.stages WHERE technology_id = 'P1'",
    "words_known": "UPDATE core.documents SET kind = 'blog' WHERE version_id = 'v3'",
    "work_links_hold": "UPDATE core.works SET work_id = 'W9' WHERE document_id = 'feeds:2'",
    "works_cover_documents": "DELETE FROM core.works WHERE document_id = 'feeds:2'",
    "works_partition_documents": "INSERT INTO core.works FROM core.works WHERE document_id = 'feeds:2'",
    "yield_fell": """
        INSERT INTO meta.windows SELECT 'feeds', day::DATE, day::DATE, true, 1, if(day = DATE '2024-01-24', 0, 20), 0, [], 'r', day
        FROM range(DATE '2024-01-10', DATE '2024-01-25', INTERVAL 1 DAY) AS days(day)
        """,
}


def test_a_sound_warehouse_passes_and_the_results_are_kept(warehouse_world: Path) -> None:
    with open_writer(warehouse_world) as connection:
        results = run_checks(connection, "scan-1", NOW)
        assert [result for result in results if not result.passed] == []
        run_checks(connection, "scan-1", NOW)
        stored = connection.execute("SELECT check_name, severity FROM meta.check_results WHERE run_id = 'scan-1' ORDER BY ALL").fetchall()
    assert stored == [(check.name, "fail" if check.severity == "fail" else "warn") for check in load_checks() if check.severity != "gate"]


def test_no_check_goes_untested() -> None:
    """The gates have a file of their own, where there is something published to hold a night against."""
    assert sorted(HARM) == [check.name for check in load_checks() if check.severity != "gate"]


@pytest.mark.parametrize("name", HARM)
def test_a_check_finds_what_it_is_for(warehouse_world: Path, name: str) -> None:
    with open_writer(warehouse_world) as connection:
        connection.execute(HARM[name])
        found = {result.name: result for result in run_checks(connection, "scan-1", NOW) if not result.passed}
    assert name in found
    assert found[name].failed_count >= 1
    assert "=" in found[name].sample
    assert "\n" not in found[name].sample


def test_a_check_without_a_verdict_is_refused() -> None:
    with pytest.raises(WarehouseError, match="check a does not begin with"):
        parse_checks({"a": "SELECT 1"})


def test_a_check_that_cannot_run_is_named(warehouse_world: Path) -> None:
    broken = (Check("broken", "fail", "Nothing.", "SELECT nothing FROM core.works"),)
    with open_writer(warehouse_world) as connection, pytest.raises(WarehouseError, match=r"^check broken: "):
        run_checks(connection, "scan-1", NOW, checks=broken)
