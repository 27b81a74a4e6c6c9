"""Feeds that no outlet writes but that would keep feedparser busy for minutes: its work grows with the square of these."""

from __future__ import annotations

import re

from crawlers.rejects import UnreadableError

MAX_FEED_BYTES = 16 * 1024 * 1024
MAX_TAG_BYTES = 64 * 1024
MAX_DEPTH = 2000  # unclosed tags of sloppy writers count too, so this is far above any real nesting
_CDATA = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_LONG_TAG = re.compile(rb"<[^<>]{%d}" % MAX_TAG_BYTES)
_TAG = re.compile(rb"<(/?)[A-Za-z][^<>]*?(/?)>")


def refuse_monstrous(body: bytes) -> None:
    """Raise UnreadableError (too_large) for a feed that is too long, holds an endless tag, or is nested without end."""
    if len(body) > MAX_FEED_BYTES:
        raise UnreadableError("too_large", f"the feed is larger than {MAX_FEED_BYTES} bytes")
    markup = _CDATA.sub(b"", body)
    if _LONG_TAG.search(markup):
        raise UnreadableError("too_large", f"the feed holds a tag of more than {MAX_TAG_BYTES} bytes")
    depth = 0
    for match in _TAG.finditer(markup):
        if match[1]:
            depth = max(0, depth - 1)
        elif not match[2]:
            depth += 1
            if depth > MAX_DEPTH:
                raise UnreadableError("too_large", f"the feed is nested more than {MAX_DEPTH} deep")
