"""Sitemaps as sites write them (sitemaps.org/protocol.html): index, list of pages, news (Google), text, packed, wrong namespace.

Only local names count, so that a missing, old or invented namespace changes nothing.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from crawlers.parsers.article_day import Clock, Told, read_day
from crawlers.parsers.feed_links import canonical
from crawlers.parsers.packed import unpacked
from crawlers.parsers.xml_reading import local, read_xml, refuse_unlikely, text
from crawlers.rejects import UnreadableError
from crawlers.text import fold, plain

MAX_BYTES = 50 * 1024 * 1024  # the protocol's own limit, unpacked
MAX_ENTRIES = 50_000  # the same
MAX_TAGS = 1_000_000  # ten elements an entry
_MOST_PARTS = 1100  # of one entry: a page may name a thousand pictures
_PACKED = b"\x1f\x8b"
_MARK = b"\xef\xbb\xbf"
_ENTRIES = {"urlset": "url", "sitemapindex": "sitemap"}
_NO_CLOCK = Clock()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a sitemap. `address` is '' where it names no page of the web; `changed` is its lastmod; `news` holds the words of a
    news entry, by their names (title, publication_date).
    """

    address: str
    changed: Told | None
    changed_raw: str
    news: dict[str, str]

    @property
    def news_day(self) -> Told | None:
        """When a news entry says it was published."""
        return read_day(self.news.get("publication_date"), _NO_CLOCK)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one sitemap lists, in its order. `fault` says why entries may be missing: it was cut off, or is longer than allowed."""

    kind: Literal["index", "pages", "text"]
    entries: tuple[Entry, ...]
    fault: UnreadableError | None = None

    @property
    def is_news(self) -> bool:
        """Whether any entry is news: such a sitemap holds two days only."""
        return any(entry.news for entry in self.entries)


def looks_like_sitemap(body: bytes) -> bool:
    """Whether a response can be a sitemap at all, and not a page: packed, XML that is no XHTML, or lines of addresses."""
    start = body[:4096].removeprefix(_MARK).lstrip()
    if start.startswith(_PACKED):
        return True
    is_markup = start.startswith(b"<?xml") or _names_sitemap(start)
    return (is_markup and b"<html" not in start.lower()) or _is_text(start)


def read_sitemap(body: bytes, url: str = "") -> Sitemap:
    """Return the entries of a sitemap.

    Raises UnreadableError: empty_body, html_page, bad_archive, too_large, bad_encoding, truncated, not_xml, unknown_format.
    """
    body = unpacked(body, MAX_BYTES).removeprefix(_MARK)
    if len(body) > MAX_BYTES:
        raise UnreadableError("too_large", f"the sitemap is larger than {MAX_BYTES} bytes")
    if body.strip() and _is_text(body[:4096].lstrip()):
        lines = body.decode("utf-8", errors="replace").split()
        addresses = [found for line in lines[:MAX_ENTRIES] if (found := canonical(line))]
        return Sitemap("text", tuple(Entry(one, None, "", {}) for one in addresses), _too_many(len(lines)))
    refuse_unlikely(body)
    return _read_markup(body.lstrip(), url)


def _names_sitemap(start: bytes) -> bool:
    head = start[:400].lower()
    return head.startswith(b"<") and (b"urlset" in head or b"sitemapindex" in head)


def _is_text(start: bytes) -> bool:
    first = start.split(b"\n", 1)[0].strip()
    return first.startswith((b"http://", b"https://")) and b" " not in first and b"<" not in first


def _read_markup(body: bytes, url: str) -> Sitemap:
    from lxml import etree

    if body.count(b"<") > MAX_TAGS:
        raise UnreadableError("too_large", f"the sitemap has more than {MAX_TAGS} tags")
    entries: list[Entry] = []
    count = 0
    fault: UnreadableError | None = None
    safely: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False, "remove_comments": True}
    reading = etree.iterparse(io.BytesIO(body), events=("end",), tag=("{*}url", "{*}sitemap"), **safely)
    root = ""
    try:
        for _, element in reading:
            root = root or local(element.getroottree().getroot())
            if local(element) != _ENTRIES.get(root):
                continue
            count += 1
            if count > MAX_ENTRIES:
                break
            entries.append(_entry(element, url))
            element.clear()
    except (etree.XMLSyntaxError, ValueError, LookupError):
        fault = _why(body)
        if not entries:
            raise fault from None
    root = root or local(reading.root)
    if root not in _ENTRIES:
        raise UnreadableError("unknown_format", f"<{root[:50]}> is no sitemap")
    return Sitemap("index" if root == "sitemapindex" else "pages", tuple(entries), fault or _too_many(count))


def _why(body: bytes) -> UnreadableError:
    try:
        read_xml(body)
    except UnreadableError as error:
        return error
    return UnreadableError("not_xml", "the sitemap cannot be read to its end")


def _too_many(count: int) -> UnreadableError | None:
    return UnreadableError("too_large", f"the sitemap has more than {MAX_ENTRIES} entries") if count > MAX_ENTRIES else None


def _entry(element: Any, url: str) -> Entry:
    """Some writers leave out <loc> and put the address into the entry itself."""
    said = {local(one): text(one) for one in reversed(element[:_MOST_PARTS]) if local(one) in {"loc", "lastmod"}}
    address = canonical(said.get("loc") or fold(element.text), url) or ""
    raw = said.get("lastmod", "")
    news = next((one for one in element[:_MOST_PARTS] if local(one) == "news"), None)
    return Entry(address, read_day(raw, _NO_CLOCK), raw, _news(news) if news is not None else {})


def _news(element: Any) -> dict[str, str]:
    """The words of <news:news>: its own, and name and language of its publication."""
    found = {local(one): plain(text(one)) for one in islice(element.iter(), _MOST_PARTS) if len(one) == 0}
    return {name: said for name, said in found.items() if name and said}
