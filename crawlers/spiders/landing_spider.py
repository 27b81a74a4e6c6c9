"""What all spiders share: every response is landed untouched, every trouble becomes a sentence."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import scrapy
from scrapy.exceptions import (
    CannotResolveHostError,
    CloseSpider,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

from crawlers.jobs import CrawlJob
from crawlers.keys import read_key
from crawlers.landing import OpenWindow, fetched_pages
from crawlers.middlewares.pauses import Pauses
from crawlers.middlewares.resuming import RESUMED_FROM

_IN_WORDS: dict[type[Exception], str] = {
    ResponseDataLossError: "ended before the length it had announced",
    DownloadTimeoutError: "did not answer in time",
    CannotResolveHostError: "has a host nobody knows",
    DownloadConnectionRefusedError: "refused the connection",
    DownloadCancelledError: "is larger than allowed",
    DownloadFailedError: "broke the connection",
}
PROBED = "probed"  # why a probe stops early
FIRST_WAIT_SECONDS = 2.0
FIRST_WAIT_SECONDS_FAST = 0.05


class LandingSpider(scrapy.Spider):  # type: ignore[misc]
    """A spider that lands responses in `opened`.

    `problems` holds one sentence a trouble. A trouble of one part (a feed, a site, a query) puts that part in `behind`; any
    other leaves the whole window incomplete (`is_broken`).
    """

    key_header = "X-API-KEY"

    def __init__(self, job: CrawlJob, opened: OpenWindow, **kwargs: Any) -> None:
        super().__init__(name=job.source.name, **kwargs)
        self.source = job.source
        self.window = job.window
        self.opened = opened
        self.problems: list[str] = []
        self.behind: set[str] = set()
        self.is_broken = False
        self.pauses = Pauses(time.monotonic)
        self.first_wait_seconds = FIRST_WAIT_SECONDS_FAST if job.fast else FIRST_WAIT_SECONDS
        self.key = read_key(job.source.needs_key, job.secrets_dir)
        self.turns_folder = job.turns_folder
        self._since = job.since
        self._pages_held: dict[str, datetime] | None = None
        self._is_probe = job.is_probe
        self._fixed_time = job.fetched_at

    def key_value(self) -> str:
        """What the key header says, "" for nothing; a source that wants more than the bare key says so here."""
        return self.key

    def secrets(self) -> tuple[str, ...]:
        """What no answer may say in the landing or in a message."""
        return (self.key,) if self.key else ()

    def since(self, part: str) -> date:
        """The first day wanted of a part: the window's, or an earlier one where the part fell behind."""
        return min(self.window.from_on, self._since.get(part, self.window.from_on))

    def ask(
        self,
        url: str,
        callback: Callable[..., Any],
        order: tuple[int, ...],
        *,
        part: str | None = None,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        **meta: Any,
    ) -> Any:
        """Return a request whose answer goes to `callback(response, order)`; never filtered, since equal addresses may answer anew.

        `order` is the request's place in the crawl and must be its alone; `part` names the part of the source it belongs to.
        """
        return scrapy.Request(
            url,
            method=method,
            headers=dict(headers or {}),
            body=body,
            callback=callback,
            errback=self.fail,
            dont_filter=True,
            cb_kwargs={"order": order},
            meta={**meta, "order": order, "part": part},
        )

    def land(self, response: Any, order: tuple[int, ...]) -> None:
        """Save a response under the address that was asked for: where redirects led may hold a signature."""
        headers = {name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in response.headers.items()}
        asked = (response.meta.get("redirect_urls") or [response.url])[0]
        fetched_at = response.meta.get(RESUMED_FROM) or self._fixed_time or datetime.now(UTC)
        self.opened.land(order, asked, response.status, headers, response.body, fetched_at, response.meta.get("part"))
        if self._is_probe:
            raise CloseSpider(PROBED)

    def holds(self, address: str, changed_on: date | None) -> bool:
        """Whether an earlier window holds a page as it is since `changed_on`; None = pages that never change."""
        if self._pages_held is None:
            self._pages_held = fetched_pages(self.opened.root, self.source.name)
        fetched_at = self._pages_held.get(address)
        return fetched_at is not None and (changed_on is None or changed_on < fetched_at.date())

    def trouble(self, sentence: str, part: str | None = None) -> None:
        """Keep one sentence on what went wrong, with the part of the source that it concerns; without one it concerns all."""
        self.problems.append(sentence[:500])
        if part is None:
            self.is_broken = True
        else:
            self.behind.add(part)

    def fail(self, failure: Any) -> None:
        """Keep why a request brought no answer."""
        url = (failure.request.meta.get("redirect_urls") or [failure.request.url])[0]
        if failure.check(HttpError):
            why = f"answered {failure.value.response.status}"
        elif failure.check(IgnoreRequest):
            why = f"was not fetched: {failure.value}"
        else:
            why = next((words for kind, words in _IN_WORDS.items() if failure.check(kind)), f"failed: {failure.type.__name__}")
        self.trouble(f"{url} {why}.", failure.request.meta.get("part"))
