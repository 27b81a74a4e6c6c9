"""What walking a feed's past needs to know of one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FeedPage:
    """`prev_archive` is the address of the page before; `oldest` and `newest` are None when no entry is dated."""

    is_feed: bool
    prev_archive: str | None
    oldest: date | None
    newest: date | None

    def is_before(self, day: date) -> bool:
        """Whether every dated entry is older than `day` (False when none is dated)."""
        return self.newest is not None and self.newest < day

    def is_after(self, day: date) -> bool:
        """Whether every dated entry is newer than `day` (False when none is dated)."""
        return self.oldest is not None and self.oldest > day
