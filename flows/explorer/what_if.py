"""What would change a rank: each part of a score against the scores of the others. Pure arithmetic on one day's ranking.

A score is the sum of its parts, and a part is its weight times the share of the cohort that the technology stands above
(`scoring/emergence.py`). So a part gives its weight at most, half of it in the middle of the cohort, and nothing at the end.
Everything else is held still: a real change of one technology moves the others a little, which is left out and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Scores nearer than this are equal: they were summed in different orders.
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part: its points, the most it can give, and the place if it stood first, in the middle or last of the cohort."""

    component: str
    points: float
    ceiling: float
    place_first: int
    place_middle: int
    place_last: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A technology near in rank, and how many points of score lie between (above 0: it is ahead)."""

    technology_id: str
    name: str
    rank: int
    ahead_by: float


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`to_climb` points lead past the place above, a loss of `to_fall` costs the place; None where there is none above or below."""

    parts: tuple[PartChange, ...]
    neighbours: tuple[Neighbour, ...]
    to_climb: float | None
    to_fall: float | None


def change_parts(
    technology_id: str, parts: Sequence[tuple[str, float, float]], cohort: Sequence[tuple[str, str, int, float]], near: int = 3
) -> WhatIf | None:
    """Move each part alone through its range; None when the technology is not in `cohort`.

    `parts` are (component, points, cohort rank 0 to 1) of the technology; `cohort` is (id, name, rank, score) of all ranked
    technologies, best first. A part without points cannot move the score and is left out.
    """
    place = next((index for index, entry in enumerate(cohort) if entry[0] == technology_id), None)
    if place is None:
        return None
    score = cohort[place][3]
    others = [entry[3] for index, entry in enumerate(cohort) if index != place]

    def place_at(new_score: float) -> int:
        return 1 + sum(other > new_score + _SAME for other in others)

    moved = []
    for component, own, cohort_rank in sorted(parts, key=lambda part: (-part[1], part[0])):
        if own <= 0 or cohort_rank <= 0:
            continue
        ceiling, rest = own / cohort_rank, score - own
        moved.append(PartChange(component, own, ceiling, place_at(rest + ceiling), place_at(rest + ceiling / 2), place_at(rest)))
    window = cohort[max(place - near, 0) : place + near + 1]
    neighbours = tuple(Neighbour(key, name, rank, other - score) for key, name, rank, other in window if key != technology_id)
    above = min((other - score for other in others if other > score + _SAME), default=None)
    below = min((score - other for other in others if other <= score + _SAME), default=None)
    return WhatIf(tuple(moved), neighbours, above, below)
