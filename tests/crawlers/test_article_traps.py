"""One test for each trap of news pages: what misleads a reader of them, and what must come out all the same. Pages are invented."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from crawlers.parsers.article_charset import decode_page
from crawlers.parsers.articles import read_article
from crawlers.reading import parse
from crawlers.records import Document

URL = "https://news.example.org/2024/03/05/fusion-record.html"
SENTENCE = "The stellarator held its plasma for eight minutes, the team said, longer than any machine of its kind had before. "
TEXT = "".join(f"<p>Report {number}. {SENTENCE * 3}</p>" for number in range(4))
CHINESE = "".join(f"<p>第{number}组" + "研究团队表示，新型固态电池在低温环境下保持了九成以上的容量。" * 4 + "</p>" for number in range(3))


def page(head: str = "", body: str = TEXT, title: str = "Fusion record falls", lang: str = "en") -> bytes:
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} - Example News</title>{head}</head>
    <body><nav><a href="/">Home</a><a href="/energy">Energy</a></nav>
    <main><article><h1>{title}</h1>{body}</article></main></body></html>""".encode()


def ld(*things: dict[str, Any]) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things)


def read(body: bytes, url: str = URL, **headers: str) -> Document:
    parsed = parse("articles", body, url, headers)
    assert parsed.rejects == ()
    return parsed.documents[0]


def refused(body: bytes, url: str = URL) -> str:
    parsed = parse("articles", body, url)
    assert parsed.documents == ()
    return parsed.rejects[0].reason


def test_published_changed_visible_and_url_dates_are_told_apart_and_all_kept() -> None:
    article = {
        "@type": "NewsArticle",
        "headline": "Fusion record falls",
        "datePublished": "2024-03-04T22:30:00Z",
        "dateModified": "2024-03-06",
    }
    head = ld(article) + '<meta property="article:published_time" content="2024-03-03">'
    one = read(page(head, f"<p>2 March 2024</p>{TEXT}"))
    assert (one.published_on, one.available_on, one.updated_on) == (date(2024, 3, 4), date(2024, 3, 4), date(2024, 3, 6))
    assert one.extras["dates"] == {
        "json_ld": "2024-03-04T22:30:00Z",
        "meta": "2024-03-03",
        "visible": "2 March 2024",
        "address": "2024-03-05",
        "changed_json_ld": "2024-03-06",
    }
    assert one.extras["date_from"] == "json_ld"


@pytest.mark.parametrize(
    ("head", "body", "url", "day", "place"),
    [
        ('<meta name="PubDate" content="2024-03-04 09:00">', f"<p>2024-03-01</p>{TEXT}", URL, "2024-03-04", "meta"),
        ("", f'<time itemprop="datePublished" datetime="2024-03-03">yesterday</time>{TEXT}', URL, "2024-03-03", "microdata"),
        ("", f"<p>发布日期：2024年3月2日</p>{TEXT}", URL, "2024-03-02", "visible"),
        ("", f"<p>By A. Writer, 2. März 2024</p>{TEXT}", URL, "2024-03-02", "visible"),
        ('<meta name="date" content="2024-03-01">', TEXT, "https://news.example.org/a", "2024-03-01", "meta_general"),
        ("", TEXT, URL, "2024-03-05", "address"),
        ("", TEXT, "https://news.example.org/2024/03/fusion.html", "2024-03-01", "address"),
        ('<meta property="og:updated_time" content="2024-03-07">', TEXT, "https://news.example.org/a", "2024-03-07", "changed_meta"),
    ],
)
def test_the_order_in_which_places_are_believed(head: str, body: str, url: str, day: str, place: str) -> None:
    one = read(page(head, body), url)
    assert (str(one.published_on), one.extras["date_from"]) == (day, place)


def test_a_month_in_the_address_is_no_day() -> None:
    one = read(page(), "https://news.example.org/2024/03/fusion.html")
    assert (one.date_precision, one.available_on) == ("month", date(2024, 3, 31))


def test_the_article_is_found_among_several_json_ld_blocks() -> None:
    site = {"@type": "WebSite", "name": "Example News", "dateModified": "2025-01-01"}
    other = {"@type": "NewsArticle", "headline": "Another story", "url": "https://news.example.org/other", "datePublished": "2020-01-01"}
    own = {
        "@type": ["Thing", "NewsArticle"],
        "headline": "Fusion record falls",
        "mainEntityOfPage": {"@id": URL},
        "datePublished": "2024-03-04",
    }
    person = {"@type": "Person", "@id": "#p1", "name": "Ada Writer"}
    one = read(page(ld(site, {"@graph": [other, {**own, "author": {"@id": "#p1"}}, person]})))
    assert (one.title, str(one.published_on)) == ("Fusion record falls", "2024-03-04")
    assert [actor.name for actor in one.actors] == ["Ada Writer"]


def test_a_broken_json_ld_block_does_not_hide_the_others() -> None:
    own = ld({"@type": "NewsArticle", "headline": "Fusion record falls", "datePublished": "2024-03-04"})
    one = read(
        page(
            '<script type="application/ld+json">{"@type": "NewsArticle", </script>'
            + "<script type=application/ld+json>"
            + "[" * 9000
            + "</script>"
            + own
        )
    )
    assert one.extras["date_from"] == "json_ld"


def test_pubdate_without_zone_is_shanghai_time() -> None:
    head = '<meta name="ArticleTitle" content="固态电池取得进展"><meta name="PubDate" content="2024-03-05 06:30">'
    head += '<meta name="ContentSource" content="科技日报"><meta name="ColumnName" content="工作动态">'
    one = read(page(head, CHINESE, "首页", "zh-CN"))
    assert one.title == "固态电池取得进展"
    assert (one.published_on, one.available_on) == (date(2024, 3, 5), date(2024, 3, 5))
    assert one.extras["published_at"] == "2024-03-05T06:30:00+08:00"
    assert (one.extras["publisher"], one.extras["column"], one.lang) == ("科技日报", "工作动态", "zh")


def test_the_public_knows_no_earlier_than_the_instant_in_utc() -> None:
    one = read(page(ld({"@type": "NewsArticle", "headline": "Fusion record falls", "datePublished": "2024-03-04T22:30:00-05:00"})))
    assert (one.published_on, one.available_on) == (date(2024, 3, 4), date(2024, 3, 5))


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("3小时前", "2024-03-05"),
        ("20 小时前", "2024-03-04"),
        ("昨天 12:30", "2024-03-04"),
        ("前天", "2024-03-03"),
        ("5天前", "2024-02-29"),
        ("刚刚", "2024-03-05"),
    ],
)
def test_relative_chinese_dates_are_told_from_the_time_of_the_response(said: str, day: str) -> None:
    body, url = page("", f"<span>{said}</span>{CHINESE}", "固态电池取得进展", "zh"), "https://news.example.org/a"
    one = read(body, url, Date="Tue, 05 Mar 2024 04:00:00 GMT")
    assert (str(one.published_on), one.extras["dates"]["visible"]) == (day, said)
    assert read(body, url).published_on is None, "without the time of the response nothing can be told"


def test_a_relative_word_inside_a_sentence_dates_nothing() -> None:
    one = read(
        page("", "<p>今天的发布会之前，团队曾在3天前公布过初步结果，引起了业内外的广泛关注。</p>" + CHINESE, "固态电池", "zh"),
        "https://n.example.org/a",
        Date="Tue, 05 Mar 2024 04:00:00 GMT",
    )
    assert one.published_on is None


def test_a_date_after_the_response_is_passed_over() -> None:
    head = '<meta property="article:published_time" content="2031-01-01"><meta name="date" content="2024-03-04">'
    assert str(read(page(head), "https://n.example.org/a", date="Tue, 05 Mar 2024 04:00:00 GMT").published_on) == "2024-03-04"


def test_a_day_that_could_be_a_month_is_no_date() -> None:
    assert read(page("", f"<p>03/04/2024</p>{TEXT}"), "https://n.example.org/a").published_on is None


def test_amp_mobile_and_print_copies_are_one_document() -> None:
    head = f'<link rel="canonical" href="{URL}">'
    copies = (f"{URL}?amp=1", "https://m.example.org/fusion", f"{URL}?utm_source=x&print=1#top")
    assert {read(page(head), url).source_id for url in copies} == {URL}


def test_a_canonical_link_to_the_front_page_is_a_mistake() -> None:
    assert read(page('<link rel="canonical" href="https://news.example.org/">')).url == URL


def test_a_paywall_stub_is_kept_and_marked() -> None:
    article = {"@type": "NewsArticle", "headline": "Fusion record falls", "isAccessibleForFree": "False", "datePublished": "2024-03-04"}
    one = read(
        page(ld(article) + '<meta name="description" content="A stellarator broke a record on Monday.">', "<p>Subscribe to read on.</p>")
    )
    assert one.extras["is_behind_paywall"] is True
    assert one.abstract == "A stellarator broke a record on Monday."


def test_a_live_blog_is_marked() -> None:
    assert read(page(ld({"@type": "LiveBlogPosting", "headline": "Fusion record falls", "datePublished": "2024-03-04"}))).extras[
        "is_live_blog"
    ]


def test_an_article_of_several_pages_names_the_next() -> None:
    assert read(page('<link rel="next" href="?page=2">')).extras["next_page"] == f"{URL}?page=2"


def test_whole_texts_are_only_for_callers_that_ask() -> None:
    article = read_article("articles", page(), url=URL)
    assert len(article.text) > 1300
    assert len(article.document.abstract) <= 1000
    assert article.document.abstract.endswith(".")
    assert article.document.extras["text_characters"] == len(article.text)


@pytest.mark.parametrize(
    ("body", "url", "reason"),
    [
        (page(body="<p>Before you continue, accept all cookies and choose your settings.</p>", title="Your choice"), URL, "html_page"),
        (page(), "https://consent.example.org/collect", "html_page"),
        (b"<html><script>document.cookie='__jsl_clearance_s=1';location.href='/';</script></html>", URL, "html_page"),
        (b"<html><head><title></title></head><body><script>$_ts=window['$_ts'];</script></body></html>", URL, "html_page"),
        (page(body="<p>The page was not found.</p>", title="404"), URL, "html_page"),
        (b"<html><head><title>News</title></head><body><div></div></body></html>", URL, "not_a_document"),
        (page(body="<p>Fine.</p>"), "https://news.example.org/a", "not_a_document"),
        (b'{"title": "x"}', URL, "unknown_format"),
    ],
    ids=["consent", "consent host", "challenge", "firewall", "error", "empty", "thin", "json"],
)
def test_what_stands_where_an_article_was_due_is_named(body: bytes, url: str, reason: str) -> None:
    assert refused(body, url) == reason


def test_a_list_page_is_no_article() -> None:
    lines = "".join(f'<li><a href="/a{number}">The {number}th headline of the day in energy research</a></li>' for number in range(40))
    assert (
        refused(page('<meta property="og:type" content="article">', f"<ul>{lines}</ul>", "Energy"), "https://n.example.org/energy")
        == "not_a_document"
    )
    assert refused(page(), "https://news.example.org/tag/fusion") == "not_a_document"


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("gb18030", "text/html; charset=gb2312", "gb2312"),
        ("gb18030", None, "gb2312"),
        ("gb18030", "text/html; charset=utf-8", "gbk"),
        ("utf-8", "text/html; charset=iso-8859-1", "gb2312"),
        ("utf-8-sig", None, "gbk"),
        ("utf-16", "text/html; charset=utf-8", "utf-8"),
        ("gb18030", None, "nonsense"),
    ],
)
def test_header_meta_and_truth_may_name_three_character_sets(encoding: str, header: str | None, meta: str) -> None:
    title = "朱镕基谈固态电池㐀"  # 镕 is in GBK and not in GB2312, 㐀 only in GB18030
    markup = page("", CHINESE, title, "zh").decode().replace('charset="utf-8"', f'charset="{meta}"')
    body = markup.encode(encoding)
    decoded = decode_page(body, header)
    assert (decoded.text, decoded.broken) == (markup, 0)
    assert read(body, **({"content-type": header} if header else {})).title == title
