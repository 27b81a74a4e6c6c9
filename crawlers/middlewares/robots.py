"""robots.txt as RFC 9309 reads it: no file allows everything (2.3.1.3), a file that cannot be reached forbids everything (2.3.1.4)."""

from __future__ import annotations

from typing import Any

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.misc import build_from_crawler

LIMIT_BYTES = 500 * 1024  # section 2.5: at least this much must be read
_FORBID_ALL = b"User-agent: *\nDisallow: /\n"
_UTF8_MARK = b"\xef\xbb\xbf"


def rules_of(status: int, body: bytes) -> bytes:
    """Return the rules an answer to /robots.txt stands for."""
    if status >= 500 or status == 429:
        return _FORBID_ALL
    if status >= 300:
        return b""
    return body[:LIMIT_BYTES].removeprefix(_UTF8_MARK)


class RobotsMiddleware(RobotsTxtMiddleware):  # type: ignore[misc]
    """Scrapy's middleware, which takes a server error for a permission, made to follow the RFC."""

    async def _parse_robots(self, response: Any, netloc: str, request: Any) -> None:
        await super()._parse_robots(response.replace(body=rules_of(response.status, response.body)), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        # A request refused on our side (address, endless redirects) meets its own refusal again, with the true reason.
        body = b"" if isinstance(exc, IgnoreRequest) else _FORBID_ALL
        rules = build_from_crawler(self._parserimpl, self.crawler, body)
        waiting, self._parsers[netloc] = self._parsers[netloc], rules
        waiting.callback(rules)
