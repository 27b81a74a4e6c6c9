"""One technology: where it stands and why, what would change that, its course, who is behind it, the documents that say so."""

from __future__ import annotations

import difflib

from flows.explorer.address import Address, Refused
from flows.explorer.as_of import ask_as_of, previous_of
from flows.explorer.families import Family, Moved, Page, Question, read
from flows.explorer.pictures import draw_ranks, draw_series
from flows.explorer.snapshots import PACKAGE, View
from flows.explorer.tables import Column, TableSpec
from flows.reports.reads import run_read
from flows.reports.records import STREAMS

PARTS = TableSpec(
    "parts",
    "Points of 100; the parts add up to the score",
    (
        Column("component", "Part", "part"),
        Column("points", "Points", "points"),
        Column("cohort_rank", "Stands above", "percent"),
        Column("value", "Measured", "number"),
    ),
)
WHAT_IF = TableSpec(
    "what-if",
    "The place if one part alone stood elsewhere in its cohort",
    (
        Column("component", "Part", "part"),
        Column("points", "Points now", "decimal"),
        Column("at_most", "At most", "decimal"),
        Column("place_if_first", "If first", "count"),
        Column("place_if_middle", "In the middle", "count"),
        Column("place_if_last", "If last", "count"),
    ),
    read="what_if",
)
NEIGHBOURS = TableSpec(
    "neighbours",
    "Near it in the ranking",
    (
        Column("name", "Technology", "technology"),
        Column("rank", "Place", "rank"),
        Column("score", "Score", "decimal"),
        Column("ahead_by", "Points ahead", "signed"),
    ),
)
HISTORY = TableSpec(
    "history",
    "Every stored day, the newest first",
    (
        Column("as_of", "As of", "day"),
        Column("rank", "Place", "rank"),
        Column("rank_low", "80 % interval", "range"),
        Column("score", "Score (80 %)", "score"),
        Column("stage", "Stage"),
        Column("works", "Works", "count"),
    ),
    rows=120,
)
SERIES = TableSpec(
    "series",
    "Works of the technology and of the stream, by complete quarter, the newest first",
    (
        Column("quarter_on", "Quarter", "quarter"),
        Column("stream", "Stream"),
        Column("works", "Works", "count"),
        Column("stream_works", "Works of the stream", "count"),
    ),
    rows=200,
)
TOPICS = TableSpec(
    "technology-topics",
    "Topics its documents lie in",
    (Column("label", "Topic", "topic"), Column("works", "Works", "count")),
    read="technology_topics",
    rows=8,
)
ACTORS = TableSpec(
    "technology-actors",
    "Organisations first, then people",
    (
        Column("name", "Actor", "actor"),
        Column("roles", "Role", "list"),
        Column("countries", "Countries", "list"),
        Column("works", "Works", "count"),
        Column("last_on", "Last", "day"),
    ),
    read="technology_actors",
    rows=12,
)
REGIONS = TableSpec(
    "technology-regions",
    "Countries that the records state",
    (Column("country", "Country"), Column("works", "Works", "count"), Column("actors", "Actors", "count")),
    read="technology_regions",
    rows=12,
)
EVIDENCE = TableSpec(
    "evidence",
    "Documents that name it, the strongest first",
    (
        Column("evidence_rank", "No.", "count"),
        Column("title", "Document", "document"),
        Column("kind", "Stream"),
        Column("source", "Source"),
        Column("available_on", "Available", "day"),
        Column("mention_count", "Named", "count"),
    ),
    rows=25,
)
LINEAGE = TableSpec(
    "lineage",
    "How it was named and found",
    (Column("day", "Day", "day"), Column("event", "What happened"), Column("name", "Name", "technology")),
    rows=100,
)


def parse(address: Address, view: View) -> Question:
    """`id`, or any name in `name`; the day; a stream for its evidence."""
    technology_id, name = address.text("id", 64), address.text("name", 200)
    if not technology_id and not name:
        raise Refused(400, "Which technology?", "The address needs its id or a name of it: search for one, or choose one from the ranking.")
    as_of = ask_as_of(address, view)
    stream = address.choice("stream", STREAMS)
    parameters = {"id": technology_id} if technology_id else {"name": name}
    if as_of is not None and as_of != view.facts.newest(None):
        parameters["as_of"] = as_of.isoformat()
    if stream:
        parameters["stream"] = stream
    values = {"technology_id": technology_id, "name": name, "as_of": as_of, "previous": previous_of(view.facts, as_of), "stream": stream}
    return Question(values, parameters, address.page())


def show(view: View, question: Question) -> Page | Moved:
    """The page of one technology; a name moves on to the address with its id, a merged one to what it became."""
    if not question.values["technology_id"]:
        found = find_technology(view, str(question.values["name"]))
        return Moved("/technology", {**{key: text for key, text in question.parameters.items() if key != "name"}, "id": found})
    rows = run_read(view.cursor, "technology", question.values, PACKAGE)
    if not rows:
        raise Refused(
            404, "No such technology", "No technology with this id is in the snapshot. It may have been published since, or before."
        )
    technology = rows[0]
    standing = run_read(view.cursor, "standing", question.values, PACKAGE)
    parts, history, series = (read(view, spec, question) for spec in (PARTS, HISTORY, SERIES))
    return Page(
        "technology.html.j2",
        technology["name"],
        "/ranking",
        {
            "technology": technology,
            "standing": standing[0] if standing else None,
            "parts": parts,
            "what_if": read(view, WHAT_IF, question),
            "neighbours": read(view, NEIGHBOURS, question),
            "history": history,
            "ranks_picture": draw_ranks(history.rows),
            "series": series,
            "series_picture": draw_series(series.rows),
            "topics": read(view, TOPICS, question),
            "actors": read(view, ACTORS, question),
            "regions": read(view, REGIONS, question),
            "evidence": read(view, EVIDENCE, question, paged=True),
            "lineage": read(view, LINEAGE, question),
            "as_of": question.values["as_of"],
            "stream": question.values["stream"],
        },
    )


def find_technology(view: View, name: str) -> str:
    """The id of the technology that a name, an alias or an id means. Raises Refused with the nearest names."""
    found = run_read(view.cursor, "technology_named", {"name": name}, PACKAGE)
    if found:
        return str(found[0]["technology_id"])
    known = [row[0] for row in view.cursor.execute("SELECT name FROM marts.technologies ORDER BY work_count DESC LIMIT 5000").fetchall()]
    near = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.6)
    hint = f"Did you mean {', '.join(near)}?" if near else "Search finds names and texts."
    raise Refused(404, "No such technology", f"Nothing in this snapshot is called “{name}”. {hint}")


FAMILY = Family("/technology", parse, show, (PARTS, WHAT_IF, NEIGHBOURS, HISTORY, SERIES, TOPICS, ACTORS, REGIONS, EVIDENCE, LINEAGE))
