from __future__ import annotations

from datetime import date

from crawlers.parsers.feed_paging import read_paging

PAGE = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><updated>2030-01-01T00:00:00Z</updated>
<link rel="self" href="/f.xml"/><link rel="prev-archive" href="/f/2019-03.xml"/>
<entry><published>2019-04-02T00:00:00Z</published><updated>2024-01-01T00:00:00Z</updated></entry>
<entry><updated>2019-04-20T00:00:00Z</updated></entry><entry><title>undated</title></entry></feed>"""


def test_a_page_tells_its_span_and_its_predecessor() -> None:
    page = read_paging(PAGE, "https://example.org/f.xml")
    assert page.is_feed
    assert page.prev_archive == "https://example.org/f/2019-03.xml"
    assert (page.oldest, page.newest) == (date(2019, 4, 2), date(2019, 4, 20))
    assert page.is_before(date(2019, 4, 21))
    assert not page.is_before(date(2019, 4, 20))
    assert page.is_after(date(2019, 4, 1))


def test_rss_pages_walk_too_and_nonsense_leads_nowhere() -> None:
    rss = b"""<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><atom:link rel="prev-archive" href="https://example.org/1"/>
    <item><pubDate>Mon, 05 Aug 2019 23:11:09 +0000</pubDate></item></channel></rss>"""
    assert read_paging(rss, "").prev_archive == "https://example.org/1"
    assert read_paging(rss, "").newest == date(2019, 8, 5)
    for body in (b"", b"<html>", b"\x00\xff", b'<feed><link rel="prev-archive" href="javascript:x"/></feed>'):
        page = read_paging(body, "https://example.org/")
        assert (page.prev_archive, page.newest) == (None, None)
        assert not page.is_before(date(2100, 1, 1))
