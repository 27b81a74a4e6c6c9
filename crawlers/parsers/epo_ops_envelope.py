"""The envelope of EPO OPS 3.2: a search page, a family, a list of publications, or a fault (OPS RESTful Services reference guide)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crawlers.parsers.xml_reading import below, child, children, local, text
from crawlers.text import fold

NO_HITS = "SERVER.EntityNotFound"  # sent with status 404: nothing matches, which is an answer and no fault
_FAULTS = ("fault", "error")


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of a search. `total` is capped at 10,000; `begin` and `end` count from 1, both included.

    `publications` are `CC.number.kind`, in the order of the page.
    """

    total: int
    begin: int
    end: int
    publications: tuple[str, ...]


def fault_of(root: Any) -> tuple[str, str] | None:
    """Return (code, message) of an error envelope, or None for anything else."""
    if local(root) not in _FAULTS:
        return None
    return text(child(root, "code")), text(child(root, "message"))


def search_page(root: Any) -> SearchPage | None:
    """Return the page of a search answer, or None for another answer or one that does not say how many hits there are."""
    search = next(iter(below(root, "biblio-search")), None)
    if search is None:
        return None
    places = child(search, "range")
    numbers = (search.get("total-result-count"), *(places.get(name) if places is not None else None for name in ("begin", "end")))
    if not all(number is not None and number.isascii() and number.isdecimal() and len(number) < 10 for number in numbers):
        return None
    total, begin, end = (int(number or 0) for number in numbers)
    return SearchPage(total, begin, end, tuple(publications_of(search)))


def publications_of(search: Any) -> list[str]:
    """Return the publications of a search result, whether it came with bibliographic data or with numbers alone."""
    described = [".".join(number_of_exchange(node)) for node in below(search, "exchange-document")]
    return described or [docdb_number(node) for node in references_of(search)]


def references_of(search: Any) -> list[Any]:
    """Return the bare references of a search result: numbers that describe no work."""
    return children(child(search, "search-result"), "publication-reference")


def number_of_exchange(node: Any) -> tuple[str, str, str]:
    """Return (country, number, kind) as the attributes of an exchange document state them, '' where missing."""
    country, number, kind = ("".join(fold(node.get(name)).split()) for name in ("country", "doc-number", "kind"))
    return country, number, kind


def document_ids(reference: Any) -> dict[str, Any]:
    """Return the document-id elements of a publication or application reference by format: docdb, epodoc, original.

    OPS names the format at the document-id, files of the exchange format at the reference itself. The first of a format counts.
    """
    found: dict[str, Any] = {}
    for node in children(reference, "document-id"):
        found.setdefault(node.get("document-id-type") or reference.get("data-format") or "docdb", node)
    return found


def docdb_number(reference: Any) -> str:
    """Return `CC.number.kind` of a reference, '' where it has no docdb number."""
    one = document_ids(reference).get("docdb")
    return "" if one is None else ".".join(text(child(one, part)) for part in ("country", "doc-number", "kind"))
