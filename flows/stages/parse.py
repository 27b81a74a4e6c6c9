"""Parse: every landed window not yet in the warehouse becomes captures, documents and rejects, with its cursor, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from crawlers.landing import Manifest, list_windows, read_body, read_manifest
from crawlers.reading import parse as parse_body
from crawlers.records import Capture, Document, Parsed, Reject, Window
from crawlers.rejects import is_unreadable
from crawlers.sources import Source
from crawlers.takedown import is_taken_down, take_down_window
from crawlers.validators import forget_validators
from flows.forgotten import forgotten_ids
from flows.ledger import transaction
from flows.stages.cursors import covered_days, move_cursor
from flows.stages.documents import DocumentRows, store
from flows.stages.watching import Sighting, remember, sample, sight
from flows.warehouse.tables import append
from flows.worlds import is_simulated

if TYPE_CHECKING:
    from pathlib import Path

    from flows.ledger import Run

NOT_A_DOCUMENT = "not_a_document"
"""A reject that is no trouble: a list that leads to documents, a container, a notice of the source."""


def parse(run: Run, sources: Sequence[Source]) -> None:
    """Load what was landed and not loaded; a window landed again in full replaces its unfinished self.

    A window beyond its source's cursor is read again: it waits for an earlier one, with which it is asked for again.
    """
    total = 0
    covered = covered_days(run.connection)
    for source in sources:
        covered_to_on = covered.get(source.name)
        loaded = {
            Window(from_on, to_on): is_complete
            for from_on, to_on, is_complete in run.connection.execute(
                "SELECT from_on, to_on, is_complete FROM meta.windows WHERE source = ?", [source.name]
            ).fetchall()
        }
        for window in list_windows(run.settings.landing, source.name):
            is_loaded = loaded.get(window, False)
            if not is_loaded and any(is_whole and _holds(other, window) for other, is_whole in loaded.items()):
                continue  # a later crawl brought these days whole
            if is_loaded and covered_to_on is not None and window.to_on <= covered_to_on:
                continue
            try:
                manifest = read_manifest(run.settings.landing, source.name, window)
            except ValueError as error:  # damaged on disk: the other windows still count
                run.problems.append(f"{source.name}: {error}")
                continue
            if manifest is not None and not (is_loaded and manifest.is_backfill):
                total += load_window(run, run.settings.landing, manifest)
    run.rows["parse"] = run.rows.get("parse", 0) + total


def _holds(outer: Window, inner: Window) -> bool:
    return outer.from_on <= inner.from_on and inner.to_on <= outer.to_on


def load_window(run: Run, landing: Path, manifest: Manifest) -> int:
    """Read one landed window into the warehouse. Returns the number of new document versions."""
    forgotten = forgotten_ids(run.settings)
    rows = DocumentRows(simulated=is_simulated(run.connection), forgotten=forgotten)
    rejects: list[dict[str, Any]] = []
    documents: list[Document] = []
    bodies: list[bytes] = []
    sampled = sample(len(manifest.captures))
    is_delivered_again = False
    unreadable: list[Capture] = []
    for index, capture in enumerate(manifest.captures):
        body, parsed = _read(landing, capture)
        if is_unreadable(parsed):
            unreadable.append(capture)
        if index in sampled:
            bodies.append(body)
        documents.extend(parsed.documents)
        is_delivered_again = is_delivered_again or any(document.document_id in forgotten for document in parsed.documents)
        fetched_at = capture.fetched_at.replace(tzinfo=None)
        for document in parsed.documents:
            rows.add(document, capture_id=capture.capture_id, fetched_at=fetched_at)
        rejects.extend(
            {
                "reject_id": reject_id(manifest.source, capture.capture_id, reject.position, reject.reason),
                "source": manifest.source,
                "capture_id": capture.capture_id,
                "position": reject.position,
                "record_id": reject.record_id,
                "reason": reject.reason,
                "detail": reject.detail,
                "rejected_at": run.now(),
            }
            for reject in parsed.rejects
        )
    if is_delivered_again:
        take_down_window(landing, manifest.source, manifest.window, forgotten, partial(_note_cut, run))
        return load_window(run, landing, read_manifest(landing, manifest.source, manifest.window) or manifest)
    reject_count = len(rejects)
    manifest = _held_back(run, manifest, unreadable)
    sighting = sight(run, manifest, bodies, documents, sum(one["reason"] != NOT_A_DOCUMENT for one in rejects))
    run.problems.extend(f"{manifest.source}: {change[0].upper()}{change[1:]}" for change in sighting.changes)
    if sighting.faults:
        return _set_aside(run, manifest, sighting)
    rejects = _unknown_rejects(run, rejects)
    span = [manifest.source, manifest.window.from_on, manifest.window.to_on]
    with transaction(run.connection):
        run.connection.execute("DELETE FROM raw.captures WHERE source = ? AND from_on = ? AND to_on = ?", span)
        run.connection.execute("DELETE FROM meta.windows WHERE source = ? AND from_on = ? AND to_on = ?", span)
        append(run.connection, "raw.captures", [_capture_row(manifest, index) for index in range(len(manifest.captures))], run.run_id)
        append(run.connection, "raw.rejects", rejects, run.run_id)
        fresh = store(run.connection, rows, run.run_id)
        append(run.connection, "meta.windows", [_window_row(manifest, len(rows.documents), reject_count, run)], run.run_id)
        if manifest.complete:
            move_cursor(run, manifest)
            if manifest.captures:
                remember(run, manifest, sighting)
    if lost := [one["reason"] for one in rejects if one["reason"] != NOT_A_DOCUMENT]:
        run.problems.append(f"{manifest.source}: {len(lost)} records of {manifest.window.key} could not be read ({lost[0]}).")
    return fresh


def _note_cut(run: Run, capture: Capture, is_cut: bool) -> None:
    run.say(f"{capture.source}: a document that was taken down was delivered again and taken out of {capture.path}")
    if not is_cut:
        run.problems.append(f"{capture.source}: {capture.path} was emptied, for a document that was taken down could not be cut out of it.")


def _held_back(run: Run, manifest: Manifest, unreadable: Sequence[Capture]) -> Manifest:
    """A page that cannot be read at all is a page that did not arrive: its part, or the whole source, is asked for those days again."""
    if not unreadable or manifest.source in run.settings.accept_drift:
        return manifest
    behind = {capture.part for capture in unreadable if capture.part}
    complete = manifest.complete and all(capture.part for capture in unreadable)
    return replace(manifest, complete=complete, behind=tuple(sorted({*manifest.behind, *behind})))


def _set_aside(run: Run, manifest: Manifest, sighting: Sighting) -> int:
    """A window that was not read as its source's windows used to be waits in the landing; the cursor stays, nothing is stored."""
    why = [f"{fault[0].upper()}{fault[1:]}" for fault in sighting.faults]
    run.problems.extend(f"{manifest.source}: {one}" for one in why)
    run.problems.append(
        f"{manifest.source}: the window {manifest.window.key} was set aside; if the source has changed for good, "
        f"name it in the setting accept_drift."
    )
    span = [manifest.source, manifest.window.from_on, manifest.window.to_on]
    refused = replace(manifest, complete=False, problems=(*manifest.problems, *why))
    forget_validators(run.settings.landing, manifest.source)
    with transaction(run.connection):
        run.connection.execute("DELETE FROM meta.windows WHERE source = ? AND from_on = ? AND to_on = ?", span)
        append(run.connection, "meta.windows", [_window_row(refused, 0, 0, run)], run.run_id)
    return 0


def _read(landing: Path, capture: Capture) -> tuple[bytes, Parsed]:
    """A capture that is gone or damaged on disk is one reject; the others of its window still count."""
    if is_taken_down(capture):
        return b"", Parsed()
    try:
        body = read_body(landing, capture)
    except ValueError as error:
        return b"", Parsed(rejects=(Reject(capture.source, 0, capture.capture_id, "damaged_capture", str(error)),))
    return body, parse_body(capture.source, body, url=capture.url, headers=capture.headers)


def _unknown_rejects(run: Run, rejects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what was rejected before: a feed shows the same broken entry every night, and it is news only once."""
    unique = {reject["reject_id"]: reject for reject in rejects}
    known = run.connection.execute(
        "SELECT reject_id FROM raw.rejects WHERE reject_id IN (SELECT unnest(?::VARCHAR[]))", [list(unique)]
    ).fetchall()
    for (name,) in known:
        del unique[name]
    return list(unique.values())


def reject_id(source: str, capture_id: str | None, position: int, reason: str) -> str:
    """The same broken record gets the same id each time it is read."""
    return hashlib.sha256(f"{source}\n{capture_id}\n{position}\n{reason}".encode()).hexdigest()[:24]


def _capture_row(manifest: Manifest, index: int) -> dict[str, Any]:
    capture = manifest.captures[index]
    return {
        "capture_id": capture.capture_id,
        "source": manifest.source,
        "from_on": manifest.window.from_on,
        "to_on": manifest.window.to_on,
        "sequence": capture.sequence,
        "url": capture.url,
        "status": capture.status,
        "sha256": capture.sha256,
        "size_bytes": capture.size,
        "path": capture.path,
        "fetched_at": capture.fetched_at.replace(tzinfo=None),
    }


def _window_row(manifest: Manifest, documents: int, rejects: int, run: Run) -> dict[str, Any]:
    return {
        "source": manifest.source,
        "from_on": manifest.window.from_on,
        "to_on": manifest.window.to_on,
        "is_complete": manifest.complete,
        "capture_count": len(manifest.captures),
        "document_count": documents,
        "reject_count": rejects,
        "problems": list(manifest.problems),
        "loaded_at": run.now(),
    }
