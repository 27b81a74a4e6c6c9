"""Feeds: RSS 0.9x, 1.0, 2.0 and Atom, read by feedparser from bytes, and JSON Feed. One entry is one piece of news."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from crawlers.parsers.feed_entry import DOI, FeedEntry, attachments, language, told_apart
from crawlers.parsers.feed_json import is_json, read_json_feed
from crawlers.parsers.feed_limits import refuse_monstrous
from crawlers.parsers.feed_links import canonical
from crawlers.parsers.xml_reading import read_xml, refuse_unlikely
from crawlers.records import Document, Parsed, Reject
from crawlers.rejects import UnreadableError, reject
from crawlers.text import fold, named_header, plain

SOURCE = "feeds"
_BROKEN_SHARE = 0.05  # in text of another character set nearly every foreign character is broken UTF-8
_CHINESE_SHARE = 0.9
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w-]+)["']""")
# A guid that is no address, without a word on it: feedparser would make an address of it, and a link nobody published.
_BARE_GUID = re.compile(
    rb"""<guid(?:\s+isPermaLink\s*=\s*["']true["'])?\s*>"""
    rb"""(?=[^<:/\]]{0,300}(?:<!\[CDATA\[[^<:/\]]{0,300}\]\]>[^<:/\]]{0,300})?</guid>)"""
)
_ENTRY_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:
    """Return the entries of one feed in its own order.

    `url` resolves relative links; the `content-type` of `headers` may name the character set. An entry without any date
    stays a document without dates. A feed that was cut off gives what is whole, and a reject for the rest.
    """
    if is_json(body):
        return read_json_feed(SOURCE, body, url)
    try:
        feed = _read_feed(body, url, headers)
        fault = _fault_of(body, feed)
    except UnreadableError as error:
        return Parsed(rejects=(reject(SOURCE, 0, error),))
    entries = list(feed.entries)
    if fault and len(_ENTRY_END.findall(body)) < len(entries):
        del entries[-1]  # the cut goes through it
    documents: list[Document] = []
    rejects: list[Reject] = []
    for position, entry in enumerate(entries):
        try:
            documents.append(_read_entry(entry, feed.feed, url))
        except UnreadableError as error:
            rejects.append(reject(SOURCE, position, error, fold(entry.get("id")) or None))
    if fault:
        rejects.append(reject(SOURCE, len(entries), fault))
    return Parsed(told_apart(documents), tuple(rejects))


def _read_feed(body: bytes, url: str, headers: Mapping[str, str] | None) -> Any:
    import feedparser

    refuse_unlikely(body)
    refuse_monstrous(body)
    said = {name: value for name in ("content-type", "content-language") if (value := named_header(headers, name))}
    if url:
        said["content-location"] = url
    try:
        # A stream, never the bytes themselves: feedparser would open a body that looks like a file name or an address.
        feed = feedparser.parse(io.BytesIO(_mended(body)), response_headers=said, sanitize_html=False)
    except Exception as error:  # hostile input reaches assertions and lookups deep inside feedparser
        raise UnreadableError("unknown_format", f"the feed cannot be read: {type(error).__name__}") from None
    if not feed.version and not feed.entries:
        read_xml(body)  # says why, when the reason is in the XML
        raise UnreadableError("unknown_format", "the response is neither RSS nor Atom")
    return feed


def _mended(body: bytes) -> bytes:
    """Keep UTF-8 with a few broken characters UTF-8, and make it of Chinese that only says it is: feedparser would read either
    as if it were Western European.

    Guids that are no addresses are marked as such.
    """
    body = _BARE_GUID.sub(b'<guid isPermaLink="false">', body)
    text = body.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    if 0 < broken <= foreign * _BROKEN_SHARE:
        return text.encode()
    return _chinese(body) or body if broken else body


def _chinese(body: bytes) -> bytes | None:
    """The body in UTF-8 when it claims to be that and is GB 18030, None when it is not: nearly all its foreign characters are Chinese."""
    declared = _DECLARED.match(body)
    if declared and declared[1].lower() not in {b"utf-8", b"utf8"}:
        return None
    try:
        text = body.decode("gb18030")
    except UnicodeDecodeError:
        return None
    foreign = [sign for sign in text if not sign.isascii()]
    chinese = sum("\u3000" <= sign <= "\u9fff" or "\uff00" <= sign <= "\uffef" for sign in foreign)
    return text.encode() if chinese >= _CHINESE_SHARE * len(foreign) else None


def _fault_of(body: bytes, feed: Any) -> UnreadableError | None:
    """Why entries may be missing from a feed that was read: it was cut off, or nothing of it could be read."""
    if not feed.bozo:
        return None
    try:
        read_xml(body)
    except UnreadableError as error:
        return error if error.reason == "truncated" or not feed.entries else None
    return None


def _read_entry(entry: Any, feed: Any, url: str) -> Document:
    bases = (url, feed.get("link"), _self_link(feed))
    title = plain(entry.get("title"))
    doi = DOI.search(entry.get("prism_doi") or entry.get("dc_identifier") or "")
    contents = (entry.get("summary"), *(part.get("value") for part in entry.get("content", ())))
    authors = [one.get("name") for one in entry.get("authors", ())] or [entry.get("author")]
    return FeedEntry(
        source=SOURCE,
        title=title,
        link=canonical(entry.get("feedburner_origlink"), *bases) or canonical(entry.get("link"), *bases),
        guid=fold(entry.get("id")),
        feed=plain(feed.get("title")),
        summaries=tuple(map(plain, contents)),
        raw_published=fold(dict.get(entry, "published")),
        raw_updated=fold(dict.get(entry, "updated")),
        lang=language((entry.get("title_detail") or {}).get("language") or entry.get("language") or feed.get("language")),
        licence=plain(entry.get("rights") or feed.get("rights")),
        doi=doi[0].lower() if doi else "",
        authors=tuple(map(plain, authors)),
        terms=tuple(plain(tag.get("term")) for tag in entry.get("tags", ())),
        attachments=attachments((one.get("href"), one.get("type")) for one in entry.get("enclosures", ())),
    ).document()


def _self_link(feed: Any) -> str | None:
    return next((one.get("href") for one in feed.get("links", ()) if one.get("rel") == "self"), None)
