"""GDELT: each query over the window, in slices halved until none is full.

Limits (blog.gdeltproject.org/gdelt-doc-2-0-api-debuts): 250 articles an answer and no cursor, quarters of an hour as the finest time,
three months back from today, one request in five seconds. Every refusal is a sentence with status 200.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from crawlers.parsers.gdelt import read_articles
from crawlers.rejects import UnreadableError
from crawlers.spiders.landing_spider import LandingSpider
from crawlers.waiting import wait_before

MAX_RECORDS = 250
QUARTER = 15  # minutes
REACH = timedelta(days=90)
MAX_REFUSALS = 4
_TOO_FAST = "limit requests"  # "Please limit requests to one every 5 seconds ..."; said in busy hours to the slow as well


class GdeltSpider(LandingSpider):
    """`order` is query, first minute since 1970, length in minutes, attempt. Both ends of a slice belong to it, so neighbours share one."""

    async def start(self) -> AsyncIterator[Any]:
        """Ask every query for its whole span, or for the part of it that is still within reach."""
        now = self._fixed_time or datetime.now(UTC)
        reach_on = now.date() - REACH
        end = _minute(self.window.to_on + timedelta(days=1))
        wanted_from_on = min((self.since(query) for query in self.source.queries), default=reach_on)
        if wanted_from_on < reach_on:
            self.problems.append(f"GDELT reaches back to {reach_on}: what was wanted from {wanted_from_on} on cannot be had any more.")
        for number, query in enumerate(self.source.queries):
            begin = _minute(max(self.since(query), reach_on))
            if begin < end:
                yield self._slice(number, begin, end - begin)

    def read_slice(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land one answer; ask for its two halves when it is full, and once more, later, when it was refused as too fast."""
        number, begin, length, attempt = order
        part = self.source.queries[number]
        if _TOO_FAST.encode() in response.body[:300] and attempt < MAX_REFUSALS:
            seconds = wait_before(attempt + 2, None, self.first_wait_seconds) or 0.0
            self.pauses.hold(urlsplit(response.url).hostname or "", seconds)
            yield self._slice(number, begin, length, attempt + 1)
            return
        self.land(response, order)
        try:
            articles = read_articles(response.body)
        except UnreadableError as error:
            self.trouble(f"{response.url} answered: {error.detail}.", part)
            return
        if any(isinstance(one, UnreadableError) and one.reason == "truncated" for one in articles):
            self.trouble(f"{response.url} was cut off.", part)
        if len(articles) < MAX_RECORDS:
            return
        quarters = length // QUARTER
        if quarters < 2:
            self.trouble(f"{response.url} has more than {MAX_RECORDS} articles in {QUARTER} minutes: the query is too wide.", part)
            return
        half = quarters // 2 * QUARTER
        yield self._slice(number, begin, half)
        yield self._slice(number, begin + half, length - half)

    def _slice(self, number: int, begin: int, length: int, attempt: int = 1) -> Any:
        query = self.source.queries[number]
        said = {
            "query": query,
            "mode": "artlist",
            "format": "json",
            "maxrecords": MAX_RECORDS,
            "sort": "dateasc",
            "startdatetime": _stamp(begin),
            "enddatetime": _stamp(begin + length),
        }
        return self.ask(f"{self.source.endpoint}?{urlencode(said)}", self.read_slice, (number, begin, length, attempt), part=query)


def _minute(day: date) -> int:
    """Minutes from 1970 to the beginning of a day, in UTC."""
    return int(datetime.combine(day, time(), UTC).timestamp()) // 60


def _stamp(minute: int) -> str:
    return datetime.fromtimestamp(minute * 60, UTC).strftime("%Y%m%d%H%M%S")
