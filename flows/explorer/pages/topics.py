"""The topics: all of them on a map and in a list, and one by one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from flows.explorer.address import Address, Refused
from flows.explorer.families import Family, Page, Question, read
from flows.explorer.pictures import draw_series
from flows.explorer.snapshots import PACKAGE, View
from flows.explorer.tables import Column, TableSpec
from flows.reports.reads import run_read
from flows.reports.records import TRACKS

if TYPE_CHECKING:
    from flows.explorer.topic_layout import Spot

TOPICS = TableSpec(
    "topics",
    "Topics in use, the largest first",
    (
        Column("label", "Topic", "topic"),
        Column("track", "Track", "track"),
        Column("keywords", "Words that set it apart", "list"),
        Column("work_count", "Works", "count"),
        Column("rank", "Place among topics", "rank"),
        Column("stage", "Stage"),
    ),
    rows=300,
)
DOCUMENTS = TableSpec(
    "topic-documents",
    "Its documents, the newest first",
    (
        Column("title", "Document", "document"),
        Column("kind", "Stream"),
        Column("source", "Source"),
        Column("available_on", "Available", "day"),
    ),
    read="topic_documents",
    rows=25,
)
TECHNOLOGIES = TableSpec(
    "topic-technologies",
    "Technologies named in its documents",
    (
        Column("name", "Technology", "technology"),
        Column("track", "Track", "track"),
        Column("rank", "Place", "rank"),
        Column("works", "Works", "count"),
    ),
    read="topic_technologies",
    rows=15,
)
LINEAGE = TableSpec(
    "topic-lineage",
    "What happened to it at each refit",
    (
        Column("refit_on", "Refit", "day"),
        Column("event", "Event"),
        Column("from_label", "From", "from_topic"),
        Column("to_label", "To", "to_topic"),
        Column("overlap_share", "Overlap", "percent"),
    ),
    read="topic_lineage",
)
SERIES = TableSpec(
    "topic-series",
    "Works of the topic and of the stream, by quarter, the newest first",
    (
        Column("quarter_on", "Quarter", "quarter"),
        Column("stream", "Stream"),
        Column("works", "Works", "count"),
        Column("stream_works", "Works of the stream", "count"),
    ),
    read="topic_series",
    rows=400,
)


def parse_all(address: Address, view: View) -> Question:
    """One track, or all."""
    del view
    track = address.choice("track", TRACKS)
    return Question({"track": track}, {"track": track} if track else {})


def show_all(view: View, question: Question) -> Page:
    """The map and the list."""
    table = read(view, TOPICS, question)
    every = {row["topic_id"]: row for row in read(view, TOPICS, Question({"track": None}, {})).rows}
    chosen = {row["topic_id"] for row in table.rows}
    spots = [(spot, every[topic_id]) for topic_id, spot in _map_of(view, every).items()]
    content = {"table": table, "spots": spots, "chosen": chosen, "track": question.values["track"]}
    return Page("topics.html.j2", "Topics", "/topics", content)


def parse_one(address: Address, view: View) -> Question:
    """The topic's id."""
    topic_id = address.text("id", 64)
    if not topic_id:
        raise Refused(400, "Which topic?", "The address needs the id of a topic: choose one from the map.")
    return Question({"topic_id": topic_id, "as_of": view.facts.newest(None)}, {"id": topic_id}, address.page())


def show_one(view: View, question: Question) -> Page:
    """One topic with its technologies, documents, course and lineage."""
    rows = run_read(view.cursor, "topic", question.values, PACKAGE)
    if not rows:
        raise Refused(404, "No such topic", "No topic with this id is in the snapshot.")
    series = read(view, SERIES, question)
    return Page(
        "topic.html.j2",
        rows[0]["label"],
        "/topics",
        {
            "topic": rows[0],
            "series": series,
            "series_picture": draw_series(series.rows),
            "technologies": read(view, TECHNOLOGIES, question),
            "documents": read(view, DOCUMENTS, question, paged=True),
            "lineage": read(view, LINEAGE, question),
        },
    )


def _map_of(view: View, topics: dict[str, dict[str, object]]) -> dict[str, Spot]:
    """The map of the snapshot's topics: it costs a moment and never changes, so the last ones are kept."""
    sizes = tuple((str(key), int(str(row["work_count"])), str(row["label"])) for key, row in sorted(topics.items()))
    centroids = run_read(view.cursor, "topic_centroids", {}, PACKAGE)
    known = {row["topic_id"]: tuple(row["centroid"]) for row in centroids}
    placed = tuple((key, size, label) for key, size, label in sizes if key in known)
    return _lay_out(view.path, placed, tuple(known[key] for key, _, _ in placed))


@lru_cache(maxsize=2)
def _lay_out(path: Path, topics: tuple[tuple[str, int, str], ...], centroids: tuple[tuple[float, ...], ...]) -> dict[str, Spot]:
    import numpy as np

    from flows.explorer.topic_layout import lay_out

    del path
    spots = lay_out(np.array(centroids, dtype=np.float64), [size for _, size, _ in topics], [label for _, _, label in topics])
    return {topics[spot.index][0]: spot for spot in spots}


ALL = Family("/topics", parse_all, show_all, (TOPICS,))
ONE = Family("/topic", parse_one, show_one, (DOCUMENTS, TECHNOLOGIES, LINEAGE, SERIES))
