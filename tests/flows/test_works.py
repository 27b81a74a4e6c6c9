"""Works as of a day: what ties documents together counts from its day, what takes them back too, and the order of delivery never counts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from crawlers.records import Actor, Document
from flows.ledger import Run, transaction
from flows.settings import Settings
from flows.stages.deduplicate import deduplicate
from flows.stages.documents import DocumentRows, store
from flows.warehouse.connection import open_writer
from flows.warehouse.hashes import table_hash
from flows.warehouse.schema import load_migrations, migrate

NOON = datetime(2025, 10, 1, 12, 0)
DAY = date(2020, 1, 1)
TABLES = ("core.duplicate_keys", "core.works", "core.retractions", "core.kept_apart", "core.duplicate_groups")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_writer(tmp_path / "observatory.duckdb", memory_limit="1GB", threads=1) as opened:
        migrate(opened, NOON)
        yield opened


def paper(name: str, days: int | None = 0, *, updated: int | None = None, **said: Any) -> Document:
    """A record `source:id` that became public that many days after DAY, in the version of `updated` days after it."""
    source, _, source_id = name.partition(":")
    day = None if days is None else DAY + timedelta(days=days)
    fixed = {
        "kind": "paper",
        "title": said.pop("title", name),
        "abstract": "",
        "published_on": day,
        "date_precision": "day",
        "available_on": day,
    }
    return Document(source, source_id, **fixed, updated_on=None if updated is None else DAY + timedelta(days=updated), **said)


def night(connection: duckdb.DuckDBPyConnection, *documents: Document, **settings: Any) -> None:
    """Deliver the documents in one batch and group everything that is held."""
    rows = DocumentRows()
    for one in documents:
        rows.add(one, capture_id=None, fetched_at=NOON)
    with transaction(connection):
        store(connection, rows, "run")
    deduplicate(
        Run("run", "test", date(2025, 10, 1), Settings(data_dir=Path("unused"), **settings), connection, lambda: NOON, lambda _: None)
    )


def works_at(connection: duckdb.DuckDBPyConnection, days: int) -> set[frozenset[str]]:
    """The works of that day as sets of the documents that counted."""
    rows = connection.execute(
        "SELECT list(DISTINCT document_id) FROM core.versions_at($day) GROUP BY work_id", {"day": DAY + timedelta(days=days)}
    ).fetchall()
    return {frozenset(names) for (names,) in rows}


PREPRINT = paper("arxiv:1", identifiers={"arxiv": "2001.00001"})
PREPRINT_WITH_DOI = paper("arxiv:1", updated=90, identifiers={"arxiv": "2001.00001", "doi": "10.1/a"})
JOURNAL = paper("crossref:1", 30, identifiers={"doi": "10.1/a"})
COPY = paper("pubmed:1", 40, identifiers={"doi": "10.1/a", "pmid": "7"})
NOTICE = paper("crossref:9", 200, identifiers={"doi": "10.1/n"}, extras={"relations": [{"relation": "retracts", "doi": "10.1/A"}]})


def test_a_link_counts_from_the_day_on_which_it_could_be_known(connection: duckdb.DuckDBPyConnection) -> None:
    night(connection, COPY, PREPRINT_WITH_DOI, JOURNAL, PREPRINT)
    assert works_at(connection, 35) == {frozenset({"arxiv:1"}), frozenset({"crossref:1"})}
    assert works_at(connection, 89) == {frozenset({"arxiv:1"}), frozenset({"crossref:1", "pubmed:1"})}
    assert works_at(connection, 90) == {frozenset({"arxiv:1", "crossref:1", "pubmed:1"})}
    assert connection.execute("SELECT count(DISTINCT work_id) FROM core.works").fetchall() == [(1,)]
    links = connection.execute("SELECT document_id, linked_to_document_id, reason, linked_on FROM marts.work_links ORDER BY ALL").fetchall()
    assert links == [
        ("crossref:1", "arxiv:1", "doi", DAY + timedelta(days=90)),
        ("pubmed:1", "crossref:1", "doi", DAY + timedelta(days=40)),
    ]
    assert connection.execute("SELECT available_on, document_count FROM marts.works").fetchall() == [(DAY, 3)]


def test_a_retracted_work_counts_until_the_notice_and_not_after(connection: duckdb.DuckDBPyConnection) -> None:
    night(connection, PREPRINT, PREPRINT_WITH_DOI, JOURNAL, NOTICE, paper("other:1"))
    assert frozenset({"arxiv:1", "crossref:1"}) in works_at(connection, 199)
    assert works_at(connection, 200) == {frozenset({"other:1"})}
    states = dict(connection.execute("SELECT document_id, state FROM marts.documents").fetchall())
    assert states == {"arxiv:1": "retracted", "crossref:1": "retracted", "crossref:9": "live", "other:1": "live"}
    assert connection.execute("SELECT document_ids FROM marts.works").fetchall() == [(["other:1"],)]


@pytest.mark.parametrize(("state", "relation"), [("retracted", "is-retracted-by"), ("withdrawn", "is-withdrawn-by")])
def test_a_record_that_came_as_taken_back_counted_until_the_day_it_names(
    connection: duckdb.DuckDBPyConnection, state: str, relation: str
) -> None:
    said = {"relations": [{"relation": relation, "doi": "10.1/n", "on": "2020-07-01"}]}
    night(connection, paper("crossref:1", state=state, extras=said), paper("crossref:2", state=state))
    assert works_at(connection, 181) == {frozenset({"crossref:1"})}
    assert works_at(connection, 182) == set()


def test_a_person_undoes_a_link_and_it_stays_undone(connection: duckdb.DuckDBPyConnection) -> None:
    night(connection, JOURNAL, COPY)
    apart = [["pubmed:1", "crossref:1"]]
    for again in ((), (paper("openalex:1", 50, identifiers={"doi": "10.1/a"}),)):
        night(connection, *again, keep_apart=apart)
        found = dict(connection.execute("SELECT document_id, work_id FROM core.works").fetchall())
        assert found["crossref:1"] != found["pubmed:1"]
    assert connection.execute("SELECT document_id, other_document_id FROM core.kept_apart").fetchall() == [("crossref:1", "pubmed:1")]
    night(connection)
    assert connection.execute("SELECT count(DISTINCT work_id) FROM core.works").fetchall() == [(1,)]


def test_a_work_that_lost_a_document_is_put_together_anew(connection: duckdb.DuckDBPyConnection) -> None:
    night(connection, PREPRINT_WITH_DOI, JOURNAL, COPY, PREPRINT)
    for table in ("core.documents", "core.works", "core.duplicate_groups"):  # as a takedown does
        connection.execute(f"DELETE FROM {table} WHERE document_id = 'crossref:1'")
    night(connection)
    assert works_at(connection, 100) == {frozenset({"arxiv:1", "pubmed:1"})}
    linked = "SELECT linked_to_document_id FROM core.works WHERE document_id = 'pubmed:1'"
    assert connection.execute(linked).fetchall() == [("arxiv:1",)]


def test_an_author_or_years_between_keep_two_equal_titles_apart(connection: duckdb.DuckDBPyConnection) -> None:
    title = "Introduction to the special issue on learning machines"
    one, other = (Actor("author", name) for name in ("Ada Lovelace", "George Boole"))
    night(connection, paper("a:1", title=title, actors=(one,)), paper("b:1", 3, title=title, actors=(other,)))
    assert len(works_at(connection, 10)) == 2
    night(connection, paper("c:1", 4, title=title, actors=(Actor("author", "Lovelace, A."),)))
    assert frozenset({"a:1", "c:1"}) in works_at(connection, 10)


@pytest.mark.parametrize("seed", range(4))
def test_shuffled_nights_and_half_of_the_batches_again_give_identical_works(tmp_path: Path, seed: int) -> None:
    texts = [
        "The growth of large graphene crystals on copper foil is reported and explained by hydrogen " + " ".join(map(str, range(n, n + 9)))
        for n in range(3)
    ]
    documents = [
        *(paper(f"arxiv:{n}", n % 5, identifiers={"arxiv": f"2001.{n:05}"}, title=texts[n % 3]) for n in range(12)),
        *(
            paper(f"arxiv:{n}", n % 5, updated=60 + n, identifiers={"arxiv": f"2001.{n:05}", "doi": f"10.1/{n}"}, title=f"t{n}")
            for n in range(9)
        ),
        *(paper(f"crossref:{n}", 20 + n, identifiers={"doi": f"10.1/{n}"}, title=f"u{n}") for n in range(12)),
        *(paper(f"openalex:{n}", 30, identifiers={"doi": f"10.1/{n}", "arxiv": f"2001.{n:05}"}, title=f"v{n}") for n in range(0, 12, 2)),
        paper("crossref:99", 100, extras={"relations": [{"relation": "retracts", "doi": "10.1/3"}]}),
        paper("undated:1", None, identifiers={"doi": "10.1/1", "arxiv": "2001.00002"}),
    ]
    dice = random.Random(seed)  # noqa: S311 - an order of delivery, no secret
    shuffled = dice.sample(documents, len(documents))
    batches = [shuffled[start : start + 7] for start in range(0, len(shuffled), 7)]
    found = []
    for name, nights in (("plain", [documents]), ("shuffled", [*batches, *dice.sample(batches, len(batches) // 2)])):
        with open_writer(tmp_path / f"{name}.duckdb", memory_limit="1GB", threads=1) as opened:
            migrate(opened, NOON)
            for batch in nights:
                night(opened, *batch)
            found.append({table: table_hash(opened, table) for table in TABLES})
    assert found[0] == found[1]


def test_a_warehouse_of_the_release_before_gets_its_keys_and_works_anew(tmp_path: Path) -> None:
    with open_writer(tmp_path / "old.duckdb", memory_limit="1GB", threads=1) as opened:
        for step in load_migrations()[:3]:
            opened.execute(step.sql)
            opened.execute("INSERT INTO meta.migrations VALUES (?, ?, ?, ?)", [step.number, step.name, step.checksum, NOON])
        rows = DocumentRows()
        for one in (JOURNAL, COPY):
            rows.add(one, capture_id=None, fetched_at=NOON)
        with transaction(opened):
            store(opened, rows, "run")
        versions = opened.execute("SELECT version_id, document_id FROM core.documents").fetchall()
        opened.executemany("INSERT INTO core.duplicate_keys VALUES (?, 'self', ?, 'run')", versions)
        opened.execute("INSERT INTO core.works SELECT 'W' || document_id, document_id, NULL, 'first', NULL, 'run' FROM core.documents")
        migrate(opened, NOON)
        night(opened)
        assert works_at(opened, 50) == {frozenset({"crossref:1", "pubmed:1"})}
