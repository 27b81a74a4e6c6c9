"""What happens in the simulated month, and when: shared by those who serve it and the flows that Prefect starts."""

from __future__ import annotations

from datetime import date, timedelta

PLAN = "MONTH_PLAN"
"""Environment variable: the file with the month's first day and its nights, beside which the flows write how they ended."""

_SUNDAY = 7


def events(first: date, nights: int) -> list[tuple[str, date]]:
    """("night" or "week", the day it stands for), in order: a night a day, and after a Sunday's night its week."""
    days = [first + timedelta(days=number) for number in range(nights)]
    return [event for day in days for event in (("night", day), ("week", day))[: 1 + (day.isoweekday() == _SUNDAY)]]
