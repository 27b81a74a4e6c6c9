"""When arXiv lets the public know (info.arxiv.org/help/availability.html). Pure.

What is submitted until 14:00 in New York is announced the same evening at 20:00, Sunday to Thursday, which is the next day UTC:
Monday to Thursday's papers a day later, Friday's on Monday, those of the weekend on Tuesday. Holidays move it further; they are not
read here.
"""

from __future__ import annotations

from datetime import date, timedelta

from crawlers.dates import DatePoint

_DAYS_UNTIL_ANNOUNCED = {0: 1, 1: 1, 2: 1, 3: 1, 4: 3, 5: 3, 6: 2}  # by the day of the week, Monday first


def announced_on(submitted_on: date) -> date:
    """Return the first day on which a paper submitted on `submitted_on` could be read by the public."""
    return submitted_on + timedelta(days=_DAYS_UNTIL_ANNOUNCED[submitted_on.weekday()])


def available_from(submitted: DatePoint | None, known_on: date | None = None) -> date | None:
    """Return `available_on` of a paper: when it was announced, or `known_on` where the record was to be had before that.

    A month or year counts from its last day. None where nothing is known of the submission.
    """
    if submitted is None or submitted.precision != "day":
        return submitted.last_on if submitted else None
    announced = announced_on(submitted.on)
    return announced if known_on is None else max(submitted.on, min(announced, known_on))
