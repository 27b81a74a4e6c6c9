"""Conditional requests (RFC 9110, section 13): what the landing holds already is not sent again.

A spider asks with `conditional=True` and must take 304 in its callback, as "nothing new". No address is left out for having
been asked a short while ago, and a feed's ttl and skipHours are not read: a scan asks once a night, and an unchanged answer
costs its server next to nothing.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from scrapy import signals

from crawlers.landing import capture_id
from crawlers.validators import Validator, read_validators, write_validators

CONDITIONAL = "conditional"  # in a request's meta


class ConditionalMiddleware:
    """Sends the marks of the last landed answer, and notes those of new ones when the crawl ends well."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self._known: dict[str, Validator] | None = None
        self._fresh: dict[str, Validator] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> ConditionalMiddleware:
        """Scrapy's way of building a component."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.note, signal=signals.spider_closed)
        return middleware

    def process_request(self, request: Any) -> None:
        """Put the conditions on a request that wants them; a redirected request passes here again."""
        spider = self.crawler.spider
        if not request.meta.get(CONDITIONAL):
            return
        if self._known is None:
            self._known = read_validators(spider.opened.root, spider.source.name)
        known = self._known.get(_asked(request))
        if known is not None and known.serves(spider.window, spider.since(request.meta["part"])):
            request.headers.update(known.headers)
            request.meta["handle_httpstatus_list"] = [HTTPStatus.NOT_MODIFIED]

    def process_response(self, request: Any, response: Any) -> Any:
        """Remember the marks of a full answer."""
        if request.meta.get(CONDITIONAL) and response.status == HTTPStatus.OK:
            spider, asked = self.crawler.spider, _asked(request)
            self._fresh[asked] = Validator(
                etag=response.headers.get("ETag", b"").decode("latin-1"),
                last_modified=response.headers.get("Last-Modified", b"").decode("latin-1"),
                part=request.meta["part"],
                from_on=spider.window.from_on.isoformat(),
                to_on=spider.window.to_on.isoformat(),
                capture_id=capture_id(spider.source.name, asked, response.body),
            )
        return response

    def note(self, spider: Any, reason: str) -> None:
        """Write the notes of a crawl that ended well, without the parts that fell behind in it."""
        is_whole = reason == "finished" and not spider.is_broken
        fresh = {asked: one for asked, one in self._fresh.items() if one.headers and one.part not in spider.behind}
        if is_whole and fresh:
            write_validators(spider.opened.root, spider.source.name, {**(self._known or {}), **fresh})


def _asked(request: Any) -> str:
    return str((request.meta.get("redirect_urls") or [request.url])[0])
