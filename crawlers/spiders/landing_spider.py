"""What all spiders share: every response is landed untouched, every trouble becomes a sentence."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

from crawlers.jobs import CrawlJob
from crawlers.landing import OpenWindow
from crawlers.middlewares.pauses import Pauses

_IN_WORDS: dict[type[Exception], str] = {
    ResponseDataLossError: "ended before the length it had announced",
    DownloadTimeoutError: "did not answer in time",
    CannotResolveHostError: "has a host nobody knows",
    DownloadConnectionRefusedError: "refused the connection",
    DownloadCancelledError: "is larger than allowed",
    DownloadFailedError: "broke the connection",
}
FIRST_WAIT_SECONDS = 2.0
FIRST_WAIT_SECONDS_FAST = 0.05


class LandingSpider(scrapy.Spider):  # type: ignore[misc]
    """A spider that lands responses in `opened`. `problems` is empty when every page of the window was landed."""

    key_header = "X-API-KEY"

    def __init__(self, job: CrawlJob, opened: OpenWindow, **kwargs: Any) -> None:
        super().__init__(name=job.source.name, **kwargs)
        self.source = job.source
        self.window = job.window
        self.opened = opened
        self.problems: list[str] = []
        self.pauses = Pauses(time.monotonic)
        self.first_wait_seconds = FIRST_WAIT_SECONDS_FAST if job.fast else FIRST_WAIT_SECONDS
        self.key = os.environ.get(job.source.needs_key or "", "")
        self._fixed_time = job.fetched_at

    def ask(self, url: str, callback: Callable[..., Any], order: tuple[int, ...], **meta: Any) -> Any:
        """Return a request whose answer goes to `callback(response, order)`; never filtered, since equal addresses may answer anew."""
        return scrapy.Request(url, callback=callback, errback=self.fail, dont_filter=True, cb_kwargs={"order": order}, meta=meta)

    def land(self, response: Any, order: tuple[int, ...]) -> None:
        """Save a response under the address that was asked for: where redirects led may hold a signature."""
        headers = {name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in response.headers.items()}
        asked = (response.meta.get("redirect_urls") or [response.url])[0]
        fetched_at = self._fixed_time or datetime.now(UTC)
        self.opened.land(order, asked, response.status, headers, response.body, fetched_at)

    def fail(self, failure: Any) -> None:
        """Keep why a request brought no answer."""
        url = (failure.request.meta.get("redirect_urls") or [failure.request.url])[0]
        if failure.check(HttpError):
            why = f"answered {failure.value.response.status}"
        elif failure.check(IgnoreRequest):
            why = f"was not fetched: {failure.value}"
        else:
            why = next((words for kind, words in _IN_WORDS.items() if failure.check(kind)), f"failed: {failure.type.__name__}")
        self.problems.append(f"{url} {why}."[:500])
