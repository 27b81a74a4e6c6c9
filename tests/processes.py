"""Processes that tests start: waiting for what they do, and finding those that outlived their end."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


def wait_for(what: Callable[[], bool], seconds: float) -> bool:
    """Whether it came true within so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.1)
    return False


def is_alive(process_id: int) -> bool:
    """Whether it runs; one that ended and was not yet asked after does not."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children(process_id: int) -> set[int]:
    """Its children and theirs."""
    found, left = set(), [process_id]
    while left:
        parent = left.pop()
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            young = {int(word) for word in task.read_text(encoding="ascii").split()}
            left.extend(young - found)
            found |= young
    return found


def started_in(prefect_home: Path) -> set[int]:
    """Every process that was started with this Prefect home in its environment: servers, spiders, runs."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            around = (folder / "environ").read_bytes()
        except OSError:  # ended meanwhile, or another user's
            continue
        if f"PREFECT_HOME={prefect_home}".encode() in around.split(b"\0"):
            found.add(int(folder.name))
    return found


def command_of(process_id: int) -> str:
    """Its command line."""
    return Path(f"/proc/{process_id}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
