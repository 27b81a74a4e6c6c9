"""One person or organisation: what it stands behind, and with whom."""

from __future__ import annotations

from flows.explorer.address import Address, Refused
from flows.explorer.families import Family, Page, Question, read
from flows.explorer.snapshots import PACKAGE, View
from flows.explorer.tables import Column, TableSpec
from flows.reports.reads import run_read

TECHNOLOGIES = TableSpec(
    "actor-technologies",
    "Technologies that its documents name",
    (
        Column("name", "Technology", "technology"),
        Column("track", "Track", "track"),
        Column("rank", "Place", "rank"),
        Column("works", "Works", "count"),
        Column("first_on", "First", "day"),
        Column("last_on", "Last", "day"),
    ),
    read="actor_technologies",
    rows=20,
)
PARTNERS = TableSpec(
    "actor-partners",
    "Who stands in the same works",
    (
        Column("name", "Actor", "actor"),
        Column("roles", "Role", "list"),
        Column("works", "Works", "count"),
        Column("last_on", "Last", "day"),
    ),
    read="actor_partners",
    rows=12,
)
DOCUMENTS = TableSpec(
    "actor-documents",
    "Its documents, the newest first",
    (
        Column("title", "Document", "document"),
        Column("roles", "Role", "list"),
        Column("kind", "Stream"),
        Column("source", "Source"),
        Column("available_on", "Available", "day"),
    ),
    read="actor_documents",
    rows=25,
)


def parse(address: Address, view: View) -> Question:
    """The key of the actor: its name in the form in which equal names are one."""
    key = address.text("key", 300)
    if not key:
        raise Refused(400, "Which actor?", "The address needs the key of a person or an organisation: search for a name.")
    return Question({"name_key": key, "as_of": view.facts.newest(None)}, {"key": key}, address.page())


def show(view: View, question: Question) -> Page:
    """The page of one actor."""
    rows = run_read(view.cursor, "actor", question.values, PACKAGE)
    if not rows:
        raise Refused(404, "No such actor", "No live document in this snapshot names a person or an organisation with this key.")
    content = {
        "actor": rows[0],
        "technologies": read(view, TECHNOLOGIES, question),
        "partners": read(view, PARTNERS, question),
        "documents": read(view, DOCUMENTS, question, paged=True),
    }
    return Page("actor.html.j2", rows[0]["name"], "/search", content)


FAMILY = Family("/actor", parse, show, (TECHNOLOGIES, PARTNERS, DOCUMENTS))
