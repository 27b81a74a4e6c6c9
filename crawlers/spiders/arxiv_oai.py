"""arXiv by OAI-PMH: ListRecords from the window's first to its last datestamp, page after page.

Datestamps are days of the last change, not of publication. What a token stands for is a day and a number of records to skip
(github.com/arXiv/oaipmh), so a record that is touched during a walk may come twice, which is harmless. A token dies at the
next midnight UTC; the walk then begins again at the last datestamp it saw, for pages come in the order of datestamps.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from crawlers.parsers.oai_envelope import Envelope, header_of, read_envelope
from crawlers.parsers.xml_reading import below, read_xml, text
from crawlers.rejects import UnreadableError
from crawlers.spiders.landing_spider import LandingSpider


@dataclass(slots=True)
class Walk:
    """Where the walk over one set stands. `set_name` None is the whole archive; `restarted_on` the day a dead token led back to."""

    set_name: str | None
    from_on: date
    requests: int = 0
    last_on: date | None = None
    restarted_on: date | None = None
    is_earliest_known: bool = False
    tokens: set[str] = field(default_factory=set)


class ArxivOaiSpider(LandingSpider):
    """Walks the whole archive, or each set among the source's queries as a part (`cs:cs:LG`; the old `cs:LG` is refused).

    The order of a request is (walk, place in the walk). A token is url-encoded once more when it is sent.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._walks = [Walk(name, self.since(name)) for name in self.source.queries] or [Walk(None, self.window.from_on)]

    async def start(self) -> AsyncIterator[Any]:
        """Begin every walk; before one that may begin before the archive, which is an error, ask for the earliest day."""
        for number, walk in enumerate(self._walks):
            if walk.from_on > self.window.to_on:
                continue
            yield self._first_page(number) if walk.from_on >= self.source.earliest_on else self._earliest(number)

    def read_earliest(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Begin at the server's earliest datestamp."""
        self.land(response, order)
        walk = self._walks[order[0]]
        try:
            said = [text(node) for node in below(read_xml(response.body), "earliestDatestamp")]
            earliest = date.fromisoformat(said[0][:10])
        except (UnreadableError, IndexError, ValueError):
            self.trouble(f"{response.url} does not say from which day on it has records.", walk.set_name)
            return
        walk.is_earliest_known = True
        walk.from_on = max(earliest, walk.from_on)
        if walk.from_on <= self.window.to_on:
            yield self._first_page(order[0])

    def read_page(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land one page and ask for the next, until the token is empty."""
        self.land(response, order)
        number, place = order
        walk = self._walks[number]
        try:
            envelope = read_envelope(response.body)
        except UnreadableError as error:
            self.trouble(f"Page {place} of {self.source.name} is unreadable ({error.reason}): {error.detail}.", walk.set_name)
            return
        walk.last_on = max((day for day in (walk.last_on, *days_in(envelope)) if day), default=None)
        for code, message in envelope.errors:
            match code:
                case "noRecordsMatch":
                    continue
                case "badResumptionToken" if walk.last_on and walk.last_on != walk.restarted_on:
                    walk.from_on = walk.restarted_on = walk.last_on
                    walk.tokens.clear()
                    yield self._first_page(number)
                case "badArgument" if not walk.is_earliest_known and walk.last_on is None:
                    yield self._earliest(number)  # the window may begin before the archive; where it does not, the page is refused again
                case _:
                    self.trouble(f"Page {place} of {self.source.name} is the error {code}: {message}", walk.set_name)
        if envelope.token in walk.tokens:
            self.trouble(f"Page {place} of {self.source.name} repeats an earlier resumption token.", walk.set_name)
        elif envelope.token:
            walk.tokens.add(envelope.token)
            yield self._page(number, resumptionToken=envelope.token)

    def _earliest(self, number: int) -> Any:
        return self._next(number, self.read_earliest, verb="Identify")

    def _first_page(self, number: int) -> Any:
        walk = self._walks[number]
        span = {"from": walk.from_on.isoformat(), "until": self.window.to_on.isoformat()}
        return self._page(number, metadataPrefix="arXiv", **span, **({"set": walk.set_name} if walk.set_name else {}))

    def _page(self, number: int, **arguments: str) -> Any:
        return self._next(number, self.read_page, verb="ListRecords", **arguments)

    def _next(self, number: int, callback: Any, **arguments: str) -> Any:
        walk = self._walks[number]
        walk.requests += 1
        return self.ask(f"{self.source.endpoint}?{urlencode(arguments)}", callback, (number, walk.requests), part=walk.set_name)


def days_in(envelope: Envelope) -> list[date]:
    """Return the days of the records' datestamps, without those that are none."""
    found = []
    for record in envelope.records:
        try:
            found.append(date.fromisoformat(header_of(record)[1][:10]))
        except ValueError:
            continue
    return found
