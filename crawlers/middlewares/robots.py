"""robots.txt as RFC 9309 asks: no file allows everything (2.3.1.3), a file that cannot be reached forbids everything (2.3.1.4).

A file is fetched once a crawl and origin, and again after a day (2.4). Scrapy's own middleware takes a server error for a
permission, and its parser (Protego) ends a group at a crawl delay and misreads names with a version or a second word.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import SplitResult, urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http.request import NO_CALLBACK

from crawlers.addresses import refusal
from crawlers.middlewares.downloading import RefusedError
from crawlers.middlewares.keys import Origin, origin
from crawlers.middlewares.resolving import ALLOWED_PRIVATE_HOSTS
from crawlers.robots_rules import ALLOW_ALL, FORBID_ALL, Rules, product_token, read_rules

CACHE_SECONDS = 86_400.0
_IS_ROBOTS = "is_robots"
_FIRST = 1000  # robots.txt goes before everything else that waits


def rules_of(status: int, body: bytes, agent: str) -> Rules:
    """Return the rules that an answer to /robots.txt stands for."""
    if status >= 500 or status == 429:
        return FORBID_ALL
    return ALLOW_ALL if status >= 300 else read_rules(body, agent)


class RobotsMiddleware:
    """Lets pass what the origin's robots.txt allows us; raises IgnoreRequest for the rest."""

    def __init__(self, crawler: Any) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self._agent = product_token(crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"])
        self._known: dict[Origin, tuple[float, asyncio.Future[Rules]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> RobotsMiddleware:
        """Scrapy's way of building a component."""
        return cls(crawler)

    async def process_request(self, request: Any) -> None:
        """Wait for the rules of the request's origin and keep them. What we refuse ourselves is not even asked for rules."""
        if request.meta.get(_IS_ROBOTS):
            return
        if why := refusal(request.url, self.crawler.settings.getlist(ALLOWED_PRIVATE_HOSTS)):
            raise RefusedError(urlsplit(request.url).hostname or "", why)
        rules = await self._rules(request.url)
        if rules is FORBID_ALL:
            raise IgnoreRequest("robots.txt cannot be had, which forbids everything")
        if not rules.allows(request.url):
            raise IgnoreRequest("robots.txt forbids it")

    async def _rules(self, url: str) -> Rules:
        fetched_at, rules = self._known.get(origin(url), (0.0, None))
        if rules is None or time.monotonic() - fetched_at > CACHE_SECONDS:
            rules = asyncio.get_running_loop().create_future()
            self._known[origin(url)] = (time.monotonic(), rules)
            rules.set_result(await self._fetch(urlsplit(url)))
        return await rules

    async def _fetch(self, where: SplitResult) -> Rules:
        url = f"{where.scheme}://{where.netloc}/robots.txt"
        request = Request(url, priority=_FIRST, callback=NO_CALLBACK, meta={_IS_ROBOTS: True})
        try:
            response = await self.crawler.engine.download_async(request)
        except RefusedError as refused:
            # The request itself will meet the same refusal, with the true reason; a refusal further on is a file out of reach.
            return ALLOW_ALL if refused.host == where.hostname else FORBID_ALL
        except IgnoreRequest:
            return ALLOW_ALL  # more than five redirects count as no file (2.3.1.2)
        except Exception:  # whatever kept the file from us, it could not be reached
            return FORBID_ALL
        return rules_of(response.status, response.body, self._agent)
