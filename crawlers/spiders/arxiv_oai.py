"""arXiv by OAI-PMH: ListRecords from the window's first to its last datestamp, page after page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from crawlers.parsers.oai_envelope import read_envelope
from crawlers.parsers.xml_reading import below, read_xml, text
from crawlers.rejects import UnreadableError
from crawlers.spiders.landing_spider import LandingSpider


class ArxivOaiSpider(LandingSpider):
    """Datestamps are days of the last change, not of publication. A token is url-encoded once more when it is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._tokens: set[str] = set()

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first page; before that, for the earliest day, when the window may begin before it (an error otherwise)."""
        if self.window.from_on < self.source.earliest_on:
            yield self.ask(self._address(verb="Identify"), self.read_earliest, (0,))
        else:
            yield self._first_page(self.window.from_on)

    def read_earliest(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Begin at the server's earliest datestamp."""
        self.land(response, order)
        try:
            said = [text(node) for node in below(read_xml(response.body), "earliestDatestamp")]
            earliest = date.fromisoformat(said[0][:10])
        except (UnreadableError, IndexError, ValueError):
            self.trouble(f"{response.url} does not say from which day on it has records.")
            return
        if earliest <= self.window.to_on:
            yield self._first_page(max(earliest, self.window.from_on))

    def read_page(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land one page and ask for the next, until the token is empty."""
        self.land(response, order)
        try:
            envelope = read_envelope(response.body)
        except UnreadableError as error:
            self.trouble(f"Page {order[0]} of {self.source.name} is unreadable ({error.reason}): {error.detail}.")
            return
        for code, message in envelope.errors:
            if code != "noRecordsMatch":
                self.trouble(f"Page {order[0]} of {self.source.name} is the error {code}: {message}")
        if envelope.token is None:
            return
        if envelope.token in self._tokens:
            self.trouble(f"Page {order[0]} of {self.source.name} repeats an earlier resumption token.")
            return
        self._tokens.add(envelope.token)
        yield self.ask(self._address(verb="ListRecords", resumptionToken=envelope.token), self.read_page, (order[0] + 1,))

    def _first_page(self, from_on: date) -> Any:
        span = {"from": from_on.isoformat(), "until": self.window.to_on.isoformat()}
        return self.ask(self._address(verb="ListRecords", metadataPrefix="arXiv", **span), self.read_page, (1,))

    def _address(self, **arguments: str) -> str:
        return f"{self.source.endpoint}?{urlencode(arguments)}"
