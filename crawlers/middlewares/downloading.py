"""The last step before the network: refuse private addresses, keep the pauses servers ask for.

Both are done here and not earlier, because a request can wait in Scrapy's queues long after a middleware let it pass.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from crawlers.addresses import is_public, refusal
from crawlers.waiting import asked_wait, wait_before

BUSY = frozenset({429, 503})
ALLOWED_PRIVATE_HOSTS = "ALLOWED_PRIVATE_HOSTS"  # our setting: hosts that may be private, such as a replay server on loopback
# Twisted drops the reason of a failed look-up, so it is kept here: name -> private address. One crawl lives in one process.
_refused_names: dict[str, str] = {}


class GuardedDownloadHandler(HTTP11DownloadHandler):  # type: ignore[misc]
    """Scrapy's HTTP handler behind the address check and the pauses of the spider."""

    async def download_request(self, request: Any) -> Any:
        """Fetch `request` when and where that is allowed. Raises IgnoreRequest, with the reason as its message, otherwise."""
        spider = self.crawler.spider
        host = urlsplit(request.url).hostname or ""
        if why := refusal(request.url, self.crawler.settings.getlist(ALLOWED_PRIVATE_HOSTS)):
            raise IgnoreRequest(why)
        await spider.pauses.wait(host)
        if spider.pauses.is_closed(host):
            raise IgnoreRequest(f"{host} asked to be left alone for longer than this crawl can wait")
        attempt = request.meta.get("attempt", 1)
        try:
            response = await super().download_request(request)
        except CannotResolveHostError:
            if host in _refused_names:
                raise IgnoreRequest(f"{host} stands for {_refused_names[host]}, which is not a public address") from None
            raise
        if response.status in BUSY:
            said = response.headers.get("Retry-After", b"").decode("latin-1")
            seconds = wait_before(attempt, asked_wait(said, datetime.now(UTC)), spider.first_wait_seconds)
            if seconds is None:
                spider.pauses.close(host)
            else:
                spider.pauses.hold(host, seconds)
        return response


class GuardedResolver(CachingThreadedResolver):  # type: ignore[misc]
    """Names that lead to private addresses lead nowhere. The address judged is the one connected to: no second look-up."""

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Any:
        """Build the resolver for all crawls of this process."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowed = frozenset(crawler.settings.getlist(ALLOWED_PRIVATE_HOSTS))
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:  # noqa: N802 - Twisted's name
        """Return a Deferred of the address; it fails with DNSLookupError for a private one."""
        return super().getHostByName(name, timeout).addCallback(self._judge, name)

    def _judge(self, address: str, name: str) -> str:
        if name in self.allowed or is_public(address):
            return address
        _refused_names[name] = address
        raise DNSLookupError(f"{name} stands for {address}, which is not a public address")
