"""A takedown leaves no word of the text in the data folder, keeps the fact of it, and holds against rebuilds and new deliveries."""

from __future__ import annotations

import gzip
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from nights import served

from crawlers.replay.practice import make_world
from crawlers.replay.server import ReplayServer
from flows.forgotten import forgotten_ids
from flows.keeping.erasing import erase
from flows.keeping.forget import forget
from flows.keeping.traces import PLACEHOLDER, Quotations, clean_sqlite
from flows.night import open_work, run_night
from flows.rebuild import rebuild_from_landing
from flows.settings import Settings, SettingsError
from flows.sources import chosen_sources
from flows.warehouse.checks import load_checks, run_checks
from flows.warehouse.connection import open_writer
from flows.weekly import write_weekly_report
from flows.worlds import enter_world

FIRST = date(2024, 6, 30)
NOW = datetime(2024, 7, 2, 3)


def bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def files_with(data_dir: Path, phrases: list[str]) -> list[str]:
    """Every file below the folder in which one of the phrases can be read, however it is packed."""
    found = []
    for path in sorted(one for one in data_dir.rglob("*") if one.is_file() and not one.is_symlink()):
        said = bare(" ".join(content.decode("utf-8", "replace") for content in contents(path)))
        found.extend(f"{path.relative_to(data_dir)}: {phrase}" for phrase in phrases if bare(phrase) in said)
    return found


def contents(path: Path) -> Iterator[bytes]:
    body = path.read_bytes()
    yield body
    if path.suffix == ".gz":
        body = gzip.decompress(body)
        yield body
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if path.suffix in (".duckdb", ".parquet"):
        yield from cells(path)


def cells(path: Path) -> Iterator[bytes]:
    """Everything that can be read in a DuckDB or Parquet file as text."""
    with duckdb.connect(str(path) if path.suffix == ".duckdb" else ":memory:", read_only=path.suffix == ".duckdb") as connection:
        tables = (
            [row[0] for row in connection.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()]
            if path.suffix == ".duckdb"
            else [f"'{path}'"]
        )
        for table in tables:
            yield repr(connection.execute(f"SELECT * FROM {table}").fetchall()).encode()


def night(server: ReplayServer, settings: Settings, day: date) -> None:
    server.set_today(day)
    with open_work(settings, "scan", day, now=lambda: NOW, say=lambda _: None) as run:
        enter_world(run.connection, simulated=False)
        run_night(run, chosen_sources(settings, None)[0], first_from_on=day - timedelta(days=400))
        assert run.problems == []


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ReplayServer, Settings]]:
    """A night and its report, on some 120 records of three sources, with the server still there."""
    records = [one for one in make_world().records if one.served_on and date(2024, 3, 1) <= one.served_on <= FIRST + timedelta(days=1)]
    with served(records[::3], FIRST) as server:
        settings = Settings(
            data_dir=tmp_path_factory.mktemp("data"),
            sources=(*server.endpoints(), "feeds"),
            endpoints=server.endpoints() | {"feeds": " ".join(feed.url for feed in server.feeds())},
            allow_hosts=("127.0.0.1",),
            vectors="fast",
            use_prefect=False,
            history_quarters=1,
            bootstrap_draws=20,
            window_days=20_000,
        )
        night(server, settings, FIRST)
        write_weekly_report(settings, now=lambda: NOW)
        yield server, settings


@pytest.mark.slow
def test_forgotten_for_good(world: tuple[ReplayServer, Settings]) -> None:
    server, settings = world
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        count = connection.execute("SELECT count(DISTINCT document_id) FROM core.documents").fetchall()[0][0]
        victims = connection.execute(
            """
            SELECT arg_max(document_id, key), arg_max(title, key), arg_max(abstract, key)
            FROM (SELECT *, (available_on, length(abstract), document_id) AS key FROM core.documents)
            GROUP BY source ORDER BY source
            """
        ).fetchall()
    ids = [row[0] for row in victims]
    phrases = [phrase for _, title, abstract in victims for phrase in (title, abstract[:60]) if len(phrase) > 20]
    assert (len(ids), len(phrases)) == (3, 6)
    report = next(settings.reports.rglob("report.md"))
    report.write_text(report.read_text(encoding="utf-8") + f"\n<b>{victims[0][1].replace(' ', '&nbsp;')}</b>\n", encoding="utf-8")
    assert (
        len({one.partition(":")[0].partition("/")[0] for one in files_with(settings.data_dir, phrases)}) == 3
    )  # landing, warehouse, published

    done = forget(settings, ids, reason="the publisher asked", with_works=True, now=lambda: NOW, say=lambda _: None)

    assert set(ids) <= set(done.document_ids)
    assert done.captures_emptied == ()
    assert files_with(settings.data_dir, phrases) == []
    assert PLACEHOLDER in report.read_text(encoding="utf-8")
    log = [json.loads(line) for line in (settings.data_dir / "forgotten.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["document_id"] for row in log] == list(done.document_ids)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        assert connection.execute("SELECT count(DISTINCT document_id) FROM core.documents").fetchall() == [
            (count - len(done.document_ids),)
        ]
        assert connection.execute("SELECT flow, state FROM meta.runs ORDER BY started_at, run_id").fetchall()[-1] in (
            ("forget", "done"),
            ("scan", "done"),
        )

    night(server, settings, FIRST + timedelta(days=1))  # the overlap of the windows delivers them again
    assert files_with(settings.data_dir, phrases) == []

    rebuild_from_landing(settings, now=lambda: NOW, say=lambda _: None)
    assert files_with(settings.data_dir, phrases) == []
    assert forgotten_ids(settings) == set(done.document_ids)
    with duckdb.connect(str(settings.warehouse)) as connection:
        found = connection.execute("SELECT document_id FROM core.documents WHERE document_id IN (SELECT unnest(?))", [ids]).fetchall()
        broken = [
            one.name for one in run_checks(connection, "again", NOW, checks=load_checks()) if one.severity == "fail" and not one.passed
        ]
    assert (found, broken) == ([], [])


@pytest.mark.slow
def test_an_unknown_document_is_refused_in_one_sentence(world: tuple[ReplayServer, Settings]) -> None:
    with pytest.raises(SettingsError, match=r"No document 'arxiv_oai:0000\.00000' is held"):
        forget(world[1], ["arxiv_oai:0000.00000"], reason="", with_works=False, now=lambda: NOW, say=lambda _: None)


@pytest.mark.parametrize(
    "page",
    [
        "see <i>Slow light in <b>cold</b> glass</i> for more",
        "see Slow&nbsp;light\nin cold glass for more",
        'see {"title": "Slow light\\u00a0in cold glass"} for more',
        "see **SLOW LIGHT IN COLD GLASS** for more",
    ],
)
def test_a_quotation_is_found_however_a_page_writes_it(page: str) -> None:
    cleaned = Quotations(["Slow light in cold glass", "Glass"]).without(page)
    assert PLACEHOLDER in cleaned
    assert "light" not in cleaned.lower()
    assert cleaned.endswith("for more")


def test_an_sqlite_file_is_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "prefect.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE artifact (id INTEGER, data JSON)")
        connection.execute("INSERT INTO artifact VALUES (1, ?), (2, 'kept')", [json.dumps({"title": "Über slow light"})])
    assert clean_sqlite(path, ["Über slow light"])
    assert not clean_sqlite(path, ["Über slow light"])
    assert b"slow light" not in path.read_bytes()
    assert b"kept" in path.read_bytes()


def test_a_technology_known_by_that_document_alone_goes_with_it(warehouse_world: Path) -> None:
    with open_writer(warehouse_world) as connection:
        connection.execute("UPDATE core.technologies SET first_document_id = 'arxiv_oai:1' WHERE technology_id = 'T1'")
        erase(connection, ["feeds:2"], Quotations([]))
        left = connection.execute("SELECT technology_id, first_document_id FROM core.technologies").fetchall()
        about = [
            connection.execute(f"SELECT count(*) FROM {table} WHERE version_id = 'v3'").fetchall()[0][0]
            for table in ("core.documents", "core.technology_documents", "core.topic_documents")
        ]
        broken = [
            one.name for one in run_checks(connection, "after", NOW, checks=load_checks()) if one.severity == "fail" and not one.passed
        ]
    assert left == [("T1", "arxiv_oai:1")]
    assert about == [0, 0, 0]
    assert broken == []


def test_a_technology_named_elsewhere_is_known_by_its_next_document(warehouse_world: Path) -> None:
    with open_writer(warehouse_world) as connection:
        connection.execute(
            "INSERT INTO core.term_mentions VALUES ('v3', 'solid state battery', 'Solid state battery', 1, false, false, 'r')"
        )
        erase(connection, ["arxiv_oai:1"], Quotations([]))
        found = connection.execute("SELECT first_document_id, first_on FROM core.technologies WHERE technology_id = 'T1'").fetchall()
    assert found == [("feeds:2", date(2024, 1, 5))]
