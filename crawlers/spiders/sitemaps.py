"""Sitemaps: of each site the sitemaps that may list pages of the window, then those pages.

Which pages: a news entry by its day of publication, any other by its lastmod, else by the day in its address. A sitemap whose lastmods
are nearly all one day was written by its template and is not believed. A news sitemap holds two days and must be asked at least daily.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest

from crawlers.parsers.article_dates import day_in_address
from crawlers.parsers.article_kinds import is_challenge
from crawlers.parsers.sitemap_entries import Entry, Sitemap, read_sitemap
from crawlers.rejects import UnreadableError
from crawlers.spiders.landing_spider import LandingSpider

MOST_PAGES = 200  # of one site in one crawl; the next crawl goes on behind them
MOST_SITEMAPS = 60  # of one site in one crawl
MOST_NESTING = 3  # the protocol knows one level; sites write two
NEWS_DAYS = 2
_PAGE = -1  # stands in an order before the number of a page, where a nested sitemap has its own number
_GONE = [HTTPStatus.NOT_FOUND, HTTPStatus.GONE]
_LEAST_ENTRIES = 50  # fewer may well have changed on one day
_SAME_DAY_SHARE = 0.9
_LASTMOD_SLACK = timedelta(days=1)


class SitemapsSpider(LandingSpider):
    """`order` is the site's number, then the numbers of the entries that led to a sitemap; a page has -1 before its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seen: set[str] = set()
        self._pages: Counter[int] = Counter()
        self._sitemaps: Counter[int] = Counter()

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the sitemap of every site."""
        for number, feed in enumerate(self.source.feeds):
            yield self.ask(feed.url, self.read_sitemap, (number,), part=feed.name)

    def read_sitemap(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land one sitemap and ask for what it lists of the window: sitemaps, or pages."""
        self.land(response, order)
        part = self.source.feeds[order[0]].name
        try:
            sitemap = read_sitemap(response.body, response.url)
        except UnreadableError as error:
            self.trouble(f"{response.url} is no sitemap ({error.reason}): {error.detail}.", part)
            return
        if sitemap.fault:
            self.trouble(f"{response.url} cannot be read to its end ({sitemap.fault.reason}): {sitemap.fault.detail}.", part)
        entries = [entry for entry in sitemap.entries if entry.address and _is_same_site(entry.address, response.url)]
        if sitemap.kind == "index":
            yield from self._nested(entries, order, response.url)
        else:
            yield from self._listed(Sitemap(sitemap.kind, tuple(entries)), order, response.url)

    def read_page(self, response: Any, order: tuple[int, ...]) -> None:
        """Land the page of an article. A listed page that is gone is the site's mistake and no gap of ours."""
        if response.status in _GONE:
            self.problems.append(f"{response.url} is listed and gone ({response.status}).")
            return
        self.land(response, order)
        if is_challenge(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1")):
            self.trouble(f"{response.url} is a challenge to the browser.", self.source.feeds[order[0]].name)

    def miss_page(self, failure: Any) -> None:
        """A page that the site's robots.txt keeps to itself is no gap of ours either; whatever else happens to a page is."""
        if failure.check(IgnoreRequest):
            self.problems.append(f"{failure.request.url} is listed and was not fetched: {failure.value}.")
        else:
            self.fail(failure)

    def _nested(self, entries: list[Entry], order: tuple[int, ...], url: str) -> Iterator[Any]:
        number, part = order[0], self.source.feeds[order[0]].name
        from_on = self.since(part) - _LASTMOD_SLACK
        if len(order) > MOST_NESTING:
            self.trouble(f"{url} lists further sitemaps, more than {MOST_NESTING} levels deep.", part)
            return
        for index, entry in enumerate(entries):
            if entry.address in self._seen or (entry.changed is not None and entry.changed.point.last_on < from_on):
                continue
            if self._sitemaps[number] == MOST_SITEMAPS:
                self.trouble(f"{url} lists more than {MOST_SITEMAPS} sitemaps that may have changed.", part)
                return
            self._seen.add(entry.address)
            self._sitemaps[number] += 1
            yield self.ask(entry.address, self.read_sitemap, (*order, index), part=part)

    def _listed(self, sitemap: Sitemap, order: tuple[int, ...], url: str) -> Iterator[Any]:
        number, part = order[0], self.source.feeds[order[0]].name
        from_on, to_on = self.since(part), self.window.to_on
        days = days_of(sitemap.entries)
        if sitemap.entries and not any(days):
            self.trouble(f"{url} tells of none of its pages when it was published or changed.", part)
        oldest = min((day for day in days if day), default=to_on)
        if sitemap.is_news and oldest > from_on and (to_on - from_on).days >= NEWS_DAYS:
            self.problems.append(f"{url} holds news of {NEWS_DAYS} days only: what {part} wrote before {oldest} cannot be had from it.")
        for index, (entry, day) in enumerate(zip(sitemap.entries, days, strict=True)):
            if day is None or not from_on <= day <= to_on or entry.address in self._seen or self.holds(entry.address, day):
                continue
            if self._pages[number] == MOST_PAGES:
                self.trouble(f"{url} lists more than {MOST_PAGES} pages of the window.", part)
                return
            self._seen.add(entry.address)
            self._pages[number] += 1
            page = self.ask(entry.address, self.read_page, (*order, _PAGE, index), part=part, handle_httpstatus_list=_GONE)
            yield page.replace(errback=self.miss_page)


def days_of(entries: tuple[Entry, ...]) -> list[date | None]:
    """Return for each entry the day it tells of itself, None where it tells none that can be believed."""
    changed = Counter(entry.changed.point.on for entry in entries if entry.changed and not entry.news)
    most = max(changed.values(), default=0)
    is_believed = len(entries) < _LEAST_ENTRIES or most < _SAME_DAY_SHARE * len(entries)
    found = []
    for entry in entries:
        told = entry.news_day or (entry.changed if is_believed else None)
        found.append(told.point.on if told else day_in_address(entry.address))
    return found


def _is_same_site(address: str, sitemap: str) -> bool:
    """A sitemap speaks for its own host (sitemaps.org/protocol.html, location) and, in practice, for those above and below it."""
    host, own = ((urlsplit(one).hostname or "").removeprefix("www.") for one in (address, sitemap))
    return host == own or host.endswith(f".{own}") or own.endswith(f".{host}")
