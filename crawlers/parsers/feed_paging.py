"""Walking a feed's past: the link to the archive page before this one (RFC 5005, section 4) and the days a page spans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import etree

from crawlers.dates import read_date
from crawlers.parsers.feed_links import canonical
from crawlers.parsers.xml_reading import local, text

_ROOTS = {"rss", "RDF", "feed"}
_FIRST_KNOWN = ("published", "pubDate", "issued", "created", "date", "updated", "modified")


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What paging needs to know of one page. `oldest` and `newest` are None when no entry is dated."""

    is_feed: bool
    prev_archive: str | None
    oldest: date | None
    newest: date | None

    def is_before(self, day: date) -> bool:
        """Whether every dated entry is older than `day` (False when none is dated)."""
        return self.newest is not None and self.newest < day

    def is_after(self, day: date) -> bool:
        """Whether every dated entry is newer than `day` (False when none is dated)."""
        return self.oldest is not None and self.oldest > day


def read_paging(body: bytes, url: str) -> FeedPage:
    """Return the paging facts of one page; a page that cannot be read has no links and no days."""
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
