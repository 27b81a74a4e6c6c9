"""`observatory import`: good rows in, bad rows refused one by one, a wrong schema refused whole."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from nights import hashes, observatory, offline

GOOD: list[dict[str, Any]] = [
    {
        "source": "held",
        "kind": "paper",
        "id": f"paper-{number}",
        "title": f"Report {number} on solid-state batteries",
        "abstract": "Solid-state batteries are measured and compared with other cells in long tests.",
        "published": f"2024-0{1 + number % 9}-15",
    }
    for number in range(30)
]
BAD = [
    {**GOOD[0], "id": "bad-kind", "kind": "preprint"},
    {**GOOD[0], "id": "bad-date", "published": "2024-02-30"},
    {**GOOD[0], "id": None},
]


def write_lines(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def count(data_dir: Path, table: str) -> int:
    with duckdb.connect(str(data_dir / "warehouse" / "observatory.duckdb"), read_only=True) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after an import of thirty good and four bad rows."""
    folder = tmp_path_factory.mktemp("import")
    file = write_lines(folder / "corpus.jsonl", [*GOOD, *BAD, "{not json\n"])
    answer = observatory(offline(folder / "data"), "import", str(file))
    assert answer.returncode == 3, answer.stderr
    assert answer.stderr.count("refused row") == 4
    assert "kind 'preprint'" in answer.stderr
    assert "'2024-02-30' is no date" in answer.stderr
    return folder


def test_good_rows_are_kept_and_bad_ones_recorded(imported: Path) -> None:
    assert count(imported / "data", "core.documents") == len(GOOD)
    assert count(imported / "data", "raw.rejects") == 4


def test_the_day_judged_is_the_last_day_anything_was_available(imported: Path) -> None:
    rows = json.loads(observatory(offline(imported / "data"), "query", "SELECT as_of FROM marts.snapshot", "--format", "json").stdout)
    assert rows == [{"as_of": str(date(2024, 9, 15))}]


def test_the_same_file_again_changes_nothing(imported: Path) -> None:
    before = hashes(imported / "data")
    assert observatory(offline(imported / "data"), "import", str(imported / "corpus.jsonl")).returncode == 3
    assert hashes(imported / "data") == before


@pytest.mark.parametrize(
    ("name", "table", "words"),
    [
        ("lacks.parquet", pa.table({"source": ["held"], "kind": ["paper"], "id": ["1"], "title": ["t"]}), "no column abstract"),
        (
            "typed.parquet",
            pa.table({"source": ["held"], "kind": ["paper"], "id": ["1"], "title": ["t"], "abstract": ["a"], "published": [20240101]}),
            "column published holds int64",
        ),
        ("broken.parquet", None, "cannot be read as parquet"),
    ],
)
def test_a_wrong_schema_is_refused_whole(imported: Path, tmp_path: Path, name: str, table: Any, words: str) -> None:
    if table is None:
        (tmp_path / name).write_bytes(b"PAR1 but not really")
    else:
        pq.write_table(table, tmp_path / name)
    before = hashes(imported / "data")
    answer = observatory(offline(imported / "data"), "import", str(tmp_path / name))
    assert answer.returncode == 1
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr
    assert hashes(imported / "data") == before


def test_a_lost_warehouse_does_not_replace_the_snapshot(imported: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "data"
    shutil.copytree(imported / "data", copy, symlinks=True)
    (copy / "warehouse" / "observatory.duckdb").unlink()
    for command in (("publish",), ("import", str(imported / "corpus.jsonl"))):
        answer = observatory(offline(copy), *command)
        assert answer.returncode == 1
        assert "warehouse" in answer.stderr
    kept = json.loads(observatory(offline(copy), "query", "SELECT count(*) AS documents FROM marts.documents", "--format", "json").stdout)
    assert kept == [{"documents": len(GOOD)}]
