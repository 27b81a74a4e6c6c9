"""Opening the writer's file and the snapshot: what goes wrong is said in one sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.warehouse.connection import open_reader, open_writer
from flows.warehouse.errors import WarehouseError, explain, explained

FILL_THE_DISK = """
import resource, sys
from pathlib import Path
from flows.warehouse.connection import open_writer
from flows.warehouse.errors import WarehouseError, explained
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
try:
    with explained(sys.argv[1]), open_writer(Path(sys.argv[1])) as connection:
        connection.execute("CREATE TABLE big AS SELECT md5(i::VARCHAR) AS text FROM range(200000) AS t(i)")
        connection.execute("CHECKPOINT")
except WarehouseError as error:
    print(error)
"""


def test_a_file_in_use_by_another_process_names_that_process(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    program = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(WarehouseError, match=f"in use by process {holder.pid}: wait"):
            open_writer(path)
        holder.communicate(b"")
    open_writer(path).close()


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.duckdb"
    page.write_bytes(b"<html>" * 2000)
    with pytest.raises(WarehouseError, match="is not a DuckDB database file"):
        open_writer(page)
    with pytest.raises(WarehouseError, match="is a folder"):
        open_writer(tmp_path)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with open_writer(path) as connection:
        connection.execute("CREATE TABLE t AS SELECT range AS i FROM range(100000)")
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(WarehouseError, match="damaged or was written by a newer DuckDB"):
        open_writer(path)


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FILL_THE_DISK, str(tmp_path / "w.duckdb")], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("There is no room left on the disk for")
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('IO Error: Cannot open file "/x": Read-only file system', "cannot be written here: the disk or the file is read-only."),
        ('IO Error: Cannot open file "/x": Permission denied', "cannot be written here: the disk or the file is read-only."),
        ('IO Error: Could not write file "/x": No space left on device', "There is no room left on the disk for /x"),
        ("Binder Error: no column q!\nLINE 1: select q\n   ^", "/x: Binder Error: no column q."),
    ],
)
def test_messages_are_for_people(message: str, expected: str) -> None:
    sentence = explain(duckdb.IOException(message), "/x")
    assert expected in sentence
    assert "\n" not in sentence


def test_the_writer_speaks_utc_and_downloads_nothing(tmp_path: Path) -> None:
    with open_writer(tmp_path / "new" / "w.duckdb", memory_limit="200MB", threads=1) as connection:
        assert connection.execute("SELECT current_setting('TimeZone'), current_setting('threads')").fetchall() == [("UTC", 1)]
        with pytest.raises(WarehouseError, match="spatial"), explained("query"):
            connection.execute("SELECT * FROM st_read('x')")


def test_a_reader_is_told_when_nothing_is_published(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="Nothing is published"):
        open_reader(tmp_path / "observatory.duckdb")


def test_a_reader_keeps_its_snapshot_when_the_link_moves(tmp_path: Path) -> None:
    link = tmp_path / "observatory.duckdb"
    for value in (1, 2):
        with open_writer(tmp_path / f"{value}.duckdb") as connection:
            connection.execute(f"CREATE TABLE t AS SELECT {value} AS i")
    link.symlink_to("1.duckdb")
    with open_reader(link) as before:
        link.unlink()
        link.symlink_to("2.duckdb")
        with open_reader(link) as after:
            assert (before.execute("FROM t").fetchall(), after.execute("FROM t").fetchall()) == ([(1,)], [(2,)])
        with pytest.raises(duckdb.Error):
            before.execute("INSERT INTO t VALUES (3)")
