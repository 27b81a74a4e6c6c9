"""What to ask EPO OPS for, and how fast: searches small enough to be read to their end, and the traffic light. Pure.

Sources: OPS RESTful Services reference guide 3.2 (CQL, Range, fair use); forums.epo.org threads 2931 (10 terms an index,
20 a query), 8114 (2,000 results a query), 6299 (`cl` = IPC or CPC).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

PAGE = 100  # publications a call, the most OPS gives
REACHABLE = 2000  # results of one query that can be paged to
_SECTIONS = "ABCDEFGH"  # of the IPC; what has no IPC code, designs say, is the remainder
_REMAINDER = "-"
_SLOWER = {"green": 1.0, "yellow": 2.0, "red": 4.0}  # times the spacing that the stated limit asks for
_BLACK_SECONDS = 60.0  # limits are counted over a minute
_LIGHT = re.compile(r"\b([a-z]+)=([a-z]+):(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Search:
    """One query over days of publication, both included; `section` narrows it to a section of the IPC or to the remainder."""

    query: str
    from_on: date
    to_on: date
    section: str = ""

    @property
    def cql(self) -> str:
        """The query in OPS's language. Ten terms an index and twenty in all are allowed, so a query may have up to ten."""
        said = f'({self.query}) and pd within "{self.from_on:%Y%m%d} {self.to_on:%Y%m%d}"'
        if self.section == _REMAINDER:
            return f"({said}) not ({' or '.join(f'ic={one}' for one in _SECTIONS)})"
        return f"{said} and ic={self.section}" if self.section else said

    def parts(self) -> tuple[Search, ...]:
        """Return smaller searches that find the same together: halves of the days, then the sections; () for the smallest.

        A publication of several sections is found in each of them.
        """
        days = (self.to_on - self.from_on).days
        if days:
            middle = self.from_on + timedelta(days=days // 2)
            return replace(self, to_on=middle), replace(self, from_on=middle + timedelta(days=1))
        return () if self.section else tuple(replace(self, section=one) for one in (*_SECTIONS, _REMAINDER))


def spacing_seconds(throttling: str, retry_after: str, service: str = "search") -> float:
    """Return the seconds to wait before the next request to a service, by X-Throttling-Control; 0 where it says nothing.

    `busy (search=yellow:15, ...)` states a colour and a number of requests a minute. Black is a service that is closed:
    then Retry-After counts milliseconds, unlike anywhere else.
    """
    lights = {name: (colour, int(limit)) for name, colour, limit in _LIGHT.findall(throttling.lower())}
    if service not in lights:
        return 0.0
    colour, limit = lights[service]
    if colour not in _SLOWER or limit == 0:
        asked = int(retry_after) / 1000 if retry_after.isascii() and retry_after.isdecimal() and len(retry_after) < 12 else 0.0
        return max(asked, _BLACK_SECONDS)
    return _SLOWER[colour] * 60.0 / limit
