"""The ranking of a day, with its filters."""

from __future__ import annotations

from flows.explorer.address import Address
from flows.explorer.as_of import ask_as_of, previous_of
from flows.explorer.families import Family, Page, Question, read
from flows.explorer.pictures import RankScale
from flows.explorer.snapshots import View
from flows.explorer.tables import Column, TableSpec
from flows.reports.records import STAGES, STREAMS, TRACKS

LISTS = ("ranked", "weak signals", "unranked")
SORTS = ("place", "climbed", "recent works", "name")
RANKED = (
    Column("rank", "Place", "place"),
    Column("name", "Technology", "technology"),
    Column("rank_low", "Place, 80 % interval", "interval"),
    Column("score", "Score (80 %)", "score"),
    Column("stage", "Stage", "stage"),
    Column("recent_works", "Works (recent)", "works"),
    Column("streams", "Streams", "streams"),
    Column("rank_change", "Change", "move"),
)
UNRANKED = (
    Column("name", "Technology", "technology"),
    Column("reason", "Why it has no place", "sentence"),
    Column("stage", "Stage", "stage"),
    Column("recent_works", "Works (recent)", "works"),
    Column("streams", "Streams", "streams"),
)
RANKING = TableSpec("ranking", "Technologies", RANKED)


def parse(address: Address, view: View) -> Question:
    """Track, stage, stream, list, words in the name, order, day."""
    as_of = ask_as_of(address, view)
    filters = {
        "list": address.choice("list", LISTS) or LISTS[0],
        "track": address.choice("track", TRACKS),
        "stage": address.choice("stage", STAGES),
        "stream": address.choice("stream", STREAMS),
        "words": address.text("words", 100),
        "sort": address.choice("sort", SORTS) or SORTS[0],
    }
    given = {name: value for name, value in filters.items() if value not in (None, "", LISTS[0], SORTS[0])}
    if as_of is not None and as_of != view.facts.newest(None):
        given["as_of"] = as_of.isoformat()
    values = {**filters, "as_of": as_of, "previous": previous_of(view.facts, as_of)}
    return Question(values, {name: str(value) for name, value in given.items()}, address.page())


def show(view: View, question: Question) -> Page:
    """The table of the page asked for, under its filters."""
    table = read(view, RANKING, question, paged=True)
    is_ranked = question.values["list"] == LISTS[0]
    return Page(
        "ranking.html.j2",
        "Ranking" if is_ranked else str(question.values["list"]).capitalize(),
        "/ranking",
        {
            "table": table,
            "columns": RANKED if is_ranked else UNRANKED,
            "scale": RankScale(row["rank_high"] for row in table.rows),
            "chosen": question.values,
            "lists": LISTS,
            "sorts": SORTS,
        },
    )


FAMILY = Family("/ranking", parse, show, (RANKING,))
