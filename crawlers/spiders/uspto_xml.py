"""The weekly full text of grants (Tuesdays) and applications (Thursdays): each product's list of files for the window, then every file.

Shape of the list (github.com/patent-dev/uspto-odp, github.com/shipstone/uspto-bulk-download, data.uspto.gov/apis/bulk-data):
`bulkDataProductBag[0].productFileBag.fileDataBag[]` with fileName, fileDataFromDate, fileDataToDate, fileDownloadURI.
A window without files answers 404 with a JSON message, or an empty bag.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode, urljoin

from crawlers.settings import MEBIBYTE
from crawlers.spiders.landing_spider import LandingSpider

WEEK_MAX_BYTES = 600 * MEBIBYTE  # a week of grants is 100 to 250 MB zipped
WEEK_TIMEOUT_SECONDS = 1800
_READABLE = (".zip", ".xml")


class UsptoXmlSpider(LandingSpider):
    """A product is a part. A file belongs to the window when the days its documents were issued on lie in it."""

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the list of files of every product."""
        for number, product in enumerate(self.source.feeds):
            span = {"fileDataFromDate": self.since(product.name).isoformat(), "fileDataToDate": self.window.to_on.isoformat()}
            address = f"{product.url}?{urlencode({**span, 'includeFiles': 'true'})}"
            yield self.ask(address, self.read_list, (number, 0), part=product.name, handle_httpstatus_list=[404])

    def read_list(self, response: Any, order: tuple[int, ...]) -> Iterator[Any]:
        """Land the list and ask for every file of the window."""
        self.land(response, order)
        number, _ = order
        part = self.source.feeds[number].name
        try:
            facts = json.loads(response.body)
            if response.status == 404 and "bulkDataProductBag" not in facts:
                if "no matching records" not in str(facts.get("detailedMessage", "")).lower():
                    self.trouble(f"{response.url} answered 404.", part)
                return
            files = files_in(facts, self.since(part), self.window.to_on)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            self.trouble(f"The list of files at {response.url} is not as expected: {type(error).__name__} {error}.", part)
            return
        for place, (address, changed_on) in enumerate(files, start=1):
            if self._is_landed(urljoin(response.url, address), changed_on, part):
                continue
            limits: dict[str, Any] = {"download_maxsize": WEEK_MAX_BYTES, "download_timeout": WEEK_TIMEOUT_SECONDS}
            yield self.ask(urljoin(response.url, address), self.land, (number, place), part=part, **limits)

    def _is_landed(self, address: str, changed_on: date | None, part: str) -> bool:
        """Whether an earlier window holds the file as it is now: each is large, and may be fetched 20 times a year.

        A part that fell behind is asked for everything again, for what it holds may be what could not be read.
        """
        return self.since(part) >= self.window.from_on and self.holds(address, changed_on)


def files_in(facts: Any, from_on: date, to_on: date) -> list[tuple[str, date | None]]:
    """Return the addresses of the product's files whose days touch the span, with the day of their last change, oldest first.

    Raises for another shape of list.
    """
    products = facts["bulkDataProductBag"]
    if not products:
        return []
    bag = (products[0].get("productFileBag") or {}).get("fileDataBag") or []
    found = []
    for one in bag:
        first = date.fromisoformat(str(one["fileDataFromDate"])[:10])
        last = date.fromisoformat(str(one.get("fileDataToDate") or first)[:10])
        if one["fileName"].lower().endswith(_READABLE) and first <= to_on and last >= from_on:
            changed = str(one.get("fileLastModifiedDateTime") or "")[:10]
            found.append((first, one["fileName"], one["fileDownloadURI"], date.fromisoformat(changed) if changed else None))
    return [(address, changed_on) for _, _, address, changed_on in sorted(found, key=lambda one: one[:3])]
