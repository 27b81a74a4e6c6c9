"""What comes late, is corrected or goes moves what it names, from its own day on; what was published can be computed again."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from crawlers.records import Document
from crawlers.replay.corpus import row_of
from crawlers.replay.practice import make_world
from flows.import_columns import read_row
from flows.judging import judge_technologies
from flows.ledger import Run, transaction
from flows.ranking import verdict_rows
from flows.settings import Settings
from flows.stages.annotate import read_terms, score_tracks
from flows.stages.deduplicate import deduplicate
from flows.stages.documents import DocumentRows, store
from flows.warehouse.connection import open_reader, open_writer
from flows.warehouse.publish import publish
from flows.warehouse.schema import migrate
from nlp.taxonomy import load_taxonomy

AS_OF = date(2023, 6, 30)
CHANGED_ON = date(2023, 6, 20)
NIGHTS = (datetime(2025, 10, 1, 12), datetime(2025, 10, 2, 12))
COUNTED = ("works", "recent_works", "organisations", "streams")


def deliver(path: Path, documents: list[Document], at: datetime) -> None:
    """One night that brings these documents."""
    with open_writer(path, memory_limit="1GB", threads=1) as connection:
        migrate(connection, at)
        run = Run("run", "test", AS_OF, Settings(data_dir=path.parent), connection, lambda: at, lambda _: None)
        rows = DocumentRows(simulated=True)
        for document in documents:
            rows.add(document, capture_id=None, fetched_at=at)
        with transaction(connection):
            store(connection, rows, "run")
        deduplicate(run)
        read_terms(run)
        score_tracks(run)


def judged(connection: duckdb.DuckDBPyConnection, as_of: date) -> dict[str, dict[str, Any]]:
    """Rows of the ranking by technology."""
    verdict = judge_technologies(connection, as_of, taxonomy=load_taxonomy(), draws=20, seed=1)
    return {row["technology_id"]: row for row in verdict_rows(verdict)}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Document], list[Document]]:
    """A warehouse after its first night, what it holds, and what exists but was not delivered yet."""
    documents = [read_row(row_of(record), 1, date(2025, 10, 1)) for record in make_world().records]
    known = [one for one in documents if isinstance(one, Document) and one.available_on and one.available_on <= CHANGED_ON]
    path = tmp_path_factory.mktemp("held") / "observatory.duckdb"
    deliver(path, known[::2], NIGHTS[0])
    return path, known[::2], known[1::2]


def named_by(connection: duckdb.DuckDBPyConnection, document_ids: list[str]) -> set[str]:
    """Terms that stand in a document of the works of these documents, in any version."""
    rows = connection.execute(
        """
        SELECT DISTINCT mentions.term_key FROM core.works AS asked
        JOIN core.works AS works USING (work_id)
        JOIN core.documents AS documents ON documents.document_id = works.document_id
        JOIN core.term_mentions AS mentions USING (version_id)
        WHERE asked.document_id IN (SELECT unnest(?::VARCHAR[]))
        """,
        [document_ids],
    ).fetchall()
    return {row[0] for row in rows}


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_only_what_a_changed_document_names_moves_and_only_from_its_day(
    held: tuple[Path, list[Document], list[Document]], tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - a choice of documents, no secret
    yesterday, documents, missing = held
    corrected, withdrawn = dice.sample([one for one in documents if one.abstract], 2)
    other = dice.choice([one for one in documents if one.abstract])
    changes = [
        replace(corrected, title=other.title, abstract=other.abstract, updated_on=CHANGED_ON),
        replace(withdrawn, state="withdrawn", updated_on=CHANGED_ON),
        replace(dice.choice(missing), available_on=CHANGED_ON),  # late: public since that day, delivered two years on
    ]
    today = Path(shutil.copy(yesterday, tmp_path / "today.duckdb"))
    with open_writer(today, memory_limit="1GB", threads=1) as connection:
        published = publish(connection, tmp_path / "published", "yesterday")
        before = {as_of: judged(connection, as_of) for as_of in (CHANGED_ON - timedelta(days=1), AS_OF)}
    deliver(today, changes, NIGHTS[1])
    with open_reader(today, memory_limit="1GB", threads=1) as connection:
        after = {as_of: judged(connection, as_of) for as_of in before}
        touched = named_by(connection, [one.document_id for one in changes])
        keys = dict(connection.execute("SELECT version_id, document_id FROM core.documents").fetchall())

    assert len(keys) == len({one.document_id for one in documents}) + 3
    assert after[CHANGED_ON - timedelta(days=1)] == before[CHANGED_ON - timedelta(days=1)]
    assert after[AS_OF] != before[AS_OF]
    untouched = {name for name in before[AS_OF].keys() & after[AS_OF].keys() if _key(before[AS_OF][name]["name"]) not in touched}
    moved = {
        name: [(row[part], after[AS_OF][name][part]) for part in COUNTED]
        for name, row in before[AS_OF].items()
        if name in untouched and any(row[part] != after[AS_OF][name][part] for part in COUNTED)
    }
    assert len(untouched) > 20
    assert moved == {}
    with open_reader(published, memory_limit="1GB", threads=1) as reader:
        assert judged(reader, AS_OF) == before[AS_OF]


def _key(name: str) -> str:
    from nlp.spelling import term_key

    return term_key(name)
