"""Which version of each document an archive shows on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crawlers.replay.corpus import Record


@dataclass(frozen=True, slots=True)
class Shown:
    """A record as it stands in a listing: its key in the archive and the day this version became public."""

    on: date
    key: str
    record: Record


class Versions:
    """Records by key and day. Only dated records belong here; `today` decides which version is the current one."""

    def __init__(self, keyed: Iterable[tuple[str, Record]]) -> None:
        """Raises ValueError when a record has no day, or two versions of one document share a day."""
        history: dict[str, dict[date, Record]] = defaultdict(dict)
        for key, record in keyed:
            day = record.served_on
            if day is None:
                raise ValueError(f"{record.id!r} has no date, and this archive lists by date.")
            if day in history[key]:
                raise ValueError(f"{record.id!r} stands twice on {day}: two versions need two days.")
            history[key][day] = record
        self._history = {key: sorted(days.items()) for key, days in history.items()}
        self.earliest = min((days[0][0] for days in self._history.values()), default=None)
        self._today: date | None = None
        self._shown: tuple[Shown, ...] = ()

    def shown(self, today: date) -> tuple[Shown, ...]:
        """The current version of every document public by `today`, sorted by (day, key)."""
        if today != self._today:
            found = []
            for key, days in self._history.items():
                place = bisect_right(days, today, key=lambda version: version[0])
                if place:
                    found.append(Shown(days[place - 1][0], key, days[place - 1][1]))
            self._shown = tuple(sorted(found, key=lambda shown: (shown.on, shown.key)))
            self._today = today
        return self._shown
