"""News as Atom feeds (RFC 4287) with archived pages by month (RFC 5005), so that past years can be walked."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from crawlers.replay.answers import ATOM, Answer, not_found
from crawlers.replay.corpus import Record, xml_text
from crawlers.replay.versions import Shown, Versions

_ARCHIVE_PATH = re.compile(r"/feeds/(?P<name>[^/]+)/archive/(?P<month>\d{4}-\d{2})\.xml")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_CURRENT_PATH = re.compile(r"/feeds/(?P<name>[^/]+)\.xml")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed to be polled: its name, address and main language."""

    name: str
    url: str
    lang: str


class NewsArchive:
    """One feed per source of a corpus. Undated entries stand in the current page and in no archived one."""

    def __init__(self, news: Iterable[Record], page_size: int = 50, names: Mapping[str, str] | None = None) -> None:
        """`page_size` entries in the current page; `names` maps a source to its feed's name (default: the source)."""
        by_name: dict[str, list[Record]] = defaultdict(list)
        for entry in news:
            by_name[(names or {}).get(entry.source, entry.source)].append(entry)
        self._page_size = page_size
        self._dated = {
            name: Versions((entry.id, entry) for entry in entries if entry.served_on is not None) for name, entries in by_name.items()
        }
        self._undated = {
            name: sorted((entry for entry in entries if entry.served_on is None), key=lambda entry: entry.id)
            for name, entries in by_name.items()
        }
        self._languages = {
            name: min(Counter(entry.lang or "en" for entry in entries).items(), key=lambda item: (-item[1], item[0]))[0]
            for name, entries in by_name.items()
        }

    def feeds(self, host: str) -> list[Feed]:
        """Every feed served, by name."""
        return [Feed(name, f"{host}/feeds/{name}.xml", self._languages[name]) for name in sorted(self._languages)]

    def answer(self, path: str, host: str, today: date) -> Answer:
        """The current page `/feeds/<name>.xml` or the archived page `/feeds/<name>/archive/2019-03.xml`."""
        current, archived = _CURRENT_PATH.fullmatch(path), _ARCHIVE_PATH.fullmatch(path)
        matched = current or archived
        if matched is None or matched["name"] not in self._dated:
            return not_found(path)
        name = matched["name"]
        shown = self._dated[name].shown(today)
        months = sorted({_month(item.on) for item in shown})
        if archived is None:
            latest = list(reversed(shown[-self._page_size :]))
            links = {"self": "", "prev-archive": months[-1] if months else None}
            return self._page(name, host, latest, self._undated[name], links)
        month = archived["month"]
        if month not in months:
            return not_found(path)
        place = months.index(month)
        links = {
            "self": month,
            "current": "",
            "prev-archive": months[place - 1] if place else None,
            "next-archive": months[place + 1] if place + 1 < len(months) else None,
        }
        return self._page(name, host, [item for item in reversed(shown) if _month(item.on) == month], [], links)

    def _page(self, name: str, host: str, dated: list[Shown], undated: list[Record], links: dict[str, str | None]) -> Answer:
        """`links` maps a relation to the month of its page, "" = the current page, None = no such page."""
        base = f"{host}/feeds/{name}"
        lines = [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0" '
            f'xml:lang="{self._languages[name]}">',
            f"<title>{_text(name)}</title>",
            f"<id>{_text(f'{base}.xml')}</id>",
        ]
        for relation, month in links.items():
            if month is not None:
                address = f"{base}/archive/{month}.xml" if month else f"{base}.xml"
                lines.append(f'<link rel="{relation}" href={quoteattr(address)} type="application/atom+xml"/>')
        if links["self"]:
            lines.append("<fh:archive/>")
        changed_on = dated[0].on if dated else None
        if changed_on is not None:
            lines.append(f"<updated>{changed_on}T00:00:00Z</updated>")
        lines += [_entry_xml(item.record) for item in dated] + [_entry_xml(entry) for entry in undated]
        lines.append("</feed>\n")
        return Answer("\n".join(lines).encode(), ATOM, changed_on=changed_on)


def entry_id(entry: Record) -> str:
    """The id on the wire: the corpus id as it is where it is an IRI, else `urn:replay:` and the id.

    Atom demands an IRI (RFC 4287, 4.2.6): readers resolve anything else against the address of the feed, port included.
    """
    return entry.id if _IRI.fullmatch(entry.id) else f"urn:replay:{quote(entry.id, safe='%/:,;()!*~@$&+=')}"


def _entry_xml(entry: Record) -> str:
    """An undated entry has neither `<published>` nor `<updated>`, as in the wild. The licence stands in `<rights>`."""
    lines = [f"<id>{_text(entry_id(entry))}</id>", f"<title>{_text(entry.title)}</title>"]
    if entry.url:
        lines.append(f'<link rel="alternate" type="text/html" href={quoteattr(xml_text(entry.url))}/>')
    if entry.published is not None:
        lines.append(f"<published>{entry.published}T00:00:00Z</published>")
        lines.append(f"<updated>{entry.updated or entry.published}T00:00:00Z</updated>")
    lines += [f"<author><name>{_text(name)}</name></author>" for name in entry.authors]
    lines += [f"<category term={quoteattr(xml_text(category))}/>" for category in entry.categories]
    if entry.licence:
        lines.append(f"<rights>{_text(entry.licence)}</rights>")
    if entry.abstract:
        lines.append(f"<summary>{_text(entry.abstract)}</summary>")
    language = f" xml:lang={quoteattr(entry.lang)}" if entry.lang else ""
    return f"<entry{language}>\n" + "\n".join(lines) + "\n</entry>"


def _text(text: str) -> str:
    return escape(xml_text(text))


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
