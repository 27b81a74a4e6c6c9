"""What the sources with a cursor share: each query over the window, page after page, until a page is empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawlers.records import Window
from crawlers.rejects import UnreadableError
from crawlers.spiders.landing_spider import LandingSpider

FIRST_CURSOR = "*"
_MISSING_SHARE = 0.01  # records come and go during a long walk; more than this is a loss
_READ_ERRORS = [400, 404, 500]  # an error that says why, and is kept as evidence


@dataclass(frozen=True, slots=True)
class Answer:
    """What paging needs of one page. `records` names them, to see a page that came twice; `next_cursor` is '' at the end."""

    records: tuple[str, ...]
    total: int | None
    next_cursor: str


@dataclass(slots=True)
class Walk:
    """How far the walk of one query over one span of days has come."""

    read_count: int = 0
    total: int = 0  # the most any page has said
    last_records: tuple[str, ...] = ()


class CursorWalkSpider(LandingSpider):
    """A spider whose pages follow a cursor. Each query is a part. Cursors have no ceiling, so that no window need be split.

    A request's order is (query, first day, last day, attempt, page), so that everything about a walk can be told from it. A cursor
    may stay the same from page to page while the content changes. One that died is replaced once, by walking again from the start.
    """

    ends_on_same_cursor = False  # whether the cursor that was sent, given back, is the source's sign for the end

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._walks: defaultdict[tuple[int, ...], Walk] = defaultdict(Walk)

    def address(self, query: str, window: Window, cursor: str) -> str:
        """Return the address of one page of a query; `{from}` and `{to}` in the query stand for the days of the window."""
        raise NotImplementedError

    def read_answer(self, body: bytes) -> Answer:
        """Return what one page says. Raises UnreadableError."""
        raise NotImplementedError

    def after(self, response: Any) -> None:
        """Take note of what an answer says about pace; nothing, unless a source says it."""

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first page of every query."""
        for number, query in enumerate(self.source.queries):
            yield self._first_page(number, Window(self.since(query), self.window.to_on))

    def read_page(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land one page and ask for the next, until one is empty or the cursor ends."""
        self.land(response, order)
        self.after(response)
        number, first, last, attempt, page = order
        query = self.source.queries[number]
        window = Window(date.fromordinal(first), date.fromordinal(last))
        try:
            answer = self.read_answer(response.body)
        except UnreadableError as error:
            if error.reason == "source_error" and page > 0 and attempt == 0:
                yield self._first_page(number, window, attempt=1)
            else:
                self.trouble(f"{response.url} is unreadable ({error.reason}): {error.detail}.", query)
            return
        walk = self._walks[order[:-1]]
        if answer.records and answer.records == walk.last_records:
            self.trouble(f"{response.url} repeats the page before it.", query)
            return
        walk.read_count += len(answer.records)
        walk.total = max(walk.total, answer.total or 0)
        walk.last_records = answer.records
        is_last = not answer.next_cursor or (self.ends_on_same_cursor and answer.next_cursor == response.meta["cursor"])
        if answer.records and not is_last:
            yield self._page(number, window, attempt, page + 1, answer.next_cursor)
        elif walk.read_count < walk.total * (1 - _MISSING_SHARE):
            self.trouble(f"{response.url} ends the walk after {walk.read_count} of {walk.total} records.", query)

    def _first_page(self, number: int, window: Window, attempt: int = 0) -> Any:
        return self._page(number, window, attempt, 0, FIRST_CURSOR)

    def _page(self, number: int, window: Window, attempt: int, page: int, cursor: str) -> Any:
        query = self.source.queries[number]
        order = (number, window.from_on.toordinal(), window.to_on.toordinal(), attempt, page)
        address = self.address(query, window, cursor)
        return self.ask(address, self.read_page, order, part=query, handle_httpstatus_list=_READ_ERRORS, cursor=cursor)
