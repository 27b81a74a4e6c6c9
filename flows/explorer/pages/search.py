"""Search over names and texts: every word must be there, in any order."""

from __future__ import annotations

from typing import Any

from flows.explorer.address import Address
from flows.explorer.families import Family, Page, Question, read
from flows.explorer.snapshots import View
from flows.explorer.tables import Column, TableSpec
from flows.reports.records import STREAMS

MOST_WORDS = 12

TECHNOLOGIES = TableSpec(
    "found-technologies",
    "By name or alias",
    (
        Column("name", "Technology", "technology"),
        Column("aliases", "Other names", "list"),
        Column("track", "Track", "track"),
        Column("rank", "Place", "rank"),
        Column("work_count", "Works", "count"),
    ),
    read="found_technologies",
    rows=15,
)
TOPICS = TableSpec(
    "found-topics",
    "By label or keyword",
    (Column("label", "Topic", "topic"), Column("keywords", "Words that set it apart", "list")),
    read="found_topics",
    rows=8,
)
ACTORS = TableSpec(
    "found-actors",
    "People and organisations, by name",
    (
        Column("name", "Actor", "actor"),
        Column("roles", "Role", "list"),
        Column("works", "Works", "count"),
        Column("last_on", "Last", "day"),
    ),
    read="found_actors",
    rows=8,
)
DOCUMENTS = TableSpec(
    "found-documents",
    "By title and abstract",
    (
        Column("title", "Document", "document"),
        Column("kind", "Stream"),
        Column("source", "Source"),
        Column("available_on", "Available", "day"),
    ),
    read="found_documents",
    rows=25,
)


def parse(address: Address, view: View) -> Question:
    """The words, and a stream for the documents."""
    text, stream = address.text("q", 200), address.choice("stream", STREAMS)
    words = list(dict.fromkeys(text.lower().split()))[:MOST_WORDS]
    parameters = {"q": text} | ({"stream": stream} if stream else {})
    values = {"text": text, "words": words, "stream": stream, "as_of": view.facts.newest(None)}
    return Question(values, {name: value for name, value in parameters.items() if value}, address.page())


def show(view: View, question: Question) -> Page:
    """The form, and what was found."""
    content: dict[str, Any] = {"text": question.values["text"], "stream": question.values["stream"], "found": None}
    if question.values["words"]:
        documents = read(view, DOCUMENTS, question, paged=True)
        tables = {
            "Technologies": read(view, TECHNOLOGIES, question),
            "Topics": read(view, TOPICS, question),
            "Actors": read(view, ACTORS, question),
            "Documents": documents,
        }
        content["found"] = {heading: table for heading, table in tables.items() if table.rows}
    return Page("search.html.j2", "Search", "/search", content)


FAMILY = Family("/search", parse, show, (TECHNOLOGIES, TOPICS, ACTORS, DOCUMENTS))
