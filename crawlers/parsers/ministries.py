"""Pages of Chinese ministries and academies: a detail page is a document; a list page leads to such and is none.

Detail pages follow the government's standard for web sites: meta tags ArticleTitle, PubDate (Asia/Shanghai), ContentSource, ColumnName.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from crawlers.parsers.articles import fetched_at, parse_as
from crawlers.parsers.ministry_lists import read_list
from crawlers.records import Parsed
from crawlers.rejects import UnreadableError
from crawlers.text import named_header

SOURCE = "ministries"
_MAY_BE_LISTS = {"not_a_document", "unknown_format"}
LEAST_ENTRIES = 5  # a detail page has some dated links beside it too, yet few


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:
    """Return the document of a detail page; nothing for a list page that leads to some."""
    parsed = parse_as(SOURCE, body, url=url, headers=headers)
    if parsed.rejects and parsed.rejects[0].reason in _MAY_BE_LISTS and _leads_on(body, url, headers):
        return Parsed()
    return Parsed(tuple(replace(one, lang=one.lang or "zh") for one in parsed.documents), parsed.rejects)


def _leads_on(body: bytes, url: str, headers: Mapping[str, str] | None) -> bool:
    try:
        listed = read_list(body, url, named_header(headers, "content-type"), fetched_at(headers))
    except UnreadableError:
        return False
    return len(listed.days) >= LEAST_ENTRIES or listed.next_page is not None
