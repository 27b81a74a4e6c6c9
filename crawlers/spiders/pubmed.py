"""PubMed by E-utilities (ncbi.nlm.nih.gov/books/NBK25499): per query the ids of a span of days, then the records by 200 ids.

A record belongs to a day when it was entered (edat) or changed (mdat) on it. The ids are listed and named one by one instead of
left on NCBI's history server: what stands there is gone after hours, its pages end at record 9,998 as well, and an address
without a session means the same tomorrow. A search lists at most its first 9,999 ids without saying so, hence the count decides.
esearch is asked for XML, for its errors are not always well-formed JSON.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from crawlers.parsers.pubmed import error_messages
from crawlers.parsers.xml_reading import below, child, children, local, read_xml, text
from crawlers.rejects import UnreadableError
from crawlers.spiders.landing_spider import LandingSpider
from crawlers.spiders.spans import halves, halves_of_days

CEILING = 9_999
BATCH = 200
_LOWEST, _HIGHEST = 1, 99_999_999  # PMIDs have up to eight digits
_NUMBER = re.compile(r"\d{1,12}")
_FIRST_FETCH = 6  # the length of its order: a search's five numbers and the number of the batch
_TOOL = {"db": "pubmed", "retmode": "xml", "tool": "observatory"}


@dataclass(frozen=True, slots=True)
class Span:
    """What one search covers: the query by its number, days, and PMIDs, all ends included."""

    query: int
    first: date
    last: date
    lowest: int = _LOWEST
    highest: int = _HIGHEST

    @property
    def order(self) -> tuple[int, ...]:
        """The place of the search in the crawl."""
        return self.query, self.first.toordinal(), self.last.toordinal(), self.lowest, self.highest

    def cut(self) -> tuple[Span, Span]:
        """Return the two halves, by days as long as there are several, then by PMIDs. Raises ValueError when neither can be cut."""
        if self.first < self.last:
            earlier, later = halves_of_days(self.first, self.last)
            return Span(self.query, *earlier), Span(self.query, *later)
        lower, higher = halves(self.lowest, self.highest)
        return Span(self.query, self.first, self.last, *lower), Span(self.query, self.first, self.last, *higher)


class PubmedSpider(LandingSpider):
    """Each query is a part of its own. A record that was listed and does not come is asked for once more by itself."""

    async def start(self) -> AsyncIterator[Any]:
        """Search for every query."""
        for number, query in enumerate(self.source.queries):
            if (first := self.since(query)) <= self.window.to_on:
                yield self._search(Span(number, first, self.window.to_on))

    def read_search(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land the list of ids and ask for the records, or for both halves where the list is cut off."""
        self.land(response, order)
        span = Span(order[0], date.fromordinal(order[1]), date.fromordinal(order[2]), *order[3:5])
        part = self.source.queries[span.query]
        try:
            count, ids = read_ids(response.body)
        except UnreadableError as error:
            self.trouble(f"The search {response.url} is unreadable ({error.reason}): {error.detail}.", part)
            return
        if count > CEILING:
            try:
                yield from (self._search(half) for half in span.cut())
            except ValueError:
                self.trouble(f"The search {response.url} counts {count} records for a single PMID.", part)
            return
        if len(ids) != count:
            self.trouble(f"The search {response.url} lists {len(ids)} of {count} records.", part)
        for number, start in enumerate(range(0, len(ids), BATCH), start=1):
            yield self._fetch((*span.order, number), tuple(ids[start : start + BATCH]))

    def read_records(self, response: Any, order: tuple[int, ...], asked: tuple[str, ...]) -> Iterator[Any]:
        """Land a batch of records and ask once more for those that did not come."""
        self.land(response, order)
        part = self.source.queries[order[0]]
        try:
            missing = sorted(set(asked) - read_pmids(response.body), key=int)
        except UnreadableError as error:
            self.trouble(f"The records at {response.url} are unreadable ({error.reason}): {error.detail}.", part)
            return
        if missing and len(order) == _FIRST_FETCH:
            yield self._fetch((*order, 1), tuple(missing))
        elif missing:
            self.trouble(f"{len(missing)} listed records do not come, {missing[0]} among them.", part)

    def _search(self, span: Span) -> Any:
        part = self.source.queries[span.query]
        address = self._address("esearch", term=term_of(part, span), retmax=str(CEILING))
        return self.ask(address, self.read_search, span.order, part=part)

    def _fetch(self, order: tuple[int, ...], ids: tuple[str, ...]) -> Any:
        request = self.ask(self._address("efetch", id=",".join(ids)), self.read_records, order, part=self.source.queries[order[0]])
        request.cb_kwargs["asked"] = ids
        return request

    def _address(self, tool: str, **arguments: str) -> str:
        return f"{self.source.endpoint}/{tool}.fcgi?{urlencode({**_TOOL, **arguments}, safe=',')}"


def term_of(query: str, span: Span) -> str:
    """Return `query`, in PubMed's own language, within the span's days and PMIDs."""
    days = f"{span.first:%Y/%m/%d}:{span.last:%Y/%m/%d}"
    term = f"({query}) AND ({days}[edat] OR {days}[mdat])"
    return term if (span.lowest, span.highest) == (_LOWEST, _HIGHEST) else f"{term} AND {span.lowest}:{span.highest}[uid]"


def read_ids(body: bytes) -> tuple[int, list[str]]:
    """Return how many records esearch counts, and the ids it lists, ascending so that equal lists give equal addresses.

    Raises UnreadableError for any other answer, a query with an unknown field included: PubMed would search without it.
    """
    root = read_xml(body)
    if errors := error_messages(root) + [f"no field {text(node)}" for node in below(root, "FieldNotFound")]:
        raise UnreadableError("source_error", "; ".join(errors)[:300])
    count = text(child(root, "Count"))
    if local(root) != "eSearchResult" or not _NUMBER.fullmatch(count):
        raise UnreadableError("unknown_format", f"a list of ids was due, not <{local(root)}>"[:200])
    ids = {text(node) for node in children(child(root, "IdList"), "Id")}
    return int(count), sorted(filter(_NUMBER.fullmatch, ids), key=int)


def read_pmids(body: bytes) -> set[str]:
    """Return the PMIDs of the records efetch gives. Raises UnreadableError for any other answer."""
    root = read_xml(body)
    if errors := error_messages(root):
        raise UnreadableError("source_error", "; ".join(errors)[:300])
    if local(root) != "PubmedArticleSet":
        raise UnreadableError("unknown_format", f"a set of records was due, not <{local(root)}>"[:200])
    own = [child(record, name, "PMID") for record in root for name in ("MedlineCitation", "BookDocument")]
    return {text(node) for node in own if node is not None}
