"""Two technologies beside each other, or two days of the ranking."""

from __future__ import annotations

from typing import Any

from flows.explorer.address import Address, Refused
from flows.explorer.as_of import ask_as_of, previous_of
from flows.explorer.families import Family, Page, Question, read
from flows.explorer.pages.technology import SERIES, find_technology
from flows.explorer.pictures import RankScale, draw_series
from flows.explorer.snapshots import PACKAGE, View
from flows.explorer.tables import Column, TableSpec
from flows.reports.reads import Value, run_read
from flows.reports.records import TRACKS

PARTS = TableSpec(
    "compared-parts",
    "The parts of both scores, the largest difference first",
    (
        Column("component", "Part", "part"),
        Column("first_points", "First, points", "decimal"),
        Column("second_points", "Second, points", "decimal"),
        Column("difference", "Difference", "signed"),
        Column("first_value", "First, measured", "number"),
        Column("second_value", "Second, measured", "number"),
    ),
    read="compared_parts",
)
DAYS = TableSpec(
    "compared-days",
    "Everything ranked on one of the two days, the largest climbs first",
    (
        Column("name", "Technology", "technology"),
        Column("track", "Track", "track"),
        Column("previous_rank", "Place then", "rank"),
        Column("rank", "Place now", "rank"),
        Column("rank_change", "Places", "move"),
        Column("score_change", "Points of score", "signed"),
        Column("is_beyond_intervals", "Beyond both 80 % intervals", "yes"),
        Column("stage", "Stage", "stage_change"),
    ),
    read="compared_days",
)


def parse_two(address: Address, view: View) -> Question:
    """Two names or ids, and the day."""
    first, second = address.text("first", 200), address.text("second", 200)
    as_of = ask_as_of(address, view)
    parameters = {"first": first, "second": second}
    if as_of is not None and as_of != view.facts.newest(None):
        parameters["as_of"] = as_of.isoformat()
    ids = {
        "first": find_technology(view, first) if first and second else first,
        "second": find_technology(view, second) if first and second else second,
    }
    return Question({**ids, "as_of": as_of}, {key: text for key, text in parameters.items() if text})


def show_two(view: View, question: Question) -> Page:
    """Both side by side; the form alone until two are named."""
    as_of = question.values["as_of"]
    content: dict[str, Any] = {"given": question.parameters, "as_of": as_of, "sides": [], "parts": None, "scale": None}
    if question.values["first"] and question.values["second"]:
        sides = [_side(view, str(question.values[name]), as_of) for name in ("first", "second")]
        standings = [side["standing"] for side in sides if side["standing"]]
        content |= {
            "sides": sides,
            "parts": read(view, PARTS, question),
            "scale": RankScale(standing["rank_high"] for standing in standings),
        }
    return Page("compare.html.j2", "Compare two technologies", "/compare", content)


def _side(view: View, technology_id: str, as_of: Value) -> dict[str, Any]:
    values: dict[str, Value] = {"technology_id": technology_id, "as_of": as_of}
    standing = run_read(view.cursor, "standing", values, PACKAGE)
    parameters = {"id": technology_id}
    return {
        "technology": run_read(view.cursor, "technology", values, PACKAGE)[0],
        "standing": standing[0] if standing else None,
        "picture": draw_series(read(view, SERIES, Question(values, parameters)).rows),
    }


def parse_days(address: Address, view: View) -> Question:
    """Two stored days, the earlier first, and a track."""
    later = ask_as_of(address, view, "to")
    earlier = ask_as_of(address, view, "from") if address.day("from") else previous_of(view.facts, later)
    if earlier is not None and later is not None and earlier >= later:
        raise Refused(400, "These days are the wrong way round", f"The first day, {earlier}, must come before the second, {later}.")
    track = address.choice("track", TRACKS)
    parameters = {"from": earlier.isoformat() if earlier else "", "to": later.isoformat() if later else "", "track": track or ""}
    values = {"from_day": earlier, "to_day": later, "track": track}
    return Question(values, {name: text for name, text in parameters.items() if text}, address.page())


def show_days(view: View, question: Question) -> Page:
    """What changed between the two days."""
    content = {"table": read(view, DAYS, question, paged=True), "values": question.values}
    return Page("compare_days.html.j2", "Compare two days", "/compare", content)


TWO = Family("/compare", parse_two, show_two, (PARTS,))
BETWEEN_DAYS = Family("/compare/days", parse_days, show_days, (DAYS,))
