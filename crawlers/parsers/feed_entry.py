"""One entry of a feed, whatever the format it was written in, and the document it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crawlers.dates import read_date
from crawlers.parsers.feed_links import canonical, host_of
from crawlers.records import Actor, Code, Document
from crawlers.rejects import UnreadableError

DOI = re.compile(r"10\.\d{4,9}/\S+")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """What an entry says, as text without markup; '' and () for what it does not say. `link` is an address a reader can open."""

    source: str
    title: str
    link: str | None
    guid: str
    feed: str
    summaries: tuple[str, ...]
    raw_published: str
    raw_updated: str
    lang: str | None
    licence: str
    doi: str
    authors: tuple[str, ...]
    terms: tuple[str, ...]
    attachments: tuple[dict[str, str], ...]
    external_url: str = ""

    def document(self) -> Document:
        """Return the document. Raises UnreadableError (no_title_and_link, no_identifier)."""
        if not self.title and not self.link:
            raise UnreadableError("no_title_and_link", "the entry has neither title nor link")
        if not self.guid and not self.link:
            raise UnreadableError("no_identifier", "the entry has neither id nor link")
        said, updated = read_date(self.raw_published), read_date(self.raw_updated)
        published = said or updated
        extras = {
            "guid": self.guid,
            "feed": self.feed,
            "published_raw": self.raw_published,
            "updated_raw": self.raw_updated,
            "has_only_updated": bool(published and not said),
            "attachments": list(self.attachments),
            "external_url": self.external_url,
        }
        identifiers = {"url": self.link, "doi": self.doi}
        return Document(
            source=self.source,
            source_id=self._source_id(),
            kind="news",
            title=self.title,
            abstract=self._abstract(),
            published_on=published.on if published else None,
            date_precision=published.precision if published else "day",
            available_on=published.last_on if published else None,
            updated_on=updated.on if updated else None,
            lang=self.lang,
            url=self.link,
            licence=self.licence or None,
            identifiers={scheme: value for scheme, value in identifiers.items() if value},
            actors=tuple(dict.fromkeys(Actor("author", name) for name in self.authors if name and "@" not in name)),
            codes=tuple(dict.fromkeys(Code("category", term) for term in self.terms if term)),
            extras={key: value for key, value in extras.items() if value},
        )

    def _source_id(self) -> str:
        """A guid that is a URI is unique anywhere; a bare one (`23246627`) only at its outlet, so the outlet's host goes before it."""
        if not self.guid:
            return self.link or ""
        host = host_of(self.link)
        return self.guid if _URI.match(self.guid) or not host else f"{host}#{self.guid}"

    def _abstract(self) -> str:
        """The first text there is; '' when it only repeats the title."""
        found = next((text for text in self.summaries if text), "")
        return "" if found == self.title else found


def told_apart(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Return the documents of one feed, those of different addresses under one guid with their address for an id.

    A writer who gives every entry the same guid would otherwise have published one piece of news, ever changing.
    """
    addresses: dict[str, set[str | None]] = defaultdict(set)
    for one in documents:
        addresses[one.source_id].add(one.url)
    return tuple(replace(one, source_id=one.url) if one.url and len(addresses[one.source_id]) > 1 else one for one in documents)


def language(said: str | None) -> str | None:
    """Return the language of a tag such as `zh-CN`, in small letters, or None for what is no such tag."""
    match = _LANGUAGE.fullmatch((said or "").strip())
    return match[1].lower() if match else None


def attachments(said: Iterable[tuple[str | None, str | None]]) -> tuple[dict[str, str], ...]:
    """Return the files an entry brings with it (a podcast's sound) from pairs of address and media type."""
    return tuple({"url": address, "type": kind or ""} for link, kind in said if (address := canonical(link)))
