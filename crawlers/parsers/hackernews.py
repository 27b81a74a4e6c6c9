"""Hacker News by Algolia's search (hn.algolia.com/api): a story points to an article elsewhere, or is a text of its own.

Points and numbers of comments stay in the capture only: they change by the hour, and what they became later must not weigh on what
was known on the day of the story. A story that was deleted is no longer found there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawlers.dates import read_date
from crawlers.parsers.feed_links import canonical, host_of
from crawlers.parsers.json_reading import read_json, text_at, texts_at, value_at
from crawlers.records import Document, Parsed, Reject
from crawlers.rejects import UnreadableError, reject
from crawlers.text import plain

SOURCE = "hackernews"
MAX_HITS = 10_000  # ten times what one answer may hold
THREAD = "https://news.ycombinator.com/item?id="


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the stories of one answer in its own order. Comments, polls and jobs are no documents."""
    try:
        hits = read_hits(read_json(body))
    except UnreadableError as error:
        return Parsed(rejects=(reject(SOURCE, 0, error),))
    documents: list[Document] = []
    rejects: list[Reject] = []
    for position, hit in enumerate(hits):
        try:
            documents.append(_read_story(hit))
        except UnreadableError as error:
            rejects.append(reject(SOURCE, position, error, text_at(hit, "objectID") or None))
    return Parsed(tuple(documents), tuple(rejects))


def read_hits(answer: Any) -> list[Any]:
    """Return the hits of an answer. Raises UnreadableError (source_error, also beyond the ceiling; unknown_format, too_large)."""
    if said := text_at(answer, "message"):
        raise UnreadableError("source_error", said[:300])
    hits = value_at(answer, "hits")
    if not isinstance(hits, list):
        raise UnreadableError("unknown_format", "the answer is JSON, but no list of hits")
    if len(hits) > MAX_HITS:
        raise UnreadableError("too_large", f"the answer has {len(hits)} hits, far more than one answer may hold")
    return hits


def _read_story(hit: Any) -> Document:
    number = text_at(hit, "objectID")
    if not number:
        raise UnreadableError("no_identifier", "the hit has no objectID")
    tags = texts_at(hit, "_tags")
    if tags and "story" not in tags:
        raise UnreadableError("not_a_document", f"the hit is no story but {tags[0]}"[:200])
    title = plain(text_at(hit, "title"))
    if not title:
        raise UnreadableError("no_title", "the story has no title")
    article = canonical(text_at(hit, "url"))
    posted = read_date(text_at(hit, "created_at"))
    extras = {"thread": f"{THREAD}{number}", "outlet": host_of(article).removeprefix("www."), "submitter": text_at(hit, "author")}
    return Document(
        source=SOURCE,
        source_id=number,
        kind="news",
        title=title,
        abstract=plain(text_at(hit, "story_text")),
        published_on=posted.on if posted else None,
        date_precision=posted.precision if posted else "day",
        available_on=posted.last_on if posted else None,
        url=article or f"{THREAD}{number}",
        identifiers={"url": article} if article else {},
        extras={key: value for key, value in extras.items() if value},
    )
