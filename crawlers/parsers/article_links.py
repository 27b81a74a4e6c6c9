"""Where a page says it lives: its canonical address, its next page, its licence. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urldefrag, urlsplit

from crawlers.parsers.feed_links import canonical


def own_address(root: Any, meta: Mapping[str, str], url: str) -> str | None:
    """Return the page's address without tracking and fragment: what it calls canonical, else where it was asked for.

    AMP, mobile and print copies so share one address. A canonical link to the front page, from a page that is not, is a mistake.
    """
    asked = canonical(url)
    for said in (*_linked(root, "canonical"), meta.get("og:url")):
        found = canonical(said, url)
        if found and not (_is_front(found) and (asked is None or not _is_front(asked))):
            return urldefrag(found).url
    return urldefrag(asked).url if asked else None


def next_page(root: Any, url: str) -> str | None:
    """Return the address of the second page of an article of several pages."""
    return next((found for said in _linked(root, "next") if (found := canonical(said, url))), None)


def licence_link(root: Any) -> str | None:
    """Return the address behind `rel=license`, the one machine-readable statement of a page's licence."""
    return next((found for said in _linked(root, "license") if (found := canonical(said))), None)


def _linked(root: Any, relation: str) -> Iterator[str]:
    for element in root.iter("link", "a"):
        if relation in (element.get("rel") or "").lower().split() and element.get("href"):
            yield element.get("href")


def _is_front(address: str) -> bool:
    return urlsplit(address).path.strip("/") == ""
