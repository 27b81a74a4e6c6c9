"""Chinese ministries: their list pages, newest first, back to the first day wanted, and the detail pages of the window."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from typing import Any

from crawlers.parsers.article_kinds import is_challenge
from crawlers.parsers.articles import fetched_at
from crawlers.parsers.ministry_lists import ListPage, read_list
from crawlers.rejects import UnreadableError
from crawlers.spiders.landing_spider import LandingSpider

MOST_LISTS = 40  # of one office in one crawl
MOST_PAGES = 200
_GONE = [HTTPStatus.NOT_FOUND, HTTPStatus.GONE]


class MinistriesSpider(LandingSpider):
    """`order` is the office's number, the list page's, and a detail page's place in its list. A link without a day is a menu's.

    Offices behind a firewall answer strangers with a script to run (412, 521, or 200): then the office falls behind.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seen: set[str] = set()
        self._pages: Counter[int] = Counter()

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first list page of every office."""
        for number, feed in enumerate(self.source.feeds):
            self._seen.add(feed.url)
            yield self.ask(feed.url, self.read_list, (number, 0), part=feed.name)

    def read_list(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land one list page; ask for its detail pages of the window and, while it may hold more of them, for the next list page."""
        self.land(response, order)
        number, depth = order
        part = self.source.feeds[number].name
        listed = self._listed(response, part)
        if listed is None:
            return
        from_on = self.since(part)
        for index, entry in enumerate(listed.entries):
            is_wanted = entry.day is not None and from_on <= entry.day <= self.window.to_on
            if not is_wanted or entry.address in self._seen or self.holds(entry.address, entry.day):
                continue
            if self._pages[number] == MOST_PAGES:
                self.trouble(f"{part} has more than {MOST_PAGES} pages of the window.", part)
                return
            self._seen.add(entry.address)
            self._pages[number] += 1
            yield self.ask(entry.address, self.read_page, (number, depth, index), part=part, handle_httpstatus_list=_GONE)
        if listed.reaches(from_on):
            return
        if listed.next_page is None or listed.next_page in self._seen or depth + 1 == MOST_LISTS:
            self.trouble(f"The list of {part} ends at {min(listed.days, default='no day at all')}, before it reaches {from_on}.", part)
            return
        self._seen.add(listed.next_page)
        # The script that draws a list tells from which page it runs, and some offices answer nobody who does not.
        yield self.ask(listed.next_page, self.read_list, (number, depth + 1), part=part, headers={"Referer": response.url})

    def read_page(self, response: Any, order: tuple[int, ...]) -> None:
        """Land one detail page. A listed page that is gone is the office's mistake and no gap of ours."""
        if response.status in _GONE:
            self.problems.append(f"{response.url} is listed and gone ({response.status}).")
            return
        self.land(response, order)
        if is_challenge(response.body, _content_type(response)):
            self.trouble(f"{response.url} is a challenge to the browser.", self.source.feeds[order[0]].name)

    def _listed(self, response: Any, part: str) -> ListPage | None:
        """What a list page lists; None, and a trouble, where it lists nothing dated: a challenge, or lines that a script draws."""
        try:
            if is_challenge(response.body, _content_type(response)):
                raise UnreadableError("html_page", "a challenge to the browser")
            asked_at = fetched_at({"date": (response.headers.get("Date") or b"").decode("latin-1")})
            listed = read_list(response.body, response.url, _content_type(response), asked_at)
        except UnreadableError as error:
            self.trouble(f"{response.url} is no list of pages ({error.reason}): {error.detail}.", part)
            return None
        if not listed.days and listed.next_page is None:
            self.trouble(f"{response.url} lists no dated page; the list may be drawn by a script.", part)
            return None
        return listed


def _content_type(response: Any) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1")
