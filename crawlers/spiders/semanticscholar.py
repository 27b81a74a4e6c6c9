"""Semantic Scholar: bulk search by date of publication, query by query, along the token.

The relevance search is left alone: it ends at 1,000 hits. Papers known by year only count as of 1 January and come with that day.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from crawlers.parsers.semanticscholar import read_page
from crawlers.spiders.query_spider import Page, QuerySpider

_FIELDS = (
    "paperId,corpusId,externalIds,url,title,abstract,venue,publicationVenue,year,publicationTypes,publicationDate,journal,authors"
    ",fieldsOfStudy,s2FieldsOfStudy,openAccessPdf"
)


class SemanticScholarSpider(QuerySpider):
    """The walk ends with the page that has no token. The total is the service's estimate, so only "some, yet none came" is a lack."""

    key_header = "x-api-key"

    def page_request(self, query: str, token: str) -> dict[str, Any]:
        """One page, of up to 1,000 papers."""
        asked = {"query": query, "publicationDateOrYear": f"{self.since(query)}:{self.window.to_on}", "fields": _FIELDS}
        return {"url": f"{self.source.endpoint}?{urlencode(asked | ({'token': token} if token else {}))}"}

    def open_page(self, body: bytes) -> Page:
        """Return the page. Raises UnreadableError for an error and for an answer that is no list."""
        page = read_page(body)
        return Page(len(page.papers), min(page.total, 1) if page.total else None, page.token)
