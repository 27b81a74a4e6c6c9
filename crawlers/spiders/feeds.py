"""Feeds: the current page of each, and the pages before it (RFC 5005, JSON Feed) as far back as the window reaches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from typing import Any

from crawlers.parsers.feed_paging import read_paging
from crawlers.spiders.landing_spider import LandingSpider

MOST_PAGES = 10_000  # a page a day since 1999; a chain that is longer was made to have no end


class FeedsSpider(LandingSpider):
    """The current page is always landed, as the sign that the outlet lives; an archive page when it may hold days of the window."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seen: set[str] = set()

    async def start(self) -> AsyncIterator[Any]:
        """Ask for every feed."""
        for number, feed in enumerate(self.source.feeds):
            yield self.ask(feed.url, self.read_page, (number, 0), part=feed.name, conditional=True)

    def read_page(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land one page and ask for the one before it, until a page lies wholly before the window. Unchanged, it leads nowhere new."""
        if response.status == HTTPStatus.NOT_MODIFIED:
            return
        number, depth = order
        part = self.source.feeds[number].name
        from_on = self.since(part)
        page = read_paging(response.body, response.url)
        is_outside = page.is_before(from_on) or page.is_after(self.window.to_on)
        if depth == 0 or not is_outside:
            self.land(response, order)
        if not page.is_feed:
            self.trouble(f"{response.url} is neither RSS nor Atom nor JSON Feed.", part)
        if page.prev_archive is None or page.is_before(from_on):
            return
        if page.prev_archive in self._seen:
            self.trouble(f"{response.url} leads back to an archive page that was already read.", part)
            return
        if depth == MOST_PAGES:
            self.trouble(f"{response.url} leads further back than {MOST_PAGES} pages.", part)
            return
        self._seen.add(page.prev_archive)
        yield self.ask(page.prev_archive, self.read_page, (number, depth + 1), part=part)
