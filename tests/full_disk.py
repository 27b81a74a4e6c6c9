"""R11: commands on a small disk of their own, which is full at one point after another, then read-only.

Run inside a mount namespace (`unshare -rm python -m tests.full_disk FOLDER [MODELS]`); prints one JSON line with what happened. MODELS is
the `models` folder of another data folder: making its file takes most of the time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

MIB = 2**20
STEP = MIB // 4
MOST_STEPS = 16


def rows(part: int) -> str:
    """A corpus of 40 papers as JSON Lines."""
    return "".join(
        json.dumps(
            {
                "source": "library",
                "kind": "paper",
                "id": f"p{part}-{number}",
                "title": f"Growth of perovskite tandem cells, part {part} {number}",
                "abstract": f"We grow perovskite tandem cells of kind {number} on silicon. "
                + f"Batch {part * number} ages under light. " * 40,
                "published": "2024-03-01",
            }
        )
        + "\n"
        for number in range(40)
    )


def command(data_dir: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and what was said on standard error of one command, run in a fork that has its imports already."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writer, 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 70
        try:
            sys.argv = ["observatory", "--data-dir", str(data_dir), *arguments]
            from flows.cli import main

            main()
        except SystemExit as end:
            code = int(end.code or 0)
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8", errors="replace") as said:
        text = said.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text


def used(place: Path) -> int:
    """Bytes taken on the disk of that folder."""
    facts = os.statvfs(place)
    return (facts.f_blocks - facts.f_bfree) * facts.f_frsize


def remount(place: Path, options: str) -> None:
    """Change the small disk."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


def snapshot_of(data_dir: Path) -> str:
    """The id of what is published, read from the file itself."""
    import duckdb

    with duckdb.connect(str((data_dir / "published" / "observatory.duckdb").resolve()), read_only=True) as reader:
        return str(reader.execute("SELECT snapshot_id FROM marts.snapshot").fetchall()[0][0])


def main(folder: Path, models: Path | None = None) -> dict[str, Any]:
    """Fill the disk point by point; returns the attempts as (room in bytes, exit code, what was said) and what was left."""
    import pyarrow  # noqa: F401 - the forks have it then
    import sklearn  # noqa: F401
    import spacy  # noqa: F401

    os.environ |= {"OBSERVATORY_VECTORS": "fast", "OBSERVATORY_USE_PREFECT": "false", "OBSERVATORY_MIN_FREE_GIB": "0"}
    disk, free = folder / "disk", folder / "free"
    disk.mkdir()
    for part in (1, 2):
        (folder / f"{part}.jsonl").write_text(rows(part), encoding="utf-8")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", str(disk)], check=True)
    data_dir = disk / "data"
    for place in (data_dir, free):
        place.mkdir()
        if models is not None:
            (place / "models").symlink_to(models.absolute())
    first = command(data_dir, "import", str(folder / "1.jsonl"))
    before, room = snapshot_of(data_dir), used(disk)
    attempts, ids = [], []
    for step in range(MOST_STEPS):
        remount(disk, f"size={room + step * STEP}")
        attempts.append((step * STEP, *command(data_dir, "import", str(folder / "2.jsonl"))))
        ids.append(snapshot_of(data_dir))
        if attempts[-1][1] == 0:
            break
    remount(disk, "size=512m")
    last = command(data_dir, "import", str(folder / "2.jsonl"))
    remount(disk, "ro")
    refused = command(data_dir, "import", str(folder / "1.jsonl"))
    asked = command(data_dir, "query", "SELECT count(*) FROM marts.documents")
    remount(disk, "rw")
    for part in (1, 2):
        command(free, "import", str(folder / f"{part}.jsonl"))
    from flows.warehouse.connection import open_reader
    from flows.warehouse.hashes import warehouse_hashes

    equal = []
    for place in (data_dir, free):
        with open_reader(place / "warehouse" / "observatory.duckdb") as connection:
            equal.append(warehouse_hashes(connection))
    return {
        "first": first,
        "before": before,
        "attempts": attempts,
        "ids": ids,
        "last": last,
        "refused": refused,
        "asked": asked,
        "unequal": sorted(name for name in equal[0] if equal[0][name] != equal[1][name]),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*map(Path, sys.argv[1:]))) + "\n")
