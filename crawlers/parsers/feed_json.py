"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

from typing import Any

from crawlers.dates import read_date
from crawlers.parsers.feed_entry import FeedEntry, attachments, language, told_apart
from crawlers.parsers.feed_limits import MAX_FEED_BYTES
from crawlers.parsers.feed_links import canonical
from crawlers.parsers.feed_page import FeedPage
from crawlers.parsers.json_reading import list_at, read_json, text_at, texts_at, value_at
from crawlers.records import Document, Parsed, Reject
from crawlers.rejects import UnreadableError, reject
from crawlers.text import plain

MAX_ITEMS = 20_000
_VERSION = "jsonfeed.org/version/"


def is_json(body: bytes) -> bool:
    """Whether `body` begins as a JSON object does; nothing that is XML begins so."""
    return body[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def read_json_feed(source: str, body: bytes, url: str) -> Parsed:
    """Return the items of one feed in its own order, as documents of `source`; `url` resolves relative links. Never raises."""
    try:
        feed = _feed_of(body)
    except UnreadableError as error:
        return Parsed(rejects=(reject(source, 0, error),))
    documents: list[Document] = []
    rejects: list[Reject] = []
    for position, item in enumerate(feed["items"]):
        try:
            documents.append(_entry(source, item, feed, url).document())
        except UnreadableError as error:
            rejects.append(reject(source, position, error, text_at(item, "id") or None))
    return Parsed(told_apart(documents), tuple(rejects))


def read_json_paging(body: bytes, url: str) -> FeedPage:
    """Return the paging facts of one page: `next_url` leads to older items."""
    try:
        feed = _feed_of(body)
    except UnreadableError:
        return FeedPage(False, None, None, None)
    points = [read_date(text_at(item, "date_published") or text_at(item, "date_modified")) for item in feed["items"]]
    days = [point.on for point in points if point]
    return FeedPage(True, canonical(text_at(feed, "next_url"), url), min(days, default=None), max(days, default=None))


def _feed_of(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_FEED_BYTES:
        raise UnreadableError("too_large", f"the feed is larger than {MAX_FEED_BYTES} bytes")
    feed = read_json(body)
    if _VERSION not in text_at(feed, "version") or not isinstance(value_at(feed, "items"), list):
        raise UnreadableError("unknown_format", "the response is JSON, but no JSON Feed")
    if len(feed["items"]) > MAX_ITEMS:
        raise UnreadableError("too_large", f"the feed has more than {MAX_ITEMS} items")
    return dict(feed)


def _entry(source: str, item: Any, feed: Any, url: str) -> FeedEntry:
    bases = (url, text_at(feed, "feed_url"), text_at(feed, "home_page_url"))
    external = canonical(text_at(item, "external_url"), *bases)
    people = list_at(item, "authors") or list_at(item, "author") or list_at(feed, "authors") or list_at(feed, "author")
    files = ((text_at(one, "url"), text_at(one, "mime_type")) for one in list_at(item, "attachments"))
    return FeedEntry(
        source=source,
        title=plain(text_at(item, "title")),
        link=canonical(text_at(item, "url"), *bases) or external,
        guid=text_at(item, "id"),
        feed=plain(text_at(feed, "title")),
        summaries=(plain(text_at(item, "summary")), plain(text_at(item, "content_html")), text_at(item, "content_text")),
        raw_published=text_at(item, "date_published"),
        raw_updated=text_at(item, "date_modified"),
        lang=language(text_at(item, "language") or text_at(feed, "language")),
        licence="",
        doi="",
        authors=tuple(plain(text_at(one, "name")) for one in people),
        terms=tuple(map(plain, texts_at(item, "tags"))),
        attachments=attachments(files),
        external_url=external or "",
    )
