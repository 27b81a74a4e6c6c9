"""What a site's sitemap leads to: news entries with title and day are documents by themselves, pages of articles are read as such.

A list of bare addresses, healthy or not, describes no work; it only leads to pages.
"""

from __future__ import annotations

from collections.abc import Mapping

from crawlers.parsers.articles import parse_as
from crawlers.parsers.sitemap_entries import Entry, looks_like_sitemap, read_sitemap
from crawlers.records import Code, Document, Parsed, Reject
from crawlers.rejects import UnreadableError, reject

SOURCE = "sitemaps"


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:
    """Return the news of a sitemap, or the article of a page that a sitemap led to."""
    if body.strip() and not looks_like_sitemap(body):
        return parse_as(SOURCE, body, url=url, headers=headers)
    try:
        sitemap = read_sitemap(body, url)
    except UnreadableError as error:
        return Parsed(rejects=(reject(SOURCE, 0, error, url or None),))
    documents: list[Document] = []
    rejects: list[Reject] = []
    for position, entry in enumerate(sitemap.entries):
        if not entry.news:
            continue
        try:
            documents.append(_document(entry))
        except UnreadableError as error:
            rejects.append(reject(SOURCE, position, error, entry.address or None))
    if sitemap.fault:
        rejects.append(reject(SOURCE, len(sitemap.entries), sitemap.fault))
    return Parsed(tuple(documents), tuple(rejects))


def _document(entry: Entry) -> Document:
    """A headline with its day. `lastmod` is kept as it was written: many sites set it at every change of their templates."""
    title, day = entry.news.get("title", ""), entry.news_day
    if not entry.address:
        raise UnreadableError("no_identifier", "the news entry has no address of the web")
    if not title:
        raise UnreadableError("no_title", "the news entry has no title")
    if day is None:
        raise UnreadableError("not_a_document", "the news entry has no day on which it was published")
    extras = {
        "publisher": entry.news.get("name"),
        "access": entry.news.get("access"),
        "genres": entry.news.get("genres"),
        "stock_tickers": entry.news.get("stock_tickers"),
        "dates": {"publication_date": entry.news["publication_date"], **({"lastmod": entry.changed_raw} if entry.changed_raw else {})},
    }
    keywords = (word.strip() for word in entry.news.get("keywords", "").split(","))
    return Document(
        source=SOURCE,
        source_id=entry.address,
        kind="news",
        title=title,
        abstract="",
        published_on=day.point.on,
        date_precision=day.point.precision,
        available_on=day.available_on,
        lang=entry.news.get("language", "").partition("-")[0].lower()[:3] or None,
        url=entry.address,
        identifiers={"url": entry.address},
        codes=tuple(dict.fromkeys(Code("category", word) for word in keywords if word)),
        extras={name: value for name, value in extras.items() if value},
    )
