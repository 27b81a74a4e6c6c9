"""How long to wait before asking a server again, by what it said (RFC 9110, section 10.2.3: Retry-After) and by our own patience. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 3600.0  # a server that asks for more is left alone for this crawl
_FIRST_SECONDS = 2.0
_MOST_SECONDS = 300.0
_INTERVAL = re.compile(r"(\d{1,6})s?\Z")


def asked_wait(value: str | None, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for (0 for a date gone by), or None when it is absent or nonsense."""
    text = (value or "").strip()
    if text.isascii() and text.isdecimal() and len(text) < 12:
        return float(text)
    until = _moment(text)
    return None if until is None else max(0.0, (until - now).total_seconds())


def asked_by(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds a response asks to be left alone for, or None when it does not say; header names in lower case.

    A date is read by our clock and by the server's own (Date), and the longer wait counts. `x-rate-limit-retry-after-seconds`
    is what ppubs.uspto.gov and others send; its 0 says nothing.
    """
    said = headers.get("retry-after")
    waits = [asked_wait(said, now)]
    server_time = _moment(headers.get("date", ""))
    if server_time is not None:
        waits.append(asked_wait(said, server_time))
    waits.append(asked_wait(headers.get("x-rate-limit-retry-after-seconds"), now) or None)
    return max((wait for wait in waits if wait is not None), default=None)


def told_pace(headers: Mapping[str, str]) -> float | None:
    """Return the seconds between two requests that `x-rate-limit-limit` a `x-rate-limit-interval` stand for (Crossref), or None."""
    limit = headers.get("x-rate-limit-limit", "").partition(",")[0].strip()
    interval = _INTERVAL.match(headers.get("x-rate-limit-interval", "").partition(",")[0].strip())
    if interval is None or not (limit.isascii() and limit.isdecimal()) or int(limit[:9]) == 0:
        return None
    return min(LONGEST_SECONDS, int(interval[1]) / int(limit[:9]))


def wait_before(attempt: int, asked: float | None, fastest: float = _FIRST_SECONDS) -> float | None:
    """Return the seconds to wait before attempt number `attempt` + 1 (attempt counts from 1), or None to give up.

    The wait doubles with every attempt, up to five minutes, and is never shorter than what the server asked for. A
    server that asks for more than an hour is not waited for.
    """
    if asked is not None and asked > LONGEST_SECONDS:
        return None
    own = min(_MOST_SECONDS, fastest * 2.0 ** (attempt - 1))
    return max(own, asked or 0.0)


def _moment(text: str) -> datetime | None:
    """Read an HTTP date in any of its three forms (RFC 9110, section 5.6.7); None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
