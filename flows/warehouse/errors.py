"""What goes wrong with a warehouse file, told in one sentence."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

_DAMAGED = re.compile(
    r"not a valid DuckDB database file|Corrupt database|Could not read enough bytes|newer version|storage version"
    r"|replaying WAL|WAL file|checksum"
)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class WarehouseError(Exception):
    """Something about the warehouse is wrong; the message is one sentence for a person."""


class WarehouseDamaged(WarehouseError):
    """The file is there and cannot be read as a warehouse of this version of DuckDB."""


@contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Turn whatever DuckDB or the disk raises while `path` is worked on into a WarehouseError of one sentence."""
    try:
        yield
    except (duckdb.Error, OSError) as error:
        kind = WarehouseDamaged if _DAMAGED.search(first_sentence(str(error))) else WarehouseError
        raise kind(explain(error, path)) from error


def explain(error: Exception, path: Path | str) -> str:
    """One sentence for an error met while working on the file `path`."""
    text = first_sentence(str(error))
    if re.search(r"No space left|File too large|quota exceeded", text) or getattr(error, "errno", None) in _NO_ROOM:
        return f"There is no room left on the disk for {path}: free some space and run the command again."
    if "Could not set lock" in text:
        holder = re.search(r"PID (\d+)", text)
        who = f"process {holder.group(1)}" if holder else "another process"
        return f"The warehouse {path} is in use by {who}: wait until it ends."
    if "different configuration" in text:
        return f"The warehouse {path} is already open in this process with other limits."
    if "not a valid DuckDB database file" in text:
        return f"{path} is not a DuckDB database file."
    if re.search(r"Read-only file system|Permission denied|read-only mode", text) and "does not exist" not in text:
        return f"{path} cannot be written here: the disk or the file is read-only."
    if re.search(r"does not exist|No such file", text):
        return f"There is no warehouse at {path}."
    if "Is a directory" in text:
        return f"{path} is a folder, not a warehouse file."
    if _DAMAGED.search(text):
        return f"{path} is damaged or was written by a newer DuckDB: {text}"
    return f"{path}: {text}"


def first_sentence(message: str) -> str:
    """A DuckDB message without its picture of the statement and its links, on one line, ending in one full stop."""
    kept = re.split(r"\n\s*\n|\nLINE \d+:|See also https?:|\* Candidate|For more information", message, maxsplit=1)[0]
    return re.sub(r"\s+", " ", kept).strip().rstrip(".!") + "."
