"""Sources that are asked by query and answer page after page with a token for the next one: what their spiders share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from crawlers.rejects import UnreadableError
from crawlers.spiders.landing_spider import LandingSpider

NO_CONTENT = 204


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a walk. `due` is how many records the walk owes at least, None where the source does not say; `token` asks
    for the next page and is empty on the last."""

    record_count: int
    due: int | None
    token: str


class QuerySpider(LandingSpider):
    """Each query of the source is a part and is walked by itself to its end. `key_prefix` goes before the key in its header.

    `dead_token_statuses` are the answers that mean "this token has died": the walk then begins anew, once. Where `tokens_change`
    from page to page, one that comes again would lead in circles.
    """

    key_prefix = ""
    tokens_change = True
    dead_token_statuses: tuple[int, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._record_counts: dict[tuple[int, int], int] = {}
        self._due: dict[tuple[int, int], int] = {}
        self._tokens: set[tuple[int, int, str]] = set()

    @abstractmethod
    def page_request(self, query: str, token: str) -> dict[str, Any]:
        """Return what `ask` needs for the page that `token` stands for, the first one for an empty token: url, method, headers, body."""

    @abstractmethod
    def open_page(self, body: bytes) -> Page:
        """Return what the walk must know of a page. Raises UnreadableError for an answer that is no page."""

    def is_last(self, page: Page, record_count: int) -> bool:  # noqa: ARG002 - what was read so far decides at other sources
        """Whether the walk, which has given `record_count` records by now, ends with this page."""
        return not page.token

    def key_value(self) -> str:
        """What the key header says."""
        return f"{self.key_prefix}{self.key}" if self.key else ""

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first page of every query."""
        for index in range(len(self.source.queries)):
            yield self._ask_page((index, 0, 0), "")

    def read_page(self, response: Any, order: tuple[int, int, int]) -> Iterator[Any]:
        """Land a page of the walk `order` (query, beginning, page) and ask for the next, until the source says that there is none."""
        index, beginning, number = order
        query = self.source.queries[index]
        if response.status in self.dead_token_statuses:
            yield from self._begin_anew(order, response.status)
            return
        walk = (index, beginning)
        if response.status == NO_CONTENT:  # nothing to land: there is nothing more, or nothing at all
            page = Page(0, None, "")
        else:
            self.land(response, order)
            try:
                page = self.open_page(response.body)
            except UnreadableError as error:
                self.trouble(f"Page {number} of {self.name}, query {query!r}, is unreadable ({error.reason}): {error.detail}.", query)
                return
        self._due[walk] = due = self._due.get(walk, 0) if page.due is None else page.due
        self._record_counts[walk] = record_count = self._record_counts.get(walk, 0) + page.record_count
        if self.is_last(page, record_count):
            if record_count < due:
                self.trouble(f"{self.name}, query {query!r}, ended after {record_count} of {due} records.", query)
            return
        if self.tokens_change and (*walk, page.token) in self._tokens:
            self.trouble(f"{self.name}, query {query!r}, goes in circles: page {number} repeats an earlier token.", query)
            return
        self._tokens.add((*walk, page.token))
        yield self._ask_page((index, beginning, number + 1), page.token)

    def _ask_page(self, order: tuple[int, int, int], token: str) -> Any:
        query = self.source.queries[order[0]]
        statuses = list(self.dead_token_statuses) if token else []
        return self.ask(
            callback=self.read_page, order=order, part=query, handle_httpstatus_list=statuses, **self.page_request(query, token)
        )

    def _begin_anew(self, order: tuple[int, int, int], status: int) -> Iterator[Any]:
        index, beginning, number = order
        if beginning:
            query = self.source.queries[index]
            self.trouble(f"Page {number} of {self.name}, query {query!r}, answered {status}: its token died twice.", query)
        else:
            yield self._ask_page((index, 1, 0), "")
