"""arXiv by its Atom API: per query every paper first submitted in the window, by slices, oldest first.

The API gives at most 30,000 results for one question (info.arxiv.org/help/api/user-manual.html), so a span that counts more is
cut in two. Now and then it answers with an empty page in the middle of a walk, which comes right when it is asked again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from crawlers.parsers.arxiv_api import Page, read_page
from crawlers.rejects import UnreadableError
from crawlers.spiders.landing_spider import LandingSpider
from crawlers.spiders.spans import halves_of_days

CEILING = 30_000
SLICE = 1_000  # 2,000 are allowed, and answered slowly
MAX_ATTEMPTS = 3


class ArxivApiSpider(LandingSpider):
    """Each query is a part of its own. The order of a request is (query, first day, last day, start, attempt)."""

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first slice of every query."""
        for number, query in enumerate(self.source.queries):
            if (first := self.since(query)) <= self.window.to_on:
                yield self._slice(number, first, self.window.to_on)

    def read_slice(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land one slice and ask for the next, or for both halves of a span that counts too many."""
        self.land(response, order)
        number, first, last, start, attempt = order[0], date.fromordinal(order[1]), date.fromordinal(order[2]), order[3], order[4]
        part = self.source.queries[number]
        try:
            page = read_page(response.body)
        except UnreadableError as error:
            self.trouble(f"The answer of {response.url} is unreadable ({error.reason}): {error.detail}.", part)
            return
        if page.total > CEILING and start == 0 and first < last:
            for half in halves_of_days(first, last):
                yield self._slice(number, *half)
            return
        is_empty = page.count == 0 and start < page.total
        if is_empty and attempt < MAX_ATTEMPTS:
            yield self._slice(number, first, last, start, attempt + 1)
        elif why := _fault(page, start):
            self.trouble(f"{response.url} {why}.", part)
        elif start + page.count < min(page.total, CEILING):
            yield self._slice(number, first, last, start + page.count)
        elif page.total > CEILING:
            self.trouble(f"{response.url} counts {page.total} papers of one day, of which only {CEILING} are given.", part)

    def _slice(self, number: int, first: date, last: date, start: int = 0, attempt: int = 1) -> Any:
        part = self.source.queries[number]
        days = f"submittedDate:[{first:%Y%m%d}0000 TO {last:%Y%m%d}2359]"
        asked = {
            "search_query": f"({part}) AND {days}",
            "sortBy": "submittedDate",
            "sortOrder": "ascending",
            "start": start,
            "max_results": min(SLICE, CEILING - start),
        }
        order = (number, first.toordinal(), last.toordinal(), start, attempt)
        return self.ask(f"{self.source.endpoint}?{urlencode(asked)}", self.read_slice, order, part=part)


def _fault(page: Page, start: int) -> str:
    """Why a slice is not the one that was due, '' when it is."""
    if page.errors:
        return f"answers with the error: {page.errors[0]}"
    if page.start != start:
        return f"gives the results from {page.start} on instead of those from {start} on"
    if page.count == 0 and start < page.total:
        return f"stays empty at {start} of {page.total} results"
    return ""
