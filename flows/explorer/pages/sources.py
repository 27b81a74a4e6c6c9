"""Where the documents come from, and the run that made the snapshot."""

from __future__ import annotations

from flows.explorer.address import Address
from flows.explorer.families import Family, Page, Question, read
from flows.explorer.snapshots import View
from flows.explorer.tables import Column, TableSpec
from flows.reports.reading import read_snapshot

SOURCES = TableSpec(
    "sources",
    "What each source gave, and how it fares",
    (
        Column("source", "Source"),
        Column("kinds", "Streams", "streams"),
        Column("document_count", "Documents", "count"),
        Column("capture_count", "Responses", "count"),
        Column("reject_count", "Rejects", "count"),
        Column("first_on", "From", "day"),
        Column("last_on", "To", "day"),
        Column("health", "Health"),
        Column("last_problems", "Problems last time", "list"),
    ),
    rows=200,
)
RUNS = TableSpec(
    "runs",
    "Runs, the newest first",
    (
        Column("run_id", "Run", "code"),
        Column("flow", "Flow"),
        Column("logical_on", "Stands for", "day"),
        Column("state", "State"),
        Column("started_at", "Started", "moment"),
        Column("finished_at", "Ended", "moment"),
        Column("note", "Note", "sentence"),
    ),
    rows=20,
)
STAGES = TableSpec(
    "run-stages",
    "Stages of the run that made this snapshot",
    (
        Column("stage", "Stage"),
        Column("state", "State"),
        Column("row_count", "Rows", "count"),
        Column("seconds", "Seconds", "decimal"),
        Column("note", "Note", "sentence"),
    ),
    read="run_stages",
)
CHECKS = TableSpec(
    "checks",
    "Checks on the data of that run, failed ones first",
    (
        Column("check_name", "Check", "part"),
        Column("severity", "If it fails"),
        Column("failed_count", "Failed rows", "count"),
        Column("sample", "Example", "sentence"),
    ),
    rows=100,
)
REJECTS = TableSpec(
    "rejects",
    "Records that could not be read, by reason",
    (
        Column("source", "Source"),
        Column("reason", "Reason", "part"),
        Column("records", "Records", "count"),
        Column("example", "Example", "sentence"),
        Column("last_at", "Last", "moment"),
    ),
    rows=100,
)


def parse(address: Address, view: View) -> Question:
    """Nothing to ask."""
    del view
    return Question({}, {}, address.page())


def show(view: View, question: Question) -> Page:
    """Sources, rejects, runs, stages, checks."""
    specs = {"sources": SOURCES, "rejects": REJECTS, "stages": STAGES, "checks": CHECKS}
    content = {name: read(view, spec, question) for name, spec in specs.items()}
    runs = read(view, RUNS, question, paged=True)
    return Page("sources.html.j2", "Sources and runs", "/sources", {**content, "runs": runs, "made_with": read_snapshot(view.cursor).facts})


FAMILY = Family("/sources", parse, show, (SOURCES, REJECTS, RUNS, STAGES, CHECKS))
