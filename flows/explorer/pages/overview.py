"""The first page: what is held, what stands out, what is new."""

from __future__ import annotations

from flows.explorer.address import Address
from flows.explorer.as_of import ask_as_of, previous_of
from flows.explorer.families import Family, Page, Question, read
from flows.explorer.pages.ranking import RANKED
from flows.explorer.pictures import RankScale
from flows.explorer.snapshots import View
from flows.explorer.tables import Column, TableSpec

FIRST = TableSpec("first-places", "Places over all tracks", RANKED, read="ranking", rows=10)
TRACKS = TableSpec(
    "tracks",
    "The six tracks, as of the newest ranking",
    (
        Column("track", "Track", "track"),
        Column("ranked_count", "Ranked", "count"),
        Column("weak_signal_count", "Weak signals", "count"),
        Column("document_count", "Documents", "count"),
        Column("first_technology", "First place", "first"),
    ),
)
CLIMBERS = TableSpec(
    "climbers",
    "Largest climbs since the day compared with",
    (
        Column("name", "Technology", "technology"),
        Column("rank_change", "Places", "move"),
        Column("score_change", "Points of score", "signed"),
        Column("is_beyond_intervals", "Beyond both 80 % intervals", "yes"),
    ),
    rows=8,
)
ALERTS = TableSpec(
    "alerts",
    "Alerts, the newest first",
    (
        Column("as_of", "As of", "day"),
        Column("name", "Technology", "technology"),
        Column("alert", "Alert"),
        Column("detail", "What happened", "sentence"),
    ),
    rows=8,
)
RECENT = TableSpec(
    "recent-documents",
    "Documents that became available last",
    (Column("title", "Document", "document"), Column("kind", "Stream"), Column("available_on", "Available", "day")),
    read="recent_documents",
    rows=8,
)


def parse(address: Address, view: View) -> Question:
    """The newest as-of or a stored one."""
    as_of = ask_as_of(address, view)
    values = {"as_of": as_of, "previous": previous_of(view.facts, as_of)}
    fixed = {"list": "ranked", "track": None, "stage": None, "stream": None, "words": "", "sort": "place"}
    return Question({**values, **fixed}, {} if as_of is None else {"as_of": as_of.isoformat()})


def show(view: View, question: Question) -> Page:
    """Everything on one screen or two."""
    first = read(view, FIRST, question)
    return Page(
        "overview.html.j2",
        "Overview",
        "/",
        {
            "first": first,
            "scale": RankScale(row["rank_high"] for row in first.rows),
            "by_track": read(view, TRACKS, question),
            "climbers": read(view, CLIMBERS, question),
            "alerts": read(view, ALERTS, question),
            "recent": read(view, RECENT, question),
            "as_of": question.values["as_of"],
            "previous": question.values["previous"],
        },
    )


FAMILY = Family("/", parse, show, (FIRST, TRACKS, CLIMBERS, ALERTS, RECENT))
