"""How long to wait before asking a server again (RFC 9110, section 10.2.3: Retry-After). Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 3600.0  # a server that asks for more is left alone for this crawl
_FIRST_SECONDS = 2.0
_MOST_SECONDS = 300.0


def asked_wait(value: str | None, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for (0 for a date gone by), or None when it is absent or nonsense."""
    text = (value or "").strip()
    if text.isascii() and text.isdecimal() and len(text) < 12:
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def wait_before(attempt: int, asked: float | None, fastest: float = _FIRST_SECONDS) -> float | None:
    """Return the seconds to wait before attempt number `attempt` + 1 (attempt counts from 1), or None to give up.

    The wait doubles with every attempt, up to five minutes, and is never shorter than what the server asked for. A
    server that asks for more than an hour is not waited for.
    """
    if asked is not None and asked > LONGEST_SECONDS:
        return None
    own = min(_MOST_SECONDS, fastest * 2.0 ** (attempt - 1))
    return max(own, asked or 0.0)
