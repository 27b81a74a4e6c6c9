"""The replay server over real HTTP: routes, conditional GET, the moving day, faults, the request log, the process."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawlers.replay.corpus import Record, read_corpus, row_of
from crawlers.replay.faults import Fault, FaultPlan, FaultRule
from crawlers.replay.server import ReplayServer, split_servable

TODAY = date(2024, 3, 31)
PAPER = Record("arxiv", "paper", "arxiv:2403.00001", "水 and fire", "两相流", date(2024, 3, 1), categories=("cs.LG",))
PATENT = Record("uspto", "patent", "US10000001", "Pump", "A pump.", date(2024, 3, 12))
STORY = Record("wire", "news", "tc:1", "News", "Short.", date(2024, 3, 5))
LATER = Record("wire", "news", "tc:2", "More news", "Short.", date(2024, 4, 2))
CORPUS = [PAPER, PATENT, STORY, LATER]
RECORDS_PATH = "/oai?verb=ListRecords&metadataPrefix=arXiv"


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    with ReplayServer(CORPUS, TODAY, pause=lambda _: None) as running:
        yield running


def fetch(url: str, path: str, method: str = "GET", body: str | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_every_endpoint_answers_with_its_own_kind(server: ReplayServer) -> None:
    endpoints = server.endpoints()
    assert b"<Identify>" in fetch(server.url, f"{endpoints['arxiv_oai'].removeprefix(server.url)}?verb=Identify")[2]
    listing = json.loads(fetch(server.url, endpoints["uspto_xml"].removeprefix(server.url))[2])
    file = listing["bulkDataProductBag"][0]["productFileBag"]["fileDataBag"][0]["fileDownloadURI"]
    assert fetch(server.url, file.removeprefix(server.url))[2].startswith(b"PK")
    (feed,) = server.feeds()
    assert b"<entry" in fetch(server.url, feed.url.removeprefix(server.url))[2]
    assert b"User-agent: *" in fetch(server.url, "/robots.txt")[2]
    assert fetch(server.url, "/else")[0] == 404


def test_equal_requests_give_equal_bytes(server: ReplayServer) -> None:
    for path in (RECORDS_PATH, "/oai?verb=Identify", "/feeds/wire.xml"):
        assert fetch(server.url, path)[2] == fetch(server.url, path)[2]


@pytest.mark.parametrize("path", [RECORDS_PATH, "/feeds/wire.xml", "/feeds/wire/archive/2024-03.xml", "/robots.txt"])
def test_conditional_get(server: ReplayServer, path: str) -> None:
    _, headers, _ = fetch(server.url, path)
    status, again, body = fetch(server.url, path, If_None_Match=headers["etag"])
    assert (status, again["etag"], body) == (304, headers["etag"], b"")
    assert fetch(server.url, path, If_None_Match='"other"')[0] == 200
    if "last-modified" in headers:
        assert fetch(server.url, path, If_Modified_Since=headers["last-modified"])[0] == 304
        assert fetch(server.url, path, If_Modified_Since="Mon, 01 Jan 2024 00:00:00 GMT")[0] == 200
        assert fetch(server.url, path, If_Modified_Since="yesterday")[0] == 200


def test_the_day_moves_while_the_server_runs(server: ReplayServer) -> None:
    assert b"tc:2" not in fetch(server.url, "/feeds/wire.xml")[2]
    server.set_today(date(2024, 4, 2))
    assert b"tc:2" in fetch(server.url, "/feeds/wire.xml")[2]
    assert fetch(server.url, "/_control/today", "POST", "2024-02-01")[0] == 204
    assert server.today == date(2024, 2, 1)
    assert b"noRecordsMatch" in fetch(server.url, RECORDS_PATH)[2]
    assert fetch(server.url, "/_control/today", "POST", "soon")[0] == 400


@pytest.mark.parametrize(("kind", "status"), [("unavailable", 503), ("too many", 429)])
def test_refusals_come_with_retry_after(server: ReplayServer, kind: str, status: int) -> None:
    server.set_faults(FaultPlan((FaultRule("/oai*", Fault(kind, retry_after="7"), nth=(2,)),)))  # type: ignore[arg-type]
    assert fetch(server.url, RECORDS_PATH)[0] == 200
    refused = fetch(server.url, RECORDS_PATH)
    assert (refused[0], refused[1]["retry-after"]) == (status, "7")
    assert fetch(server.url, RECORDS_PATH)[0] == 200
    assert [seen.status for seen in server.requests] == [200, status, 200]
    assert all(seen.target == RECORDS_PATH for seen in server.requests)


def test_a_truncated_body_is_shorter_than_announced(server: ReplayServer) -> None:
    server.set_faults(FaultPlan((FaultRule("/feeds/*", Fault("truncated")),)))
    with pytest.raises(http.client.IncompleteRead):
        fetch(server.url, "/feeds/wire.xml")


def test_other_faults_spoil_the_body() -> None:
    faults: dict[str, bytes] = {}
    pauses: list[float] = []
    with ReplayServer(CORPUS, TODAY, pause=pauses.append) as server:
        whole = fetch(server.url, RECORDS_PATH)[2]
        for kind in ("empty", "html", "wrong charset", "slow"):
            server.set_faults(FaultPlan((FaultRule("*", Fault(kind, seconds=4.0)),)))  # type: ignore[arg-type]
            faults[kind] = fetch(server.url, RECORDS_PATH)[2]
    assert faults["empty"] == b""
    assert faults["html"].startswith(b"<!doctype html>")
    assert faults["slow"] == whole
    assert sum(pauses) == pytest.approx(4.0)
    with pytest.raises(UnicodeDecodeError):
        faults["wrong charset"].decode("utf-8")


def test_records_that_no_format_carries_are_told_apart() -> None:
    grant = Record("cordis", "grant", "g:1", "Grant", "", date(2024, 1, 1))
    nasa = Record("nasa", "patent", "LAR-1-1", "Wing", "", None)
    servable, refused = split_servable([*CORPUS, grant, nasa])
    assert servable == CORPUS
    assert [record for record, _ in refused] == [grant, nasa]
    with pytest.raises(ValueError, match="g:1"):
        ReplayServer([grant], TODAY)


def test_a_corpus_is_read_from_parquet_and_json_lines_alike(tmp_path: Path) -> None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    rows = [row_of(record) | {"extras": json.dumps(record.extras), "track_hint": ["x"]} for record in CORPUS]
    lines, table = tmp_path / "corpus.jsonl", tmp_path / "corpus.parquet"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    typed = [row | {"published": record.published} for row, record in zip(rows, CORPUS, strict=True)]
    parquet.write_table(arrow.Table.from_pylist(typed), table)
    assert read_corpus([lines]) == read_corpus([table]) == CORPUS


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"kind": "poem"}, "unknown kind 'poem'"), ({"published": "2024-02-30"}, "impossible date"), ({"abstract": None}, None)],
)
def test_an_unreadable_row_is_named(tmp_path: Path, change: dict[str, str], reason: str | None) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text(json.dumps(row_of(PAPER)) + "\n" + json.dumps(row_of(PATENT) | change) + "\n", encoding="utf-8")
    if reason is None:
        assert read_corpus([path])[1].abstract == ""
    else:
        with pytest.raises(ValueError, match=rf"corpus.jsonl, row 2: .*{reason}"):
            read_corpus([path])


def test_it_runs_as_a_process(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(json.dumps(row_of(record)) + "\n" for record in CORPUS), encoding="utf-8")
    command = [sys.executable, "-m", "crawlers.replay", "--today", "2024-03-31", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        assert facts["records"] == 4
        assert b"tc:1" in fetch(facts["url"], "/feeds/wire.xml")[2]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
