"""When a page was published and changed. Every place of a page that tells a date is asked, in a fixed order of trust.

Published: JSON-LD of the article (`datePublished`), meta tags that name the publication (Chinese offices: PubDate), microdata and
`<time>` marked as publication, JSON-LD of the page around it, a visible date next to the title or behind a label, a visible date of
creation in general meta tags, the address, htmldate. A date of change only counts as published where nothing else is known.
A date after the response itself is passed over: a page cannot be read before it is published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crawlers.dates import DatePoint
from crawlers.parsers.article_day import Clock, Told, find_day, read_day
from crawlers.parsers.article_json_ld import Node
from crawlers.parsers.article_tree import visible_text
from crawlers.text import fold

_META_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "article.published", "pubdate",
    "publishdate", "publish_date", "publish-date", "publishtime", "publish_time", "publication_date", "pub_date", "firstpublishedtime",
    "iso-8601-publish-date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "rnews:datepublished",
    "shareaholic:article_published_time", "bt:pubdate", "originalpublicationdate", "article_date_original", "og:pubdate",
    "weibo: article:create_at", "og:release_date", "release_date", "citation_online_date", "citation_publication_date",
    "dcterms.issued", "dc.date.issued", "dc.issued", "og:time", "datepublished",
)  # fmt: skip
_META_GENERAL = ("date", "dc.date", "dcterms.date", "dc.date.created", "dcterms.created", "created", "createdate", "displaydate")
_META_CHANGED = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "article:modified", "datemodified", "dateupdate",
    "lastmodifiedtime", "weibo: article:update_at", "dcterms.modified", "dc.date.modified", "lastmod", "last-modified", "revised",
)  # fmt: skip
_LABEL = re.compile(
    r"(?:发布日期|发布时间|发表时间|发表于|发稿时间|更新时间|发文日期|成文日期|公开日期|(?<![\u4e00-\u9fff])(?:时间|日期)|published|posted|date|veröffentlicht|erschienen|publié|publicado)"
    r"(?:\s?(?:on|am|le|el|em))?\s?[:：]?\s{0,3}",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d)")
_IN_ADDRESS_NAMED = re.compile(r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/(\d{1,2})/", re.IGNORECASE)
_MONTH_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[-/](0[1-9]|1[0-2])/")
_PIECES_AFTER, _PIECES_BEFORE = 30, 8
_LONGEST_LINE, _LONGEST_LABELLED = 80, 120
_PROSE = re.compile(r"\d日?[^\s\d，。,、]{0,6}[，。、]")  # "2019年2月27日下午，佛山…": what happened on a day, not the day of the page
_DATED_HEAD = re.compile(r"[^\d]{0,30}\d{1,4}[^–—|-]{2,25}\s[–—|-]\s")  # "29.11.2022 – Mehrfach und …"
_DATELINE = 40
_TITLE_SHARE = 0.4  # titles are set in several pieces
_FIRST_WEB_YEAR = 1993  # an earlier day beside a title is one of its subject, such as a birthday
_ANY_CLOCK = Clock(0, datetime(_FIRST_WEB_YEAR + 1, 1, 1, tzinfo=UTC))  # only asks whether a text tells a date at all


@dataclass(frozen=True, slots=True)
class Page:
    """What the dates are looked for in: the tree, its meta tags, its JSON-LD (the article's own node and all), what is shown."""

    root: Any
    meta: Mapping[str, str]
    article: Node | None
    nodes: Sequence[Node]
    pieces: Sequence[str]
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class PageDates:
    """`published` and `updated` with every date the page told: place to raw text. `place` is where `published` came from."""

    published: Told | None
    updated: Told | None
    place: str | None
    told: dict[str, str] = field(default_factory=dict)


def read_dates(page: Page, clock: Clock) -> PageDates:
    """Return the dates of a page."""
    told: dict[str, str] = {}
    published, place = _first(_published(page), told, clock)
    updated, changed_at = _first(_changed(page), told, clock)
    if published is None and updated is not None:
        return PageDates(updated, updated, changed_at, told)
    if published is None and (guess := _htmldate(page.root, clock)) is not None:
        told["text"] = guess
        published, place = read_day(guess, clock), "text"
    if published is None and (match := _MONTH_IN_ADDRESS.search(page.address)):
        told["address"] = match[0].strip("/")
        published, place = Told(DatePoint(date(int(match[1]), int(match[2]), 1), "month")), "address"
    if updated is not None and published is not None and updated.point.on < published.point.on:
        updated = None
    return PageDates(published, updated, place, told)


def _first(candidates: Iterator[tuple[str, str]], told: dict[str, str], clock: Clock) -> tuple[Told | None, str | None]:
    """The first readable candidate; what every place said first is written into `told`."""
    found: tuple[Told | None, str | None] = (None, None)
    for place, said in candidates:
        told.setdefault(place, said[:100])
        one = read_day(said, clock) if found[0] is None else None
        if one is not None and not _is_ahead(one, clock):
            found = (one, place)
    return found


def _is_ahead(one: Told, clock: Clock) -> bool:
    return clock.fetched_at is not None and one.point.on > clock.fetched_at.date() + timedelta(days=1)


def _published(page: Page) -> Iterator[tuple[str, str]]:
    if page.article is not None:
        yield from (("json_ld", page.article.dates[name]) for name in ("datePublished", "pubDate") if name in page.article.dates)
    yield from (("meta", page.meta[name]) for name in _META_PUBLISHED if name in page.meta)
    yield from (("microdata", said) for said in _marked(page.root, "datepublished"))
    yield from (
        ("json_ld_page", node.dates[name])
        for node in page.nodes
        for name in ("datePublished", "pubDate", "uploadDate", "dateCreated")
        if name in node.dates and node is not page.article and not node.is_list
    )
    yield from (("visible", said) for said in _visible(page))
    yield from (("meta_general", page.meta[name]) for name in _META_GENERAL if name in page.meta)
    yield from (("address", said) for said in _in_address(page.address))


def _changed(page: Page) -> Iterator[tuple[str, str]]:
    for node in [page.article] if page.article is not None else page.nodes:
        yield from (("changed_json_ld", node.dates[name]) for name in ("dateModified", "upDate") if name in node.dates)
    yield from (("changed_meta", page.meta[name]) for name in _META_CHANGED if name in page.meta)
    yield from (("changed_microdata", said) for said in _marked(page.root, "datemodified"))


def _marked(root: Any, itemprop: str) -> Iterator[str]:
    """What elements marked with the property say, by attribute before text; for publication also time elements marked otherwise."""
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag == "script":
            continue
        properties = (element.get("itemprop") or element.get("property") or "").lower().split()
        is_marked = itemprop in properties or f"schema:{itemprop}" in properties
        if itemprop == "datepublished" and element.tag in {"time", "abbr"}:
            classes = (element.get("class") or "").lower().split()
            is_marked = is_marked or element.get("pubdate") is not None or "published" in classes
        if is_marked:
            said = element.get("content") or element.get("datetime") or element.get("title") or visible_text(element)[:100]
            if said:
                yield fold(said)


def _visible(page: Page) -> Iterator[str]:
    """Dates a reader sees: in short lines and heads of paragraphs behind the title, right before it, then behind a label anywhere."""
    pieces = page.pieces
    headings = (visible_text(one) for one in page.root.iter("h1"))
    place = next((found for one in (page.title, *headings) if one and (found := _place_of(one, pieces)) is not None), None)
    after = pieces[place : place + _PIECES_AFTER] if place is not None else ()
    before = pieces[max(0, place - _PIECES_BEFORE) : place] if place is not None else ()
    for one in (*after, *reversed(before)):
        head = one if len(one) <= _LONGEST_LINE else one[:_DATELINE] if _DATED_HEAD.match(one) else ""
        if head and head != page.title and _tells_day(head):
            yield head
    for index, piece in enumerate(pieces):
        if match := _LABEL.search(piece[:_LONGEST_LABELLED]):
            rest = (piece[match.end() :] or " ".join(pieces[index + 1 : index + 2]))[:_DATELINE]
            if _tells_day(rest):
                yield rest
    yield from [said for said in (fold(one.get("datetime")) for one in page.root.iter("time")) if said][:1]


def _place_of(title: str, pieces: Sequence[str]) -> int | None:
    """Where the title is shown: the first of the longest pieces that are part of it, or begin with it."""
    fits = [(len(piece), -index) for index, piece in enumerate(pieces) if piece in title or piece.startswith(title)]
    length, place = max(fits, default=(0, 0))
    return -place if length >= _TITLE_SHARE * len(title) else None


def _tells_day(piece: str) -> bool:
    found = find_day(piece, _ANY_CLOCK)
    return found is not None and found.point.on.year >= _FIRST_WEB_YEAR and not _PROSE.search(piece)


def day_in_address(url: str) -> date | None:
    """Return the day an address is filed under (/2024/03/05/, /t20240305_1.html, /2024/mar/05/), None where it is under none."""
    told = (read_day(said, _ANY_CLOCK) for said in _in_address(url))
    return next((one.point.on for one in told if one), None)


def _in_address(url: str) -> Iterator[str]:
    if match := _IN_ADDRESS.search(url):
        yield "-".join(match.groups())
    if match := _IN_ADDRESS_NAMED.search(url):
        yield f"{match[3]} {match[2]} {match[1]}"


def _htmldate(root: Any, clock: Clock) -> str | None:
    """What the library finds in the text for months in words; never its guess from all numbers of the page."""
    from copy import deepcopy

    from htmldate import find_date

    latest = clock.fetched_at.date() + timedelta(days=1) if clock.fetched_at else date(2100, 1, 1)
    try:
        return find_date(
            deepcopy(root), original_date=True, extensive_search=False, min_date=f"{_FIRST_WEB_YEAR}-01-01", max_date=latest.isoformat()
        )
    except Exception:  # hostile pages reach lookups and arithmetic deep inside htmldate
        return None
