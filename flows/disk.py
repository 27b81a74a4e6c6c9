"""Room on the disk: asked for before a stage begins, because a disk that fills up in the middle helps nobody."""

from __future__ import annotations

import shutil
from pathlib import Path

from flows.settings import Settings

GIB = 2**30


class DiskFull(Exception):
    """There is too little room to begin; the message is one sentence."""


def free_gib(path: Path) -> float:
    """Free space where `path` is or would be made, in GiB."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free / GIB


def wanted_gib(settings: Settings, stage: str) -> float:
    """What must be free before a stage, in GiB: the reserve, and before publishing room for a copy of the warehouse too."""
    copy = settings.warehouse.stat().st_size / GIB if stage == "publish" and settings.warehouse.is_file() else 0.0
    return settings.min_free_gib + copy


def require_room(settings: Settings, stage: str) -> None:
    """Raise DiskFull unless there is room for `stage`."""
    free, wanted = free_gib(settings.data_dir), wanted_gib(settings, stage)
    if free < wanted:
        raise DiskFull(
            f"Only {free:.2f} GiB are free for {settings.data_dir} and {stage} begins with {wanted:.2f}: free some space, "
            "or lower min_free_gib, and run the command again."
        )
