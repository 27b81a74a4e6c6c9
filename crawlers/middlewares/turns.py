"""Whose turn it is to ask a host: one locked file per host or pace group, shared by all crawls of this machine.

Holding the lock is having the turn, so that one request at a time is under way whatever the number of crawls; the file holds
the moment before which nobody may ask again. The kernel takes the lock from a crawl that dies, and a moment it left behind
lies no further ahead than the pace or the pause it was told. Moments are CLOCK_MONOTONIC seconds, one clock for all processes
until the machine starts anew, which the boot's id tells.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

TURNS_FOLDER = ".turns"  # in the landing, beside the sources
LONGEST_HELD_SECONDS = 86_400.0  # no server is believed for more than a day; a later moment is damage
_LOOK_AGAIN_SECONDS = 0.1
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@cache
def this_boot() -> str:
    """Return what tells this start of the machine from others, "" where the system does not say."""
    return _BOOT_ID.read_text(encoding="ascii").strip() if _BOOT_ID.is_file() else ""


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to ask, from `began` on."""

    began: float
    _descriptor: int
    _turns: Turns

    def hold(self, seconds: float) -> None:
        """Let nobody ask before `seconds` from now; a later moment already set stays. Raises OSError."""
        now = self._turns.clock()
        self._turns.write(self._descriptor, max(now + min(seconds, LONGEST_HELD_SECONDS), self._turns.read(self._descriptor)))

    def slow_down(self, pace_seconds: float) -> None:
        """Let the next turn begin no earlier than `pace_seconds` after this one did. Raises OSError."""
        self.hold(self.began + pace_seconds - self._turns.clock())


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of all hosts, as files in `folder`."""

    folder: Path
    clock: Callable[[], float] = time.monotonic
    boot: str = field(default_factory=this_boot)

    @asynccontextmanager
    async def take(self, group: str, pace_seconds: float, patience_seconds: float) -> AsyncIterator[Turn | None]:
        """Wait for the turn to ask `group` and keep it to the end of the block; None where it is more than `patience_seconds` away.

        The next turn begins at least `pace_seconds` after this one. Raises OSError.
        """
        while True:
            with self._open(group) as descriptor:
                has_lock = _locks(descriptor)
                now = self.clock()
                missing = self.read(descriptor) - now
                if missing > patience_seconds:
                    yield None
                    return
                if has_lock and missing <= 0:
                    self.write(descriptor, now + pace_seconds)
                    yield Turn(now, descriptor, self)
                    return
            await asyncio.sleep(missing if missing > 0 else _LOOK_AGAIN_SECONDS)

    def read(self, descriptor: int) -> float:
        """Return the moment in an open file; 0 where there is none, or one that cannot be: of another boot, or damaged."""
        try:
            facts = json.loads(os.pread(descriptor, 4096, 0))
            moment = float(facts["moment"])
            is_ours = facts["boot"] == self.boot and moment <= self.clock() + LONGEST_HELD_SECONDS
        except (ValueError, KeyError, TypeError):
            return 0.0
        return moment if is_ours else 0.0

    def write(self, descriptor: int, moment: float) -> None:
        """Put down the moment before which nobody may ask."""
        text = json.dumps({"boot": self.boot, "moment": moment}).encode()
        os.pwrite(descriptor, text.ljust(128), 0)

    @contextmanager
    def _open(self, group: str) -> Iterator[int]:
        """Closing the file gives the lock back."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / f"{quote(group, safe='')[:200]}.json", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            yield descriptor
        finally:
            os.close(descriptor)


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
