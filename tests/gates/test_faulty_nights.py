"""Nights with random faults end where nights without any do: nothing lost, nothing doubled, the same cursors."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from faulty_nights import run_nights

from crawlers.replay.corpus import Record
from crawlers.replay.practice import make_world

FIRST = date(2024, 6, 1)


def records_of(first: date, nights: int) -> list[Record]:
    span = first - timedelta(days=25), first + timedelta(days=nights)
    return [one for one in make_world().records if one.served_on is not None and span[0] <= one.served_on <= span[1]]


def compare(records: list[Record], nights: int, folder: Path, seed: int) -> str:
    calm = run_nights(records, FIRST, nights, folder / "calm", seed=None)
    rough = run_nights(records, FIRST, nights, folder / "rough", seed=seed)
    assert calm.partial_nights == 0
    assert rough.partial_nights > 0, "no fault was felt"
    assert len(rough.documents) == len({row[0] for row in rough.documents}), "documents were doubled"
    assert rough.documents == calm.documents
    assert rough.cursors == calm.cursors
    assert rough.lagging == []
    return f"{nights} nights, {rough.faults} faults, {rough.partial_nights} partial nights, {len(calm.documents)} documents\n"


def test_a_few_nights_with_faults_end_like_nights_without(tmp_path: Path) -> None:
    compare(records_of(FIRST, 5), 5, tmp_path, seed=5)


@pytest.mark.slow
def test_thirty_nights_with_faults_end_like_nights_without(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = compare(records_of(FIRST, 30), 30, tmp_path, seed=30)
    with capsys.disabled():
        sys.stdout.write(told)
