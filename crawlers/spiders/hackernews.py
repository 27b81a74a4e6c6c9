"""Hacker News: each query over the window, newest first, in spans halved until one answer holds them whole.

Limits (hn.algolia.com/api, github.com/algolia/hn-search/issues/230): 1,000 hits a query whatever the page, 10,000 requests an hour.
Since the middle of 2026 `created_at_i` is the only number one may filter by; `points` answers 400.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from crawlers.parsers.hackernews import read_hits
from crawlers.parsers.json_reading import read_json, whole_at
from crawlers.rejects import UnreadableError
from crawlers.spiders.landing_spider import LandingSpider

MAX_HITS = 1000


class HackerNewsSpider(LandingSpider):
    """`order` is query, first second since 1970, length in seconds. The end of a span belongs to the next one."""

    async def start(self) -> AsyncIterator[Any]:
        """Ask every query for its whole span."""
        end = _second(self.window.to_on + timedelta(days=1))
        for number, query in enumerate(self.source.queries):
            begin = _second(self.since(query))
            yield self._span(number, begin, end - begin)

    def read_span(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land one answer, and ask for its two halves when it does not hold all its hits."""
        self.land(response, order)
        number, begin, length = order
        part = self.source.queries[number]
        try:
            answer = read_json(response.body)
            hits = read_hits(answer)
        except UnreadableError as error:
            self.trouble(f"{response.url} answered: {error.detail}.", part)
            return
        total = whole_at(answer, "nbHits")
        if total is None:
            self.trouble(f"{response.url} does not say how many hits there are.", part)
        elif total > len(hits) or len(hits) >= MAX_HITS:
            if not hits or length < 2:
                self.trouble(f"{response.url} has {total} hits and gives {len(hits)}, in {length} seconds.", part)
                return
            yield self._span(number, begin, length // 2)
            yield self._span(number, begin + length // 2, length - length // 2)

    def _span(self, number: int, begin: int, length: int) -> Any:
        query = self.source.queries[number]
        said = {
            "query": query,
            "tags": "story",
            "hitsPerPage": MAX_HITS,
            "numericFilters": f"created_at_i>={begin},created_at_i<{begin + length}",
        }
        return self.ask(f"{self.source.endpoint}?{urlencode(said)}", self.read_span, (number, begin, length), part=query)


def _second(day: date) -> int:
    """Seconds from 1970 to the beginning of a day, in UTC."""
    return int(datetime.combine(day, time(), UTC).timestamp())
