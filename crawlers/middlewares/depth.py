"""A walk that never ends is stopped and told: Scrapy's own depth limit drops the request without a word, as if all were done."""

from __future__ import annotations

from typing import Any

from scrapy.spidermiddlewares.base import BaseSpiderMiddleware


class DepthMiddleware(BaseSpiderMiddleware):  # type: ignore[misc]
    """Counts how many responses lie before a request; one beyond DEPTH_LIMIT is a trouble of the spider and is not sent."""

    def get_processed_request(self, request: Any, response: Any) -> Any:
        """Return the request with its depth, or None when it is too deep."""
        depth = response.meta.get("depth", 0) + 1 if response is not None else 0
        limit = self.crawler.settings.getint("DEPTH_LIMIT")
        if depth > limit:
            self.crawler.spider.trouble(f"{request.url} lies more than {limit} pages deep.", request.meta.get("part"))
            return None
        request.meta["depth"] = depth
        return request
