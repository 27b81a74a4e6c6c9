"""The expert target read from the corpus: lists of technologies from a file, quarter-ends judged one by one."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from flows.judging import judge_technologies
from flows.ledger import Say
from flows.settings import SettingsError
from scoring.backtest.expert import Item, Quarter
from scoring.backtest.methods import score_methods

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from nlp.taxonomy import Taxonomy
    from scoring.records import Weights

COLUMNS = ("technology", "list", "year")
ALIAS_SEPARATOR = ";"
MIDDLE = (7, 1)


def read_expert_items(path: Path) -> tuple[Item, ...]:
    """Items of a CSV with the columns technology, list, year and, if it likes, aliases (separated by semicolons).

    Rows that share a name or an alias are one item; its consensus year is that of the second list that names it. Raises
    SettingsError when a column is missing or a year is none.
    """
    from nlp.spelling import term_key

    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    missing = [column for column in COLUMNS if not rows or column not in rows[0]]
    if missing:
        raise SettingsError(f"{path.name} has no column {missing[0]}, or no row; an expert list needs {', '.join(COLUMNS)}.")
    named = [
        frozenset(
            term_key(name.strip()) for name in (row["technology"], *(row.get("aliases") or "").split(ALIAS_SEPARATOR)) if name.strip()
        )
        for row in rows
    ]
    items = []
    for members in _joined(named):
        try:
            listings = sorted((int(rows[number]["year"]), rows[number]["list"]) for number in members)
        except ValueError:
            raise SettingsError(f"{path.name} gives {rows[members[0]]['technology']!r} a year that is no number.") from None
        second = next((year for year, name in listings if name != listings[0][1]), None)
        keys = frozenset().union(*(named[number] for number in members))
        items.append(Item(rows[members[0]]["technology"], keys, date(second, *MIDDLE) if second else None))
    return tuple(items)


def describe_lists(path: Path) -> str:
    """One sentence on where the items come from: the lists, their rows and years, and how many rows say what verified them."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    counts = Counter(row["list"] for row in rows)
    years = sorted(int(row["year"]) for row in rows)
    told = ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
    verified = sum(bool((row.get("verified") or "").strip()) for row in rows)
    return (
        f"The expert lists are {path.name}: {told}; {years[0]} to {years[-1]}. {verified} of the {len(rows)} rows name what verified them."
    )


def read_quarters(
    connection: DuckDBPyConnection, first: date, last: date, taxonomy: Taxonomy, weights: Weights, seed: int, *, say: Say
) -> Iterator[Quarter]:
    """The ranked technologies at each quarter-end from `first` to `last`, each rebuilt from its own past."""
    for as_of in quarter_ends(first, last):
        verdict = judge_technologies(connection, as_of, taxonomy=taxonomy, draws=2, seed=seed)
        ranked = verdict.judgement.is_ranked
        places = np.flatnonzero(ranked).tolist()
        yield Quarter(
            as_of=as_of,
            keys=tuple(frozenset(verdict.technologies[place].term_keys) for place in places),
            ids=tuple(verdict.candidates.ids[place] for place in places),
            tracks=tuple(verdict.tracks[place][0] if verdict.tracks[place] else None for place in places),
            recent_works=verdict.judgement.recent_works[ranked].astype(np.float64),
            scores=score_methods(verdict.corpus, weights, ranked, seed=seed, split=0),
        )
        say(f"{as_of}: {len(places)} technologies ranked for the expert target")


def quarter_ends(first: date, last: date) -> list[date]:
    """Last days of the quarters that end from `first` to `last`."""
    starts = [date(year, month, 1) for year in range(first.year, last.year + 2) for month in (1, 4, 7, 10)]
    return [start - timedelta(days=1) for start in starts if first <= start - timedelta(days=1) <= last]


def _joined(named: Sequence[frozenset[str]]) -> list[list[int]]:
    """Numbers of the rows that share a key, directly or over others, in the order of their first row."""
    root = list(range(len(named)))

    def find(number: int) -> int:
        while root[number] != number:
            root[number] = root[root[number]]
            number = root[number]
        return number

    first_with: dict[str, int] = {}
    for number, keys in enumerate(named):
        for key in sorted(keys):
            one, other = sorted((find(number), find(first_with.setdefault(key, number))))
            root[other] = one
    groups: dict[int, list[int]] = defaultdict(list)
    for number in range(len(named)):
        groups[find(number)].append(number)
    return list(groups.values())
