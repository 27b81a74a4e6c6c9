"""What arXiv's own schedule says: nothing is public on the day it is submitted."""

from __future__ import annotations

from datetime import date

import pytest

from crawlers.dates import read_date
from crawlers.parsers.arxiv_days import announced_on, available_from

MONDAY = date(2024, 4, 1)


@pytest.mark.parametrize(
    ("submitted", "announced"),
    [(1, 2), (2, 3), (3, 4), (4, 5), (5, 8), (6, 9), (7, 9)],
    ids=["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
)
def test_a_paper_is_announced_with_the_next_mailing(submitted: int, announced: int) -> None:
    assert MONDAY.weekday() == 0
    assert announced_on(MONDAY.replace(day=submitted)) == MONDAY.replace(day=announced)


def test_a_record_that_was_touched_before_was_public_by_then() -> None:
    assert available_from(read_date("2024-04-05"), date(2024, 4, 7)) == date(2024, 4, 7)
    assert available_from(read_date("2024-04-05"), date(2025, 1, 1)) == date(2024, 4, 8)
    assert available_from(read_date("2024-04-05"), date(2024, 4, 1)) == date(2024, 4, 5), "never before it was submitted"


def test_a_month_counts_from_its_end() -> None:
    assert available_from(read_date("2007-03")) == date(2007, 3, 31)
    assert available_from(None) is None
