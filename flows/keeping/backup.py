"""Backup: one file that holds what cannot be made again, read through once more when it is written."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from flows import __version__
from flows.curation import FILE_NAME as CURATION
from flows.forgotten import FILE_NAME as FORGOTTEN
from flows.ledger import Clock, Say
from flows.settings import CONFIG_NAME, Settings
from flows.warehouse.errors import WarehouseError

MANIFEST = "manifest.json"
FORMAT = 1
WAREHOUSE = "warehouse/observatory.duckdb"
SINGLE_FILES = (CURATION, FORGOTTEN, CONFIG_NAME)
"""Beside warehouse and landing, what a person wrote. Keys stand in none of them; reports and snapshots are made again."""

_BLOCK = 2**20


class BackupError(WarehouseError):
    """A backup cannot be written, read or trusted; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself. `files` maps a path to its size in bytes and sha256; `tables` a table to its hash.

    Hashes of tables can be compared only by the version of DuckDB that made them (`duckdb_version`).
    """

    format: int
    code_version: str
    duckdb_version: str
    made_at: str
    files: dict[str, tuple[int, str]]
    tables: dict[str, str]


def back_up(settings: Settings, target: Path, *, now: Clock, say: Say) -> tuple[Path, Contents]:
    """Write `target` (or a file with the time in its name, where `target` is a folder) and read it through once again.

    The lock is held only while the warehouse is copied: readers are never disturbed, and a night may begin while the landing is
    read, for a landed window never changes but as a whole. Raises BackupError, LockHeld, OSError.
    """
    from flows.lock import acquire
    from flows.night import require_warehouse

    require_warehouse(settings)
    made_at = now()
    path = target / f"observatory-{made_at:%Y%m%dT%H%M%S}.tar" if target.is_dir() else target
    if path.exists():
        raise BackupError(f"{path} is there already: name another file.")
    part = path.with_name(f".{path.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
            copy = Path(folder) / "observatory.duckdb"
            with acquire(settings.lock):
                say("the warehouse is copied ...")
                tables, duckdb_version = _copy_warehouse(settings, copy)
            with part.open("xb") as file, tarfile.open(fileobj=file, mode="w") as archive:
                part.chmod(0o600)  # the settings may name people, and unpublished texts are in it
                files = {WAREHOUSE: _add(archive, WAREHOUSE, copy)}
                for name, source in _files(settings):
                    files[name] = _add(archive, name, source)
                contents = Contents(FORMAT, __version__, duckdb_version, made_at.isoformat(timespec="seconds"), files, tables)
                body = (json.dumps(asdict(contents), indent=1, sort_keys=True) + "\n").encode()
                archive.addfile(_member(MANIFEST, len(body)), io.BytesIO(body))
            _to_disk(part)
        say("the backup is read through ...")
        verify(part)
        part.replace(path)
        _to_disk(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return path, contents


def _copy_warehouse(settings: Settings, copy: Path) -> tuple[dict[str, str], str]:
    """A copy of the file without its log, the hashes of its tables, and the version of DuckDB that made them."""
    import duckdb

    from flows.warehouse.connection import open_writer
    from flows.warehouse.hashes import warehouse_hashes

    with open_writer(settings.warehouse, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
        connection.execute("CHECKPOINT")
    shutil.copyfile(settings.warehouse, copy)
    with open_writer(copy, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
        return warehouse_hashes(connection), duckdb.__version__


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """(name in the archive, file) of everything but the warehouse: a window's manifest, then the bodies that it names."""
    for name in SINGLE_FILES:
        if (settings.data_dir / name).is_file():
            yield name, settings.data_dir / name
    for path in sorted(settings.landing.glob(f"*/*/{MANIFEST}")):
        if not path.parent.name.endswith(".partial"):
            place = f"landing/{path.parent.relative_to(settings.landing).as_posix()}"
            yield f"{place}/{MANIFEST}", path
            for body in sorted(path.parent.glob("*.gz")):  # looked up after the manifest was read: all that it names is there
                yield f"{place}/{body.name}", body


def _add(archive: tarfile.TarFile, name: str, path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        reader = _Hashing(file)
        archive.addfile(_member(name, size), reader)
    return size, reader.digest.hexdigest()


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """As the file does."""
        body = self._file.read(size)
        self.digest.update(body)
        return body


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def verify(path: Path, into: Path | None = None) -> Contents:
    """Read a backup through, writing its files below `into` where that is given. Raises BackupError unless all is as the manifest says.

    Nothing is written outside `into`, whatever the archive names.
    """
    seen: dict[str, tuple[int, str]] = {}
    manifest = b""
    try:
        with tarfile.open(path, mode="r:") as archive:
            for member in archive:
                body = archive.extractfile(member) if member.isreg() else None
                if body is None or not _is_plain(member.name) or member.name in seen:
                    raise BackupError(f"{path} is no backup of the observatory: {member.name!r} does not belong there.")
                if member.name == MANIFEST:
                    manifest = body.read()
                else:
                    seen[member.name] = _take(body, into / member.name if into else None)
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{path} is no backup, or is damaged: {error}.") from None
    contents = _read_manifest(path, manifest)
    for name in sorted(seen.keys() | contents.files.keys()):
        if seen.get(name) != contents.files.get(name):
            raise BackupError(f"{path} is damaged: {name} is not what was backed up.")
    return contents


def _is_plain(name: str) -> bool:
    """Whether a name stays below the folder, in a place where backups put files."""
    parts = PurePosixPath(name).parts
    is_below = bool(parts) and not name.startswith("/") and ".." not in parts
    return is_below and (name in (MANIFEST, WAREHOUSE, *SINGLE_FILES) or (parts[0] == "landing" and len(parts) == 4))


def _take(body: IO[bytes], target: Path | None) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") if target else io.BytesIO() as file:
        while block := body.read(_BLOCK):
            digest.update(block)
            size += len(block)
            if target:
                file.write(block)
        if target:
            file.flush()
            os.fsync(file.fileno())
    return size, digest.hexdigest()


def _read_manifest(path: Path, body: bytes) -> Contents:
    try:
        facts = json.loads(body)
        if facts["format"] != FORMAT:
            raise BackupError(f"{path} was written by another version ({facts['code_version']}): restore it with that one.")
        files = {name: (int(size), str(sha256)) for name, (size, sha256) in facts["files"].items()}
        return Contents(**{**facts, "files": files})
    except (ValueError, KeyError, TypeError):
        raise BackupError(f"{path} has no readable manifest: it is no backup, or was cut off.") from None


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
