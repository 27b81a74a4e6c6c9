"""TOML < environment < flags, and nothing unknown passes."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.settings import SettingsError, default_data_dir, load_settings, parse_day, parse_duration


def write_config(folder: Path, text: str) -> Path:
    path = folder / "observatory.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _no_settings_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OBSERVATORY_")]:
        monkeypatch.delenv(name)


def test_flags_win_over_environment_over_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_THREADS", "5")
    monkeypatch.setenv("OBSERVATORY_KEEP_SNAPSHOTS", "7")
    config = write_config(tmp_path, 'vectors = "model"\nthreads = 1\nkeep_snapshots = 3\n')
    settings = load_settings(
        config=config,
        flags={"keep_snapshots": 9, "vectors": None, "data_dir": tmp_path},
    )
    assert (settings.vectors, settings.threads, settings.keep_snapshots) == ("model", 5, 9)


def test_the_file_in_the_data_folder_is_found(tmp_path: Path) -> None:
    write_config(tmp_path, "seed = 7\n")
    assert load_settings(flags={"data_dir": tmp_path}).seed == 7


@pytest.mark.parametrize(
    ("config", "environment", "sentence"),
    [
        ("vector = 'fast'\n", {}, "did you mean vectors?"),
        ("", {"OBSERVATORY_TREADS": "2"}, "did you mean threads?"),
        ("threads = 0\n", {}, "setting threads"),
        ("vectors = 'slow'\n", {}, "setting vectors"),
        ("threads = [\n", {}, "is not a TOML file"),
    ],
)
def test_a_wrong_setting_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str, environment: dict[str, str], sentence: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=sentence.replace("?", r"\?")) as caught:
        load_settings(config=write_config(tmp_path, config), flags={"data_dir": tmp_path})
    assert "\n" not in str(caught.value)


def test_data_lies_in_the_checkout_or_with_the_user(tmp_path: Path) -> None:
    assert default_data_dir(tmp_path) != tmp_path / "data"
    for name in ("crawlers", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "pyproject.toml").touch()
    assert default_data_dir(tmp_path) == tmp_path / "data"


def test_days_and_durations() -> None:
    assert parse_day("2024-02-29") == date(2024, 2, 29)
    assert parse_duration("26h") == timedelta(hours=26)
    for wrong in ("2023-02-29", "yesterday"):
        with pytest.raises(SettingsError, match="is not a day"):
            parse_day(wrong)
    with pytest.raises(SettingsError, match="is not a duration"):
        parse_duration("26")
