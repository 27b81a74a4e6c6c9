"""RSS 0.9x, 1.0, 2.0 and Atom, read by feedparser from bytes. One entry is one piece of news."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from crawlers.dates import DatePoint, read_date
from crawlers.parsers.feed_limits import refuse_monstrous
from crawlers.parsers.feed_links import canonical, host_of
from crawlers.parsers.xml_reading import read_xml, refuse_unlikely
from crawlers.records import Actor, Code, Document, Parsed, Reject
from crawlers.rejects import UnreadableError, reject
from crawlers.text import fold, named_header, plain

SOURCE = "feeds"
_BROKEN_SHARE = 0.05  # in text of another character set nearly every foreign character is broken UTF-8
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ENTRY_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:
    """Return the entries of one feed in its own order.

    `url` resolves relative links; the `content-type` of `headers` may name the character set. An entry without any date
    stays a document without dates. A feed that was cut off gives what is whole, and a reject for the rest.
    """
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
    return Parsed(tuple(documents), tuple(rejects))


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
    """Keep UTF-8 with a few broken characters UTF-8: feedparser would read the whole feed in another character set."""
    text = body.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    return text.encode() if 0 < broken <= foreign * _BROKEN_SHARE else body


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
    title = plain(entry.get("title"))
    bases = (url, feed.get("link"), _self_link(feed))
    link = canonical(entry.get("feedburner_origlink"), *bases) or canonical(entry.get("link"), *bases)
    if not title and not link:
        raise UnreadableError("no_title_and_link", "the entry has neither title nor link")
    guid = fold(entry.get("id"))
    if not guid and not link:
        raise UnreadableError("no_identifier", "the entry has neither id nor link")
    raw_published, raw_updated = (fold(dict.get(entry, name)) for name in ("published", "updated"))
    updated = read_date(raw_updated)
    published = read_date(raw_published) or updated
    doi = _DOI.search(entry.get("prism_doi") or entry.get("dc_identifier") or "")
    extras = {
        "guid": guid,
        "feed": plain(feed.get("title")),
        "published_raw": raw_published,
        "updated_raw": raw_updated,
        "has_only_updated": bool(published and not read_date(raw_published)),
    }
    return Document(
        source=SOURCE,
        source_id=_source_id(guid, link),
        kind="news",
        title=title,
        abstract=_abstract(entry, title),
        published_on=published.on if published else None,
        date_precision=published.precision if published else "day",
        available_on=_available(published),
        updated_on=updated.on if updated else None,
        lang=_language(entry, feed),
        url=link,
        licence=plain(entry.get("rights") or feed.get("rights")) or None,
        identifiers={key: value for key, value in (("url", link), ("doi", doi[0].lower() if doi else None)) if value},
        actors=_authors(entry),
        codes=tuple(dict.fromkeys(Code("category", term) for tag in entry.get("tags", ()) if (term := plain(tag.get("term"))))),
        extras={key: value for key, value in extras.items() if value},
    )


def _source_id(guid: str, link: str | None) -> str:
    """A guid that is a URI is unique anywhere; a bare one (`23246627`) only at its outlet, so the outlet's host goes before it."""
    if not guid:
        return link or ""
    host = host_of(link)
    return guid if _URI.match(guid) or not host else f"{host}#{guid}"


def _available(published: DatePoint | None) -> Any:
    return published.last_on if published else None


def _abstract(entry: Any, title: str) -> str:
    """The summary, or the content where there is none; '' when it only repeats the title."""
    candidates = [entry.get("summary"), *(part.get("value") for part in entry.get("content", ()))]
    found = next((text for text in map(plain, candidates) if text), "")
    return "" if found == title else found


def _self_link(feed: Any) -> str | None:
    return next((one.get("href") for one in feed.get("links", ()) if one.get("rel") == "self"), None)


def _language(entry: Any, feed: Any) -> str | None:
    said = (entry.get("title_detail") or {}).get("language") or entry.get("language") or feed.get("language")
    match = _LANGUAGE.fullmatch((said or "").strip())
    return match[1].lower() if match else None


def _authors(entry: Any) -> tuple[Actor, ...]:
    """Names only: mail addresses are left out."""
    said = [one.get("name") for one in entry.get("authors", ())] or [entry.get("author")]
    names = (plain(name) for name in said if name)
    return tuple(dict.fromkeys(Actor("author", name) for name in names if name and "@" not in name))
