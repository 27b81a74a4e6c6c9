"""`status` says what a monitor must know: fresh, stale, held back, under way, dead; `doctor` names what would stop a night, and no key."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.doctor import examine
from flows.lock import acquire, boot_id
from flows.settings import Settings
from flows.status import read_status
from flows.warehouse.publish import publish

PUBLISHED_AT = datetime(2024, 1, 24, 2)
KEY = "sixteen-letters!"


@pytest.fixture
def settings(warehouse_world: Path, tmp_path: Path) -> Settings:
    """A data folder with the small world published."""
    found = Settings(data_dir=tmp_path / "data")
    publish(warehouse_world, found.published, "scan-1", published_at=PUBLISHED_AT)
    return found


def leave(settings: Settings, state: str, note: str = "") -> None:
    run = {"run_id": "scan-2", "flow": "scan", "logical_on": "2024-01-24", "state": state, "finished_at": None, "note": note}
    settings.last_run.write_text(json.dumps(run), encoding="utf-8")


@pytest.mark.parametrize(
    ("state", "is_stale", "words"),
    [("done", False, "fresh"), ("failed", True, "failed: Check gate_yield_collapsed"), ("running", True, "died without ending")],
)
def test_how_the_last_run_ended_counts(settings: Settings, state: str, is_stale: bool, words: str) -> None:
    leave(settings, state, "Check gate_yield_collapsed found 1 rows")
    status = read_status(settings, PUBLISHED_AT + timedelta(hours=1), timedelta(hours=26))
    assert (status.is_stale, words in status.sentence) == (is_stale, True), status.sentence
    assert status.runs[0]["run_id"] == "scan-2"


def test_a_run_under_way_is_no_fault_and_asking_does_not_disturb_it(settings: Settings) -> None:
    leave(settings, "running")
    with acquire(settings.lock):
        before = settings.lock.read_bytes()
        status = read_status(settings, PUBLISHED_AT + timedelta(hours=1), timedelta(hours=26))
        assert settings.lock.read_bytes() == before
    assert not status.is_stale
    assert "under way" in status.sentence


def test_old_is_stale_whatever_the_last_run_says(settings: Settings) -> None:
    leave(settings, "done")
    assert read_status(settings, PUBLISHED_AT + timedelta(hours=27), timedelta(hours=26)).is_stale


def test_doctor_names_keys_and_never_prints_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "LENS_API_TOKEN").write_text(KEY, encoding="utf-8")
    (secrets / "LENS_API_TOKEN").chmod(0o644)
    monkeypatch.setenv("OPENALEX_API_KEY", KEY)
    found = {one.what: one for one in examine(Settings(data_dir=tmp_path / "data", secrets_dir=secrets), datetime(2024, 1, 1))}
    assert found["key of lens"].state == found["key of openalex"].state == "ok"
    assert "LENS_API_TOKEN" in found["secrets folder"].detail
    assert found["secrets folder"].state == "note"
    assert not any(KEY in str(one) for one in found.values())
    assert "UTC" in found["time zone"].detail


def test_the_data_folder_is_made_for_its_owner_alone_and_doctor_says_when_it_is_open(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    with acquire(settings.lock):
        pass

    def finding() -> str:
        return {one.what: one.state for one in examine(settings, datetime(2024, 1, 1))}["data folder"]

    assert finding() == "ok"
    settings.data_dir.chmod(0o755)
    assert finding() == "note"


def test_doctor_says_who_holds_the_lock_and_what_room_there_is(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, min_free_gib=1e6)
    with acquire(settings.lock):
        found = {one.what: one for one in examine(settings, datetime(2024, 1, 1))}
    assert f"process {os.getpid()}" in found["lock"].detail
    assert found["disk"].state == "bad"
    settings.lock.write_text(
        json.dumps({"process_id": 4194304, "boot_id": boot_id(), "since": "2024-01-01T00:00:00+00:00"}), encoding="ascii"
    )
    assert {one.what: one for one in examine(settings, datetime(2024, 1, 1))}["lock"].detail == "free"
