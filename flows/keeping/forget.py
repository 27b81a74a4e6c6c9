"""Forget a document: its text goes from everything in the data folder, the fact of it stays, and it is never taken in again."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.forgotten import Forgotten, add_forgotten, forgotten_ids
from flows.keeping.traces import Quotations, clean_files, clean_sqlite
from flows.ledger import Clock, Say
from flows.settings import Settings, SettingsError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from crawlers.records import Capture
    from flows.night import Outcome


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What was done. `captures_emptied` are landed files of which nothing could be kept. `same_work_ids` are documents still held that
    tell of the same works: they may hold the same text."""

    document_ids: tuple[str, ...]
    captures_changed: int
    captures_emptied: tuple[str, ...]
    snapshots_dropped: int
    files_changed: int
    same_work_ids: tuple[str, ...]
    snapshot: Path


def forget(settings: Settings, asked: Sequence[str], *, reason: str, with_works: bool, now: Clock, say: Say) -> Forgetting:
    """Take documents down; `with_works` takes down every document of their works too. Run again after a crash, it finishes.

    First the list `forgotten.jsonl` gets their ids, then landing, tables, snapshots, reports and caches are cleaned; the warehouse is
    judged and published anew, and then what was published before is deleted. Where checks stop the publishing (ChecksFailed), that is
    still there: mend what they found and run it again. Raises SettingsError for an id that is neither held nor on the list, LockHeld,
    WarehouseError.
    """
    from flows.keeping.erasing import compact, erase
    from flows.lock import acquire
    from flows.night import finish, open_work_locked, require_warehouse
    from flows.stages.publish import published_as_of
    from flows.warehouse.connection import open_writer

    require_warehouse(settings)
    with acquire(settings.lock):
        with open_writer(settings.warehouse, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
            ids, others = _chosen(settings, connection, asked, with_works)  # before a run begins: a misspelt id is no failed run
        with open_work_locked(settings, "forget", now().date(), now=now, say=say) as run:
            when = run.now().isoformat(timespec="seconds")
            add_forgotten(settings, [Forgotten(one, when, reason) for one in ids])
            captures = _Captures(say)
            texts = _texts(settings, run.connection, ids)
            for source in sorted({one.partition(":")[0] for one in ids}):
                captures.take_down(settings, source, ids, [title for title, _, _ in texts])
            captures.enter(run.connection)
            quotations = Quotations(text for title, abstract, _ in texts for text in (title, abstract))
            erase(run.connection, ids, quotations)
            run.logical_on = published_as_of(run.connection) or run.logical_on
            outcome: Outcome = finish(run)
        say("the warehouse is written anew ...")
        compact(settings.warehouse, memory_limit=settings.memory_limit, threads=settings.threads)
        files = _clean_around(settings, quotations, texts)
        dropped = _drop_snapshots(settings, outcome.snapshot)
    emptied = tuple(one.path for one in captures.emptied)
    return Forgetting(ids, len(captures.fresh), emptied, dropped, files, others, outcome.snapshot)


def _chosen(
    settings: Settings, connection: DuckDBPyConnection, asked: Sequence[str], with_works: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(ids to forget, other documents of their works that stay)."""
    listed = forgotten_ids(settings)
    held = {row[0] for row in connection.execute("SELECT DISTINCT document_id FROM core.documents").fetchall()}
    for one in asked:
        if one not in held and one not in listed:
            raise SettingsError(f"No document {one!r} is held; ids read source:id, as in marts.documents.document_id.")
    rows = connection.execute(
        """
        SELECT DISTINCT document_id FROM core.works
        WHERE work_id IN (SELECT work_id FROM core.works WHERE document_id IN (SELECT unnest(?::VARCHAR[]))) ORDER BY 1
        """,
        [list(asked)],
    ).fetchall()
    others = [row[0] for row in rows if row[0] not in asked]
    if with_works:
        return (*asked, *others), ()
    return tuple(asked), tuple(others)


def _texts(settings: Settings, connection: DuckDBPyConnection, ids: Sequence[str]) -> list[tuple[str, str, str | None]]:
    """What the documents say, by the warehouse and by every snapshot: these go last, so that a command that died can be finished."""
    from flows.keeping.erasing import texts_of
    from flows.warehouse.connection import open_reader
    from flows.warehouse.publish import list_snapshots

    texts = set(texts_of(connection, ids))
    for snapshot in list_snapshots(settings.published):
        with open_reader(snapshot, memory_limit=settings.memory_limit, threads=settings.threads) as reader:
            texts.update(texts_of(reader, ids))
    return sorted(texts, key=repr)


class _Captures:
    """Landed responses that were written anew."""

    def __init__(self, say: Say) -> None:
        self.fresh: list[Capture] = []
        self.emptied: list[Capture] = []
        self._say = say

    def take_down(self, settings: Settings, source: str, ids: Sequence[str], titles: Sequence[str]) -> None:
        from crawlers.takedown import take_down
        from flows.warehouse.errors import WarehouseError

        if (settings.landing / source).is_dir():
            self._say(f"{source}: everything landed is read ...")
            try:
                take_down(settings.landing, source, ids, self._note, titles=titles)
            except ValueError as error:
                raise WarehouseError(f"{error} Delete its folder, which nothing can read any more, and forget again.") from None

    def enter(self, connection: DuckDBPyConnection) -> None:
        """Say in raw.captures what they are now.

        What was in a response that had to be emptied is held by no landing any more: a rebuild carries it over like an import.
        """
        for one in self.fresh:
            connection.execute(
                "UPDATE raw.captures SET sha256 = ?, size_bytes = ?, path = ?, status = ? WHERE capture_id = ?",
                [one.sha256, one.size, one.path, one.status, one.capture_id],
            )
        emptied = [one.capture_id for one in self.emptied]
        connection.execute("UPDATE core.documents SET capture_id = NULL WHERE capture_id IN (SELECT unnest(?::VARCHAR[]))", [emptied])

    def _note(self, capture: Capture, is_cut: bool) -> None:
        self.fresh.append(capture)
        if not is_cut:
            self.emptied.append(capture)


def _clean_around(settings: Settings, quotations: Quotations, texts: Sequence[tuple[str, str, str | None]]) -> int:
    """Reports, pages and logs of runs, Prefect's file, vectors; files that an interrupted command left beside the warehouse go."""
    roots = [path for path in settings.data_dir.iterdir() if path not in (settings.landing, settings.warehouse.parent, settings.published)]
    changed = len(clean_files(roots, quotations, [url for _, _, url in texts if url]))
    for path in settings.prefect_home.rglob("*.db"):
        try:
            changed += clean_sqlite(path, [text for title, abstract, _ in texts for text in (title, abstract)])
        except sqlite3.Error:
            path.unlink()  # Prefect only displays; what cannot be cleaned must not stay
    for path in settings.models.glob("vectors-*.sqlite"):
        _forget_vectors(path, [f"{title}. {abstract}" for title, abstract, _ in texts])
    for path in settings.warehouse.parent.iterdir():
        if path != settings.warehouse:
            path.unlink()
    return changed


def _forget_vectors(path: Path, texts: Sequence[str]) -> None:
    """Vectors are kept by the digest of their text (nlp.vector_cache)."""
    with closing(sqlite3.connect(path, timeout=60.0)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        digests = [(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest(),) for text in texts]
        connection.executemany("DELETE FROM vectors WHERE digest = ?", digests)
        connection.commit()


def _drop_snapshots(settings: Settings, current: Path) -> int:
    """Every snapshot but the one just published was made when the text was still held."""
    from flows.warehouse.publish import list_snapshots, remove_leftovers

    older = [path for path in list_snapshots(settings.published) if path.resolve() != current.resolve()]
    for path in older:
        path.unlink()
        shutil.rmtree(path.with_name(path.name.replace("observatory-", "parquet-", 1).removesuffix(".duckdb")))
    remove_leftovers(settings.published)
    return len(older)
