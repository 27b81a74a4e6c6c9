"""bioRxiv and medRxiv (api.biorxiv.org): per server the versions posted in the window, then the journal versions of that time.

The cursor is a number of rows. How many a page holds was 100 and is 30, so the page itself is believed. An empty answer with
status 200, as seen in September 2026, is a failure and not the end.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from crawlers.parsers.biorxiv import NOTHING_FOUND, status_of
from crawlers.parsers.json_reading import list_at, map_at, read_json, whole_at
from crawlers.rejects import UnreadableError
from crawlers.spiders.landing_spider import LandingSpider

_KINDS = ("details", "pubs")


class BiorxivSpider(LandingSpider):
    """Each server is a part of its own. The order of a request is (server, kind, cursor)."""

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first page of each kind at each server."""
        for server, name in enumerate(self.source.queries):
            if self.since(name) <= self.window.to_on:
                for kind in range(len(_KINDS)):
                    yield self._page(server, kind, 0)

    def read_page(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land one page and ask for the next, until as many rows came as the server counts."""
        self.land(response, order)
        server, kind, cursor = order
        part = self.source.queries[server]
        try:
            rows, total = read_counts(response.body)
        except UnreadableError as error:
            self.trouble(f"The answer of {response.url} is unreadable ({error.reason}): {error.detail}.", part)
            return
        if rows == 0 and (cursor or total):  # a later page is only asked for when it has rows
            self.trouble(f"{response.url} is empty at row {cursor}.", part)
        elif cursor + rows < total:
            yield self._page(server, kind, cursor + rows)

    def _page(self, server: int, kind: int, cursor: int) -> Any:
        name = self.source.queries[server]
        address = f"{self.source.endpoint}/{_KINDS[kind]}/{name}/{self.since(name)}/{self.window.to_on}/{cursor}/json"
        return self.ask(address, self.read_page, (server, kind, cursor), part=name)


def read_counts(body: bytes) -> tuple[int, int]:
    """Return how many rows a page holds and how many there are in all, which the server writes as text.

    Raises UnreadableError for an answer that is not readable, complains, or does not say how many there are.
    """
    answer = read_json(body)
    status, rows = status_of(answer).lower(), len(list_at(answer, "collection"))
    if status == NOTHING_FOUND:
        return 0, 0
    if status != "ok":
        raise UnreadableError("source_error", status or "the answer does not say how it went")
    total = whole_at(map_at(answer, "messages", 0), "total")
    if total is None:
        raise UnreadableError("unknown_format", "the answer does not say how many rows there are")
    return rows, total
