"""The dictionary in the repository is what the warehouse itself says."""

from __future__ import annotations

from pathlib import Path

from flows.warehouse.dictionary import write_dictionary

COMMITTED = Path(__file__).resolve().parents[2] / "data" / "DICTIONARY.md"


def test_the_dictionary_is_current(tmp_path: Path) -> None:
    fresh = tmp_path / "DICTIONARY.md"
    write_dictionary(fresh)
    assert COMMITTED.read_text(encoding="utf-8") == fresh.read_text(encoding="utf-8"), "run `make dictionary`"


def test_what_analysts_rely_on_comes_first_and_nothing_is_mute() -> None:
    lines = COMMITTED.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("## ")] == ["## marts", "## signals", "## core", "## raw", "## meta"]
    assert [line for line in lines if line.startswith("|") and line.endswith("|  |")] == []
