"""Ask again, later, where that can help; say so when it did not. Takes the place of Scrapy's own retries, which do not wait."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

from crawlers.middlewares.downloading import BUSY
from crawlers.waiting import wait_before

MAX_ATTEMPTS = 5
_PASSING = frozenset({408, 500, 502, 504, 522, 524}) | BUSY
_PASSING_ERRORS = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,  # a body shorter than its Content-Length
    ConnectError,
    ConnectionDone,
    ConnectionLost,
)


class RetryMiddleware:
    """Sends a request again up to MAX_ATTEMPTS times. The pause of a busy host is kept by the download handler."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> RetryMiddleware:
        """Scrapy's way of building a component."""
        return cls(crawler)

    def process_response(self, request: Any, response: Any) -> Any:
        """Return the response, or the request to be sent again. The last refusal reaches the spider as it is."""
        if response.status not in _PASSING:
            return response
        return self._again(request, pause=response.status not in BUSY) or response

    def process_exception(self, request: Any, exception: Exception) -> Any:
        """Return the request to be sent again, or None to let the error reach the spider."""
        if not isinstance(exception, _PASSING_ERRORS):
            return None
        return self._again(request, pause=True)

    def _again(self, request: Any, *, pause: bool) -> Any:
        spider = self.crawler.spider
        host = urlsplit(request.url).hostname or ""
        attempt = request.meta.get("attempt", 1)
        if attempt >= MAX_ATTEMPTS or spider.pauses.is_closed(host):
            return None
        if pause:
            seconds = wait_before(attempt, None, spider.first_wait_seconds)
            spider.pauses.hold(host, seconds or 0.0)
        self.crawler.stats.inc_value("crawl/retries")
        return request.replace(dont_filter=True, meta={**request.meta, "attempt": attempt + 1})
