"""The day a page looks at: one of those a ranking is stored for."""

from __future__ import annotations

from datetime import date

from flows.explorer.address import Address, Refused
from flows.explorer.snapshots import Facts, View
from flows.reports.findings import component_name
from flows.reports.texts import say_day

# Two as-ofs nearer than this are the same week: nothing is compared with the day before yesterday.
_WEEK_DAYS = 7


def ask_as_of(address: Address, view: View, name: str = "as_of") -> date | None:
    """The stored as-of the address names, the newest without one, None when nothing was ever judged.

    Raises Refused, naming the nearest stored days, for a day that is not stored.
    """
    wanted, facts = address.day(name), view.facts
    if wanted is None:
        return facts.newest(None)
    if wanted in facts.as_ofs:
        return wanted
    raise Refused(404, f"No ranking of {say_day(wanted)} is stored", _nearest(facts, wanted, component_name(name)))


def previous_of(facts: Facts, as_of: date | None) -> date | None:
    """The newest stored as-of at least a week before `as_of`."""
    if as_of is None:
        return None
    return next((day for day in facts.as_ofs if (as_of - day).days >= _WEEK_DAYS), None)


def _nearest(facts: Facts, wanted: date, what: str) -> str:
    if not facts.as_ofs:
        return "This snapshot was never judged: it holds documents, but no ranking of any day."
    before = facts.newest(wanted)
    after = min((day for day in facts.as_ofs if day > wanted), default=None)
    stored = " and ".join(day.isoformat() for day in (before, after) if day is not None)
    return f"The nearest stored days are {stored}: choose one as {what}. `observatory rank --as-of {wanted}` computes any other past day."
