"""The replayed feeds: the current page, archived pages by month, and no entry lost between them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import feedparser
from hypothesis import given
from hypothesis import strategies as st

from crawlers.parsers.feed_paging import read_paging
from crawlers.parsers.feeds import parse
from crawlers.replay.corpus import Record
from crawlers.replay.wire_feeds import NewsArchive, entry_id

HOST = "http://127.0.0.1:1"
TODAY = date(2024, 3, 31)


def story(number: int, day: date | None, **changes: Any) -> Record:
    values: dict[str, Any] = {
        "source": "wire",
        "kind": "news",
        "id": f"tc:{number:03d}",
        "title": f"R&D <{number}>",
        "abstract": "Said & done.",
        "published": day,
        "authors": ("Ann Scribe",),
        "categories": ("Space and sea",),
        "url": f"https://practice.invalid/{number}?a=1&b=2",
        "lang": "en",
        "licence": "simulated",
    }
    return Record(**(values | changes))


def walk(archive: NewsArchive, today: date = TODAY) -> list[Any]:
    pages, path = [], "/feeds/wire.xml"
    while True:
        pages.append(feedparser.parse(archive.answer(path, HOST, today).body))
        earlier = [link.href for link in pages[-1].feed.get("links", ()) if link.rel == "prev-archive"]
        if not earlier:
            return pages
        path = earlier[0].removeprefix(HOST)


def test_an_entry_survives_the_wire() -> None:
    original = story(1, date(2024, 3, 5), updated=date(2024, 3, 6))
    parsed = parse(NewsArchive([original]).answer("/feeds/wire.xml", HOST, TODAY).body, url=f"{HOST}/feeds/wire.xml")
    (document,) = parsed.documents
    assert parsed.rejects == ()
    assert (document.extras["guid"], document.abstract, document.url) == (original.id, original.abstract, original.url)
    assert (document.published_on, document.updated_on) == (original.published, original.updated)
    assert (document.lang, document.licence) == ("en", "simulated")
    assert [actor.name for actor in document.actors] == ["Ann Scribe"]
    assert [code.code for code in document.codes] == ["Space and sea"]
    assert document.title == original.title


@given(days=st.lists(st.integers(0, 120), max_size=50), page_size=st.integers(1, 7))
def test_walking_back_meets_every_entry(days: list[int], page_size: int) -> None:
    stories = [story(number, date(2024, 1, 1) + timedelta(days=day)) for number, day in enumerate(days)]
    due = {one.id for one in stories if one.published and one.published <= TODAY}
    pages = walk(NewsArchive([*stories, story(999, None)], page_size=page_size))
    assert {entry.id for page in pages for entry in page.entries} == due | {"tc:999"}
    archived = [entry.id for page in pages[1:] for entry in page.entries]
    assert sorted(archived) == sorted(due)


def test_the_current_page_holds_the_latest_and_the_undated() -> None:
    stories = [story(number, date(2024, 3, number)) for number in range(1, 9)]
    page = feedparser.parse(NewsArchive([*stories, story(99, None)], page_size=3).answer("/feeds/wire.xml", HOST, TODAY).body)
    assert [entry.id for entry in page.entries] == ["tc:008", "tc:007", "tc:006", "tc:099"]
    assert "published" not in page.entries[-1]
    assert "updated" not in page.entries[-1]


def test_pages_are_linked_both_ways_and_found_by_month() -> None:
    archive = NewsArchive(
        [story(1, date(2023, 11, 2)), story(2, date(2024, 1, 31)), story(3, date(2024, 2, 1)), story(4, date(2024, 4, 1))]
    )
    middle = archive.answer("/feeds/wire/archive/2024-01.xml", HOST, TODAY)
    links = {link.rel: link.href for link in feedparser.parse(middle.body).feed.links}
    assert links == {
        "self": f"{HOST}/feeds/wire/archive/2024-01.xml",
        "current": f"{HOST}/feeds/wire.xml",
        "prev-archive": f"{HOST}/feeds/wire/archive/2023-11.xml",
        "next-archive": f"{HOST}/feeds/wire/archive/2024-02.xml",
    }
    assert b"<fh:archive/>" in middle.body
    assert read_paging(middle.body, links["self"]).prev_archive == links["prev-archive"]
    for nothing in ("/feeds/wire/archive/2024-04.xml", "/feeds/wire/archive/2023-12.xml", "/feeds/none.xml"):
        assert archive.answer(nothing, HOST, TODAY).status == 404


def test_an_id_that_is_no_iri_does_not_depend_on_the_port() -> None:
    archive = NewsArchive([story(1, TODAY, id="Some_title:_what now?")])
    found = {
        parse(archive.answer("/feeds/wire.xml", host, TODAY).body, url=f"{host}/feeds/wire.xml").documents[0].source_id
        for host in (HOST, "http://127.0.0.1:2")
    }
    assert found == {entry_id(story(1, TODAY, id="Some_title:_what now?"))} == {"urn:replay:Some_title:_what%20now%3F"}


def test_each_source_has_its_feed_under_the_name_given() -> None:
    archive = NewsArchive([story(1, TODAY), story(2, TODAY, source="zh:wire", lang="zh")], names={"zh:wire": "chenhui"})
    assert [(feed.name, feed.url, feed.lang) for feed in archive.feeds(HOST)] == [
        ("chenhui", f"{HOST}/feeds/chenhui.xml", "zh"),
        ("wire", f"{HOST}/feeds/wire.xml", "en"),
    ]
