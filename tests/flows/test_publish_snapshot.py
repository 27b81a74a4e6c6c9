"""A snapshot is whole or not there at all, whatever happens to the process that writes it or to those that read."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml

import flows.warehouse.publish as publishing
from flows.warehouse.connection import open_reader, open_writer
from flows.warehouse.errors import WarehouseError
from flows.warehouse.hashes import warehouse_hashes
from flows.warehouse.publish import LINK, current_snapshot, list_snapshots, publish
from flows.warehouse.schema import migrate

NIGHT = datetime(2024, 1, 24, 3)


def grow(warehouse: Path, value: str) -> None:
    """Change the content, so that the next snapshot is another one."""
    with open_writer(warehouse) as connection:
        connection.execute("INSERT INTO meta.cursors VALUES (?, DATE '2024-01-20', 'r', TIMESTAMP '2024-01-24 00:00:00')", [value])


def sources_of(published: Path) -> int:
    with open_reader(published / LINK) as reader:
        return int(reader.execute("SELECT count(*) FROM meta.cursors").fetchall()[0][0])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_snapshot_holds_everything_and_says_what_it_is(warehouse_world: Path, tmp_path: Path) -> None:
    published = tmp_path / "it's published"
    with open_writer(warehouse_world) as connection:
        snapshot = publish(connection, published, "night-1", published_at=NIGHT)
        expected = warehouse_hashes(connection)
    assert names(published) == ["observatory-night-1.duckdb", "observatory.duckdb", "parquet", "parquet-night-1"]
    assert current_snapshot(published) == snapshot.resolve()
    with open_reader(published / LINK) as reader:
        assert warehouse_hashes(reader) == expected
        assert reader.execute("SELECT snapshot_id, published_at, run_id FROM marts.snapshot").fetchall() == [("night-1", NIGHT, "scan-1")]
        comments = reader.execute("SELECT count(*) FROM duckdb_columns() WHERE schema_name = 'marts' AND comment IS NULL").fetchall()
        assert comments == [(0,)]
    # The storage version stands in the header as a number: 67 is what DuckDB 1.4 reads.
    assert snapshot.read_bytes()[12:20] == (67).to_bytes(8, "little")


def test_a_snapshot_answers_from_stored_rows_what_the_warehouse_computes(warehouse_world: Path, tmp_path: Path) -> None:
    snapshot = publish(warehouse_world, tmp_path, "night-1")
    answers = []
    for path in (warehouse_world, snapshot):
        with open_reader(path) as reader:
            answers.append([reader.execute(f"FROM marts.{view} ORDER BY ALL").fetchall() for view in ("emergence", "evidence")])
            plan = reader.execute("EXPLAIN SELECT rank FROM marts.emergence WHERE as_of = (SELECT as_of FROM marts.snapshot)").fetchall()
    assert answers[0] == answers[1]
    assert all(answers[0])
    assert "stored_judgements" in plan[0][1]
    with open_writer(snapshot) as connection:  # a warehouse made from a snapshot computes again
        migrate(connection, NIGHT)
        connection.execute("DELETE FROM signals.emergence")
        assert connection.execute("SELECT count(*) FROM marts.emergence").fetchall() == [(0,)]


def test_the_parquet_beside_it_is_the_marts_and_its_manifest_true(warehouse_world: Path, tmp_path: Path) -> None:
    publish(warehouse_world, tmp_path / "p", "night-1")
    folder = tmp_path / "p" / "parquet"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["snapshot_id"] == "night-1"
    assert sorted(manifest["files"]) == [path.name for path in sorted(folder.glob("*.parquet"))]
    assert {"documents.parquet", "emergence.parquet", "snapshot.parquet"} <= manifest["files"].keys()
    for name, entry in manifest["files"].items():
        body = (folder / name).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
        assert entry["rows"] == pq.read_metadata(folder / name).num_rows
    assert manifest["files"]["documents.parquet"]["rows"] == 4


def test_the_folder_says_what_its_columns_mean_and_how_to_cite_it(warehouse_world: Path, tmp_path: Path) -> None:
    publish(warehouse_world, tmp_path / "p", "night-1", published_at=NIGHT)
    folder = tmp_path / "p" / "parquet"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {one["path"] for one in package["resources"]} == {path.name for path in folder.glob("*.parquet")}
    for one in package["resources"]:
        fields = {field["name"]: field for field in one["schema"]["fields"]}
        assert list(fields) == pq.read_schema(folder / one["path"]).names
        assert all(field["description"] for field in fields.values())
        assert set(one["schema"]["primaryKey"]) <= fields.keys()
        assert one["hash"] == "sha256:" + hashlib.sha256((folder / one["path"]).read_bytes()).hexdigest()
    citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["version"], str(citation["date-released"]), citation["type"]) == ("night-1", str(NIGHT.date()), "dataset")


def test_macros_answer_in_the_snapshot_and_survive_the_copy(warehouse_world: Path, tmp_path: Path) -> None:
    publish(warehouse_world, tmp_path / "p", "night-1")
    with duckdb.connect(str((tmp_path / "p" / LINK).resolve()), read_only=True) as reader:
        assert reader.execute("SELECT name, as_of FROM marts.emerging(on_day := '2024-01-22')").fetchall() == [
            ("solid state battery", date(2024, 1, 22))
        ]
        assert reader.execute("SELECT name FROM marts.emerging('space')").fetchall() == []
        named = [
            reader.execute("SELECT document_id FROM marts.evidence(?)", [name]).fetchall() for name in ("SOLID STATE BATTERY", "固态电池")
        ]
        assert named[0] == named[1] == [("arxiv_oai:1",), ("feeds:2",)]
        assert reader.execute("FROM marts.timeline('no such thing')").fetchall() == []


def test_equal_content_gives_equal_parquet(warehouse_world: Path, tmp_path: Path) -> None:
    publish(warehouse_world, tmp_path / "a", "night-1", published_at=NIGHT)
    publish(warehouse_world, tmp_path / "b", "night-1", published_at=NIGHT)
    manifests = [(tmp_path / folder / "parquet" / "manifest.json").read_bytes() for folder in "ab"]
    assert manifests[0] == manifests[1]


def test_unchanged_content_may_be_skipped(warehouse_world: Path, tmp_path: Path) -> None:
    published = tmp_path / "p"
    first = publish(warehouse_world, published, "night-1")
    assert publish(warehouse_world, published, "night-2", skip_unchanged=True) == first.resolve()
    grow(warehouse_world, "feeds")
    assert publish(warehouse_world, published, "night-3", skip_unchanged=True).name == "observatory-night-3.duckdb"


def test_a_run_that_publishes_again_keeps_ids_meaning_one_thing(warehouse_world: Path, tmp_path: Path) -> None:
    published = tmp_path / "p"
    assert publish(warehouse_world, published, "night-1") == publish(warehouse_world, published, "night-1")
    grow(warehouse_world, "feeds")
    assert publish(warehouse_world, published, "night-1").name == "observatory-night-1-2.duckdb"
    with open_reader(published / LINK) as reader:
        assert reader.execute("SELECT snapshot_id FROM marts.snapshot").fetchall() == [("night-1-2",)]


def test_the_oldest_go_and_the_current_stays(warehouse_world: Path, tmp_path: Path) -> None:
    published = tmp_path / "p"
    for night in range(4):
        grow(warehouse_world, f"s{night}")
        publish(warehouse_world, published, f"night-{night}", keep=2)
    assert [path.name for path in list_snapshots(published)] == ["observatory-night-3.duckdb", "observatory-night-2.duckdb"]
    assert names(published) == sorted(
        [*(f"observatory-night-{n}.duckdb" for n in (2, 3)), LINK, "parquet", "parquet-night-2", "parquet-night-3"]
    )


@pytest.mark.parametrize(("snapshot_id", "keep"), [("../up", 14), ("", 14), ("a b", 14), ("ok", 0)])
def test_nonsense_is_refused(warehouse_world: Path, tmp_path: Path, snapshot_id: str, keep: int) -> None:
    with pytest.raises(WarehouseError):
        publish(warehouse_world, tmp_path / "p", snapshot_id, keep=keep)
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize("step", ["_copy", "_verify", "export_parquet", "_to_disk", "_move_link"])
def test_a_failure_at_any_step_keeps_the_snapshot_before(
    warehouse_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    published = tmp_path / "p"
    publish(warehouse_world, published, "night-1")
    before = sources_of(published)
    grow(warehouse_world, "feeds")

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with open_writer(warehouse_world) as connection:
        with monkeypatch.context() as patch:
            patch.setattr(publishing, step, fail)
            with pytest.raises(WarehouseError, match="There is no room left"):
                publish(connection, published, "night-2")
        assert sources_of(published) == before
        assert list(published.glob(".part-*")) == []
        publish(connection, published, "night-2")
    assert sources_of(published) == before + 1


def test_a_copy_that_lost_rows_is_not_published(warehouse_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy: Callable[..., None] = publishing._copy

    def lossy(connection: duckdb.DuckDBPyConnection, target: Path, *rest: Any) -> None:
        copy(connection, target, *rest)
        with duckdb.connect(str(target)) as damaged:
            damaged.execute("DELETE FROM core.works WHERE work_id = 'W4'")

    monkeypatch.setattr(publishing, "_copy", lossy)
    with pytest.raises(WarehouseError, match=r"is not whole: core\.works has 3 of 4 rows"):
        publish(warehouse_world, tmp_path / "p", "night-1")
    assert names(tmp_path / "p") == []


KILLED = """
import os, signal, sys
from pathlib import Path
import flows.warehouse.publish as publishing
steps = iter(range(int(sys.argv[3])))
def killing(original):
    def step(*arguments, **options):
        if next(steps, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments, **options)
    return step
for name in ("_copy", "_verify", "export_parquet", "_to_disk", "_move_link", "_remove", "remove_old"):
    setattr(publishing, name, killing(getattr(publishing, name)))
publishing.publish(Path(sys.argv[1]), Path(sys.argv[2]), "night-2")
"""


def test_killed_at_any_point_readers_see_one_whole_snapshot_and_the_next_publish_cleans_up(warehouse_world: Path, tmp_path: Path) -> None:
    published = tmp_path / "p"
    publish(warehouse_world, published, "night-1")
    before = sources_of(published)
    grow(warehouse_world, "feeds")
    killed = 0
    for steps in (0, 1, 2, 4, 24, 26, 28, 30, 40):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(warehouse_world), str(published), str(steps)], capture_output=True, check=False
        )
        killed += done.returncode == -9
        assert sources_of(published) in (before, before + 1)
    assert killed >= 6
    assert done.returncode == 0, done.stderr.decode()
    assert sources_of(published) == before + 1
    assert [path for path in names(published) if "part" in path and "parquet" not in path] == []
    assert (
        len(list_snapshots(published)) == len(list(published.glob("observatory-*.duckdb"))) == len(list(published.glob("parquet-*"))) == 2
    )


READER = """
import sys, time
from pathlib import Path
from flows.warehouse.connection import open_reader
rounds = 0
while not Path(sys.argv[2]).exists():
    with open_reader(Path(sys.argv[1]), threads=1) as reader:
        first, second = (reader.execute("SELECT snapshot_id FROM marts.snapshot").fetchall() for _ in range(2))
        count, = reader.execute("SELECT count(*) FROM meta.cursors").fetchall()[0]
        assert first == second == [(f"night-{count}",)], (first, second, count)
    rounds += 1
    time.sleep(0.02)  # leave the machine to the publisher too
    if rounds == 1:
        print("reading", flush=True)
print(rounds)
"""


@pytest.mark.parametrize(("reader_count", "publishes"), [(2, 10), pytest.param(3, 60, marks=pytest.mark.slow)])
def test_readers_in_a_loop_never_fail_while_snapshots_are_published(
    warehouse_world: Path, tmp_path: Path, reader_count: int, publishes: int
) -> None:
    published, stop = tmp_path / "p", tmp_path / "stop"
    publish(warehouse_world, published, "night-1")
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(published / LINK), str(stop)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(reader_count)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
    for night in range(2, 2 + publishes):
        grow(warehouse_world, f"s{night}")
        publish(warehouse_world, published, f"night-{night}", keep=1)
    stop.touch()
    for reader in readers:
        output, errors = reader.communicate()
        assert reader.returncode == 0, errors
        assert int(output) >= 3
        print(f"{int(output)} whole reads")  # noqa: T201 - shown with -s
