"""Lists of Chinese ministries and academies: which detail pages they lead to, of which day, and where the list goes on.

Three forms: a web page with its lines in it; a web page whose lines a script fetches (Jpaas: `data.html` of a JSON answer); a JSON list
of TITLE, URL and DOCRELPUBTIME (www.gov.cn).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from crawlers.parsers.article_charset import decode_page
from crawlers.parsers.article_dates import day_in_address
from crawlers.parsers.article_day import clock_for, find_day, read_day
from crawlers.parsers.article_tree import read_tree, visible_text
from crawlers.parsers.feed_links import canonical
from crawlers.parsers.json_reading import read_json, text_at, value_at
from crawlers.rejects import UnreadableError

_SHORTEST_TITLE = 6  # shorter links are menus: 首页, 新闻动态
_LONGEST_ENTRY = 400  # an element with more text holds more than one entry
_MOST_CLIMBS = 3
_NOT_PAGES = re.compile(r"\.(?:pdf|docx?|xlsx?|zip|rar|jpe?g|png|mp4)$", re.IGNORECASE)
_MONTH_DAY = re.compile(r"(?<![\d-])(\d{1,2})[-月.](\d{1,2})日?(?![\d-])")
# The list templates of TRS and Jpage, which most offices use, draw their paging with a script: pages, current page, name, suffix.
_DRAWN_PAGING = re.compile(r"createPageHTML\(\s*(\d+)\s*,\s*(\d+)\s*,\s*[\"']([\w-]+)[\"']\s*,\s*[\"'](\w+)[\"']")
_FETCHED_LINES = re.compile(r"<script\b[^>]{0,2000}?parsetype=[\"']?bu(?:il|li)dstatic[^>]{0,2000}>", re.IGNORECASE)
_URL_ATTRIBUTE = re.compile(r"\surl=[\"']([^\"']+)", re.IGNORECASE)
_QUERY_ATTRIBUTE = re.compile(r"\squerydata=\"([^\"]*)\"", re.IGNORECASE)
_PAIR = re.compile(r"'([^']*)'\s*:\s*'([^']*)'")
_NEXT_WORDS = {"下一页", "下页", ">", "»"}


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One line of a list: the detail page, its title, the day beside it or in its address (None where neither tells one)."""

    address: str
    title: str
    day: date | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """The entries of one list page in its order, and the page after it."""

    entries: tuple[ListEntry, ...]
    next_page: str | None

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the dated entries."""
        return tuple(entry.day for entry in self.entries if entry.day)

    def reaches(self, day: date) -> bool:
        """Whether the list has come to days before `day`: half of its entries are older; one may be pinned, or stand in a side bar."""
        return sum(one < day for one in self.days) * 2 >= max(1, len(self.days))


def read_list(body: bytes, url: str, content_type: str | None = None, fetched_at: datetime | None = None) -> ListPage:
    """Return what a list leads to. Raises UnreadableError where neither a page nor a list can be read.

    Links to other hosts, files and menus are left out; `fetched_at` gives the year to days told without one.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"[", b"{")):
        return _read_answer(read_json(body), url, fetched_at)
    markup = decode_page(body, content_type).text
    root = read_tree(markup)
    return ListPage(_entries(root, url, fetched_at), _next_page(root, markup, url))


def _read_answer(answer: Any, url: str, fetched_at: datetime | None) -> ListPage:
    markup = value_at(answer, "data", "html")
    if isinstance(markup, str) and markup.strip():
        return ListPage(_entries(read_tree(markup), url, fetched_at), None)
    if not isinstance(answer, list):
        raise UnreadableError("unknown_format", "the answer holds no list")
    found: dict[str, ListEntry] = {}
    for row in answer:
        address, told = canonical(text_at(row, "URL"), url), read_day(text_at(row, "DOCRELPUBTIME"), clock_for("zh", fetched_at))
        if address and urlsplit(address).hostname == urlsplit(url).hostname:
            found.setdefault(address, ListEntry(address, text_at(row, "TITLE"), told.point.on if told else None))
    return ListPage(tuple(found.values()), None)


def _entries(root: Any, url: str, fetched_at: datetime | None) -> tuple[ListEntry, ...]:
    found: dict[str, ListEntry] = {}
    for link in root.iter("a"):
        if entry := _entry(link, url, fetched_at):
            known = found.get(entry.address)
            if known is None or (known.day is None and entry.day is not None):
                found[entry.address] = entry
    return tuple(found.values())


def _entry(link: Any, url: str, fetched_at: datetime | None) -> ListEntry | None:
    title = max(visible_text(link), link.get("title") or "", key=len)
    address = canonical(link.get("href"), url)
    if address is None or len(title) < _SHORTEST_TITLE:
        return None
    address = urldefrag(address).url
    parts = urlsplit(address)
    if parts.hostname != urlsplit(url).hostname or _NOT_PAGES.search(parts.path) or parts.path.endswith("/") or address == url:
        return None
    return ListEntry(address, title, _day_beside(link, fetched_at) or day_in_address(address))


def _day_beside(link: Any, fetched_at: datetime | None) -> date | None:
    """The day in the line of a link; the title itself may tell of another day."""
    clock = clock_for("zh", fetched_at)
    for line in _lines(link):
        rest = line.replace(visible_text(link), " ")
        if told := find_day(rest, clock):
            return told.point.on
        if fetched_at is not None and (match := _MONTH_DAY.search(rest)):
            return _in_year(int(match[1]), int(match[2]), fetched_at.date())
    told = find_day(visible_text(link), clock) if len(list(link)) > 1 else None  # the whole line may be the link
    return told.point.on if told else None


def _lines(link: Any) -> Iterator[str]:
    element = link
    for _ in range(_MOST_CLIMBS):
        element = element.getparent()
        if element is None or element.tag == "body":
            return
        shown = visible_text(element)
        if len(shown) > _LONGEST_ENTRY or len(element.findall(".//a")) > 2:
            return
        yield shown


def _in_year(month: int, day: int, today: date) -> date | None:
    """The latest such day that is not after tomorrow."""
    try:
        found = date(today.year, month, day)
        return found if (found - today).days <= 1 else date(today.year - 1, month, day)
    except ValueError:
        return None


def _next_page(root: Any, markup: str, url: str) -> str | None:
    if match := _DRAWN_PAGING.search(markup):
        count, current = int(match[1][:9]), int(match[2][:9])
        return urljoin(url, f"{match[3]}_{current + 1}.{match[4]}") if current + 1 < count else None
    if match := _FETCHED_LINES.search(markup):
        return _fetched_address(html.unescape(match[0]), url)
    for link in root.iter("a"):
        if visible_text(link) in _NEXT_WORDS and (found := canonical(link.get("href"), url)) and found != url:
            return found
    return None


def _fetched_address(tag: str, url: str) -> str | None:
    """The address that the script of a Jpaas column asks for its lines: its `url` with `querydata`, a map in single quotes."""
    address, query = _URL_ATTRIBUTE.search(tag), _QUERY_ATTRIBUTE.search(tag)
    if address is None or query is None:
        return None
    said = dict(_PAIR.findall(query[1]))
    return canonical(f"{address[1]}?{urlencode(said)}", url)
