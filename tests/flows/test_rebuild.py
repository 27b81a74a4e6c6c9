"""A rebuild that dies leaves nothing that could pass for a warehouse, and a damaged file or log stops nobody."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from nights import command, hashes, observatory, offline

from flows.rebuild import carry_over
from flows.settings import Settings
from flows.warehouse.connection import open_writer
from flows.warehouse.schema import migrate

ROWS = [
    {
        "source": "library",
        "kind": "paper",
        "id": f"p{number}",
        "title": f"Growth of perovskite tandem cells, part {number}",
        "abstract": f"We grow perovskite tandem cells of kind {number} on silicon and measure how they age under light and heat.",
        "published": "2024-03-01",
    }
    for number in range(30)
]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small imported corpus, published; not to be written to."""
    corpus = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    corpus.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    folder = tmp_path_factory.mktemp("imported") / "data"
    done = observatory(offline(folder), "import", str(corpus))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def data_dir(imported: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(imported, tmp_path / "data", symlinks=True))


KILLED_IN_DEDUPLICATE = """
import os, signal
import flows.stages.deduplicate as module
module.deduplicate = lambda run: os.kill(os.getpid(), signal.SIGKILL)
from flows.cli import main
main()
"""


@pytest.mark.parametrize("is_lost", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_a_rebuild_killed_half_way_leaves_what_was_there(data_dir: Path, is_lost: bool) -> None:
    warehouse = data_dir / "warehouse" / "observatory.duckdb"
    before = hashes(data_dir)
    if is_lost:
        warehouse.unlink()
    killed = subprocess.run([command()[0], "-c", KILLED_IN_DEDUPLICATE, "rebuild"], env=offline(data_dir), capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert warehouse.with_name("observatory.duckdb.rebuilding").exists(), "it was killed too early to prove anything"
    if is_lost:
        scan = observatory(offline(data_dir), "publish")
        assert (scan.returncode, warehouse.exists()) == (1, False), scan.stderr
    else:
        assert hashes(data_dir) == before
    again = observatory(offline(data_dir), "rebuild")
    assert again.returncode == 0, again.stderr
    assert hashes(data_dir)["core.documents"] == before["core.documents"]
    assert [path.name for path in warehouse.parent.iterdir()] == ["observatory.duckdb"]


@pytest.mark.slow
def test_a_rebuild_takes_the_snapshot_where_the_file_is_damaged(data_dir: Path) -> None:
    warehouse = data_dir / "warehouse" / "observatory.duckdb"
    before = hashes(data_dir)
    warehouse.write_bytes(b"\xff" * 20_000)
    refused = observatory(offline(data_dir), "publish")
    assert refused.returncode == 1
    assert "not a DuckDB database file" in refused.stderr
    again = observatory(offline(data_dir), "rebuild")
    assert again.returncode == 0, again.stderr
    assert hashes(data_dir)["core.documents"] == before["core.documents"]
    assert sorted(path.name for path in warehouse.parent.iterdir()) == ["observatory.duckdb", "observatory.duckdb.damaged"]


def test_a_damaged_log_is_set_aside_and_told(tmp_path: Path) -> None:
    from flows.night import open_work

    settings = Settings(data_dir=tmp_path, use_prefect=False)
    noon = datetime(2025, 10, 1, 12)
    with open_work(settings, "scan", noon.date(), now=lambda: noon, say=lambda _: None):
        pass
    log = settings.warehouse.with_name("observatory.duckdb.wal")
    code = f"""
import os, duckdb
connection = duckdb.connect({str(settings.warehouse)!r})
connection.execute("INSERT INTO meta.facts SELECT 'lost', i::VARCHAR FROM range(1000) AS t(i)")
os._exit(0)
"""
    subprocess.run([command()[0], "-c", code], check=True)
    content = bytearray(log.read_bytes())
    content[len(content) // 2 :: 7] = b"\xff" * len(content[len(content) // 2 :: 7])
    log.write_bytes(content)
    with pytest.raises(duckdb.Error, match="WAL"):
        duckdb.connect(str(settings.warehouse))
    with open_work(settings, "scan", noon.date(), now=lambda: noon, say=lambda _: None) as run:
        assert run.connection.execute("SELECT count(*) FROM meta.facts WHERE key = 'lost'").fetchall() == [(0,)]
        assert ["set aside" in problem for problem in run.problems] == [True]
    assert log.with_name("observatory.duckdb.wal.damaged").exists()


def test_what_no_landing_holds_is_carried_over_and_nothing_that_was_taken_down(warehouse_world: Path, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    with open_writer(warehouse_world) as old:
        old.execute(
            """
            INSERT INTO raw.captures SELECT * REPLACE ('c2' AS capture_id, 'arxiv_oai/kept/b.gz' AS path, DATE '2024-02-01' AS from_on)
            FROM raw.captures WHERE capture_id = 'c1'
            """
        )
        old.execute("UPDATE raw.captures SET path = 'arxiv_oai/gone/a.gz' WHERE capture_id = 'c1'")
        old.execute("UPDATE core.documents SET capture_id = 'c2' WHERE document_id = 'arxiv_oai:3'")
        old.execute("UPDATE core.documents SET capture_id = NULL WHERE document_id = 'uspto_xml:4'")
    (landing / "arxiv_oai" / "kept").mkdir(parents=True)
    (landing / "arxiv_oai" / "kept" / "b.gz").touch()
    with open_writer(tmp_path / "new.duckdb") as connection:
        migrate(connection, datetime(2025, 1, 1))
        connection.execute(f"ATTACH '{warehouse_world}' AS old (READ_ONLY)")
        carry_over(connection, landing, {"feeds:2"})
        found = connection.execute("SELECT document_id, version_id, capture_id FROM core.documents ORDER BY ALL").fetchall()
        actors = connection.execute("SELECT DISTINCT version_id FROM core.actors ORDER BY 1").fetchall()
    assert found == [("arxiv_oai:1", "v1", None), ("arxiv_oai:1", "v2", None), ("uspto_xml:4", "v5", None)]
    assert actors == [("v2",), ("v5",)]
