"""EPO Open Patent Services: every query over the window's days of publication, in searches small enough to be read whole.

Signing in (OAuth 2, RFC 6749 section 4.4): `key:secret` is exchanged for a token of about 20 minutes. The answer that holds
the token is never landed; when the token dies (400 invalid_access_token) a new one is fetched and the request is sent once more.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from crawlers.parsers.epo_ops_envelope import NO_HITS, SearchPage, fault_of, search_page
from crawlers.parsers.json_reading import read_json, text_at
from crawlers.parsers.xml_reading import read_xml
from crawlers.rejects import UnreadableError
from crawlers.spiders.epo_ops_searches import PAGE, REACHABLE, Search, spacing_seconds
from crawlers.spiders.landing_spider import LandingSpider
from crawlers.waiting import LONGEST_SECONDS

_ANSWERED = [400, 401, 403, 404]
_LEAST_SECRET = 6  # letters; what is shorter stands in any text
_FAN_OUT = 16  # more than a search has parts: a search's number, written to this base, is its way down from the whole


class EpoOpsSpider(LandingSpider):
    """A query is a part. A search with more hits than can be paged to is split; its own first page is landed all the same.

    One request is under way at a time, so that nothing is sent any more once the token has died or a quota is used up.
    """

    key_header = "Authorization"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._token = ""
        self._sign_ins = 0
        self._waiting: list[Any] = []  # what is to be asked for, the next one last
        self._seen: dict[tuple[int, int], set[str]] = {}

    def key_value(self) -> str:
        """The token once there is one, key and secret before."""
        if self._token:
            return f"Bearer {self._token}"
        return f"Basic {b64encode(self.key.encode()).decode()}" if self.key else ""

    def secrets(self) -> tuple[str, ...]:
        """Key and secret together and each by itself, the form in which they are sent, and the token."""
        sent = b64encode(self.key.encode()).decode()
        return tuple(one for one in (self.key, sent, *self.key.split(":"), self._token) if len(one) >= _LEAST_SECRET)

    async def start(self) -> AsyncIterator[Any]:
        """Sign in, then ask for the first page of every query; a server of our own needs no key."""
        if self.key and ":" not in self.key:
            self.trouble(f"{self.source.needs_key} must hold key and secret with a colon between them.")
            return
        self._waiting = [self._page(number, 1, self._whole(number), 1) for number in reversed(range(len(self.source.queries)))]
        for request in [self._sign_in()] if self.key else self._next():
            yield request

    def read_token(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:  # noqa: ARG002
        """Keep the token and send what waited for it. The answer is a secret and is not landed."""
        try:
            self._token = text_at(read_json(response.body), "access_token") if response.status == 200 else ""
        except UnreadableError:
            self._token = ""
        if not self._token:
            self.trouble(f"Signing in at {response.url} failed with status {response.status}.")
            return
        yield from self._next()

    def read_page(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land one page; ask for the next, or for the parts of a search that is too large."""
        if self._is_token_refused(response) and self.key and not response.meta.get("is_sent_again"):
            self._waiting.append(response.request.replace(meta={**response.meta, "is_sent_again": True}))
            yield self._sign_in()
            return
        self._waiting += reversed(list(self._following(response, order)))
        yield from self._next()

    def go_on(self, failure: Any) -> Iterator[Any]:
        """Keep why a request brought no answer, and send the next."""
        self.fail(failure)
        yield from self._next()

    def _next(self) -> Iterator[Any]:
        if self._waiting:
            yield self._waiting.pop()

    def _is_token_refused(self, response: Any) -> bool:
        return response.status == 401 or (response.status == 400 and b"access_token" in response.body)

    def _following(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        part = response.meta["part"]
        if response.status == 403 or self._is_token_refused(response):  # about us, not about patents: not landed
            self._leave(response, part)
            return
        self.land(response, order)
        self._slow_down(response)
        page = self._read(response, part)
        if page is None:
            return
        search: Search = response.meta["search"]
        query, node, begin = order
        total = page.total or response.meta["total"]  # the last pages of a shrunken search have no hits
        if total > REACHABLE and begin == 1 and search.parts():
            for number, smaller in enumerate(search.parts(), start=1):
                yield self._page(query, node * _FAN_OUT + number, smaller, 1)
            return
        seen = self._seen.setdefault((query, node), set())
        seen.update(page.publications)
        if page.publications and begin <= page.end < min(total, REACHABLE):
            yield self._page(query, node, search, page.end + 1, total)
        elif len(seen) < total:
            self.trouble(f"{search.cql} has {total} hits and {len(seen)} of them could be had.", part)

    def _read(self, response: Any, part: str) -> SearchPage | None:
        """Return the page in an answer; no hits are an empty page. Anything else is a trouble and None."""
        try:
            root = read_xml(response.body)
        except UnreadableError as error:
            self.trouble(f"{response.url} is unreadable ({error.reason}): {error.detail}.", part)
            return None
        fault, page = fault_of(root), search_page(root)
        if fault and fault[0] == NO_HITS:
            return SearchPage(0, 1, 0, ())
        if fault or page is None or response.status != 200:
            code, message = fault or ("no search result", "")
            self.trouble(f"{response.url} answered {response.status}, {code} {message}".rstrip() + ".", part)
            return None
        return page

    def _slow_down(self, response: Any) -> None:
        said = (response.headers.get(name, b"").decode("latin-1") for name in ("X-Throttling-Control", "Retry-After"))
        seconds = spacing_seconds(*said)
        host = urlsplit(response.url).hostname or ""
        if seconds > LONGEST_SECONDS:
            self.pauses.close(host)
        elif seconds > self.source.pace_seconds:
            self.pauses.hold(host, seconds)

    def _leave(self, response: Any, part: str) -> None:
        """We are not let in. When a quota of the hour or the week is used up, nothing more is asked in this crawl."""
        reason = response.headers.get("X-Rejection-Reason", b"").decode("latin-1")
        self.trouble(f"{response.url} answered {response.status}, {reason or 'without a reason'}.", part)
        if reason:
            self.pauses.close(urlsplit(response.url).hostname or "")

    def _sign_in(self) -> Any:
        self._token = ""
        self._sign_ins += 1
        return self.ask(
            urljoin(self.source.endpoint.rstrip("/"), "auth/accesstoken"),
            self.read_token,
            (-1, self._sign_ins),
            method="POST",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=b"grant_type=client_credentials",
            handle_httpstatus_list=_ANSWERED,
        )

    def _whole(self, number: int) -> Search:
        query = self.source.queries[number]
        return Search(query, self.since(query), self.window.to_on)

    def _page(self, query: int, node: int, search: Search, begin: int, total: int = 0) -> Any:
        end = min(begin + PAGE - 1, REACHABLE)
        address = f"{self.source.endpoint}/published-data/search/biblio,abstract?{urlencode({'q': search.cql, 'Range': f'{begin}-{end}'})}"
        request = self.ask(
            address,
            self.read_page,
            (query, node, begin),
            part=self.source.queries[query],
            headers={"Accept": "application/xml"},
            handle_httpstatus_list=_ANSWERED,
            search=search,
            total=total,
        )
        return request.replace(errback=self.go_on)
