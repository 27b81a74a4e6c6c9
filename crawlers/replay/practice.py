"""The practice archive: a simulated world of seven years in which the truth about every technology is known.

`python -m crawlers.replay.practice --write DIR` writes the truth table and the digest of the records.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import numpy as np

from crawlers.replay.corpus import Record, row_of
from crawlers.replay.practice_dice import Dice
from crawlers.replay.practice_distractors import add_distractors
from crawlers.replay.practice_people import Society
from crawlers.replay.practice_stages import StageWording
from crawlers.replay.practice_timeline import PRACTICE_TODAY, Plan, plan_documents
from crawlers.replay.practice_vocabulary import Vocabulary, read_vocabulary
from crawlers.replay.practice_writing import Archivist

__all__ = ["PRACTICE_SEED", "PRACTICE_TODAY", "Truth", "World", "digest", "make_world", "truth_csv", "write_truth"]

PRACTICE_SEED = 20250930
_STAGES = {
    "emerging": "incubation",
    "early industrialisation": "early industrialisation",
    "mature": "mature",
    "fading": "declining",
    "one-organisation": "incubation",
    "hype": "",
    "boilerplate": "",
}


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known about one planted name. `papers`, `patents`, `news` count works that name it, copies left out."""

    technology: str
    name_zh: str
    aliases: tuple[str, ...]
    abbreviation: str
    kind: str
    track: str
    stage: str
    birth_on: date
    papers: int
    patents: int
    news: int


@dataclass(frozen=True, slots=True)
class World:
    """`records` in the import columns, sorted; `truth` by kind and name; `planted` pairs (technology, record id)."""

    records: tuple[Record, ...]
    truth: tuple[Truth, ...]
    planted: tuple[tuple[str, str], ...]


def make_world(seed: int = PRACTICE_SEED) -> World:
    """Make the world of `seed`; equal seeds give equal worlds. Takes a second or two."""
    vocabulary = read_vocabulary()
    dice = Dice(np.random.default_rng(seed))
    plans = plan_documents(vocabulary, dice)
    society = Society(vocabulary.people, vocabulary.technologies, dice)
    archivist = Archivist(vocabulary, society, StageWording(plans), dice)
    written = [(plan, archivist.record(plan)) for plan in plans]
    outlets = [outlet["name"] for outlet in vocabulary.people["outlets"] if outlet["lang"] == "en"]
    ordinary_ids = {record.id for plan, record in written if not plan.technologies}
    records = add_distractors([record for _, record in written], ordinary_ids, outlets, dice)
    return World(
        records=tuple(sorted(records, key=_order)),
        truth=tuple(_truth(vocabulary, written)),
        planted=tuple(sorted((technology.name, record.id) for plan, record in written for technology in plan.technologies)),
    )


def digest(records: Iterable[Record]) -> str:
    """SHA-256 over the records as canonical JSON, one line each, in the order of the world."""
    found = hashlib.sha256()
    for record in sorted(records, key=_order):
        found.update(json.dumps(row_of(record), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return found.hexdigest()


def truth_csv(truth: Iterable[Truth]) -> str:
    """The truth table as CSV; aliases are separated by `|`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    names = [column.name for column in fields(Truth)]
    writer.writerow(names)
    for row in truth:
        writer.writerow(["|".join(row.aliases) if name == "aliases" else getattr(row, name) for name in names])
    return buffer.getvalue()


def write_truth(folder: Path, world: World) -> None:
    """Write `truth.csv` and `DIGEST` into `folder`."""
    (folder / "truth.csv").write_text(truth_csv(world.truth), encoding="utf-8")
    (folder / "DIGEST").write_text(f"{digest(world.records)}\n", encoding="utf-8")


def _order(record: Record) -> tuple[str, str, date]:
    return record.source, record.id, record.served_on or date.max


def _truth(vocabulary: Vocabulary, written: list[tuple[Plan, Record]]) -> list[Truth]:
    streams: dict[str, Counter[str]] = defaultdict(Counter)
    births: dict[str, date] = {}
    for plan, record in written:
        named = [technology.name for technology in plan.technologies]
        text = f"{record.title} {record.abstract}".lower()
        named += [formula.name for formula in vocabulary.formulas if formula.name in text or (formula.name_zh and formula.name_zh in text)]
        for name in named:
            streams[name][plan.stream] += 1
            births[name] = min(births.get(name, plan.day), plan.day)
    entries: list[tuple[str, str, tuple[str, ...], str, str, str]] = [
        (one.name, one.name_zh, one.aliases, one.abbreviation, one.kind, one.track) for one in vocabulary.technologies
    ]
    entries += [(one.name, one.name_zh or "", (), "", "boilerplate", "") for one in vocabulary.formulas]
    return [
        Truth(*entry, _STAGES[entry[4]], births[entry[0]], *(streams[entry[0]][stream] for stream in ("paper", "patent", "news")))
        for entry in sorted(entries, key=lambda entry: (entry[4], entry[0]))
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write the truth of the default world into a folder. Exit codes: 0 written, 2 bad usage or no such folder."""
    parser = argparse.ArgumentParser(prog="python -m crawlers.replay.practice", description="Write the truth of the practice archive.")
    parser.add_argument("--write", type=Path, required=True, metavar="DIR", help="folder that gets truth.csv and DIGEST")
    folder: Path = parser.parse_args(arguments).write
    if not folder.is_dir():
        sys.stderr.write(f"{folder} is not a folder.\n")
        return 2
    write_truth(folder, make_world())
    return 0


if __name__ == "__main__":
    sys.exit(main())
