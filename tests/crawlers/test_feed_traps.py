"""What feeds do that their specifications do not foresee. One test a trap."""

from __future__ import annotations

from datetime import date

import pytest

from crawlers.parsers.feed_paging import read_paging
from crawlers.reading import parse
from crawlers.records import Document

HEAD = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" %s><channel>
 <title>Outlet</title><link>https://outlet.example.org/</link>"""


def rss(items: str, attributes: str = "") -> tuple[Document, ...]:
    parsed = parse("feeds", (HEAD % attributes + items + "</channel></rss>").encode(), url="https://outlet.example.org/rss/all.xml")
    assert parsed.rejects == ()
    return parsed.documents


def item(inside: str, title: str = "A", link: str = "https://outlet.example.org/a") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{inside}</item>"


def test_undated_items_stay_documents_without_dates() -> None:
    (one,) = rss(item("<guid>urn:a</guid>"))
    assert (one.published_on, one.available_on, one.updated_on) == (None, None, None)


def test_one_guid_for_every_item_is_not_one_story() -> None:
    first, second = rss(item("<guid>urn:x</guid>") + item("<guid>urn:x</guid>", "B", "https://outlet.example.org/b"))
    assert [first.source_id, second.source_id] == ["https://outlet.example.org/a", "https://outlet.example.org/b"]


def test_an_item_told_twice_stays_one_document() -> None:
    first, second = rss(item("<guid>urn:x</guid>") * 2)
    assert first.source_id == second.source_id == "urn:x"


def test_a_missing_guid_is_made_up_for_by_the_link() -> None:
    (one,) = rss(item("", link="https://outlet.example.org/a?utm_source=rss"))
    assert one.source_id == "https://outlet.example.org/a"


@pytest.mark.parametrize("guid", ["<guid>4711</guid>", "<guid isPermaLink='true'>4711</guid>", "<guid><![CDATA[4711]]></guid>"])
def test_a_guid_that_is_not_a_permalink_makes_no_link(guid: str) -> None:
    (linked,) = rss(item(guid))
    assert (linked.source_id, linked.url) == ("outlet.example.org#4711", "https://outlet.example.org/a")
    (alone,) = rss(f"<item><title>A</title>{guid}</item>")
    assert (alone.source_id, alone.url) == ("4711", None)
    (permanent,) = rss("<item><title>A</title><guid>https://outlet.example.org/p</guid></item>")
    assert permanent.url == "https://outlet.example.org/p"


def test_relative_links_are_resolved_against_xml_base() -> None:
    (based,) = rss(item("", link="p/1"), 'xml:base="https://base.example.org/dir/"')
    (plain,) = rss(item("", link="../p/1"))
    assert [based.url, plain.url] == ["https://base.example.org/dir/p/1", "https://outlet.example.org/p/1"]


def test_html_in_titles_is_taken_out() -> None:
    (one,) = rss(item("", title="&lt;em&gt;Solid&lt;/em&gt; state &amp;lt; 5 nm"))
    assert one.title == "Solid state < 5 nm"


def test_cdata_is_text_like_any_other() -> None:
    (one,) = rss(item("<description><![CDATA[<p>a &amp; b</p>]]></description>", title="<![CDATA[C & D]]>"))
    assert (one.title, one.abstract) == ("C & D", "a & b")


def test_double_escaped_entities_become_their_characters() -> None:
    (one,) = rss(item("<description>R&amp;amp;D &amp;#8211; 5&amp;nbsp;GW</description>", title="R&amp;amp;D"))
    assert (one.title, one.abstract) == ("R&D", "R&D – 5 GW")


def test_rdf_items_stand_outside_the_channel() -> None:
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>J</title></channel>
    <item rdf:about="https://j.example.edu/1"><title>T</title><link>https://j.example.edu/1</link><dc:date>2017-06-15</dc:date></item></rdf:RDF>"""
    (one,) = parse("feeds", body).documents
    assert (one.source_id, one.published_on) == ("https://j.example.edu/1", date(2017, 6, 15))


def test_atom_with_updated_only_says_so() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><title>T</title><updated>2024-03-04T05:06:07Z</updated></entry></feed>"""
    (one,) = parse("feeds", body).documents
    assert (one.published_on, one.updated_on, one.extras["has_only_updated"]) == (date(2024, 3, 4), date(2024, 3, 4), True)


@pytest.mark.parametrize("namespace", ["", 'xmlns="http://www.w3.org/2005/Atom/"', 'xmlns="http://purl.org/atom/ns#"'])
def test_wrong_namespaces_do_not_hide_the_entries(namespace: str) -> None:
    body = f"<feed {namespace}><entry><id>urn:1</id><title>T</title><updated>2024-03-04T05:06:07Z</updated></entry></feed>"
    (one,) = parse("feeds", body.encode()).documents
    assert (one.title, one.updated_on) == ("T", date(2024, 3, 4))


def test_control_characters_are_taken_out() -> None:
    (one,) = rss(item("", title="fu\x01si\x08on"))
    assert one.title == "fusion"


def test_a_feed_that_is_html_is_one_reject() -> None:
    parsed = parse(
        "feeds", b"<!DOCTYPE html><html><head><title>Subscribe</title></head></html>", headers={"content-type": "application/rss+xml"}
    )
    assert (parsed.documents, [one.reason for one in parsed.rejects]) == ((), ["html_page"])


@pytest.mark.parametrize(
    "dialect",
    [
        "Tue, 05 Mar 2024 10:00:00 GMT",
        "Tue, 5 Mar 2024 10:00:00 +0000",
        "Tue, 05 Mar 2024 10:00:00 UT",
        "Tue, 05 Mar 2024 10:00:00 EST",
        "Tue, 05 Mar 2024 10:00 +0800",
        "Tue,05 Mar 2024 10:00:00 GMT+8",
        "Tue, 05 Mar 24 10:00:00 GMT",
        "05 Mar 2024 10:00:00 GMT",
        "Tuesday, 05 March 2024 10:00:00 GMT",
        "Tue, 05 March 2024 10:00:00 GMT",
        "2024-03-05",
        "2024-03-05T10:00:00Z",
        "2024-03-05T10:00:00.123Z",
        "2024-03-05T10:00:00+08:00",
        "2024-03-05T10:00:00+0800",
        "2024-03-05 10:00:00",
        "2024-03-05 10:00:00 +0800",
        "2024/03/05 10:00",
        "20240305",
        "2024年3月5日 10:00",
        "2024-03-05T10:00Z",
    ],
)
def test_dates_in_many_dialects(dialect: str) -> None:
    (one,) = rss(item(f"<pubDate>{dialect}</pubDate>"))
    assert (one.published_on, one.extras["published_raw"]) == (date(2024, 3, 5), dialect)


def test_feedburner_origlink_is_the_address() -> None:
    (one,) = rss(item("<feedburner:origLink>https://outlet.example.org/true</feedburner:origLink>", link="https://feeds.example.net/~r/1"))
    assert one.identifiers["url"] == "https://outlet.example.org/true"


def test_tracking_parameters_are_taken_off() -> None:
    (one,) = rss(item("", link="https://outlet.example.org/a?id=7&amp;utm_source=rss&amp;fbclid=9"))
    assert one.url == "https://outlet.example.org/a?id=7"


def test_an_item_edited_in_place_stays_the_same_document() -> None:
    (before,) = rss(item("<guid>urn:a</guid>", title="Reactor starts"))
    (after,) = rss(item("<guid>urn:a</guid>", title="Reactor starts, then stops", link="https://outlet.example.org/a-2"))
    assert before.document_id == after.document_id
    assert before != after


def test_feed_order_is_not_by_date() -> None:
    days = ["2024-03-02", "2024-03-09", "2024-02-01"]
    items = "".join(item(f"<guid>urn:{day}</guid><pubDate>{day}</pubDate>") for day in days)
    assert [str(one.published_on) for one in rss(items)] == days
    page = read_paging((HEAD % "" + items + "</channel></rss>").encode(), "")
    assert (page.oldest, page.newest) == (date(2024, 2, 1), date(2024, 3, 9))


def test_a_podcast_episode_without_a_page_keeps_its_sound() -> None:
    episode = """<item><title>Episode 1</title><guid isPermaLink="false">ep1</guid><itunes:summary>About cables.</itunes:summary>
    <enclosure url="https://cdn.example.org/1.mp3?utm_source=x" length="1" type="audio/mpeg"/></item>"""
    (one,) = rss(episode)
    assert (one.source_id, one.url, one.abstract) == ("ep1", None, "About cables.")
    assert one.extras["attachments"] == [{"url": "https://cdn.example.org/1.mp3", "type": "audio/mpeg"}]


def test_a_json_feed_pages_by_its_next_url() -> None:
    body = b"""{"version": "https://jsonfeed.org/version/1", "next_url": "/feed.json?page=2", "items":
    [{"id": "1", "date_published": "2024-03-05T10:00:00Z"}, {"id": "2", "date_modified": "2024-03-01"}, {"id": "3"}, 4]}"""
    page = read_paging(body, "https://outlet.example.org/feed.json")
    assert page.is_feed
    assert page.prev_archive == "https://outlet.example.org/feed.json?page=2"
    assert (page.oldest, page.newest) == (date(2024, 3, 1), date(2024, 3, 5))
    assert not read_paging(b'{"error": "gone"}', "").is_feed


def test_a_guid_without_end_does_not_hold_up_the_reader() -> None:
    parsed = parse("feeds", b"<rss><channel><item><guid>" + b" " * 400_000)
    assert [one.reason for one in parsed.rejects] == ["truncated"]


def test_chinese_that_only_says_it_is_utf_8_is_read_as_what_it_is() -> None:
    feed = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>科技日报</title><item><guid>urn:x:1</guid>
    <title>平流层氦气球中继获得突破</title><description>南京科学研究院与共作伙伴宣布，联合研发平流层氦气球中继。</description></item></channel></rss>"""
    (right,) = parse("feeds", feed.encode()).documents
    (wrong,) = parse("feeds", feed.encode("gb18030")).documents
    assert wrong == right
    (french,) = parse("feeds", feed.replace("平流层氦气球中继获得突破", "Déjà vu à l’été").encode("cp1252", "ignore")).documents
    assert french.title == "Déjà vu à l’été"
