"""A backup is whole or refused, and what is restored from it is equal in every table and every byte."""

from __future__ import annotations

import io
import shutil
import tarfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from nights import hashes

import flows.keeping.backup as backing
from crawlers.landing import open_window
from crawlers.records import Window
from flows.forgotten import Forgotten, add_forgotten
from flows.keeping.backup import BackupError, back_up, verify
from flows.keeping.restore import restore
from flows.lock import LockHeld, acquire
from flows.settings import Settings
from flows.stages.publish import published_as_of
from flows.warehouse.connection import open_reader

NOW = datetime(2024, 1, 25, 4)


def at_noon() -> datetime:
    return NOW


def quietly(sentence: str) -> None:
    del sentence


@pytest.fixture
def living(warehouse_world: Path, tmp_path: Path) -> Settings:
    """A data folder with the known world, one landed window and one being gathered."""
    settings = Settings(data_dir=tmp_path / "living", use_prefect=False)
    settings.warehouse.parent.mkdir(parents=True)
    shutil.copy(warehouse_world, settings.warehouse)
    for day in (1, 2):
        opened = open_window(settings.landing, "feeds", Window(date(2024, 1, day), date(2024, 1, day)), NOW.replace(tzinfo=UTC))
        opened.land((0,), "https://example.org/f", 200, {}, b"<rss>" * day, NOW.replace(tzinfo=UTC))
        if day == 1:
            opened.close(complete=True)
    (settings.data_dir / "curation.yaml").write_text("[]\n", encoding="utf-8")
    return settings


def landed(settings: Settings) -> dict[str, bytes]:
    return {
        path.relative_to(settings.landing).as_posix(): path.read_bytes()
        for path in settings.landing.rglob("*")
        if path.is_file() and ".partial" not in path.as_posix()
    }


def test_what_is_restored_is_equal_and_published(living: Settings, tmp_path: Path) -> None:
    path, contents = back_up(living, tmp_path, now=at_noon, say=quietly)
    assert (path.name, path.stat().st_mode & 0o777) == ("observatory-20240125T040000.tar", 0o600)
    assert sorted(contents.files)[-1] == "warehouse/observatory.duckdb"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []
    fresh = living.model_copy(update={"data_dir": tmp_path / "fresh"})
    restored, snapshot = restore(fresh, path, is_overwriting=False, now=at_noon, say=quietly)
    assert restored == contents
    assert hashes(fresh.data_dir) == hashes(living.data_dir) == contents.tables
    assert landed(fresh) == landed(living)
    assert (fresh.data_dir / "curation.yaml").read_text(encoding="utf-8") == "[]\n"
    with open_reader(fresh.snapshot) as reader:
        assert (snapshot, published_as_of(reader)) == (fresh.snapshot.resolve(), published_as_of(reader))
        assert reader.execute("SELECT flow FROM meta.runs ORDER BY started_at DESC LIMIT 1").fetchall() == [("restore",)]


def test_a_living_warehouse_is_not_overwritten_unless_told(living: Settings, tmp_path: Path) -> None:
    path, _ = back_up(living, tmp_path / "b.tar", now=at_noon, say=quietly)
    before = hashes(living.data_dir)
    (living.landing / "feeds" / "note").write_text("newer", encoding="utf-8")
    with pytest.raises(BackupError, match="say --overwrite"):
        restore(living, path, is_overwriting=False, now=at_noon, say=quietly)
    assert (living.landing / "feeds" / "note").exists()
    restore(living, path, is_overwriting=True, now=at_noon, say=quietly)
    assert hashes(living.data_dir) == before
    assert not (living.landing / "feeds" / "note").exists()
    assert sorted(one.name for one in living.data_dir.iterdir() if one.name.startswith(".") or "replaced" in one.name) == []


def altered(path: Path, change: str) -> Path:
    """A copy of a backup with one thing wrong."""
    target = path.with_name(f"{change}.tar")
    with tarfile.open(path) as old, tarfile.open(target, "w") as new:
        for member in old:
            body = old.extractfile(member)
            content = body.read() if body else b""
            if change == "flipped" and member.name.endswith(".gz"):
                content = content[:-1] + bytes([content[-1] ^ 1])
            if change == "lost" and member.name.endswith(".gz"):
                continue
            if change == "unsigned" and member.name == "manifest.json":
                continue
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
        if change == "outside":
            new.addfile(tarfile.TarInfo("landing/../../../evil"), io.BytesIO())
        if change == "link":
            link = tarfile.TarInfo("landing/feeds/x/link")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            new.addfile(link)
    if change == "cut":
        target.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return target


@pytest.mark.parametrize("change", ["flipped", "lost", "unsigned", "outside", "link", "cut"])
def test_a_backup_that_is_not_whole_changes_nothing(living: Settings, tmp_path: Path, change: str) -> None:
    path, _ = back_up(living, tmp_path / "b.tar", now=at_noon, say=quietly)
    broken = altered(path, change)
    with pytest.raises(BackupError):
        verify(broken)
    fresh = living.model_copy(update={"data_dir": tmp_path / "fresh"})
    with pytest.raises(BackupError):
        restore(fresh, broken, is_overwriting=False, now=at_noon, say=quietly)
    assert [one.name for one in fresh.data_dir.iterdir()] == ["observatory.lock"]
    assert not (tmp_path / "evil").exists()


def test_the_lock_is_held_for_the_warehouse_and_free_for_the_landing(
    living: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acquire(living.lock), pytest.raises(LockHeld):
        back_up(living, tmp_path / "held.tar", now=at_noon, say=quietly)
    assert not list(tmp_path.glob("*held*"))
    files = backing._files
    met = []

    def during(settings: Settings) -> Iterator[tuple[str, Path]]:
        with acquire(settings.lock):  # a night can begin now
            met.append(True)
            yield from files(settings)

    monkeypatch.setattr(backing, "_files", during)
    back_up(living, tmp_path / "b.tar", now=at_noon, say=quietly)
    assert met == [True]


def test_what_was_taken_down_since_stays_away(living: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = back_up(living, tmp_path / "b.tar", now=at_noon, say=quietly)
    add_forgotten(living, [Forgotten("feeds:2", "2024-01-26T00:00:00", "asked")])
    asked: list[str] = []

    class Done:
        snapshot = living.snapshot

    def noted(settings: Settings, ids: list[str], **_: object) -> type[Done]:
        asked.extend(ids)
        return Done

    monkeypatch.setattr("flows.keeping.forget.forget", noted)
    restore(living, path, is_overwriting=True, now=at_noon, say=quietly)
    assert asked == ["feeds:2"]
