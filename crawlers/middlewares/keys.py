"""An API key goes to the host it was given for, in a header, and nowhere else: not in an address, not along a redirect."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest

Origin = tuple[str, str, int]
MASK = "[key]"
# What a request may still say after it was sent on to another origin; the spider may have put a token into any other header.
_KEPT_ABROAD = frozenset({b"accept", b"accept-encoding", b"accept-language", b"if-modified-since", b"if-none-match", b"user-agent"})


def origin(url: str) -> Origin:
    """Return (scheme, host, port) of an address. Raises ValueError for one that cannot be read."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


class KeyMiddleware:
    """Puts the spider's key on requests to the endpoint's own origin and takes all secrets off those that were sent elsewhere."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> KeyMiddleware:
        """Scrapy's way of building a component."""
        return cls(crawler)

    def process_request(self, request: Any) -> None:
        """Set or remove the headers; a redirected request passes here again."""
        spider = self.crawler.spider
        value = spider.key_value()
        if value and origin(request.url) == origin(spider.source.endpoint):
            request.headers[spider.key_header] = value
        else:
            request.headers.pop(spider.key_header, None)
        asked = request.meta.get("redirect_urls", [request.url])
        if any(origin(url) != origin(request.url) for url in asked):
            if request.body:
                raise IgnoreRequest("the server sends the body of the request on to another host")
            for name in [one for one in request.headers if one.lower() not in _KEPT_ABROAD]:
                del request.headers[name]

    def process_response(self, request: Any, response: Any) -> Any:  # noqa: ARG002 - Scrapy's signature
        """Mask every secret that the server repeats, so that neither the landing nor a message can hold it."""
        for secret in self.crawler.spider.secrets():
            hidden = secret.encode()
            for name, values in list(response.headers.items()):
                if any(hidden in value for value in values):
                    response.headers[name] = [value.replace(hidden, MASK.encode()) for value in values]
            if hidden in response.body:
                response = response.replace(body=response.body.replace(hidden, MASK.encode()))
        return response
