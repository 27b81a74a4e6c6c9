"""Walking a feed's past: the link to the page before this one (RFC 5005, section 4; JSON Feed's next_url) and the days it spans."""

from __future__ import annotations

from datetime import date
from typing import Any

from lxml import etree

from crawlers.dates import read_date
from crawlers.parsers.feed_json import is_json, read_json_paging
from crawlers.parsers.feed_links import canonical
from crawlers.parsers.feed_page import FeedPage
from crawlers.parsers.xml_reading import local, text

_ROOTS = {"rss", "RDF", "feed"}
_FIRST_KNOWN = ("published", "pubDate", "issued", "created", "date", "updated", "modified")


def read_paging(body: bytes, url: str) -> FeedPage:
    """Return the paging facts of one page; a page that cannot be read has no links and no days."""
    if is_json(body):
        return read_json_paging(body, url)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(body.strip() or b"<none/>", parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        root = None
    if root is None:
        return FeedPage(False, None, None, None)
    links = [node for node in root.iter() if local(node) == "link" and node.get("rel") == "prev-archive"]
    days = [day for node in root.iter() if local(node) in {"entry", "item"} and (day := _day(node))]
    return FeedPage(
        local(root) in _ROOTS,
        next((found for node in links if (found := canonical(node.get("href"), url))), None),
        min(days, default=None),
        max(days, default=None),
    )


def _day(entry: Any) -> date | None:
    said = {local(node): text(node) for node in entry}
    points = (read_date(said[name]) for name in _FIRST_KNOWN if name in said)
    return next((point.on for point in points if point), None)
