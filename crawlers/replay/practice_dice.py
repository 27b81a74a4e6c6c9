"""Small draws from one numpy Generator: numpy draws single numbers slowly, so they are taken from drawn blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

_BLOCK = 8192
_Item = TypeVar("_Item")


class Dice:
    """Uniform draws in the order of one Generator; equal seeds give equal draws."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator
        self._block: list[float] = []

    def uniform(self) -> float:
        """A number in [0, 1)."""
        if not self._block:
            self._block = self._generator.random(_BLOCK).tolist()
        return self._block.pop()

    def chance(self, probability: float) -> bool:
        """True with `probability`."""
        return self.uniform() < probability

    def below(self, end: int) -> int:
        """An integer in [0, end)."""
        return int(self.uniform() * end)

    def between(self, low: int, high: int) -> int:
        """An integer in [low, high], both ends included."""
        return low + self.below(high - low + 1)

    def pick(self, items: Sequence[_Item]) -> _Item:
        """One of `items`."""
        return items[self.below(len(items))]

    def sample(self, items: Sequence[_Item], count: int) -> list[_Item]:
        """`count` different ones of `items` in random order; all of them when there are fewer."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]
