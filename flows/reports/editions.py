"""Editions: what each weekly report stated, kept as `edition.json` beside it, so that a later one can be held against it.

The current edition of a week lies in `<week>/`, one that it replaced in `<week>-edition-<number>/`. An edition is known by its week and
the content of its snapshot: written again from equal content it is the same edition, from another content the next of that week.
"""

from __future__ import annotations

import filecmp
import re
import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from flows.reports.weeks import WeekError, parse_week

RECORD = "edition.json"
_KEPT = re.compile(r"(\d{4}-W\d{2})-edition-(\d{1,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Statement:
    """What an edition said of one ranked technology as of its day: place and score with their 80 % intervals, stage, works."""

    technology_id: str
    name: str
    rank: int
    rank_low: int
    rank_high: int
    score: float
    score_low: float
    score_high: float
    stage: str
    works: int


@dataclass(frozen=True, slots=True)
class Correction:
    """What the edition of `week` stated of a technology as of `as_of`, and what holds for that day now; None = no place."""

    week: str
    as_of: date
    technology_id: str
    name: str
    stated: Statement | None
    holds: Statement | None
    why: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One issued report. `findings` are technology ids in the order told, `statements` the findings and the first places;
    `published_at` is that of its snapshot (UTC); `components` are the parts of its
    scores, `delivered` the ways on which it was handed over."""

    week: str
    number: int
    snapshot_id: str
    content_digest: str
    published_at: datetime | None
    is_simulated: bool
    as_of: date | None
    ranked_count: int
    headline: str
    findings: tuple[str, ...]
    statements: tuple[Statement, ...]
    corrections: tuple[Correction, ...]
    code_version: str
    taxonomy_digest: str
    components: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()

    @property
    def names(self) -> dict[str, str]:
        """Technology id -> name, of everything stated."""
        return {statement.technology_id: statement.name for statement in self.statements}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The editions kept: the current one of each week and those replaced, newest first. `unread` are folders whose report is kept
    but whose record is missing, `damaged` those where it cannot be read."""

    current: tuple[Edition, ...] = ()
    replaced: tuple[Edition, ...] = ()
    unread: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()

    def of_week(self, week: str) -> Edition | None:
        """The current edition of a week."""
        return next((edition for edition in self.current if edition.week == week), None)

    def before(self, week: str) -> tuple[Edition, ...]:
        """The current editions of earlier weeks, newest first. Weeks compare as they are written."""
        return tuple(edition for edition in self.current if edition.week < week)


@dataclass(frozen=True, slots=True)
class Series:
    """Where a report stands among the editions: the one before it, the one of the same week that it replaces, the corrections it
    makes, `differences` from what it replaces (sentences) and the weeks whose statements were checked against its snapshot.

    `number` 0 = it is no edition: written to a folder of its own, without links to the others."""

    number: int
    previous: Edition | None = None
    replaced: Edition | None = None
    corrections: tuple[Correction, ...] = ()
    differences: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()


NO_EDITION = Series(0)
_EDITION = TypeAdapter(Edition)


def folder_name(edition: Edition, *, is_current: bool) -> str:
    """The folder of an edition within the folder of reports."""
    return edition.week if is_current else f"{edition.week}-edition-{edition.number}"


def read_shelf(reports: Path) -> Shelf:
    """Every edition kept under the folder of reports. What cannot be read is named and left out."""
    current: list[Edition] = []
    replaced: list[Edition] = []
    unread: list[str] = []
    damaged: list[str] = []
    for folder in sorted(reports.iterdir(), reverse=True) if reports.is_dir() else []:
        kept = _KEPT.fullmatch(folder.name)
        if not (kept or _is_week(folder.name)) or not (folder / "report.html").is_file():
            continue
        if not (folder / RECORD).is_file():
            unread.append(folder.name)
            continue
        edition = _read(folder / RECORD)
        expected = (kept[1], int(kept[2])) if kept else (folder.name, edition.number if edition else 0)
        if edition is None or (edition.week, edition.number) != expected:
            damaged.append(folder.name)
        else:
            (replaced if kept else current).append(edition)
    replaced.sort(key=lambda edition: (edition.week, edition.number), reverse=True)
    return Shelf(tuple(current), tuple(replaced), tuple(unread), tuple(damaged))


def record_text(edition: Edition) -> str:
    """The edition as the text of its record."""
    return _EDITION.dump_json(edition, indent=1).decode() + "\n"


def number_for(reports: Path, week: str, content_digest: str) -> int:
    """The number of the edition of a week from some content: that of the current one where it is the same, else the next."""
    record = _read(reports / week / RECORD)
    if record is not None and record.content_digest == content_digest:
        return record.number
    return _number_in_place(reports, week) + 1


def keep_aside(reports: Path, week: str) -> None:
    """Copy what lies in `<week>/` to `<week>-edition-<number>/`, whole or not at all; nothing where it is kept already.

    Raises OSError when the folder cannot be written.
    """
    number = _number_in_place(reports, week)
    kept = reports / f"{week}-edition-{number}"
    if number and not kept.exists():
        part = reports / f".{week}-edition-{number}"
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(reports / week, part)
        part.rename(kept)


def _number_in_place(reports: Path, week: str) -> int:
    """The number of the report in `<week>/`. A command that was killed may have kept it aside and not replaced it."""
    report = reports / week / "report.html"
    names = [folder.name for folder in reports.iterdir()] if reports.is_dir() else []
    last = max((int(kept[2]) for name in names if (kept := _KEPT.fullmatch(name)) and kept[1] == week), default=0)
    copy = reports / f"{week}-edition-{last}" / "report.html"
    is_replaced = report.is_file() and not (copy.is_file() and filecmp.cmp(report, copy, shallow=False))
    return last + is_replaced


def _read(path: Path) -> Edition | None:
    try:
        return _EDITION.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _is_week(name: str) -> bool:
    try:
        parse_week(name)
    except WeekError:
        return False
    return True
