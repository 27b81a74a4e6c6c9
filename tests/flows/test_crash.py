"""R1: a night killed at any moment and run again ends as if nothing had happened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from killed_nights import Chain

FOLDER = "R1_FOLDER"
"""Environment variable: where the long chain keeps its nights, so that a chain that was interrupted goes on."""


def test_a_night_killed_a_few_times_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    chain = Chain(tmp_path, seed=1)
    chain.run(4)
    assert chain.kills == 4


@pytest.mark.slow
def test_a_night_killed_two_hundred_times_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    chain = Chain(Path(os.environ.get(FOLDER, tmp_path)), seed=2)
    chain.run(200)
    print(f"{chain.kills} kills in {chain.nights} nights and {chain.rounds} rounds; killed within the stages {chain.crashed}")  # noqa: T201 - shown with -s
    assert len(chain.crashed) >= 5, "the kills met too few stages"


@pytest.mark.slow
def test_a_night_killed_ten_times_through_prefect_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    chain = Chain(tmp_path, seed=3, use_prefect="true")
    chain.run(10)
    assert chain.kills == 10
