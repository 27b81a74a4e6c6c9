"""Weekly patent full text as the USPTO Open Data Portal offers it: a listing in JSON and one zip per Tuesday.

Listing: `GET /api/v1/datasets/products/PTGRXML`, https://data.uspto.gov/apis/bulk-data/product. A patent stands in the
file of the first Tuesday on or after the day it became public, so that a file never changes after its release.
"""

from __future__ import annotations

import io
import json
import zipfile
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from crawlers.replay.answers import JSON, ZIP, Answer, not_found
from crawlers.replay.corpus import Record
from crawlers.replay.wire_uspto_xml import grant_xml, publication_number

PRODUCT_PATH = "/api/v1/datasets/products/PTGRXML"
FILES_PATH = "/api/v1/datasets/products/files/PTGRXML"
_TUESDAY = 1
_ZIP_EPOCH = date(1980, 1, 1)  # zip entries cannot be dated before


class PatentArchive:
    """All patents of a corpus as weekly files."""

    def __init__(self, patents: Iterable[Record]) -> None:
        """Raises ValueError, naming the patent whose number, code or date the format cannot carry."""
        by_number: dict[tuple[str, str, str], Record] = {}
        for patent in patents:
            number = publication_number(patent)
            if number in by_number:
                raise ValueError(f"{patent.id!r} has the publication number of {by_number[number].id!r}.")
            grant_xml(patent)  # a patent that cannot be written is refused now, not in the middle of a crawl
            by_number[number] = patent
        self._weeks: dict[date, list[Record]] = defaultdict(list)
        for number in sorted(by_number):
            self._weeks[release_day(by_number[number])].append(by_number[number])
        self._tuesdays = sorted(self._weeks)
        self._by_path = {_path(tuesday): tuesday for tuesday in self._tuesdays}
        self._zips: dict[date, bytes] = {}

    def listing(self, query: list[tuple[str, str]], host: str, today: date) -> Answer:
        """The product with the files whose Tuesday is public and within `fileDataFromDate`..`fileDataToDate`."""
        arguments = dict(query)
        try:
            first = date.fromisoformat(arguments.get("fileDataFromDate", "0001-01-01"))
            last = min(date.fromisoformat(arguments.get("fileDataToDate", "9999-12-31")), today)
        except ValueError:
            error = {"code": 400, "error": "Bad Request", "errorDetails": "A date must read YYYY-MM-DD."}
            return Answer(json.dumps(error).encode(), JSON, status=400)
        public = self._tuesdays[: bisect_right(self._tuesdays, today)]
        chosen = public[bisect_left(public, first) : bisect_right(public, last)]
        product = {
            "productIdentifier": "PTGRXML",
            "productTitleText": "Patent Grant Full-Text Data (No Images) - XML",
            "productFrequencyText": "WEEKLY",
            "daysOfWeekText": "TUESDAY",
            "productFromDate": public[0].isoformat() if public else None,
            "productToDate": public[-1].isoformat() if public else None,
            "productFileTotalQuantity": len(public),
            "mimeTypeIdentifierArrayText": ["XML"],
            "productFileBag": {"count": len(chosen), "fileDataBag": [self._entry(tuesday, host) for tuesday in chosen]},
        }
        body = json.dumps({"count": 1, "bulkDataProductBag": [product]}, indent=2)
        return Answer(body.encode(), JSON, changed_on=public[-1] if public else None)

    def file(self, path: str, today: date) -> Answer:
        """One weekly zip at `/<year>/ipgYYMMDD.zip` below the files address; 404 before its Tuesday."""
        tuesday = self._by_path.get(path.removeprefix(FILES_PATH))
        if tuesday is None or tuesday > today:
            return not_found(path)
        return Answer(self._zip(tuesday), ZIP, changed_on=tuesday)

    def _entry(self, tuesday: date, host: str) -> dict[str, str | int]:
        return {
            "fileName": f"ipg{tuesday:%y%m%d}.zip",
            "fileSize": len(self._zip(tuesday)),
            "fileDataFromDate": tuesday.isoformat(),
            "fileDataToDate": tuesday.isoformat(),
            "fileTypeText": "Data",
            "fileDownloadURI": f"{host}{FILES_PATH}{_path(tuesday)}",
            "fileReleaseDate": f"{tuesday} 00:00:00",
            "fileLastModifiedDateTime": f"{tuesday} 00:00:00",
        }

    def _zip(self, tuesday: date) -> bytes:
        if tuesday not in self._zips:
            glued = "".join(grant_xml(patent) for patent in self._weeks[tuesday])
            stamped = max(tuesday, _ZIP_EPOCH)
            moment = (stamped.year, stamped.month, stamped.day, 0, 0, 0)
            entry = zipfile.ZipInfo(f"ipg{tuesday:%y%m%d}.xml", date_time=moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # one value on every machine, so that equal weeks give equal bytes
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w") as archive:
                archive.writestr(entry, glued.encode())
            self._zips[tuesday] = buffer.getvalue()
        return self._zips[tuesday]


def release_day(patent: Record) -> date:
    """The Tuesday of the weekly file that carries `patent`. Raises ValueError for an undated patent."""
    if patent.served_on is None:
        raise ValueError(f"{patent.id!r} has no date, and weekly files go by date.")
    return patent.served_on + timedelta(days=(_TUESDAY - patent.served_on.weekday()) % 7)


def _path(tuesday: date) -> str:
    return f"/{tuesday.year}/ipg{tuesday:%y%m%d}.zip"
