"""Sitemaps and list pages, walked by the real spiders over loopback. All pages are invented."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.landing import read_body
from crawlers.parsers.sitemap_entries import read_sitemap
from crawlers.reading import parse
from crawlers.records import CrawlReport, Document, Window
from crawlers.run import crawl
from crawlers.sources import Feed, load_sources
from crawlers.spiders.sitemaps import MOST_PAGES, days_of

WINDOW = Window(date(2024, 3, 4), date(2024, 3, 6))
CHALLENGE = b"<html><script>document.cookie='__jsl_clearance_s=1';location.href='/';</script></html>"


def gather(source: str, root: Path, *addresses: str, window: Window | None = None) -> CrawlReport:
    feeds = tuple(Feed(f"site {number}", address) for number, address in enumerate(addresses))
    moved = replace(load_sources()[source], feeds=feeds)
    agent = "observatory/0.1 (+mailto:a@example.org)"
    return crawl(moved, window or WINDOW, root, user_agent=agent, allow_hosts=("127.0.0.1",), fast=True)


def documents(report: CrawlReport, root: Path) -> list[Document]:
    parsed = [parse(report.source, read_body(root, one), one.url, one.headers) for one in report.captures]
    assert all(one.rejects == () for one in parsed)
    return [document for one in parsed for document in one.documents]


def article(title: str, day: str, text: str = "A reactor held its plasma for eight minutes, the team said. ") -> bytes:
    return f"""<html lang="en"><head><title>{title}</title><meta property="article:published_time" content="{day}"></head>
    <body><h1>{title}</h1><p>{text * 5}</p></body></html>""".encode()


def pages(*entries: tuple[str, str], name: str = "urlset", entry: str = "url") -> bytes:
    listed = "".join(f"<{entry}><loc>{loc}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</{entry}>" for loc, day in entries)
    return f'\ufeff<?xml version="1.0"?><{name} xmlns="http://www.sitemaps.org/schemas/sitemap/0.84">{listed}</{name}>'.encode()


def news(loc: str, day: str, title: str) -> bytes:
    return f"""<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{loc}</loc><n:news><n:publication><n:name>Example
    </n:name><n:language>en</n:language></n:publication><n:publication_date>{day}</n:publication_date><n:title>{title}</n:title></n:news>
    </url></urlset>""".encode()


def test_nested_packed_and_news_sitemaps_lead_to_the_pages_of_the_window(tmp_path: Path, scripted_server: Callable[[], Any]) -> None:
    server = scripted_server()
    at = server.url
    server.on(
        "/index.xml",
        pages(
            (f"{at}/new.xml.gz", "2024-03-06"),
            (f"{at}/old.xml", "2023-01-01"),
            (f"{at}/news.xml", ""),
            name="sitemapindex",
            entry="sitemap",
        ),
    )
    server.on(
        "/new.xml.gz",
        gzip.compress(
            pages(
                (f"{at}/in", "2024-03-05T08:00:00+01:00"),
                (f"{at}/before", "2024-03-01"),
                (f"{at}/2024/03/04/b.html", ""),
                ("https://elsewhere.example/x", "2024-03-05"),
                (f"{at}/gone", "2024-03-05"),
            )
        ),
    )
    server.on("/news.xml", news(f"{at}/in", "2024-03-05", "Reactor record"))
    server.on("/in", article("Reactor record", "2024-03-05"))
    server.on("/2024/03/04/b.html", article("Second story", "2024-03-04"))
    report = gather("sitemaps", tmp_path, f"{at}/index.xml")
    assert report.complete
    assert report.behind == ()
    assert sorted(one.partition(" ")[2] for one in report.problems) == [
        "holds news of 2 days only: what site 0 wrote before 2024-03-05 cannot be had from it.",
        "is listed and gone (404).",
    ]
    asked = [one.target for one in server.asked if one.target != "/robots.txt"]
    assert sorted(asked) == ["/2024/03/04/b.html", "/gone", "/in", "/index.xml", "/new.xml.gz", "/news.xml"]
    found = documents(report, tmp_path)
    assert len(report.captures) == 5
    assert {(one.source_id, one.title, str(one.published_on)) for one in found} == {
        (f"{at}/in", "Reactor record", "2024-03-05"),
        (f"{at}/2024/03/04/b.html", "Second story", "2024-03-04"),
    }
    assert len(found) == 3, "a news entry is a document by itself, and its page another version of the same"


def test_a_site_that_gives_no_sitemap_falls_behind_alone(tmp_path: Path, scripted_server: Callable[[], Any]) -> None:
    good, bad, empty, cut = (scripted_server() for _ in range(4))
    good.on("/s.xml", pages((f"{good.url}/in", "2024-03-05")))
    good.on("/in", article("Reactor record", "2024-03-05"))
    bad.on("/s.xml", b"<html><body>Welcome</body></html>")
    empty.on("/s.xml", b" ")
    cut.on("/s.xml", pages((f"{cut.url}/in", "2024-03-05"))[:-9])
    cut.on("/in", CHALLENGE)
    report = gather("sitemaps", tmp_path, *(f"{one.url}/s.xml" for one in (good, bad, empty, cut)))
    assert (report.complete, report.behind) == (True, ("site 1", "site 2", "site 3"))
    said = " ".join(report.problems)
    assert all(words in said for words in ("(html_page)", "(empty_body)", "(truncated)", "challenge to the browser"))


def test_more_pages_than_a_crawl_takes_are_a_trouble_and_the_next_crawl_goes_on_behind_them(
    tmp_path: Path, scripted_server: Callable[[], Any]
) -> None:
    server = scripted_server()
    server.on("/s.xml", pages(*((f"{server.url}/{number}", f"2024-03-0{4 + number % 3}") for number in range(MOST_PAGES + 1))))
    for number in range(MOST_PAGES + 1):
        server.on(f"/{number}", article(f"Story {number}", "2024-03-05"))
    report = gather("sitemaps", tmp_path, f"{server.url}/s.xml")
    assert len(report.captures) == MOST_PAGES + 1
    assert report.behind == ("site 0",)
    server.asked.clear()
    later = gather("sitemaps", tmp_path, f"{server.url}/s.xml", window=Window(WINDOW.from_on, WINDOW.to_on + timedelta(days=1)))
    assert later.behind == ()
    assert [one.target for one in server.asked if one.target[1:].isdecimal()] == [f"/{MOST_PAGES}"]


def test_lastmods_that_are_all_one_day_are_not_believed() -> None:
    lying = read_sitemap(pages(*((f"https://n.example.org/2024/03/0{1 + number % 9}/a{number}", "2024-03-06") for number in range(60))))
    assert {str(day) for day in days_of(lying.entries)} == {f"2024-03-0{day}" for day in range(1, 10)}
    few = read_sitemap(pages(("https://n.example.org/2024/03/01/a", "2024-03-06")))
    assert [str(day) for day in days_of(few.entries)] == ["2024-03-06"]


def test_a_sitemap_may_be_a_list_of_addresses() -> None:
    sitemap = read_sitemap(b"\xef\xbb\xbfhttps://n.example.org/a\r\nhttps://n.example.org/b\r\n")
    assert (sitemap.kind, [one.address for one in sitemap.entries]) == ("text", ["https://n.example.org/a", "https://n.example.org/b"])


def detail(title: str, stamp: str) -> bytes:
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{title}</title>
    <meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{stamp}"><meta name="ColumnName" content="工作动态"></head>
    <body><h1>{title}</h1><p>{"研究团队在会上介绍了固态电池的中试进展和下一步安排。" * 5}</p></body></html>""".encode("gb18030")


def listing(*lines: tuple[str, str, str], paging: str = "") -> bytes:
    items = "".join(f'<li><a href="{href}" title="{title}">{title[:8]}...</a><span>{day}</span></li>' for href, title, day in lines)
    menu = '<a href="/">首页</a><a href="./other.html">关于我们的工作网站</a>'
    return f"<html><head><title>工作动态</title></head><body>{menu}<ul>{items}</ul>{paging}</body></html>".encode()


def test_ministries_are_walked_from_their_lists_to_the_pages_of_the_window(tmp_path: Path, scripted_server: Callable[[], Any]) -> None:
    server = scripted_server()
    draws = '<script>createPageHTML(3, %d, "index", "html");</script>'
    server.on(
        "/xw/",
        listing(
            ("./t20240307_1.html", "关于固态电池标准的通知", "2024-03-07"),
            ("./202403/a.html", "固态电池取得重要进展", "[2024-03-06]"),
            paging=draws % 0,
        ),
    )
    server.on(
        "/xw/index_1.html",
        listing(
            ("/xw/202403/b.html", "第二十届能源大会在京召开", "2024年03月04日"),
            ("/xw/gone.html", "已经撤下的一条消息", "2024-03-04"),
            paging=draws % 1,
        ),
    )
    old = [(f"/xw/{number}.html", f"二月的第{number}条旧消息", f"2024-02-2{number}") for number in range(5)]
    server.on("/xw/index_2.html", listing(*old, paging=draws % 2))
    server.on("/xw/202403/a.html", detail("固态电池取得重要进展", "2024-03-06 06:30:00"))
    server.on("/xw/202403/b.html", detail("第二十届能源大会在京召开", "2024-03-04"))
    report = gather("ministries", tmp_path, f"{server.url}/xw/")
    assert (report.complete, report.behind) == (True, ())
    assert len(report.captures) == 5
    assert [(one.title, str(one.published_on), one.lang, one.source) for one in documents(report, tmp_path)] == [
        ("固态电池取得重要进展", "2024-03-06", "zh", "ministries"),
        ("第二十届能源大会在京召开", "2024-03-04", "zh", "ministries"),
    ]


def test_a_list_that_a_script_fetches_is_followed(tmp_path: Path, scripted_server: Callable[[], Any]) -> None:
    server, council = scripted_server(), scripted_server()
    script = """<script parseType="buildstatic" url="/unit" queryData="{'pageId':'7','tagId':'list'}"></script>"""
    server.on("/gxdt/", f"<html><head><title>动态</title></head><body><p>工作动态</p>{script}</body></html>".encode())
    lines = listing(("/a.html", "固态电池取得重要进展", "2024-03-05"), ("/o.html", "一条更早的旧消息", "2024-01-05")).decode()
    server.on("/unit", b'{"success": true, "data": {"html": %s}}' % json.dumps(lines).encode())
    server.on("/a.html", detail("固态电池取得重要进展", "2024-03-05"))
    rows = [("国务院部署未来产业", "/c.htm", "2024-03-06"), ("旧闻", "/o.htm", "2024-03-01")]
    council.on("/LIST.json", json.dumps([dict(zip(("TITLE", "URL", "DOCRELPUBTIME"), row, strict=True)) for row in rows]).encode())
    council.on("/c.htm", detail("国务院部署未来产业", "2024-03-06"))
    report = gather("ministries", tmp_path, f"{server.url}/gxdt/", f"{council.url}/LIST.json")
    assert (report.complete, report.problems) == (True, ())
    unit = next(one for one in server.asked if one.target.startswith("/unit"))
    assert (unit.target, unit.headers["referer"]) == ("/unit?pageId=7&tagId=list", f"{server.url}/gxdt/")
    titles = {capture.url: parse("ministries", read_body(tmp_path, capture), capture.url).documents for capture in report.captures}
    assert {one.title for found in titles.values() for one in found} == {"固态电池取得重要进展", "国务院部署未来产业"}


@pytest.mark.parametrize(
    ("status", "body"),
    [(412, CHALLENGE), (521, CHALLENGE), (200, CHALLENGE), (200, b"<html><title>x</title><body><p>Nothing here</p></body></html>")],
)
def test_an_office_behind_a_firewall_falls_behind_alone(
    tmp_path: Path, scripted_server: Callable[[], Any], reply: Any, status: int, body: bytes
) -> None:
    walled, open_ = scripted_server(), scripted_server()
    walled.on("/", reply(body, status))
    open_.on("/", listing(("/o.html", "一条更早的旧消息", "2024-01-05")))
    report = gather("ministries", tmp_path, f"{walled.url}/", f"{open_.url}/")
    assert (report.complete, report.behind) == (True, ("site 0",))


def test_a_list_that_ends_before_the_window_begins_is_a_trouble(tmp_path: Path, scripted_server: Callable[[], Any]) -> None:
    server = scripted_server()
    server.on("/", listing(("/a.html", "固态电池取得重要进展", "2024-03-07")))
    report = gather("ministries", tmp_path, f"{server.url}/")
    assert not report.complete
    assert "before it reaches 2024-03-04" in report.problems[0]
