"""OpenAlex, Semantic Scholar and the Lens walked by their spiders over loopback, on invented pages."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import TextResponse

from crawlers.jobs import CrawlJob
from crawlers.landing import open_window, read_body
from crawlers.reading import parse
from crawlers.records import CrawlReport, Window
from crawlers.run import crawl
from crawlers.sources import load_sources
from crawlers.spiders.landing_spider import LandingSpider
from crawlers.spiders.register import SPIDERS

WINDOW = Window(date(2026, 10, 1), date(2026, 10, 31))


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    for name in ("OPENALEX_API_KEY", "S2_API_KEY", "LENS_API_TOKEN"):
        monkeypatch.setenv(name, "k3y")
    return "k3y"


def gather(source: str, server: Any, root: Path, *queries: str, **more: Any) -> CrawlReport:
    moved = replace(load_sources({source: f"{server.url}/{source}"})[source], queries=queries or ("q",))
    return crawl(moved, WINDOW, root, user_agent="t/1", allow_hosts=("127.0.0.1",), fast=True, **more)


def ids(source: str, report: CrawlReport, root: Path) -> list[str]:
    return [one.source_id for capture in report.captures for one in parse(source, read_body(root, capture)).documents]


def asked(server: Any) -> list[Any]:
    return [one for one in server.asked if one.target != "/robots.txt"]


def assert_only_in_its_header(key: str, name: str, value: str, server: Any, root: Path) -> None:
    for one in asked(server):
        assert {header: said for header, said in one.headers.items() if key in said} == {name: value}
        assert key not in one.target
        assert key.encode() not in one.body
    assert key.encode() not in b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


def works(total: int, cursor: str | None, *numbers: int) -> bytes:
    results = [{"id": f"https://openalex.org/W{number}", "title": f"Work {number}"} for number in numbers]
    return json.dumps({"meta": {"count": total, "next_cursor": cursor}, "results": results}).encode()


def papers(total: int, token: str | None, *names: str) -> bytes:
    return json.dumps({"total": total, "token": token, "data": [{"paperId": name, "title": name} for name in names]}).encode()


def patents(total: int, scroll: str, *names: str) -> bytes:
    data = [{"lens_id": name, "jurisdiction": "US", "doc_number": name, "kind": "A1"} for name in names]
    return json.dumps({"total": total, "data": data, "scroll_id": scroll}).encode()


def test_openalex_is_walked_until_the_cursor_is_null(tmp_path: Path, scripted_server: Any, reply: Any, key: str) -> None:
    server = scripted_server()
    too_fast = reply(b'{"error":"Rate limit exceeded"}', 429, {"X-RateLimit-Remaining": "9000", "X-RateLimit-Reset": "58798"})
    server.in_order("/openalex", too_fast, works(3, "c1", 1, 2), works(3, "c2", 3), works(3, None))
    report = gather("openalex", server, tmp_path, "primary_topic.field.id:17")
    assert (report.complete, report.problems, ids("openalex", report, tmp_path)) == (True, (), ["W1", "W2", "W3"])
    sent = [parse_qs(urlsplit(one.target).query) for one in asked(server)]
    assert [one["cursor"] for one in sent] == [["*"], ["*"], ["c1"], ["c2"]]
    span = "from_publication_date:2026-10-01,to_publication_date:2026-10-31"
    assert {one["filter"][0] for one in sent} == {f"{span},primary_topic.field.id:17"}
    assert {one["per_page"][0] for one in sent} == {"100"}
    assert_only_in_its_header(key, "authorization", f"Bearer {key}", server, tmp_path)


def test_semantic_scholar_is_walked_along_the_token_of_each_page(tmp_path: Path, scripted_server: Any, key: str) -> None:
    server = scripted_server()
    server.in_order("/semanticscholar", papers(3, "t1", "a", "b"), papers(3, None, "c"))
    since = {"fusion | fission": date(2026, 9, 1)}  # this query fell behind
    report = gather("semanticscholar", server, tmp_path, "fusion | fission", since=since)
    assert (report.complete, ids("semanticscholar", report, tmp_path)) == (True, ["a", "b", "c"])
    first, second = (parse_qs(urlsplit(one.target).query) for one in asked(server))
    assert (first["publicationDateOrYear"], first["query"], first.get("token")) == (["2026-09-01:2026-10-31"], ["fusion | fission"], None)
    assert second == first | {"token": ["t1"]}
    assert "offset" not in first
    assert_only_in_its_header(key, "x-api-key", key, server, tmp_path)


def test_the_lens_is_scrolled_with_the_newest_id_until_the_total_is_reached(tmp_path: Path, scripted_server: Any, key: str) -> None:
    server = scripted_server()
    server.in_order("/lens", patents(3, "s1", "1"), patents(3, "s2", "2"), patents(3, "s2", "3"))
    report = gather("lens", server, tmp_path, "class_cpc.symbol:G21B*")
    assert (report.complete, report.problems, ids("lens", report, tmp_path)) == (True, (), ["1", "2", "3"])
    sent = [json.loads(one.body) for one in asked(server)]
    assert {(one.method, one.headers["content-type"]) for one in asked(server)} == {("POST", "application/json")}
    span, query = sent[0]["query"]["bool"]["must"]
    assert span == {"range": {"date_published": {"gte": "2026-10-01", "lte": "2026-10-31"}}}
    assert query == {"query_string": {"query": "class_cpc.symbol:G21B*"}}
    assert sent[1:] == [{"scroll_id": "s1", "scroll": "1m"}, {"scroll_id": "s2", "scroll": "1m"}]
    assert_only_in_its_header(key, "authorization", f"Bearer {key}", server, tmp_path)


def test_a_spent_budget_is_said_and_not_asked_against(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    server = scripted_server()
    spent = reply(b'{"error":"Rate limit exceeded"}', 429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "58798"})
    server.in_order("/openalex", spent)
    report = gather("openalex", server, tmp_path)
    assert (report.complete, report.behind, len(asked(server))) == (False, ("q",), 1)
    assert "budget of openalex for today is spent; there is a new one in 58798 seconds" in report.problems[0]


def walk(source: str, root: Path, *pages: bytes | int) -> LandingSpider:
    """Let the spider of `source` walk one query over these bodies, or statuses without a body, without a network."""
    described = replace(load_sources()[source], queries=("q",))
    job = CrawlJob(described, WINDOW, root, "t/1", (), True, datetime(2026, 11, 1, tzinfo=UTC), 0)
    spider = SPIDERS[source](job, open_window(root, source, WINDOW, datetime(2026, 11, 1, tzinfo=UTC)))
    waiting = list(asyncio.run(_all(spider.start())))
    for page in pages:
        request = waiting.pop(0)
        status, body = (page, b"") if isinstance(page, int) else (200, page)
        response = TextResponse(request.url, status=status, body=body, request=request)
        waiting += request.callback(response, **request.cb_kwargs)
    assert waiting == [], "the walk wants to go on"
    return spider


async def _all(requests: Any) -> list[Any]:
    return [request async for request in requests]


@pytest.mark.parametrize(
    ("source", "pages", "trouble"),
    [
        ("openalex", [works(0, None)], ""),
        ("openalex", [works(2, "c1", 1), works(2, "c2"), works(2, "c3", 2), works(2, None)], ""),
        ("openalex", [b'{"error":"Invalid filter","message":"Unknown"}'], "source_error"),
        ("openalex", [b""], "empty_body"),
        ("openalex", [b"<!DOCTYPE html><html></html>"], "html_page"),
        ("openalex", [b'{"id":"https://openalex.org/W1","title":"T"}'], "no list of works"),
        ("openalex", [works(5, "c1", 1), works(5, None, 2)], "ended after 2 of 5 records"),
        ("openalex", [works(5, "c1", 1), works(5, "c1", 2)], "goes in circles"),
        ("semanticscholar", [papers(0, None)], ""),
        ("semanticscholar", [papers(3, None, "a", "b")], ""),  # the total is an estimate
        ("semanticscholar", [papers(3, None)], "ended after 0 of 1 records"),
        ("semanticscholar", [b'{"message":"Forbidden"}'], "source_error"),
        ("lens", [204], ""),
        ("lens", [patents(0, "s1")], ""),
        ("lens", [patents(2, "s1", "1"), 204], "ended after 1 of 2 records"),
        ("lens", [patents(2, "s1", "1"), 400, patents(2, "s2", "1"), patents(2, "s3", "2")], ""),
        ("lens", [patents(2, "s1", "1"), 404, patents(2, "s2", "1"), 400], "its token died twice"),
    ],
)
def test_a_walk_ends_whole_or_says_why_not(source: str, pages: list[bytes | int], trouble: str, tmp_path: Path) -> None:
    spider = walk(source, tmp_path, *pages)
    assert spider.behind == ({"q"} if trouble else set())
    assert len(spider.problems) == bool(trouble)
    assert trouble in "".join(spider.problems)
    assert not spider.is_broken
