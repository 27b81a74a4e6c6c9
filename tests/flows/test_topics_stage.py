"""Topics in the warehouse: assigned every night, refitted weekly, carried on when the vectors change; shown over time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest

from flows.ledger import Run
from flows.settings import Settings
from flows.stages.topics import assign_topics
from flows.warehouse.connection import open_writer
from nlp.static_vectors import unit_rows

THEMES = ("perovskite solar cell film", "robot grasping gripper force")


@pytest.fixture
def run(warehouse_world: Path, tmp_path: Path) -> Iterator[Run]:
    """The small world with 240 more documents of two themes, read with the model `one`."""
    with open_writer(warehouse_world) as connection:
        connection.execute("DELETE FROM core.topics")
        connection.execute("DELETE FROM core.topic_documents")
        for number in range(240):
            connection.execute(
                """
                INSERT INTO core.documents BY NAME
                SELECT * REPLACE (? AS document_id, ? AS version_id, ? AS title, '' AS abstract)
                FROM core.documents WHERE superseded_on IS NULL AND state = 'live' ORDER BY version_id LIMIT 1
                """,
                [f"d{number}", f"version{number:03}", f"{THEMES[number % 2]} {number}"],
            )
        _store_vectors(connection, "one", np.eye(8)[[1, 5]])
        yield Run(
            "run-1", "scan", date(2024, 1, 24), Settings(data_dir=tmp_path), connection, lambda: datetime(2024, 1, 24), lambda _: None
        )


def _store_vectors(connection: duckdb.DuckDBPyConnection, model: str, centres: np.ndarray) -> None:
    rng = np.random.default_rng(1)
    vectors = unit_rows(centres[np.arange(240) % 2] + rng.normal(scale=0.06, size=(240, centres.shape[1])))
    connection.execute("DELETE FROM core.embeddings")
    for number, vector in enumerate(vectors):
        connection.execute("INSERT INTO core.embeddings VALUES (?, ?, ?, 'run-1')", [f"version{number:03}", model, vector.tolist()])
    connection.execute("DELETE FROM meta.models WHERE purpose = 'embeddings'")
    connection.execute(
        "INSERT INTO meta.models (purpose, model, revision, run_id, used_at) VALUES ('embeddings', 'm', ?, 'run-1', ?)",
        [model, datetime(2024, 1, 24)],
    )


def _placed(run: Run) -> dict[str, str]:
    rows = run.connection.execute("SELECT version_id, topic_id FROM core.topic_documents WHERE topic_id IS NOT NULL").fetchall()
    return dict(rows)


def test_topics_outlive_a_change_of_the_encoder(run: Run) -> None:
    assign_topics(run)
    before = _placed(run)
    labels = run.connection.execute("SELECT topic_id, label FROM core.topics ORDER BY ALL").fetchall()
    assert len(labels) == 2
    assert len(before) > 120
    _store_vectors(run.connection, "two", np.eye(12)[[0, 7]])
    run.logical_on = date(2024, 1, 25)
    assign_topics(run)
    after = _placed(run)
    assert run.connection.execute("SELECT topic_id, label FROM core.topics WHERE model = 'two' ORDER BY ALL").fetchall() == labels
    assert all(after[version] == topic_id for version, topic_id in before.items() if version in after)
    events = run.connection.execute("SELECT event, count(*) FROM core.topic_lineage WHERE refit_on = '2024-01-25' GROUP BY ALL").fetchall()
    assert events == [("continued", 2)]


def test_a_night_between_refits_only_assigns(run: Run) -> None:
    assign_topics(run)
    whole, lineage = _placed(run), run.connection.execute("SELECT count(*) FROM core.topic_lineage").fetchall()
    run.connection.execute("DELETE FROM core.topic_documents WHERE version_id < 'version100'")
    run.logical_on = date(2024, 1, 27)
    assign_topics(run)
    assert _placed(run) == whole
    assert run.connection.execute("SELECT count(*) FROM core.topic_lineage").fetchall() == lineage


def test_the_timeline_counts_works_and_says_what_is_left_out(made_world: Path) -> None:
    with duckdb.connect(str(made_world), read_only=True) as connection:
        rows = connection.execute(
            "SELECT topic_id, label, works, stream_works, work_share, outlier_works FROM marts.topic_timeline"
        ).fetchall()
        assert rows == [("P1", "batteries", 1, 1, 1.0, 0)]
        shown = connection.execute("SELECT representative_document_ids, representative_titles FROM marts.topics").fetchall()
        assert [len(column) for column in shown[0]] == [1, 1]
