"""What changed between two judgements, in the terms that make up the score."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scoring.records import Change, Judgement

MENTIONED_POINTS = 0.05  # a part that moved less is not worth a word


@dataclass(frozen=True, slots=True)
class _Standing:
    rank: int | None
    score: float
    points: dict[str, float]
    reason: str


def compare(before: Judgement, after: Judgement) -> tuple[Change, ...]:
    """Changes of every candidate ranked in either judgement: by rank now, then those that are gone by their former
    rank."""
    was, now = _standings(before), _standings(after)
    changes = [
        _change(candidate, was.get(candidate), now.get(candidate))
        for candidate in was.keys() | now.keys()
        if _rank(was.get(candidate)) is not None or _rank(now.get(candidate)) is not None
    ]
    last = len(was) + len(now)
    return tuple(sorted(changes, key=lambda change: (change.rank_after or last, change.rank_before or last, change.candidate_id)))


def _standings(judgement: Judgement) -> dict[str, _Standing]:
    return {
        candidate: _Standing(
            rank=None if math.isnan(judgement.rank[index]) else int(judgement.rank[index]),
            score=float(judgement.score[index]),
            points={component.name: float(component.points[index]) for component in judgement.components},
            reason=judgement.reason[index],
        )
        for index, candidate in enumerate(judgement.candidate_ids)
    }


def _rank(standing: _Standing | None) -> int | None:
    return standing.rank if standing else None


def _change(candidate: str, was: _Standing | None, now: _Standing | None) -> Change:
    before, after = _rank(was), _rank(now)
    if was is None or now is None or before is None or after is None:
        if after is not None:
            return Change(candidate, "new", None, after, None, (), f"is ranked for the first time, at {after}")
        reason = now.reason if now else "no longer a candidate"
        return Change(candidate, "gone", before, None, None, (), f"left the ranking, where it stood at {before}: {reason}")
    moved = {name: now.points.get(name, 0.0) - was.points.get(name, 0.0) for name in was.points.keys() | now.points.keys()}
    parts = tuple(sorted(moved.items(), key=lambda part: (-abs(part[1]), part[0])))
    kind: Literal["up", "down", "same"] = "up" if after < before else "down" if after > before else "same"
    return Change(
        candidate,
        kind,
        before,
        after,
        now.score - was.score,
        parts,
        _sentence(before, after, now.score - was.score, parts),
    )


def _sentence(before: int, after: int, score_change: float, parts: tuple[tuple[str, float], ...]) -> str:
    move = f"stayed at {after}" if after == before else f"{'rose' if after < before else 'fell'} from {before} to {after}"
    named = ", ".join(f"{name.replace('_', ' ')} {points:+.1f}" for name, points in parts if abs(points) >= MENTIONED_POINTS)
    return f"{move}: score {score_change:+.1f}" + (f" ({named})" if named else ", no part of it moved")
