"""R20: a file of any earlier schema version opens, loses nothing, publishes and answers; older and newer DuckDBs read what is published."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from flows.warehouse.connection import open_reader, open_writer
from flows.warehouse.hashes import warehouse_hashes
from flows.warehouse.publish import LINK, publish
from flows.warehouse.reads import list_sql
from flows.warehouse.schema import list_views, load_migrations, migrate

RELEASES = sorted((Path(__file__).parent / "fixtures" / "releases").glob("*.gz"))
NIGHT = datetime(2024, 1, 25, 3)
CLIENTS = ("1.4", "1.5", "2.0")
CLIENTS_FOLDER = "DUCKDB_CLIENTS"
"""Environment variable: a folder with a virtual environment a client of DuckDB, `<folder>/<version>/bin/python`."""


def test_every_schema_version_before_this_one_is_kept() -> None:
    kept = {path.name for path in RELEASES}
    wanted = {f"schema-{number:04d}.duckdb.gz" for number in range(1, len(load_migrations()))}
    assert wanted <= kept, "run python tests/flows/make_releases.py before a migration is added"


def counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    tables = connection.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
    return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for (table,) in tables}


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name.partition(".")[0])
def test_a_file_of_an_earlier_version_migrates_publishes_and_answers(release: Path, warehouse_world: Path, tmp_path: Path) -> None:
    path = tmp_path / "observatory.duckdb"
    path.write_bytes(gzip.decompress(release.read_bytes()))
    with open_writer(path) as connection:
        before = counts(connection)
        migrate(connection, NIGHT)
        after = counts(connection)
        publish(connection, tmp_path / "published", "upgraded", published_at=NIGHT)
        found = warehouse_hashes(connection)
    lost = {table for table, count in before.items() if after[table] < count}
    assert lost <= {"core.duplicate_keys"}, "keys are made anew by the next run; nothing else may go"
    with open_writer(warehouse_world) as connection:
        now = warehouse_hashes(connection)
    changed = {table for table in now if found[table] != now[table]}
    assert changed <= {"core.works", "core.duplicate_keys"}, "the day of a link was not kept before version 4"
    with open_reader(tmp_path / "published" / LINK) as reader:
        assert reader.execute("SELECT snapshot_id FROM marts.snapshot").fetchall() == [("upgraded",)]
        for schema, view in list_views(reader):
            reader.execute(f"SELECT * FROM {schema}.{view}").fetchall()
        for sql in list_sql("queries").values():
            reader.execute(sql).fetchall()
        assert reader.execute("SELECT name FROM marts.emergence WHERE rank = 1 AND as_of = DATE '2024-01-23'").fetchall() == [
            ("solid state battery",)
        ]


READ = """
import json, sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
connection.execute("SET TimeZone = 'UTC'")
answers = {name: len(connection.execute(sql).fetchall()) for name, sql in json.load(sys.stdin).items()}
print(json.dumps({"version": duckdb.__version__, "answers": answers}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("version", CLIENTS)
def test_a_client_of_another_duckdb_reads_the_published_file(version: str, warehouse_world: Path, tmp_path: Path) -> None:
    client = Path(os.environ.get(CLIENTS_FOLDER, "/nonexistent")) / version / "bin" / "python"
    if not client.exists():
        pytest.skip(f"there is no client of DuckDB {version}: make one with `python -m venv D/{version}`, "
                    f"`D/{version}/bin/pip install 'duckdb=={version}.*'` and {CLIENTS_FOLDER}=D")  # fmt: skip
    publish(warehouse_world, tmp_path / "published", "night-1", published_at=NIGHT)
    with open_reader(tmp_path / "published" / LINK) as reader:
        asked = {view: f"SELECT * FROM {schema}.{view}" for schema, view in list_views(reader)} | list_sql("queries")
    done = subprocess.run(
        [str(client), "-c", READ, str(tmp_path / "published" / LINK)], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["version"].startswith(version)
    with open_reader(tmp_path / "published" / LINK) as reader:
        assert told["answers"] == {name: len(reader.execute(sql).fetchall()) for name, sql in asked.items()}
