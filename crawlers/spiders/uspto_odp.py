"""The USPTO Open Data Portal's file wrappers: every query over the days of publication and over the days of grant.

Facts (data.uspto.gov/swagger, data.uspto.gov/apis/api-rate-limits): `rangeFilters=field from:to`, `offset` and `limit`, no
more than 10,000 results a query (413 beyond), one request at a time for a key, at least 5 seconds after a 429. No hits are a
404 with a message.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

from crawlers.parsers.json_reading import read_json, whole_at
from crawlers.parsers.uspto_odp import number_of, records_in
from crawlers.records import Window
from crawlers.rejects import UnreadableError
from crawlers.spiders.landing_spider import FIRST_WAIT_SECONDS, LandingSpider
from crawlers.spiders.spans import halves_of_days

PAGE = 100
REACHABLE = 10_000  # offset and limit together
BUSY_WAIT_SECONDS = 5.0
_DAYS_OF = ("applicationMetaData.earliestPublicationDate", "applicationMetaData.grantDate")
_TOO_MANY = 413


class UsptoOdpSpider(LandingSpider):
    """A query is a part. An application that was published and granted in one window is found twice, which does no harm."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_wait_seconds *= BUSY_WAIT_SECONDS / FIRST_WAIT_SECONDS
        self._seen: dict[tuple[int, ...], set[str]] = {}

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first page of every query, by publication and by grant."""
        for query, text in enumerate(self.source.queries):
            for field in range(len(_DAYS_OF)):
                yield self._page((query, field, 1), Window(self.since(text), self.window.to_on), 0)

    def read_page(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land one page; ask for the next, or for the halves of days that have more results than can be paged to."""
        self.land(response, order)
        *search, offset = order
        part, days = response.meta["part"], response.meta["days"]
        if response.status == _TOO_MANY:
            yield from self._halved(search, days, part)
            return
        try:
            answer = read_json(response.body)
            found = [number for one in records_in(answer) if (number := number_of(one))]
        except UnreadableError as error:
            self.trouble(f"{response.url} answered {response.status} ({error.reason}): {error.detail}.", part)
            return
        total = whole_at(answer, "count") if response.status == 200 else 0
        if total is None or total < 0:
            self.trouble(f"{response.url} does not say how many results there are.", part)
            return
        total = total or response.meta["total"]  # behind the last result the answer is that nothing matches
        if total > REACHABLE and offset == 0 and days.from_on < days.to_on:
            yield from self._halved(search, days, part)
            return
        seen = self._seen.setdefault(tuple(search), set())
        seen.update(found)
        if found and offset + len(found) < min(total, REACHABLE):
            yield self._page(tuple(search), days, offset + len(found), total)
        elif len(seen) < total:
            self.trouble(f"{part} has {total} results from {days.from_on} to {days.to_on}, and {len(seen)} of them could be had.", part)

    def _halved(self, search: list[int], days: Window, part: str) -> Iterator[Any]:
        if days.from_on == days.to_on:
            self.trouble(f"{part} has more results on {days.from_on} than the portal gives.", part)
            return
        query, field, node = search
        for number, half in enumerate(halves_of_days(days.from_on, days.to_on)):
            yield self._page((query, field, 2 * node + number), Window(*half), 0)

    def _page(self, search: tuple[int, ...], days: Window, offset: int, total: int = 0) -> Any:
        """`search` is the number of the query, of the field, and of the node in the tree of halved days (1 is the whole)."""
        query, field, _ = search
        text = self.source.queries[query]
        arguments = {
            "q": text,
            "rangeFilters": f"{_DAYS_OF[field]} {days.from_on}:{days.to_on}",
            "sort": "applicationMetaData.filingDate asc",
            "offset": str(offset),
            "limit": str(min(PAGE, REACHABLE - offset)),
        }
        return self.ask(
            f"{self.source.endpoint}?{urlencode(arguments)}",
            self.read_page,
            (*search, offset),
            part=text,
            handle_httpstatus_list=[404, _TOO_MANY],
            days=days,
            total=total,
        )
