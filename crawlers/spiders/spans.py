"""Spans that are cut in two when they hold more than a source gives for one question."""

from __future__ import annotations

from datetime import date


def halves(first: int, last: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the two halves of a span of whole numbers, both ends included. Raises ValueError for a span of one."""
    if first >= last:
        raise ValueError(f"The span from {first} to {last} cannot be cut.")
    middle = (first + last) // 2
    return (first, middle), (middle + 1, last)


def halves_of_days(first: date, last: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """Return the two halves of a span of days, both ends included. Raises ValueError for a single day."""
    earlier, later = halves(first.toordinal(), last.toordinal())
    return (date.fromordinal(earlier[0]), date.fromordinal(earlier[1])), (date.fromordinal(later[0]), date.fromordinal(later[1]))
