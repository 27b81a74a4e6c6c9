"""The expert target: did the watchlists of a track name what several independent lists agreed on later?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from scoring.backtest.lead_time import Curve, Lead, first_alarm, median_lead, trace_finding
from scoring.backtest.methods import METHODS, VITALITY
from scoring.backtest.pooling import order_of
from scoring.backtest.records import Row
from scoring.backtest.resampling import draw_counts, interval_of, resample_mean
from scoring.periods import DAYS_IN_YEAR
from scoring.records import Floats

LIST_LENGTH = 20
CONTROL_YEARS = 2  # controls are matched so long before the consensus
CONTROLS = 5
CONTROL_RATIO = 1.5  # a control has between 1/1.5 and 1.5 times the recent works
TARGET = "expert"


@dataclass(frozen=True, slots=True)
class Item:
    """One technology of the experts. `consensus_on` is the middle of the year of its second independent listing, None without."""

    name: str
    keys: frozenset[str]
    consensus_on: date | None


@dataclass(frozen=True, slots=True)
class Quarter:
    """The ranked technologies at one quarter-end, n of them: the term keys of each, its track, its recent works, its scores (M, n)."""

    as_of: date
    keys: tuple[frozenset[str], ...]
    ids: tuple[str, ...]
    tracks: tuple[str | None, ...]
    recent_works: Floats
    scores: Floats


@dataclass(frozen=True, slots=True)
class Finding:
    """What one method's watchlists found. `false_alarms` = technologies that came on a list and stand on none of the experts',
    per year of watch."""

    method: str
    leads: tuple[Lead, ...]
    curve: Curve
    false_alarms: float


def watch(quarters: Sequence[Quarter], items: Sequence[Item]) -> tuple[Finding, ...]:
    """Lead times and false alarms of every method. Items count when their consensus falls within the watch (or after it) and one
    of their names was ranked at some quarter; the rest is out of reach of these documents."""
    begun, ended = quarters[0].as_of, quarters[-1].as_of
    reachable = [item for item in items if item.consensus_on is not None and item.consensus_on >= begun and _is_known(item, quarters)]
    listed = frozenset().union(*(item.keys for item in items))
    findings = []
    for row, method in enumerate(METHODS):
        lists = [_watchlist(quarter, row) for quarter in quarters]
        leads = []
        for item in reachable:
            alarm = first_alarm([_names(item, quarter, places) for quarter, places in zip(quarters, lists, strict=True)])
            consensus = item.consensus_on or begun
            found = None if alarm is None else _years(consensus, quarters[alarm].as_of)
            leads.append(Lead(item.name, _years(consensus, begun), _years(consensus, ended), found))
        false = _count_false(quarters, lists, listed) / max(_years(begun, ended), 0.25)
        findings.append(Finding(method, tuple(leads), trace_finding(leads), false))
    return tuple(findings)


def compare_with_controls(quarters: Sequence[Quarter], items: Sequence[Item]) -> Mapping[str, Floats]:
    """By method, for each item that had controls two years before its consensus, the share of up to five controls (same track,
    about as many recent works, on no list) that score below it; equal scores count half."""
    listed = frozenset().union(*(item.keys for item in items))
    shares: dict[str, list[float]] = {method: [] for method in METHODS}
    for item in items:
        quarter = _before_consensus(item, quarters)
        own = [place for place, keys in enumerate(quarter.keys) if keys & item.keys] if quarter else []
        if quarter is None or not own:
            continue
        place = own[0]
        controls = _controls(quarter, place, listed)
        if not controls:
            continue
        filled = np.where(np.isnan(quarter.scores), -np.inf, quarter.scores)
        for row, method in enumerate(METHODS):
            below, equal = filled[row, controls] < filled[row, place], filled[row, controls] == filled[row, place]
            shares[method].append(float((below + 0.5 * equal).mean()))
    return {method: np.array(values) for method, values in shares.items()}


def make_rows(
    findings: Sequence[Finding], compared: Mapping[str, Floats], *, corpus: str, stream: str, level: str, draws: int, seed: int
) -> list[Row]:
    """Rows of the expert target: matched precision, share found, median lead, false alarms a year, at 20 entries a track."""
    rows: list[Row] = []

    def add(method: str, metric: str, drawn: Floats, base: Floats | None) -> None:
        low, high = interval_of(drawn)
        difference = None if base is None or method == VITALITY else drawn - base
        diff_low, diff_high = (None, None) if difference is None else interval_of(difference)
        point = None if difference is None else float(difference[0])
        rows.append(
            Row(corpus, stream, TARGET, method, metric, LIST_LENGTH, float(drawn[0]), low, high, point, diff_low, diff_high, level, ())
        )

    found = {one.method: np.array([float(lead.found is not None) for lead in one.leads]) for one in findings}
    for metric, values in (("matched_precision", compared), ("found_share", found)):
        if len(values.get(VITALITY, ())):
            counts = draw_counts([f"case {number}" for number in range(len(values[VITALITY]))], draws, seed)
            base = resample_mean(values[VITALITY], counts)
            for method in METHODS:
                add(method, metric, resample_mean(values[method], counts), base)
    for one in findings:
        lead = median_lead(one.leads)
        if lead is not None:
            add(one.method, "median_lead_years", np.array([lead]), None)
        add(one.method, "false_alarms_per_year", np.array([one.false_alarms]), None)
    return rows


def _watchlist(quarter: Quarter, row: int) -> frozenset[int]:
    """Places of the first 20 of each track; what bears no track, or is barred by the method's gate, is on no list."""
    order = order_of(quarter.scores[row], np.arange(len(quarter.ids), dtype=np.float64))
    taken: dict[str, list[int]] = {}
    for place in order.tolist():
        track = quarter.tracks[place]
        if track is not None and not np.isnan(quarter.scores[row, place]):
            taken.setdefault(track, []).append(place)
    return frozenset(place for places in taken.values() for place in places[:LIST_LENGTH])


def _names(item: Item, quarter: Quarter, places: frozenset[int]) -> bool:
    return any(quarter.keys[place] & item.keys for place in places)


def _is_known(item: Item, quarters: Sequence[Quarter]) -> bool:
    return any(keys & item.keys for quarter in quarters for keys in quarter.keys)


def _count_false(quarters: Sequence[Quarter], lists: Sequence[frozenset[int]], listed: frozenset[str]) -> int:
    on_list: dict[str, list[bool]] = {}
    for number, (quarter, places) in enumerate(zip(quarters, lists, strict=True)):
        for place in places:
            if not quarter.keys[place] & listed:
                on_list.setdefault(quarter.ids[place], [False] * len(quarters))[number] = True
    return sum(first_alarm(flags) is not None for flags in on_list.values())


def _before_consensus(item: Item, quarters: Sequence[Quarter]) -> Quarter | None:
    if item.consensus_on is None:
        return None
    due = [quarter for quarter in quarters if _years(quarter.as_of, item.consensus_on) >= CONTROL_YEARS]
    return due[-1] if due else None


def _controls(quarter: Quarter, place: int, listed: frozenset[str]) -> list[int]:
    works = quarter.recent_works
    near = [
        other
        for other in range(len(quarter.ids))
        if quarter.tracks[other] == quarter.tracks[place]
        and not quarter.keys[other] & listed
        and works[place] / CONTROL_RATIO <= works[other] <= works[place] * CONTROL_RATIO
    ]
    return sorted(near, key=lambda other: (abs(works[other] - works[place]), quarter.ids[other]))[:CONTROLS]


def _years(start: date, end: date) -> float:
    return (end - start).days / DAYS_IN_YEAR
