"""The Lens: patents by date of publication, query by query, by scroll.

A scroll lives for a minute (docs.api.lens.org/request-patent.html); an expired one answers 400, formerly 404. What nobody needs
here is left out of the answers: claims, descriptions and citations are nine tenths of a record.
"""

from __future__ import annotations

import json
from typing import Any

from crawlers.parsers.lens import read_page
from crawlers.spiders.query_spider import Page, QuerySpider

_SIZE = 100  # what every plan allows
_LIFETIME = "1m"
_EXCLUDED = ("claims", "description", "biblio.references_cited", "biblio.cited_by", "sequence_listing")


class LensSpider(QuerySpider):
    """Queries are in the Lens's query-string language (`class_cpc.symbol:H10N*`)."""

    key_header = "Authorization"
    key_prefix = "Bearer "
    tokens_change = False
    dead_token_statuses = (400, 404)

    def page_request(self, query: str, token: str) -> dict[str, Any]:
        """One page: the first of a new scroll, or the next of the scroll `token`, whose ids may change from page to page."""
        if token:
            asked: dict[str, Any] = {"scroll_id": token, "scroll": _LIFETIME}
        else:
            span = {"gte": str(self.since(query)), "lte": str(self.window.to_on)}
            clauses = [{"range": {"date_published": span}}, {"query_string": {"query": query}}]
            asked = {"query": {"bool": {"must": clauses}}, "size": _SIZE, "scroll": _LIFETIME, "exclude": _EXCLUDED}
        body = json.dumps(asked, separators=(",", ":")).encode()
        return {"url": self.source.endpoint, "method": "POST", "headers": {"Content-Type": "application/json"}, "body": body}

    def open_page(self, body: bytes) -> Page:
        """Return the page. Raises UnreadableError for an error and for an answer that is no list."""
        page = read_page(body)
        return Page(len(page.records), page.total, page.scroll_id)

    def is_last(self, page: Page, record_count: int) -> bool:
        """There is always a scroll id: the walk is over when the total is reached or nothing more comes."""
        return not page.token or page.record_count == 0 or (page.due is not None and record_count >= page.due)
