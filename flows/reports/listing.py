"""The shelf as readers find it: a page that lists every edition, and a feed of them."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID, uuid5

from flows.reports.editions import Edition, Shelf, folder_name
from flows.reports.language import ENGLISH, Language
from flows.reports.pages import environment, render_style
from flows.reports.weeks import parse_week

FEED_ENTRIES = 60
_NAMESPACE = UUID("0c6f2f5e-6a0b-4c5f-9d0e-6d2f2f6b1a47")


def render_index(shelf: Shelf, language: Language = ENGLISH) -> str:
    """Every edition, newest first, as one page that loads nothing; links are relative to the folder of reports."""
    style, digest = render_style(language, is_simulated=_is_simulated(shelf))
    weeks = [(edition, parse_week(edition.week), _replaced(shelf, edition.week)) for edition in shelf.current]
    return (
        environment(language)
        .get_template("index.html.j2")
        .render(weeks=weeks, shelf=shelf, folder=folder_name, is_simulated=_is_simulated(shelf), style=style, style_digest=digest)
    )


def render_feed(shelf: Shelf, language: Language = ENGLISH) -> str:
    """The newest editions, also those replaced, as an Atom feed (RFC 4287); links are relative to where the feed lies."""
    listed = [(edition, True) for edition in shelf.current] + [(edition, False) for edition in shelf.replaced]
    listed.sort(key=lambda entry: (entry[0].week, entry[0].number), reverse=True)
    first = min((edition for edition, _ in listed), key=lambda edition: (_stamp(edition), edition.week, edition.number))
    entries = [(edition, parse_week(edition.week), entry_id(edition, language), _stamp(edition), current) for edition, current in listed]
    return (
        environment(language)
        .get_template("feed.xml.j2")
        .render(
            feed_id=uuid5(_NAMESPACE, f"feed {first.week} {first.content_digest}{language.suffix}").urn,
            updated=max(stamp for *_, stamp, _ in entries),
            entries=entries[:FEED_ENTRIES],
            folder=folder_name,
            is_simulated=_is_simulated(shelf),
        )
    )


def entry_id(edition: Edition, language: Language = ENGLISH) -> str:
    """The identity of an edition for readers of the feed: it never changes and no other edition has it."""
    return uuid5(_NAMESPACE, f"{edition.week} {edition.number} {edition.content_digest}{language.suffix}").urn


def _stamp(edition: Edition) -> str:
    """When its snapshot was published, as RFC 3339 in UTC; the end of the week where that is not known."""
    published = edition.published_at or datetime.combine(parse_week(edition.week).last_on, time())
    return f"{published:%Y-%m-%dT%H:%M:%SZ}"


def _replaced(shelf: Shelf, week: str) -> list[Edition]:
    return [edition for edition in shelf.replaced if edition.week == week]


def _is_simulated(shelf: Shelf) -> bool:
    return any(edition.is_simulated for edition in (*shelf.current, *shelf.replaced))
