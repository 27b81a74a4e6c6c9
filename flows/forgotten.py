"""The list of documents that were taken down, `<data-dir>/forgotten.jsonl`: which, when, why, and never what they said.

The file is the truth: it outlives every rebuild, and whatever is delivered again is held against it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.settings import Settings, SettingsError

FILE_NAME = "forgotten.jsonl"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One document taken down. `forgotten_at` is UTC in ISO form, `reason` what the person wrote."""

    document_id: str
    forgotten_at: str
    reason: str


def read_forgotten(settings: Settings) -> tuple[Forgotten, ...]:
    """The list, oldest first. Raises SettingsError when the file is damaged: without it what was taken down would come back."""
    path = settings.data_dir / FILE_NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    try:
        return tuple(Forgotten(**json.loads(line)) for line in lines if line.strip())
    except (ValueError, TypeError) as error:
        raise SettingsError(f"{path} is damaged: {error}.") from None


def forgotten_ids(settings: Settings) -> frozenset[str]:
    """The ids of all documents that were taken down."""
    return frozenset(one.document_id for one in read_forgotten(settings))


def add_forgotten(settings: Settings, fresh: Iterable[Forgotten]) -> None:
    """Add to the list those that are not in it, durably. Raises OSError."""
    known = read_forgotten(settings)
    listed = {one.document_id for one in known}
    added = [one for one in fresh if one.document_id not in listed]
    if not added:
        return
    path = settings.data_dir / FILE_NAME
    part = path.with_name(f".{FILE_NAME}.new")
    with part.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in (*known, *added))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
