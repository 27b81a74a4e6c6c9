"""A month without anyone watching, by Prefect's own scheduler: nothing lost, nothing doubled, four reports, alerts worth hearing (R21)."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from month_plan import events
from simulated_month import FIRST, records_of_the_month, run_month

from crawlers.replay.practice import make_world

FOLDER = "MONTH_FOLDER"
"""Environment variable: where the month keeps what it did, so that one that was interrupted goes on."""
NIGHTS = 30
MOST_ALERTS = 20
RISING = ("emerging", "early industrialisation")
NONSENSE = ("boilerplate",)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> dict[str, Any]:
    folder = Path(os.environ.get(FOLDER) or tmp_path_factory.mktemp("month"))
    (folder / "data").mkdir(parents=True, exist_ok=True)
    if not (folder / "data" / "models").exists():
        (folder / "data" / "models").symlink_to(request.getfixturevalue("made_models"))
    figures = run_month(folder, NIGHTS, 60, limit=4 * 3600)
    assert figures["serve_exit"] == 0
    return figures


@pytest.mark.slow
def test_every_day_is_covered_once_whatever_the_sources_did(month: dict[str, Any]) -> None:
    ahead = [[kind, day.isoformat()] for kind, day in events(FIRST, NIGHTS)]
    assert [end[:2] for end in month["ends"]] == ahead
    assert {state for _, _, state in month["ends"]} == {"Completed", "Partial"}, "the faults were felt, and failed no run"
    assert month["runs_by_the_scheduler"] == len(ahead)
    assert month["nights_with_faults"] > NIGHTS / 3
    assert month["scans_and_their_days"] == [[NIGHTS, NIGHTS]]
    assert (month["windows_gathered_twice"], month["days_without_a_whole_window"], month["lagging"]) == ([], [], [])
    last = FIRST + timedelta(days=NIGHTS - 1)
    assert {day for _, day in month["cursors"]} == {last.isoformat()}
    served = {record.id for record in records_of_the_month() if record.served_on and record.served_on <= last}
    assert (month["documents"], month["doubled_versions"]) == ([[len(served)]], [[0]])


@pytest.mark.slow
def test_four_weeks_have_their_report(month: dict[str, Any]) -> None:
    weeks = [day.isocalendar() for kind, day in events(FIRST, NIGHTS) if kind == "week"]
    assert month["reports"] == [f"{week.year}-W{week.week:02}" for week in weeks]
    assert len(weeks) == 4


@pytest.mark.slow
def test_alerts_are_few_and_tell_of_what_rises(month: dict[str, Any]) -> None:
    kinds = {name: truth.kind for truth in make_world().truth for name in (truth.technology, truth.name_zh, *truth.aliases) if name}
    told = Counter(kinds.get(name.removesuffix("s"), kinds.get(name, "")) for _, _, name, _ in month["alerts"])
    assert sum(told[kind] for kind in RISING) >= sum(told.values()) / 3
    assert not any(told[kind] for kind in NONSENSE)
    assert sum(told.values()) <= MOST_ALERTS


@pytest.mark.slow
def test_neither_memory_nor_disk_grows_beyond_what_is_kept(month: dict[str, Any]) -> None:
    peaks = month["peak_memory_mebibytes"]["night"]
    assert median(peaks[-10:]) < 1.15 * median(peaks[1:11])
    sizes, kept = month["sizes"], 14
    assert month["snapshots"] == kept
    full = next(size for size in sizes if size["done"] == kept + 2)  # by then as many snapshots lie there as are kept
    # A snapshot grows with the nightly as-ofs it keeps, of which there are 60 in the end, and hardly with the documents.
    assert sizes[-1]["published"] < 1.5 * full["published"]
    assert sizes[-1]["warehouse"] < 1.5 * full["warehouse"]
    assert sizes[-1]["prefect"] - full["prefect"] < NIGHTS * 2**20
