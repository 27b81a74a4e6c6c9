"""Hosts that asked to be left alone, and until when. Kept by the spider, asked by whatever is about to send a request."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pauses:
    """Times are seconds of `clock`, a monotonic one."""

    clock: Callable[[], float]
    _until: dict[str, float] = field(default_factory=dict)

    def hold(self, host: str, seconds: float) -> None:
        """Send nothing to `host` for `seconds` from now; a longer pause already in force stays."""
        self._until[host] = max(self._until.get(host, 0.0), self.clock() + seconds)

    def close(self, host: str) -> None:
        """Send nothing to `host` again in this crawl."""
        self._until[host] = math.inf

    def is_closed(self, host: str) -> bool:
        """Whether nothing may be sent to `host` any more."""
        return self._until.get(host, 0.0) == math.inf

    def remaining(self, host: str) -> float:
        """Return the seconds until the next request to `host` is allowed, 0 when it is."""
        return max(0.0, self._until.get(host, 0.0) - self.clock())

    async def wait(self, host: str) -> None:
        """Return when a request to `host` is allowed; at once for a closed host, which the caller must ask about."""
        while not self.is_closed(host) and (seconds := self.remaining(host)) > 0:
            await asyncio.sleep(seconds)
