"""The last step before the network: refuse private addresses, wait for the turn, undo encodings, believe what servers ask for.

All this is done here and not earlier, because a request can wait in Scrapy's queues long after a middleware let it pass, and
because only an error raised here is one that the request can be sent again for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError, IgnoreRequest, ResponseDataLossError
from scrapy.responsetypes import responsetypes

from crawlers.addresses import refusal
from crawlers.middlewares.decoding import CutBodyError, TooLargeError, decoded
from crawlers.middlewares.header_limit import limited
from crawlers.middlewares.resolving import ALLOWED_PRIVATE_HOSTS, refused_address
from crawlers.middlewares.turns import TURNS_FOLDER, Turn, Turns
from crawlers.waiting import LONGEST_SECONDS, asked_by, told_pace, wait_before

BUSY = frozenset({429, 503})
TAKE_TURNS = "TAKE_TURNS"  # our setting: agree with the other crawls of this machine on who asks a host when


class RefusedError(IgnoreRequest):  # type: ignore[misc]
    """A request that we do not send; `host` is the one that was not asked."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(why)
        self.host = host


class GuardedDownloadHandler(HTTP11DownloadHandler):  # type: ignore[misc]
    """Scrapy's HTTP handler behind the address check, the pauses of the spider and the turns of all crawls."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._pool._factory = limited(self._pool._factory)

    async def download_request(self, request: Any) -> Any:
        """Fetch `request` when and where that is allowed.

        Raises RefusedError, with the reason as its message, where it never is; ResponseDataLossError for a cut body,
        DownloadCancelledError for one too large.
        """
        spider, settings = self.crawler.spider, self.crawler.settings
        host = urlsplit(request.url).hostname or ""
        if why := refusal(request.url, settings.getlist(ALLOWED_PRIVATE_HOSTS)):
            raise RefusedError(host, why)
        await spider.pauses.wait(host)
        if spider.pauses.is_closed(host):
            raise _left_alone(host)
        if not settings.getbool(TAKE_TURNS):
            return await self._fetch(request, host, None)
        turns = Turns(spider.turns_folder or spider.opened.root / TURNS_FOLDER)
        async with turns.take(spider.source.pace_group or host, spider.source.pace_seconds, LONGEST_SECONDS) as turn:
            if turn is None:
                spider.pauses.close(host)
                raise _left_alone(host)
            return await self._fetch(request, host, turn)

    async def _fetch(self, request: Any, host: str, turn: Turn | None) -> Any:
        try:
            response = await super().download_request(request)
        except CannotResolveHostError:
            if address := refused_address(host):
                raise RefusedError(host, f"{host} stands for {address}, which is not a public address") from None
            raise
        self._believe(request, response, host, turn)
        return self._unfolded(request, response)

    def _believe(self, request: Any, response: Any, host: str, turn: Turn | None) -> None:
        """Keep the pause and the pace that the response asks for, in this crawl and, by the turn, in all others."""
        spider = self.crawler.spider
        headers = {name.decode("latin-1").lower(): b", ".join(values).decode("latin-1") for name, values in response.headers.items()}
        pace = told_pace(headers)
        if turn and pace:
            turn.slow_down(pace)
        asked = asked_by(headers, datetime.now(UTC))
        if response.status not in BUSY and (asked is None or response.status < 300):
            return
        seconds = wait_before(request.meta.get("attempt", 1), asked, spider.first_wait_seconds)
        if seconds is None:
            spider.pauses.close(host)
        else:
            spider.pauses.hold(host, seconds)
        if turn:
            turn.hold(max(seconds or 0.0, asked or 0.0))

    def _unfolded(self, request: Any, response: Any) -> Any:
        """Return the response without its content encodings, as the class that its body calls for."""
        encodings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").split(",")
        most = request.meta.get("download_maxsize", self.crawler.settings.getint("DOWNLOAD_MAXSIZE"))
        try:
            body, left = decoded(response.body, encodings, most)
        except CutBodyError as error:
            raise ResponseDataLossError(str(error)) from None
        except TooLargeError as error:
            raise DownloadCancelledError(str(error)) from None
        response.headers.pop("Content-Encoding", None)
        if left:
            response.headers["Content-Encoding"] = ", ".join(left)
        if body is response.body:
            return response
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
        return response.replace(cls=kind, body=body)


def _left_alone(host: str) -> RefusedError:
    return RefusedError(host, f"{host} asked to be left alone for longer than this crawl can wait")
