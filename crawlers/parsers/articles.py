"""A web page of one article: title, lead, dates, address, language, people. One page is one document at most.

The extracted text is kept to its lead: outlets let headlines and summaries be kept, whole articles only where their licence says so.
`read_article` gives the whole text to callers that may have it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from crawlers.parsers.article_charset import decode_page
from crawlers.parsers.article_dates import Page, PageDates, read_dates
from crawlers.parsers.article_day import clock_for
from crawlers.parsers.article_facts import actors_of, is_behind_paywall, language_of, publisher_of, title_of
from crawlers.parsers.article_json_ld import Node, main_article, read_nodes
from crawlers.parsers.article_kinds import refuse_challenge, refuse_other_pages, refuse_thin
from crawlers.parsers.article_links import licence_link, next_page, own_address
from crawlers.parsers.article_text import extract_text, lead
from crawlers.parsers.article_tree import MAX_PAGE_BYTES, metas, read_tree, shown_pieces
from crawlers.parsers.packed import unpacked
from crawlers.parsers.xml_reading import read_xml
from crawlers.records import Code, Document, Parsed
from crawlers.rejects import UnreadableError, reject
from crawlers.text import fold, named_header, plain

SOURCE = "articles"
_WEB_PAGE_TAGS = (b"<html", b"<body", b"<head", b"<!doctype html", b"<article", b"<div", b"<p", b"<meta", b"<h1")
_SHORT_TEXT = 300  # below it, and unless it is much longer, the page's own description says more


@dataclass(frozen=True, slots=True)
class Article:
    """One page read: the document to keep, and the whole text for those who may use it."""

    document: Document
    text: str


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:
    """Return the article of one page, or the reason why it has none.

    `url` is the page's address; the `content-type` of `headers` may name the character set, `date` the time that relative dates
    are told from.
    """
    return parse_as(SOURCE, body, url=url, headers=headers)


def parse_as(source: str, body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:
    """Return the same as `parse`, for another source whose captures are pages of articles."""
    try:
        return Parsed(documents=(read_article(source, body, url=url, headers=headers).document,))
    except UnreadableError as error:
        return Parsed(rejects=(reject(source, 0, error, url or None),))


def read_article(source: str, body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Article:
    """Return the article of one page with its text. Raises UnreadableError when there is none."""
    body = unpacked(body, MAX_PAGE_BYTES)
    _refuse_other_formats(body)
    decoded = decode_page(body, named_header(headers, "content-type"))
    root = read_tree(decoded.text)
    refuse_challenge(decoded.text, root)
    meta, nodes, pieces = metas(root), read_nodes(root), shown_pieces(root)
    text = extract_text(root)
    address = own_address(root, meta, url)
    refuse_other_pages(root, meta, nodes, text, (url, address or ""))
    article = main_article(nodes, (address or "", url))
    title = title_of(root, meta, article, pieces)
    if not title:
        raise UnreadableError("no_title", "the page names nothing")
    lang = language_of(root, meta, article, (title + text)[:2000])
    dates = read_dates(Page(root, meta, article, nodes, pieces, title, address or url), clock_for(lang, fetched_at(headers)))
    published, updated = dates.published, dates.updated
    if published is None:
        refuse_thin(meta, nodes, text)
    summary = _summary(text, title, meta, article)
    document = Document(
        source=source,
        source_id=address or _fingerprint(title, text),
        kind="news",
        title=title,
        abstract=summary,
        published_on=published.point.on if published else None,
        date_precision=published.point.precision if published else "day",
        available_on=published.available_on if published else None,
        updated_on=updated.point.on if updated else None,
        lang=lang,
        url=address,
        licence=licence_link(root) or (article.licence if article else "") or None,
        identifiers={"url": address} if address else {},
        actors=actors_of(meta, article),
        codes=_codes(meta),
        extras=_extras(root, meta, article, dates, text, url, address),
    )
    return Article(document, text)


def fetched_at(headers: Mapping[str, str] | None) -> datetime | None:
    """Return the time of the response by its own `date` header, None where it has none."""
    try:
        moment = parsedate_to_datetime(named_header(headers, "date") or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refuse_other_formats(body: bytes) -> None:
    if not body.strip():
        raise UnreadableError("empty_body", "the response has no content")
    if len(body) > MAX_PAGE_BYTES:
        raise UnreadableError("too_large", f"the page is larger than {MAX_PAGE_BYTES} bytes")
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") and b"<html" not in body[:4096].lower():
        read_xml(body)  # says why, when the reason is in the XML
        raise UnreadableError("unknown_format", "the response is XML, but no web page")
    markup = body.replace(b"\x00", b"").lower()  # pages in UTF-16 have NULs between the letters
    if not any(tag in markup for tag in _WEB_PAGE_TAGS):
        raise UnreadableError("unknown_format", "the response is no web page")


def _fingerprint(title: str, text: str) -> str:
    """An identity for a page that tells no address and was saved without one: what it says."""
    return f"text:{hashlib.sha256(chr(10).join((title, text)).encode()).hexdigest()[:24]}"


def _summary(text: str, title: str, meta: Mapping[str, str], article: Node | None) -> str:
    """The lead of the text, or the page's own description where that says more; the title before either is left out."""
    said = (meta.get("description"), meta.get("og:description"), article.description if article else "")
    described = max((plain(one) for one in said), key=len)
    shown = lead(fold(text).removeprefix(title))
    if len(shown) < min(_SHORT_TEXT, 2 * len(described)):
        shown = lead(described)
    return "" if shown == title else shown


def _codes(meta: Mapping[str, str]) -> tuple[Code, ...]:
    said = [meta.get("columnname"), meta.get("article:section"), *(meta.get("keywords") or meta.get("news_keywords") or "").split(",")[:20]]
    return tuple(dict.fromkeys(Code("category", name) for one in said if (name := plain(one)) and len(name) <= 60))


def _extras(
    root: Any, meta: Mapping[str, str], article: Node | None, dates: PageDates, text: str, url: str, address: str | None
) -> dict[str, Any]:
    found = {
        "publisher": publisher_of(meta, article),
        "dates": dates.told,
        "date_from": dates.place,
        "published_at": dates.published.at.isoformat() if dates.published and dates.published.at else None,
        "text_characters": len(text),
        "asked": url if url and url != address else None,
        "next_page": next_page(root, url),
        "is_behind_paywall": is_behind_paywall(meta, article),
        "is_live_blog": bool(article and "LiveBlogPosting" in article.types),
        "column": meta.get("columnname"),
    }
    return {key: value for key, value in found.items() if value}
