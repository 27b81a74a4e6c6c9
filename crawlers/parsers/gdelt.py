"""GDELT DOC 2.0, mode artlist, format json (blog.gdeltproject.org/gdelt-doc-2-0-api-debuts): headlines and where they stand.

An article has url, url_mobile, title, seendate, socialimage, domain, language, sourcecountry; no text and no day of publication.
`seendate` is when GDELT met the page, a quarter of an hour after it appeared or later: the first day the public certainly knew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crawlers.dates import read_date
from crawlers.parsers.feed_links import canonical
from crawlers.parsers.gdelt_languages import LANGUAGES
from crawlers.parsers.json_reading import list_at, read_json, text_at
from crawlers.records import Document, Parsed, Reject
from crawlers.rejects import UnreadableError, reject
from crawlers.text import plain

SOURCE = "gdelt"
MAX_ANSWER_BYTES = 8 * 1024 * 1024  # 250 articles take some 200 KB
MAX_ARTICLES = 1000  # four times what one answer may hold
_SENTENCE_BYTES = 2000
_ESCAPE = re.compile(rb'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)')
_ARTICLE_START = re.compile(rb'\{\s*"url"\s*:')
_LIST_END = re.compile(rb"\]\s*\}\s*\Z")


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the articles of one answer in its own order. `{}` is an honest answer: nothing was found."""
    documents: list[Document] = []
    rejects: list[Reject] = []
    try:
        for position, article in enumerate(read_articles(body)):
            try:
                documents.append(_read_article(article))
            except UnreadableError as error:
                rejects.append(reject(SOURCE, position, error, text_at(article, "url") or None))
    except UnreadableError as error:
        rejects.append(reject(SOURCE, 0, error))
    return Parsed(tuple(documents), tuple(rejects))


def read_articles(body: bytes) -> list[Any]:
    """Return the articles of one answer; in the place of one that is not JSON stands the UnreadableError that says why.

    Titles are written with escapes JSON does not know, and with quotation marks that end them too early: the first are mended, the
    others cost one article, not the answer. Raises UnreadableError for an answer that is no list of articles; GDELT's own refusals,
    sentences sent with status 200, are `source_error`.
    """
    if len(body) > MAX_ANSWER_BYTES or len(_ARTICLE_START.findall(body)) > MAX_ARTICLES:
        raise _too_large(f"{len(body)} bytes")
    sentence = body.strip()
    if 0 < len(sentence) < _SENTENCE_BYTES and sentence[:1].isalpha():
        raise UnreadableError("source_error", plain(sentence.decode("utf-8", errors="replace"))[:300])
    mended = _ESCAPE.sub(lambda match: match[0] if match[1] else b"", body)
    try:
        answer = read_json(mended)
    except UnreadableError as error:
        if error.reason not in {"not_json", "truncated"} or not _ARTICLE_START.search(mended):
            raise
        return list(_one_by_one(mended))
    if not isinstance(answer, dict) or (answer and not isinstance(answer.get("articles"), list)):
        raise UnreadableError("unknown_format", "the answer is JSON, but no list of articles")
    articles = list_at(answer, "articles")
    if len(articles) > MAX_ARTICLES:
        raise _too_large(f"{len(articles)} articles")
    return articles


def _too_large(what: str) -> UnreadableError:
    return UnreadableError("too_large", f"the answer has {what}, far more than one answer may hold")


def _one_by_one(body: bytes) -> Iterator[Any]:
    body = _LIST_END.sub(b"", body)
    starts = [match.start() for match in _ARTICLE_START.finditer(body)]
    for start, end in zip(starts, [*starts[1:], len(body)], strict=True):
        try:
            yield read_json(body[start:end].rstrip(b", \t\r\n"))
        except UnreadableError as error:
            yield error


def _read_article(article: Any) -> Document:
    if isinstance(article, UnreadableError):
        raise article
    address = canonical(text_at(article, "url"))
    if not address:
        raise UnreadableError("no_identifier", "the article has no address")
    title = plain(text_at(article, "title"))
    if not title:
        raise UnreadableError("no_title", "the article has no title")
    seen = text_at(article, "seendate")
    day = read_date(seen[:8])
    extras = {
        "outlet": text_at(article, "domain"),
        "country": text_at(article, "sourcecountry"),
        "language": text_at(article, "language"),
        "url_mobile": canonical(text_at(article, "url_mobile")),
        "dates": {"seen": seen} if seen else {},
    }
    return Document(
        source=SOURCE,
        source_id=address,
        kind="news",
        title=title,
        abstract="",
        published_on=None,
        date_precision="day",
        available_on=day.last_on if day else None,
        lang=LANGUAGES.get(text_at(article, "language")),
        url=address,
        identifiers={"url": address},
        extras={key: value for key, value in extras.items() if value},
    )
