"""Europe PMC: every query over the window by cursorMark (europepmc.org/RestfulWebService).

A query is in Europe PMC's own language. Its days are those on which records entered its index (FIRST_IDATE), for a record may be
published long before; a query that names other days does so by `{from}` and `{to}`.
"""

from __future__ import annotations

from urllib.parse import urlencode

from crawlers.parsers.europepmc_envelope import read_page
from crawlers.parsers.json_reading import text_at
from crawlers.records import Window
from crawlers.spiders.cursor_walk import Answer, CursorWalkSpider

PAGE_SIZE = 500  # up to 1000 are given, but a page of core records must stay well under the limit of a response
_DAYS = "FIRST_IDATE:[{from} TO {to}]"


class EuropePmcSpider(CursorWalkSpider):
    """`nextPageUrl` is not followed: it comes with spaces in it. A walk ends where the cursorMark that was sent comes back."""

    ends_on_same_cursor = True

    def address(self, query: str, window: Window, cursor: str) -> str:
        """Return the address of one page."""
        asked = {"query": with_days(query, window), "resultType": "core", "synonym": "false", "format": "json"}
        return f"{self.source.endpoint}?{urlencode({**asked, 'pageSize': str(PAGE_SIZE), 'cursorMark': cursor})}"

    def read_answer(self, body: bytes) -> Answer:
        """Return what one page says."""
        page = read_page(body)
        records = tuple(f"{text_at(one, 'source')}/{text_at(one, 'id')}" for one in page.records)
        return Answer(records, page.total, page.next_cursor)


def with_days(query: str, window: Window) -> str:
    """Return the query narrowed to the days of the window."""
    template = query if "{from}" in query else f"({query}) AND {_DAYS}"
    return template.replace("{from}", window.from_on.isoformat()).replace("{to}", window.to_on.isoformat())
