"""Real documents of three kinds, served in their sources' own wire formats, crawled by the real spiders over several nights."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pytest
from nights import environment, hashes, observatory, served

from crawlers.replay.corpus import Record, read_corpus
from crawlers.replay.server import split_servable
from crawlers.replay.wire_arxiv_oai import wire_id
from crawlers.replay.wire_feeds import entry_id
from crawlers.replay.wire_uspto_xml import publication_number
from nlp.text import clean

NIGHTS = (date(2016, 12, 31), date(2017, 2, 28), date(2017, 4, 30), date(2017, 5, 1))
"""Logical days; the last window is one day long."""

LAST_TUESDAY = date(2017, 4, 25)
"""Grants are issued on Tuesdays: later ones stand in a weekly file that the last night cannot see yet."""

CORPORA = ("papers_arxiv_dev_1995_2017", "patents_dev", "news_en_dev")

READER = """
import sys, time
from pathlib import Path
from flows.warehouse.connection import open_reader
link, stop, queries, failures = Path(sys.argv[1]), Path(sys.argv[2]), 0, 0
while not stop.exists():
    if link.exists():
        try:
            with open_reader(link) as connection:
                one = connection.execute("SELECT count(*), count(DISTINCT run_id) FROM marts.snapshot").fetchall()
                connection.execute("SELECT count(*) FROM marts.documents").fetchall()
            queries += 1
            failures += one != [(1, 1)]
        except Exception as error:
            failures += 1
            print(error, file=sys.stderr)
    time.sleep(0.05)
print(queries, failures)
"""


def real_records(corpus: Path, since: date, until: date) -> list[Record]:
    """Dated records of the span that the wire formats can carry, one per id."""
    records = read_corpus([corpus / f"{name}.parquet" for name in CORPORA])
    servable, _ = split_servable(record for record in records if record.served_on and since <= record.served_on <= until)
    issued = (record for record in servable if record.kind != "patent" or (record.served_on and record.served_on <= LAST_TUESDAY))
    return list({(record.kind, identity(record)): record for record in issued}.values())


def identity(record: Record) -> str:
    """The id under which a source serves the record."""
    if record.kind == "paper":
        return wire_id(record)
    return "".join(publication_number(record)) if record.kind == "patent" else entry_id(record)


def crawl_nights(records: list[Record], data_dir: Path) -> list[tuple[str, int, float]]:
    """Run the nights with a reader in a loop beside them; returns (stage, rows, seconds) summed over the nights.

    Proves: nothing lost, nothing doubled, the same night again changes nothing, no reader ever failed.
    """
    stop = data_dir / "stop"
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(data_dir / "published" / "observatory.duckdb"), str(stop)], stdout=subprocess.PIPE, text=True
    )
    try:
        with served(records, NIGHTS[0]) as server:
            for night in NIGHTS:
                server.set_today(night)
                answer = observatory(environment(server, data_dir), "scan", "--date", str(night))
                assert answer.returncode == 0, answer.stderr[-3000:]
            before = hashes(data_dir)
            again = observatory(environment(server, data_dir), "scan", "--date", str(NIGHTS[-1]))
            assert again.returncode == 0, again.stderr[-3000:]
            assert hashes(data_dir) == before
    finally:
        stop.touch()
        said, _ = reader.communicate(timeout=60)
    queries, failures = map(int, said.split())
    assert queries > len(NIGHTS)
    assert failures == 0
    with duckdb.connect(str(data_dir / "warehouse" / "observatory.duckdb"), read_only=True) as connection:
        # An arXiv record touched between two nights is one document in two versions; a version is never held twice.
        found = connection.execute("SELECT kind, source_id, count(DISTINCT document_id) FROM core.documents GROUP BY ALL").fetchall()
        versions = connection.execute("SELECT count(*) - count(DISTINCT version_id) FROM core.documents").fetchall()
        titles = connection.execute(
            "SELECT kind, source_id, title FROM core.documents WHERE superseded_on IS NULL AND kind <> 'news'"
        ).fetchall()
        stages = connection.execute(
            """
            SELECT stage, sum(row_count)::BIGINT, sum(date_diff('millisecond', started_at, finished_at)) / 1000
            FROM meta.stages GROUP BY stage ORDER BY min(started_at)
            """
        ).fetchall()
    served_ids = Counter((record.kind, identity(record)) for record in records)
    stored_ids = Counter({(kind, name): count for kind, name, count in found})
    assert served_ids - stored_ids == Counter(), "documents were lost"
    assert stored_ids - served_ids == Counter(), "documents were doubled or invented"
    assert versions == [(0,)], "versions were doubled"
    told = {(record.kind, identity(record)): clean(record.title) for record in records if record.kind != "news"}
    assert {(kind, name): title for kind, name, title in titles} == told, "titles were changed on the way"
    return stages


@pytest.mark.real
def test_two_thousand_real_documents_arrive_once(shared: Path, tmp_path: Path) -> None:
    records = real_records(shared / "corpus", date(2016, 10, 1), NIGHTS[-1])
    few = sorted(records, key=lambda record: (record.kind, identity(record)))[:: max(1, len(records) // 2000)]
    crawl_nights(few, tmp_path)


@pytest.mark.real
@pytest.mark.slow
def test_twenty_thousand_real_documents_arrive_once(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = real_records(shared / "corpus", date(2016, 7, 1), NIGHTS[-1])
    assert len(records) >= 20_000
    assert {record.kind for record in records} == {"paper", "patent", "news"}
    stages = crawl_nights(records, tmp_path)
    with capsys.disabled():
        sys.stdout.write(f"\n{len(records)} documents, {len(NIGHTS)} nights\nstage            rows  seconds  rows/s\n")
        for stage, rows, seconds in stages:
            sys.stdout.write(f"{stage:14} {rows or 0:6d} {seconds:8.1f} {(rows or 0) / max(seconds, 0.001):7.0f}\n")
