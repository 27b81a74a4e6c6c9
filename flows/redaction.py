"""Keys never leave: whatever is written about a run goes through here first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

REDACTED = "[redacted]"
SHORTEST_KEY = 6
"""A shorter one would blot out ordinary words."""

_NAMED = re.compile(
    r"(?i)((?:[\w-]*(?:api[_-]?key|token|secret|passw(?:or)?d|client_id|authorization))[\"']?\s*[=:]\s*[\"']?(?:bearer\s+|basic\s+)?)"
    r"([^\s&\"',;]+)"
)
_USER_INFO = re.compile(r"(?<=://)[^/@\s]+@")


def make_redaction(keys: Iterable[str]) -> Callable[[str], str]:
    """A function that puts `[redacted]` in place of these keys, of values named like a key, and of users in addresses."""
    known = sorted({key for key in keys if len(key) >= SHORTEST_KEY}, key=len, reverse=True)
    exact = re.compile("|".join(map(re.escape, known))) if known else None

    def redact(text: str) -> str:
        if exact is not None:
            text = exact.sub(REDACTED, text)
        return _NAMED.sub(rf"\1{REDACTED}", _USER_INFO.sub(f"{REDACTED}@", text))

    return redact
