"""OpenAlex: works by date of publication, filter by filter, along the cursor.

A query is one or several filters of OpenAlex's own. Filtering by date of creation or update is for paying customers, hence the
overlap of the register: records arrive weeks after the date they bear.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from scrapy import signals

from crawlers.parsers.openalex_envelope import read_page
from crawlers.rejects import UnreadableError
from crawlers.spiders.query_spider import Page, QuerySpider

_PER_PAGE = 100  # the most there is since 2026
_FIELDS = (
    "id,doi,title,display_name,publication_year,publication_date,ids,language,primary_location,best_oa_location,locations,type,authorships"
    ",is_retracted,is_paratext,is_xpac,topics,keywords,mesh,abstract_inverted_index,updated_date,created_date"
)

_REFUSALS = frozenset({403, 429})
_BUDGET = ("Remaining", "Remaining-USD", "Cost-Required-USD")


class OpenAlexSpider(QuerySpider):
    """The walk ends when the cursor is null: the page before it may be full, the one that says so is empty."""

    key_header = "Authorization"
    key_prefix = "Bearer "

    def page_request(self, query: str, token: str) -> dict[str, Any]:
        """One page of the works published from the first to the last day."""
        span = f"from_publication_date:{self.since(query)},to_publication_date:{self.window.to_on}"
        asked = {"filter": f"{span},{query}", "select": _FIELDS, "per_page": _PER_PAGE, "cursor": token or "*"}
        return {"url": f"{self.source.endpoint}?{urlencode(asked)}"}

    def open_page(self, body: bytes) -> Page:
        """Return the page. Raises UnreadableError for an error and for an answer that is no list."""
        page = read_page(body)
        if not page.is_list:
            raise UnreadableError("unknown_format", "the answer is no list of works")
        return Page(len(page.works), page.total, page.cursor)

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> Any:
        """Scrapy's way of building a spider; here it also learns of every answer before the request can be sent again."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.heed_budget, signal=signals.response_downloaded)
        return spider

    def heed_budget(self, response: Any, request: Any) -> None:
        """Ask nothing more in this crawl once the day's budget is gone: a refusal then holds until midnight UTC."""
        if response.status not in _REFUSALS or not is_spent({name: _number(response, name) for name in _BUDGET}):
            return
        self.pauses.close(urlsplit(request.url).hostname or "")
        seconds = _number(response, "Reset") or 0
        self.trouble(
            f"The budget of {self.name} for today is spent; there is a new one in {seconds:.0f} seconds.", request.meta.get("part")
        )


def is_spent(budget: Mapping[str, float | None]) -> bool:
    """Whether the budget that a refusal states (headers X-RateLimit-*, calls and dollars) does not pay for another call.

    A refusal with something left over means that the pace was too fast.
    """
    calls, dollars, price = (budget.get(name) for name in _BUDGET)
    return (calls is not None and calls <= 0) or (dollars is not None and (dollars <= 0 or dollars < (price or 0)))


def _number(response: Any, name: str) -> float | None:
    try:
        return float(response.headers.get(f"X-RateLimit-{name}", b"").decode("latin-1").lstrip("$"))
    except ValueError:
        return None
