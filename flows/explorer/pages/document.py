"""One document: what it says, what was read in it, what it belongs to."""

from __future__ import annotations

from flows.explorer.address import Address, Refused
from flows.explorer.families import Family, Page, Question, read
from flows.explorer.snapshots import PACKAGE, View
from flows.explorer.tables import Column, TableSpec
from flows.reports.reads import run_read
from flows.reports.texts import clean_text

TECHNOLOGIES = TableSpec(
    "document-technologies",
    "Technologies it names",
    (
        Column("name", "Technology", "technology"),
        Column("track", "Track", "track"),
        Column("rank", "Place", "rank"),
        Column("is_in_title", "In the title", "yes"),
        Column("mention_count", "Named", "count"),
    ),
    read="document_technologies",
)
ACTORS = TableSpec(
    "document-actors",
    "Who it names",
    (Column("name", "Actor", "actor"), Column("role", "Role"), Column("country", "Country")),
    read="document_actors",
)
WORK = TableSpec(
    "document-work",
    "Documents of the same work: they count once",
    (
        Column("title", "Document", "document"),
        Column("kind", "Stream"),
        Column("source", "Source"),
        Column("available_on", "Available", "day"),
        Column("reason", "Put together by"),
    ),
    read="document_work",
)
VERSIONS = TableSpec(
    "document-versions",
    "Versions held, the newest first",
    (
        Column("available_on", "Counts from", "day"),
        Column("superseded_on", "Until", "day"),
        Column("state", "State"),
        Column("title", "Title", "sentence"),
        Column("fetched_at", "Received", "moment"),
    ),
    read="document_versions",
)


def parse(address: Address, view: View) -> Question:
    """The document's id."""
    document_id = address.text("id", 1000)
    if not document_id:
        raise Refused(400, "Which document?", "The address needs the id of a document: search for words of its title.")
    return Question({"document_id": document_id, "as_of": view.facts.newest(None)}, {"id": document_id})


def show(view: View, question: Question) -> Page:
    """The page of one document."""
    rows = run_read(view.cursor, "document", question.values, PACKAGE)
    if not rows:
        raise Refused(404, "No such document", "No document with this id is in the snapshot.")
    content = {
        "document": rows[0],
        "technologies": read(view, TECHNOLOGIES, question),
        "actors": read(view, ACTORS, question),
        "work": read(view, WORK, question),
        "versions": read(view, VERSIONS, question),
    }
    return Page("document.html.j2", clean_text(rows[0]["title"]) or "(no title)", "/search", content)


FAMILY = Family("/document", parse, show, (TECHNOLOGIES, ACTORS, WORK, VERSIONS))
