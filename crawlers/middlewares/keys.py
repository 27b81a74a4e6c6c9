"""An API key goes to the host it was given for, in a header, and nowhere else: not in an address, not along a redirect."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit


def origin(url: str) -> tuple[str, str, int]:
    """Return (scheme, host, port) of an address."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


class KeyMiddleware:
    """Puts the spider's key on requests to the endpoint's own origin and takes it off all others."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> KeyMiddleware:
        """Scrapy's way of building a component."""
        return cls(crawler)

    def process_request(self, request: Any) -> None:
        """Set or remove the header; a redirected request passes here again."""
        spider = self.crawler.spider
        value = spider.key_value()
        if value and origin(request.url) == origin(spider.source.endpoint):
            request.headers[spider.key_header] = value
        else:
            request.headers.pop(spider.key_header, None)
