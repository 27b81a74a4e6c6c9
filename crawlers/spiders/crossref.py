"""Crossref: every query over the window by deep cursor (api.crossref.org, "Deep paging with cursors").

A query is what stands behind `/works?`, such as `query.bibliographic=solid state battery&filter=has-abstract:true`. Its days are
those on which DOIs were registered, unless its filter names other ones by `{from}` and `{to}`.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawlers.parsers.crossref_envelope import read_page
from crawlers.parsers.json_reading import text_at
from crawlers.records import Window
from crawlers.spiders.cursor_walk import Answer, CursorWalkSpider

ROWS = 1000  # the most Crossref gives
_DAYS = "from-created-date:{from},until-created-date:{to}"
_INTERVAL = re.compile(r"(\d+)\s*s?")
_LONGEST_SECONDS = 60.0  # a header that asks for more is a mistake


class CrossrefSpider(CursorWalkSpider):
    """The address for the polite pool stands in the User-Agent alone. The pace in the answers' headers is believed over our own."""

    def address(self, query: str, window: Window, cursor: str) -> str:
        """Return the address of one page."""
        return f"{self.source.endpoint}?{urlencode({**arguments_of(query, window), 'rows': str(ROWS), 'cursor': cursor})}"

    def read_answer(self, body: bytes) -> Answer:
        """Return what one page says."""
        page = read_page(body)
        return Answer(tuple(text_at(one, "DOI") for one in page.works), page.total, page.next_cursor)

    def after(self, response: Any) -> None:
        """Keep the pace the answer asks for."""
        limit, interval = (response.headers.get(f"x-rate-limit-{name}", b"").decode("latin-1") for name in ("limit", "interval"))
        self.pauses.hold(urlsplit(response.url).hostname or "", seconds_between(limit, interval))


def arguments_of(query: str, window: Window) -> dict[str, str]:
    """Return the arguments of a query with the days of the window in its filter; of an argument given twice the last counts."""
    arguments = dict(parse_qsl(query, keep_blank_values=True))
    said = arguments.get("filter", "")
    template = said if "{from}" in said else ",".join(part for part in (_DAYS, said) if part)
    arguments["filter"] = template.replace("{from}", window.from_on.isoformat()).replace("{to}", window.to_on.isoformat())
    return arguments


def seconds_between(limit: str, interval: str) -> float:
    """Return the seconds between requests that `x-rate-limit-limit: 5` and `x-rate-limit-interval: 1s` ask for; 0 for nonsense."""
    span = _INTERVAL.fullmatch(interval.strip())
    if span is None or not limit.strip().isdecimal() or not int(limit):
        return 0.0
    return min(_LONGEST_SECONDS, int(span[1]) / int(limit))
