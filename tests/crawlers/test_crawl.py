"""Whole crawls by the real spiders, in their subprocess, over loopback."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from crawlers.landing import JOURNAL, open_window, read_body, read_manifest
from crawlers.reading import parse
from crawlers.records import CrawlReport, Window
from crawlers.run import crawl
from crawlers.sources import Source, load_sources

WINDOW, LATER = Window(date(2024, 1, 1), date(2024, 3, 31)), Window(date(2024, 4, 1), date(2024, 4, 1))
AGENT = "observatory/0.1 (+mailto:crawl@example.org)"
NOON = datetime(2024, 4, 1, 12, 0, tzinfo=UTC)
FIXTURES = Path(__file__).parent / "fixtures"
OAI = "/oai?verb=ListRecords&metadataPrefix=arXiv&from=2024-01-01&until=2024-03-31"
OAI_NEXT = "/oai?verb=ListRecords&resumptionToken=skip%253D1%2526x"


def gather(source: Source, root: Path, **more: Any) -> CrawlReport:
    return crawl(source, WINDOW, root, user_agent=AGENT, allow_hosts=("127.0.0.1",), fast=True, fetched_at=NOON, **more)


def oai_page(identifier: str, token: str = "") -> bytes:
    record = f"""<record><header><identifier>oai:arXiv.org:{identifier}</identifier><datestamp>2024-01-02</datestamp></header>
    <metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{identifier}</id><created>2024-01-02</created><title>T</title></arXiv></metadata></record>"""
    return f"""<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>{record}
    <resumptionToken>{token}</resumptionToken></ListRecords></OAI-PMH>""".encode()


def papers(server: Any) -> Source:
    return load_sources({"arxiv_oai": f"{server.url}/oai"})["arxiv_oai"]


def test_a_busy_server_and_a_cut_page_are_overcome(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    server = scripted_server()
    first, second = oai_page("2401.00001", "skip%3D1%26x"), oai_page("2401.00002")
    server.on(OAI, reply(b"busy", 503, {"Retry-After": "1"}), first)
    server.on(OAI_NEXT, reply(second, cut=40), second)
    report = gather(papers(server), tmp_path)
    assert (report.complete, report.problems) == (True, ())
    assert [read_body(tmp_path, one) for one in report.captures] == [first, second]
    found = [document.source_id for one in report.captures for document in parse("arxiv_oai", read_body(tmp_path, one)).documents]
    assert found == ["2401.00001", "2401.00002"]
    refused, allowed = server.times(OAI)
    assert allowed - refused >= 1.0, "asked again before the time the server named"
    assert {one.headers["user-agent"] for one in server.asked} == {AGENT}
    manifest = read_manifest(tmp_path, "arxiv_oai", WINDOW)
    assert manifest is not None
    assert manifest.captures == report.captures
    assert {one.fetched_at for one in manifest.captures} == {NOON}


def test_a_page_that_stays_cut_is_not_landed_and_leaves_the_window_open(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    server = scripted_server()
    server.on(OAI, oai_page("2401.00001", "skip%3D1%26x"))
    server.on(OAI_NEXT, reply(oai_page("2401.00002"), cut=40))
    report = gather(papers(server), tmp_path)
    assert not report.complete
    assert len(report.captures) == 1
    assert len(server.times(OAI_NEXT)) == 5
    (problem,) = report.problems
    assert "ended before the length it had announced" in problem


@pytest.mark.parametrize(
    ("body", "is_complete"),
    [
        (b'<OAI-PMH><error code="noRecordsMatch">none</error></OAI-PMH>', True),
        (b'<OAI-PMH><error code="badResumptionToken">spent</error></OAI-PMH>', False),
        (oai_page("2401.00001")[:-30], False),
        (b"<html><body>maintenance</body></html>", False),
    ],
    ids=["nothing new", "spent token", "cut", "web page"],
)
def test_what_the_first_page_says_decides(tmp_path: Path, scripted_server: Any, body: bytes, is_complete: bool) -> None:
    server = scripted_server()
    server.on(OAI, body)
    report = gather(papers(server), tmp_path)
    assert report.complete is is_complete
    assert bool(report.problems) is not is_complete
    assert len(report.captures) == 1, "the answer is evidence either way"


def test_a_window_before_the_archive_begins_at_its_first_day(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.on("/oai?verb=Identify", b"<OAI-PMH><Identify><earliestDatestamp>1991-08-14</earliestDatestamp></Identify></OAI-PMH>")
    server.on(OAI.replace("from=2024-01-01", "from=1991-08-14"), oai_page("2401.00001"))
    early = Window(date(1980, 1, 1), WINDOW.to_on)
    report = crawl(papers(server), early, tmp_path, user_agent=AGENT, allow_hosts=("127.0.0.1",), fast=True)
    assert (report.complete, len(report.captures)) == (True, 2)


def atom(*entries: tuple[str, str], previous: str = "") -> bytes:
    link = f'<link rel="prev-archive" href="{previous}"/>' if previous else ""
    items = "".join(f"<entry><id>urn:{key}</id><title>{key}</title><published>{day}T00:00:00Z</published></entry>" for key, day in entries)
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{link}{items}</feed>'.encode()


def test_a_crawl_that_died_is_taken_up_where_it_stopped(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    first = f"/oai?{urlencode({'verb': 'ListRecords', 'metadataPrefix': 'arXiv', 'from': '2024-01-01', 'until': '2024-03-31'})}"
    second = "/oai?verb=ListRecords&resumptionToken=two"
    server.on(second, oai_page("2401.00002"))
    died = open_window(tmp_path, "arxiv_oai", WINDOW, NOON)
    died.land((0, 1), f"{server.url}{first}", 200, {"Content-Type": "text/xml"}, oai_page("2401.00001", "two"), NOON)
    (died.folder / JOURNAL).open("a").write('{"order": [0, 2], "url": "cut o')
    report = gather(papers(server), tmp_path)
    assert report.complete
    assert [one.target for one in server.asked if one.target != "/robots.txt"] == [second]
    assert [read_body(tmp_path, one) for one in report.captures] == [oai_page("2401.00001", "two"), oai_page("2401.00002")]

    open_window(tmp_path, "arxiv_oai", LATER, NOON - timedelta(days=1)).land((1,), "http://x", 200, {}, b"old", NOON - timedelta(days=1))
    opened = open_window(tmp_path, "arxiv_oai", LATER, NOON)
    assert opened.answered((1,), "http://x") is None, "a crawl of yesterday was taken up"


def test_feeds_are_walked_back_and_a_bad_outlet_does_not_stop_the_others(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    server, forbidding = scripted_server(), scripted_server()
    now, later, inside, before = (
        atom(("new", "2024-05-02"), ("old", "2024-03-30"), previous="/a/2024-04"),
        atom(("april", "2024-04-02"), previous="/a/2024-03"),
        atom(("march", "2024-03-01"), previous="/a/2023-12"),
        atom(("december", "2023-12-01"), previous="/a/2023-11"),
    )
    for target, body in {"/a": now, "/a/2024-04": later, "/a/2024-03": inside, "/a/2023-12": before}.items():
        server.on(target, body)
    server.on("/private", reply(b"", 302, {"Location": f"{forbidding.url.replace('127.0.0.1', '127.0.0.2')}/secret"}))
    server.on("/named", reply(b"", 302, {"Location": f"{forbidding.url.replace('127.0.0.1', 'localhost')}/secret"}))
    server.on("/page", b"<!DOCTYPE html><html></html>")
    server.on("/loop", reply(b"", 302, {"Location": "/loop"}))
    forbidding.on("/robots.txt", reply(b"down", 503, {"Retry-After": "0"}))
    forbidding.on("/feed", atom(("hidden", "2024-03-02")))
    addresses = [*(f"{server.url}{path}" for path in ("/a", "/private", "/named", "/page", "/loop", "/gone")), f"{forbidding.url}/feed"]
    report = gather(load_sources({"feeds": " ".join(addresses)})["feeds"], tmp_path)
    bodies = [read_body(tmp_path, one) for one in report.captures]
    assert bodies == [now, inside, b"<!DOCTYPE html><html></html>"]
    assert not server.times("/a/2023-11"), "walked further back than the window"
    assert forbidding.times("/feed") == [], "robots.txt was not to be had, which forbids everything"
    assert report.complete, "one outlet lives, so the window is done"
    assert len(report.behind) == 6, "the others fell behind, each by itself"
    told = {problem.split(" ")[0].rpartition("/")[2]: problem for problem in report.problems}
    assert set(told) == {"private", "named", "page", "loop", "gone", "feed"}
    assert "not a public address" in told["private"]
    assert "localhost stands for 127.0.0.1, which is not a public address" in told["named"]
    assert "/secret" not in {one.target for one in forbidding.asked}
    assert "neither RSS nor Atom" in told["page"]
    assert "redirections" in told["loop"]
    assert "answered 404" in told["gone"]
    assert "robots.txt" in told["feed"]


def test_the_key_goes_to_the_endpoint_and_not_along_a_redirect(
    tmp_path: Path, scripted_server: Any, reply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, store = scripted_server(), scripted_server()
    week = io.BytesIO()
    with zipfile.ZipFile(week, "w") as archive:
        archive.writestr("ipg240305.xml", (FIXTURES / "uspto_xml-week" / "input.xml").read_bytes())
    files = [
        {
            "fileName": "ipg240305.zip",
            "fileDataFromDate": "2024-03-05",
            "fileDataToDate": "2024-03-05",
            "fileDownloadURI": f"{server.url}/ipg240305.zip",
        },
        {
            "fileName": "ipg230103.zip",
            "fileDataFromDate": "2023-01-03",
            "fileDataToDate": "2023-01-03",
            "fileDownloadURI": f"{server.url}/never",
        },
    ]
    listing = json.dumps({"count": 1, "bulkDataProductBag": [{"productFileBag": {"fileDataBag": files}}]}).encode()
    server.on("/products/PTGRXML?fileDataFromDate=2024-01-01&fileDataToDate=2024-03-31&includeFiles=true", listing)
    server.on("/ipg240305.zip", reply(b"", 302, {"Location": f"{store.url}/signed?Signature=s3cret"}))
    store.on("/signed?Signature=s3cret", week.getvalue())
    monkeypatch.setenv("USPTO_API_KEY", "k3y")
    report = gather(load_sources({"uspto_xml": f"{server.url}/products/PTGRXML"})["uspto_xml"], tmp_path)
    assert (report.complete, report.problems) == (True, ())
    assert [read_body(tmp_path, one) for one in report.captures] == [listing, week.getvalue()]
    asked = {one.target: one.headers.get("x-api-key") for one in (*server.asked, *store.asked) if one.target != "/robots.txt"}
    assert asked.pop("/signed?Signature=s3cret") is None
    assert set(asked.values()) == {"k3y"}
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("manifest.json"))
    assert b"k3y" not in written
    assert b"s3cret" not in written


def test_a_source_whose_key_is_missing_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("USPTO_API_KEY", raising=False)
    report = crawl(load_sources()["uspto_xml"], WINDOW, tmp_path, user_agent=AGENT)
    assert (report.complete, report.captures) == (False, ())
    (problem,) = report.problems
    assert problem.endswith("wants a key: set USPTO_API_KEY in the environment or in the secrets folder.")


def test_only_loopback_may_be_crawled_without_pauses(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Only a server on loopback"):
        crawl(load_sources()["arxiv_oai"], WINDOW, tmp_path, user_agent=AGENT, fast=True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the death signal of a parent is Linux's")
def test_the_spider_dies_with_its_parent(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    server = scripted_server()
    server.on(OAI, reply(oai_page("2401.00001"), delay=20.0))
    parent = subprocess.Popen([sys.executable, "-c", crawl_script(server, tmp_path)])
    try:
        assert until(lambda: bool(server.times(OAI))), "the crawl never began"
        (child,) = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert until(lambda: not is_running(int(child)))
    finally:
        parent.kill()
    assert read_manifest(tmp_path, "arxiv_oai", WINDOW) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux hands the peak of a parent's memory on")
def test_a_crawl_is_not_stopped_for_the_memory_of_the_night_that_started_it(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.on(OAI, oai_page("2401.00001"))
    beyond_the_limit = "held = bytearray(b'x') * (2100 * 1024 * 1024)\n"
    subprocess.run([sys.executable, "-c", beyond_the_limit + crawl_script(server, tmp_path)], check=True)
    manifest = read_manifest(tmp_path, "arxiv_oai", WINDOW)
    assert manifest is not None
    assert (manifest.complete, manifest.problems, len(manifest.captures)) == (True, (), 1)


def crawl_script(server: Any, landing: Path) -> str:
    return f"""
from datetime import date
from pathlib import Path
from crawlers.records import Window
from crawlers.run import crawl
from crawlers.sources import load_sources
source = load_sources({{"arxiv_oai": "{server.url}/oai"}})["arxiv_oai"]
window = Window(date(2024, 1, 1), date(2024, 3, 31))
crawl(source, window, Path({str(landing)!r}), user_agent="t", allow_hosts=("127.0.0.1",), fast=True)
"""


def until(condition: Any, seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
        return ") Z " not in Path(f"/proc/{process_id}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False
