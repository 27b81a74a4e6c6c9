"""The words of the pages, and the dictionary of the tables behind them."""

from __future__ import annotations

from flows.explorer.address import Address
from flows.explorer.families import Family, Page, Question, read
from flows.explorer.snapshots import View
from flows.explorer.tables import Column, TableSpec

DICTIONARY = TableSpec(
    "dictionary",
    "Every table and column that analysts may rely on",
    (
        Column("relation", "Table", "code"),
        Column("column_name", "Column", "code"),
        Column("data_type", "Type", "code"),
        Column("meaning", "Meaning", "sentence"),
    ),
    rows=1000,
)
WORDS = (
    ("actor", "A person or an organisation that a document names. Equal names are taken for one actor."),
    ("alert", "An event worth a look, such as a jump over many places or one organisation behind most recent works."),
    (
        "as-of",
        "The day a ranking is made for. Only what the public could know on that day counts, so later documents change no earlier ranking.",
    ),
    (
        "available on",
        "The first day the public could know a document. It decides what counts; publication dates are shown, and decide nothing.",
    ),
    (
        "cohort",
        "The ranked technologies that are compared with each other. A part of a score says which share of them a technology stands above.",
    ),
    ("document", "One record of one source: a paper, a patent, a news item or a grant. It may have several versions."),
    ("evidence", "The documents that name a technology, strongest first: in the title, then most mentions, then newest."),
    ("code growth", "How the classification codes of a technology's recent works grew, compared with its streams. One sixth of the score."),
    (
        "field momentum",
        "How many newcomers publish in the field around a technology: the share of first-time authors among the terms it is named with.",
    ),
    (
        "freshness",
        "How much of a technology was written in the last months, at a half-life of half a year: one team counts once, and few works "
        "count little. Five sixths of the score.",
    ),
    (
        "interval",
        "Where the place or the score falls in 80 of 100 redraws of the documents. Overlapping intervals give no order.",
    ),
    ("points", "What one part adds to the score, of 100. The parts add up to the score."),
    (
        "score",
        "The emergence score, 0 to 100: what its parts add up to. It is no forecast of market success.",
    ),
    ("snapshot", "The published file all pages are read from. It never changes; a new one takes its place. Cite its id."),
    (
        "stage",
        "Incubation, early industrialisation, scaling, mature or declining: estimated from streams, trend and words of maturity.",
    ),
    ("stream", "Paper, patent, news or grant."),
    ("technology", "A concept with one name and its aliases, found in the texts first and matched to policy names afterwards."),
    ("topic", "The neighbourhood of similar documents a technology lives in. Its id never changes its meaning."),
    (
        "track",
        "One of six: manufacturing, information, materials, energy, space, health. A technology has those of a quarter of its documents.",
    ),
    ("vitality", "How young the works of a technology are, compared with all works of their streams."),
    (
        "weak signal",
        "A technology with too little evidence for a place, listed apart so that it is seen. What only the news speaks of is always one.",
    ),
    (
        "work",
        "All documents that are one thing: a patent family, a preprint with its journal version, a story with its reprints. Counts once.",
    ),
)


def parse(address: Address, view: View) -> Question:
    """Nothing to ask."""
    del address, view
    return Question({}, {})


def show(view: View, question: Question) -> Page:
    """Words first, then every table with its columns."""
    relations: dict[str, list[dict[str, object]]] = {}
    table = read(view, DICTIONARY, question)
    for row in table.rows:
        relations.setdefault(row["relation"], []).append(row)
    return Page("glossary.html.j2", "Glossary", "/glossary", {"words": WORDS, "table": table, "relations": relations})


FAMILY = Family("/glossary", parse, show, (DICTIONARY,))
