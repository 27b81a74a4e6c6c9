"""A crawl that died is repeated by the next one, which gets the pages already landed from the landing and asks for the rest."""

from __future__ import annotations

from typing import Any

from scrapy.responsetypes import responsetypes

RESUMED_FROM = "resumed_from"  # in a request's meta: when the page was fetched by the crawl that died


class ResumingMiddleware:
    """Answers requests that the journal of the window knows. A spider's callbacks see no difference."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> ResumingMiddleware:
        """Scrapy's way of building a component."""
        return cls(crawler)

    def process_request(self, request: Any) -> Any:
        """Return the landed response, or None to let the request go to the network."""
        order = request.meta.get("order")
        known = self.crawler.spider.opened.answered(order, request.url) if order is not None else None
        if known is None:
            return None
        capture, body = known
        self.crawler.stats.inc_value("crawl/resumed")
        request.meta[RESUMED_FROM] = capture.fetched_at
        response = responsetypes.from_args(headers=capture.headers, url=request.url, body=body)
        # The body was landed decoded: without its old encoding it is not decoded again.
        headers = {name: value for name, value in capture.headers.items() if name not in {"content-encoding", "content-length"}}
        return response(url=request.url, status=capture.status, headers=headers, body=body, request=request)
