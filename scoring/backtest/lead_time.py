"""How early a watchlist named what experts agreed on later, and how often it named what they never did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CONSECUTIVE = 2


@dataclass(frozen=True, slots=True)
class Lead:
    """One expert item. Times in years from its consensus, before it negative: the watch ran from `begun` to `ended`, and `found`
    is when the item came on the list, None when it never did."""

    name: str
    begun: float
    ended: float
    found: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """Share of items found by each time (years from the consensus), from the product-limit estimate."""

    years: tuple[float, ...]
    found: tuple[float, ...]


def first_alarm(on_list: Sequence[bool]) -> int | None:
    """Place of the first of two consecutive quarters on the watchlist, None without one."""
    for place in range(len(on_list) - CONSECUTIVE + 1):
        if all(on_list[place : place + CONSECUTIVE]):
            return place
    return None


def trace_finding(leads: Sequence[Lead]) -> Curve:
    """Kaplan and Meier's product-limit estimate (JASA 1958) with late entry: an item is at risk from the begin of its watch, and
    censored at its end when it was never found."""
    moments = sorted({lead.found for lead in leads if lead.found is not None})
    share, years, found = 1.0, [], []
    for moment in moments:
        ends = [(lead.begun, lead.ended if lead.found is None else lead.found, lead.found) for lead in leads]
        at_risk = sum(begun <= moment <= end for begun, end, _ in ends)
        share *= 1 - sum(hit == moment for _, _, hit in ends) / at_risk
        years.append(moment)
        found.append(1 - share)
    return Curve(tuple(years), tuple(found))


def median_lead(leads: Sequence[Lead]) -> float | None:
    """Median of the years from the alarm to the consensus of those found before or after it; None where none was."""
    found = [-lead.found for lead in leads if lead.found is not None]
    return float(np.median(found)) if found else None
