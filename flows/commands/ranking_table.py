"""A ranking as a person reads it: intervals beside what they belong to, names whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flows.commands.door import show

RANKS, SCORES = "80 %", "80 % "
"""Headings of the two intervals, each beside what it belongs to; the blank tells them apart."""
COLUMNS = ("rank", RANKS, "name", "track", "stage", "score", SCORES, "works", "streams")
WIDTHS = {"name": 22, "track": 13, "stage": 17, "streams": 7}
"""The longest word of each, so that a narrow terminal breaks between words."""


def show_ranking(rows: Sequence[Mapping[str, Any]], *, title: str | None, as_json: bool = False) -> None:
    """Print rows of marts.emergence, or of its form for topics, in order of rank; as JSON with all their columns."""
    if as_json:
        show(rows, (), as_json=True)
        return
    show([_readable(row) for row in rows], COLUMNS, title=title, widths=WIDTHS)


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        RANKS: _interval(row["rank_low"], row["rank_high"], ".0f"),
        SCORES: _interval(row["score_low"], row["score_high"], ".1f"),
    }


def _interval(low: float | None, high: float | None, form: str) -> str | None:
    return None if low is None or high is None else f"{low:{form}}-{high:{form}}"
