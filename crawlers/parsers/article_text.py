"""The running text of an article, by trafilatura, and its lead."""

from __future__ import annotations

import re
from typing import Any

from crawlers.text import fold

LEAD_CHARACTERS = 1000
_SENTENCE_END = re.compile(r"[.!?…](?=\s)|[。！？]")


def extract_text(root: Any) -> str:
    """Return the article's text, paragraphs separated by line ends; '' where there is none. `root` stays as it is.

    Without readers' comments and metadata: both cost time, and dates and titles are read with more care elsewhere.
    """
    import trafilatura

    try:
        return trafilatura.extract(root, include_comments=False, with_metadata=False) or ""
    except Exception:  # hostile pages reach assertions and lookups deep inside trafilatura
        return ""


def lead(text: str, limit: int = LEAD_CHARACTERS) -> str:
    """Return the beginning of a text, at most `limit` characters, ending with a sentence where one ends in the second half."""
    whole = fold(text)
    if len(whole) <= limit:
        return whole
    cut = whole[:limit]
    ends = [match.end() for match in _SENTENCE_END.finditer(cut) if match.end() > limit // 2]
    return cut[: ends[-1]].strip() if ends else cut[: max(cut.rfind(" "), limit // 2)].strip()
