"""One writer at a time: a lock file that dies with its holder. Standard library only, because it is taken before
anything heavy is loaded.

The kernel's `flock` decides; it ends with the process, however that ends. What is written in the file (process, boot,
since when) tells others who holds it, and tells the next holder that the last one did not finish.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds, or held, the lock. `since` is UTC with its zone."""

    process_id: int
    boot_id: str
    since: datetime


class LockError(Exception):
    """The lock file cannot be used at all; the message is one sentence."""


class LockHeld(LockError):
    """Another process holds the lock. `holder` is None in the instant before it has written its name."""

    def __init__(self, path: Path, holder: Holder | None) -> None:
        self.holder = holder
        who = f"process {holder.process_id} since {holder.since:%Y-%m-%d %H:%M:%S} UTC" if holder else "another process"
        super().__init__(f"Another run holds the lock {path}: {who}.")

    @property
    def pid(self) -> int | None:
        """Process that holds the lock, where known."""
        return self.holder.process_id if self.holder else None

    @property
    def since(self) -> datetime | None:
        """Since when, where known."""
        return self.holder.since if self.holder else None


class Lock:
    """A lock held. Released by `release`, at the end of a `with`, or by the end of the process.

    `crashed` is the holder before, when it ended without releasing; None after an orderly release.
    """

    def __init__(self, path: Path, descriptor: int, crashed: Holder | None) -> None:
        self.path = path
        self.crashed = crashed
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Give the lock back. The file stays: removed, it would let two processes lock two files of one name."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()


def acquire(path: Path, since: datetime | None = None) -> Lock:
    """Take the lock at once or raise LockHeld. `since` (default: now) is what others are told.

    Raises LockError with one sentence when the file cannot be made or the file system knows no locks.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # the data folder: unpublished texts and addresses of people
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise LockError(f"The lock {path} cannot be made: {os.strerror(error.errno or 0).lower()}.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        crashed = _read_holder(descriptor)
        _write_holder(descriptor, Holder(os.getpid(), boot_id(), since or datetime.now(UTC)))
    except OSError as error:
        holder = _read_holder(descriptor)
        os.close(descriptor)
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise LockHeld(path, holder) from None
        raise LockError(f"The lock {path} cannot be taken: {os.strerror(error.errno or 0).lower()}.") from None
    return Lock(path, descriptor, crashed)


def read_holder(path: Path) -> Holder | None:
    """Who holds the lock, without touching it; None where it is free or its holder has died. For telling, not for deciding."""
    try:
        holder = _parse_holder(path.read_bytes())
    except OSError:
        return None
    if holder is None or holder.boot_id != boot_id():
        return None
    try:
        os.kill(holder.process_id, 0)
    except ProcessLookupError:
        return None
    except PermissionError:  # of another user, and alive
        return holder
    return holder


def boot_id() -> str:
    """Which boot of the machine this is. Linux states it; elsewhere it is `unknown` and only `flock` is relied on."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return "unknown"


def _read_holder(descriptor: int) -> Holder | None:
    return _parse_holder(os.pread(descriptor, 4096, 0))


def _parse_holder(text: bytes) -> Holder | None:
    """What the file says; None for an empty file or one half written by a process that died."""
    try:
        content = json.loads(text)
        return Holder(int(content["process_id"]), str(content["boot_id"]), datetime.fromisoformat(content["since"]))
    except (ValueError, KeyError, TypeError):
        return None


def _write_holder(descriptor: int, holder: Holder) -> None:
    content = {"process_id": holder.process_id, "boot_id": holder.boot_id, "since": holder.since.isoformat()}
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(content).encode(), 0)
    os.fsync(descriptor)
