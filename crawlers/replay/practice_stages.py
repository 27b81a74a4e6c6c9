"""Maturity wording: which technologies speak of laboratory, pilot line, serial production or decline, and how often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from crawlers.replay.practice_dice import Dice
from crawlers.replay.practice_timeline import Plan

_WORDING = {
    "emerging": ("laboratory", 0.22),
    "early industrialisation": ("pilot", 0.45),
    "mature": ("production", 0.35),
    "fading": ("decline", 0.35),
    "one-organisation": ("laboratory", 0.20),
}


class StageWording:
    """Chooses the wording of each document.

    Background documents fill up what planted ones leave, so that the wording itself is equally frequent in every quarter:
    otherwise "laboratory prototype" would rise with the technologies that are in the laboratory.
    """

    def __init__(self, plans: Iterable[Plan]) -> None:
        planted: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        background: Counter[int] = Counter()
        for plan in plans:
            if not plan.technologies:
                background[plan.quarter] += 1
            elif plan.technologies[0].kind in _WORDING:
                name, share = _WORDING[plan.technologies[0].kind]
                planted[name][plan.quarter] += share
        self._ordinary = {
            quarter: [(name, (max(counts.values()) - counts[quarter]) / count) for name, counts in sorted(planted.items())]
            for quarter, count in background.items()
        }

    def draw(self, plan: Plan, dice: Dice) -> str | None:
        """The name of the wording for one document, or None for none."""
        if plan.technologies:
            name, share = _WORDING.get(plan.technologies[0].kind, ("", 0.0))
            return name if dice.chance(share) else None
        drawn = dice.uniform()
        for name, share in self._ordinary[plan.quarter]:
            if drawn < share:
                return name
            drawn -= share
        return None
