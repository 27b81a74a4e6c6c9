"""GDELT and Hacker News: whole crawls over loopback, and what their answers hide."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from crawlers.landing import read_body
from crawlers.reading import parse
from crawlers.records import CrawlReport, Window
from crawlers.run import crawl
from crawlers.sources import Source, load_sources
from crawlers.spiders.gdelt import MAX_RECORDS, MAX_REFUSALS

DAY = Window(date(2026, 11, 18), date(2026, 11, 18))
NOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
MIDNIGHT = int(datetime(2026, 11, 18, tzinfo=UTC).timestamp())
BUSY = b"Please limit requests to one every 5 seconds or contact us for larger queries."


def source_at(server: Any, name: str, *queries: str) -> Source:
    return replace(load_sources({name: f"{server.url}/api"})[name], queries=queries)


def gather(source: Source, root: Path, window: Window = DAY) -> CrawlReport:
    return crawl(source, window, root, user_agent="t/1", allow_hosts=("127.0.0.1",), fast=True, fetched_at=NOON)


def found(report: CrawlReport, root: Path) -> set[str]:
    parsed = [parse(report.source, read_body(root, one), one.url) for one in report.captures]
    assert not [reject for one in parsed for reject in one.rejects]
    return {document.source_id for one in parsed for document in one.documents}


def asked(server: Any) -> list[dict[str, str]]:
    queries = [urlsplit(one.target).query for one in server.asked if one.target.startswith("/api")]
    return [{name: values[0] for name, values in parse_qs(query).items()} for query in queries]


def articles(first: int, last: int) -> bytes:
    said = {"title": "T", "seendate": "20261118T001500Z", "domain": "a.example.org", "language": "English"}
    return json.dumps({"articles": [{"url": f"https://a.example.org/{number}", **said} for number in range(first, last)]}).encode()


def slice_of(query: str, start: str, end: str) -> str:
    said = {"query": query, "mode": "artlist", "format": "json", "maxrecords": 250, "sort": "dateasc"}
    return f"/api?{urlencode({**said, 'startdatetime': f'202611{start}00', 'enddatetime': f'202611{end}00'})}"


def test_gdelt_halves_a_full_slice_and_waits_when_told_to(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.on("/api", b"{}")
    server.on(slice_of("fusion", "180000", "190000"), articles(0, MAX_RECORDS))
    server.on(slice_of("fusion", "180000", "181200"), BUSY, articles(0, 200))
    server.on(slice_of("fusion", "181200", "190000"), articles(199, 400))
    report = gather(source_at(server, "gdelt", "fusion", "(graphene OR borophene)"), tmp_path)
    assert (report.complete, report.problems, report.behind) == (True, (), ())
    assert len(found(report, tmp_path)) == 400
    assert len(asked(server)) == 5
    refused, answered = server.times(slice_of("fusion", "180000", "181200"))
    assert answered > refused


def test_gdelt_errors_with_status_200_put_their_query_behind(tmp_path: Path, scripted_server: Any) -> None:
    bodies = {
        "too short or too long": b"Your query was too short or too long.\n",
        "web page": b"<!DOCTYPE html><html><body>Service unavailable</body></html>",
        "no content": b"",
        "cut off": articles(0, 9)[:-30],
        "no list of articles": b'{"status": "error"}',
    }
    server = scripted_server()
    server.on(slice_of("laser", "180000", "190000"), articles(0, 3))
    for why, body in bodies.items():
        server.on(slice_of(why, "180000", "190000"), body)
    report = gather(source_at(server, "gdelt", "laser", *bodies), tmp_path)
    assert (report.complete, report.behind) == (True, tuple(sorted(bodies)))
    assert all(any(why in problem.partition(" ")[2] for problem in report.problems) for why in bodies), report.problems
    assert len(report.captures) == 1 + len(bodies), "the answers are evidence"


def test_gdelt_is_left_alone_when_it_stays_busy(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.on("/api", BUSY)
    report = gather(source_at(server, "gdelt", "fusion"), tmp_path)
    assert (report.complete, report.behind, len(asked(server))) == (False, ("fusion",), MAX_REFUSALS)


def test_gdelt_says_when_a_quarter_of_an_hour_is_too_full(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.on("/api", b"{}")
    for end in ("190000", "181200", "180600", "180300", "180130", "180045", "180015"):
        server.on(slice_of("news", "180000", end), articles(0, MAX_RECORDS))
    report = gather(source_at(server, "gdelt", "news"), tmp_path)
    assert report.behind == ("news",)
    assert "15 minutes" in report.problems[0]
    spans = {(one["startdatetime"], one["enddatetime"]) for one in asked(server)}
    assert len(spans) == len(asked(server)) == 13


def test_gdelt_beyond_three_months_is_not_asked(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.on("/api", b"{}")
    source = source_at(server, "gdelt", "fusion")
    gone = gather(source, tmp_path, Window(date(2026, 8, 1), date(2026, 8, 7)))
    assert (gone.complete, asked(server)) == (True, [])
    assert "reaches back to 2026-08-21" in gone.problems[0]
    partly = gather(source, tmp_path, Window(date(2026, 8, 18), date(2026, 8, 24)))
    assert partly.complete
    assert [one["startdatetime"] for one in asked(server)] == ["20260821000000"]
    early = {"fusion": date(2026, 8, 1)}
    lagging = crawl(source, DAY, tmp_path, user_agent="t/1", allow_hosts=("127.0.0.1",), fast=True, fetched_at=NOON, since=early)
    assert "what was wanted from 2026-08-01 on" in lagging.problems[0], "a query that fell behind may lose days too"


def test_gdelt_queries_keep_its_rules() -> None:
    queries = load_sources()["gdelt"].queries
    assert {re.search(r"sourcelang:(\w+)$", query)[1] for query in queries} == {"english", "chinese"}  # type: ignore[index]
    for query in queries:
        assert len(query) <= 200, "longer ones are refused"
        assert re.fullmatch(r'\((?:"[^" ]+ [^"]+"|\w+)(?: OR (?:"[^" ]+ [^"]+"|\w+))+\) sourcelang:\w+', query), query


def hits(first: int, last: int, total: int) -> bytes:
    stories = [
        {"objectID": str(number), "title": "T", "created_at": "2026-11-18T10:00:00Z", "_tags": ["story"]} for number in range(first, last)
    ]
    return json.dumps({"hits": stories, "nbHits": total, "page": 0, "nbPages": 1}).encode()


def span_of(query: str, begin: int, end: int) -> str:
    filters = f"created_at_i>={MIDNIGHT + begin * 3600},created_at_i<{MIDNIGHT + end * 3600}"
    return f"/api?{urlencode({'query': query, 'tags': 'story', 'hitsPerPage': 1000, 'numericFilters': filters})}"


def test_hacker_news_is_halved_below_its_ceiling(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.on(span_of("fusion", 0, 24), hits(500, 1500, 1500))
    server.on(span_of("fusion", 0, 12), hits(0, 600, 600))
    server.on(span_of("fusion", 12, 24), hits(600, 1500, 900))
    report = gather(source_at(server, "hackernews", "fusion"), tmp_path)
    assert (report.complete, report.problems) == (True, ())
    assert found(report, tmp_path) == {str(number) for number in range(1500)}
    assert {name for one in asked(server) for name in re.findall(r"[a-z_]+(?=[<>])", one["numericFilters"])} == {"created_at_i"}


def test_hacker_news_errors_with_status_200_put_their_query_behind(tmp_path: Path, scripted_server: Any) -> None:
    bodies = {
        "beyond the ceiling": b'{"hits": [], "nbHits": 0, "message": "you can only fetch the 1000 hits for this query"}',
        "hits withheld": b'{"hits": [], "nbHits": 7}',
        "no number": b'{"hits": []}',
        "web page": b"<html><body>Heroku | Application Error</body></html>",
    }
    server = scripted_server()
    server.on(span_of("laser", 0, 24), hits(0, 2, 2))
    for query, body in bodies.items():
        server.on(span_of(query, 0, 24), body)
    report = gather(source_at(server, "hackernews", "laser", *bodies), tmp_path)
    assert (report.complete, report.behind, len(report.problems)) == (True, tuple(sorted(bodies)), len(bodies))


def test_points_and_comments_make_no_new_version() -> None:
    story = {"objectID": "1", "title": "T", "created_at": "2026-11-18T10:00:00Z", "_tags": ["story"]}
    early, late = (json.dumps({"hits": [{**story, "points": points, "num_comments": points}], "nbHits": 1}) for points in (1, 400))
    assert parse("hackernews", early.encode()) == parse("hackernews", late.encode())


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("gdelt", b'{"url":' * 900_000),
        ("gdelt", b'{"articles": [' + b"1," * 1000 + b"1]}"),
        ("hackernews", b'{"hits": [' + b"1," * 10_000 + b"1]}"),
        ("feeds", b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"1," * 20_000 + b"1]}"),
    ],
)
def test_lists_no_source_would_send_are_refused_whole(source: str, body: bytes) -> None:
    parsed = parse(source, body)
    assert (parsed.documents, [one.reason for one in parsed.rejects]) == ((), ["too_large"])
