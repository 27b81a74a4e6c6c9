"""From what a parser or an import gives to rows of core.documents, core.actors and core.codes.

The one place where a document gets its version id, its cleaned text and its language, so that a record means the same whichever
way it came in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawlers.records import Document
from flows.warehouse.tables import append
from nlp.text import clean, language, normalise_name

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def version_id(document: Document) -> str:
    """24 hex digits of a digest over everything the document says: a changed record is a new version, a repeated one is not."""
    content = json.dumps(asdict(document), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:24]


class DocumentRows:
    """Rows gathered for one transaction. A version seen twice in one batch is kept once.

    `simulated`: the warehouse holds the simulated world, so every document is; otherwise a record may still say so of itself.
    `forgotten`: ids of documents that were taken down and are never taken in again.
    """

    def __init__(self, *, simulated: bool = False, forgotten: Collection[str] = ()) -> None:
        self._simulated = simulated
        self._forgotten = forgotten
        self.documents: list[dict[str, Any]] = []
        self.actors: list[dict[str, Any]] = []
        self.codes: list[dict[str, Any]] = []
        self._seen: set[str] = set()

    def add(self, document: Document, *, capture_id: str | None, fetched_at: datetime) -> None:
        """Add one document as it was fetched at a time (naive UTC)."""
        version = version_id(document)
        if version in self._seen or document.document_id in self._forgotten:
            return
        self._seen.add(version)
        title, abstract = clean(document.title), clean(document.abstract)
        self.documents.append(
            {
                "document_id": document.document_id,
                "version_id": version,
                "source": document.source,
                "source_id": document.source_id,
                "kind": document.kind,
                "title": title,
                "abstract": abstract,
                "lang": language(title, abstract, document.lang),
                "published_on": document.published_on,
                "date_precision": document.date_precision,
                "available_on": document.available_on,
                "updated_on": document.updated_on,
                "superseded_on": None,
                "state": document.state,
                # A simulated record has an address that looks real and leads nowhere: no link is better than a false one.
                "url": None if self._simulated else document.url,
                "licence": document.licence,
                "identifiers": dict(sorted(document.identifiers.items())),
                "extras": json.dumps(document.extras, ensure_ascii=False, sort_keys=True, default=str, allow_nan=False)
                if document.extras
                else None,
                "is_simulated": self._simulated or says_simulated(document.extras, document.licence),
                "capture_id": capture_id,
                "fetched_at": fetched_at,
            }
        )
        for position, actor in enumerate(document.actors):
            self.actors.append(
                {
                    "version_id": version,
                    "position": position,
                    "role": actor.role,
                    "name": actor.name,
                    "name_key": normalise_name(actor.name),
                    "country": actor.country,
                }
            )
        for position, code in enumerate(document.codes):
            self.codes.append({"version_id": version, "position": position, "scheme": code.scheme, "code": code.code})


def says_simulated(extras: Mapping[str, Any], licence: str | None) -> bool:
    """True for a record of the practice archive that says so itself; on the wire only the licence line can."""
    return extras.get("simulated") is True or (licence or "").startswith("simulated")


def store(connection: DuckDBPyConnection, rows: DocumentRows, run_id: str) -> int:
    """Add the versions the warehouse does not hold yet and put each touched document's versions in order.

    Must run inside a transaction. Returns the number of new versions.
    """
    if not rows.documents:
        return 0
    known = _known_versions(connection, [row["version_id"] for row in rows.documents])
    fresh = [row for row in rows.documents if row["version_id"] not in known]
    returned = _returned(connection, [row for row in rows.documents if row["version_id"] in known])
    if fresh:
        append(connection, "core.documents", fresh, run_id)
        append(connection, "core.actors", _of(rows.actors, known), run_id)
        append(connection, "core.codes", _of(rows.codes, known), run_id)
    if touched := {*returned, *(row["document_id"] for row in fresh)}:
        order_versions(connection, sorted(touched))
    return len(fresh)


def _returned(connection: DuckDBPyConnection, rows: Sequence[dict[str, Any]]) -> list[str]:
    """Documents that go back to an earlier wording: that version was seen last, and its place is behind the others again.

    Of a document that a source tells in two ways at once both are seen, so that neither takes the other's place night by night.
    """
    seen = {row["version_id"]: row["fetched_at"] for row in rows}
    changed = connection.execute(
        """
        WITH seen AS (SELECT unnest($versions::VARCHAR[]) AS version_id, unnest($times::TIMESTAMP[]) AS fetched_at),
        returned AS (
            SELECT document_id FROM core.documents AS earlier JOIN seen USING (version_id)
            WHERE earlier.superseded_on IS NOT NULL AND earlier.fetched_at < seen.fetched_at
        )
        UPDATE core.documents AS document SET fetched_at = seen.fetched_at
        FROM seen
        WHERE document.version_id = seen.version_id AND document.fetched_at < seen.fetched_at
          AND document.document_id IN (SELECT document_id FROM returned)
        RETURNING document.document_id
        """,
        {"versions": list(seen), "times": list(seen.values())},
    ).fetchall()
    return [document_id for (document_id,) in changed]


def _of(rows: Iterable[dict[str, Any]], known: set[str]) -> list[dict[str, Any]]:
    return [row for row in rows if row["version_id"] not in known]


def _known_versions(connection: DuckDBPyConnection, versions: Sequence[str]) -> set[str]:
    found = connection.execute(
        "SELECT version_id FROM core.documents WHERE version_id IN (SELECT unnest(?::VARCHAR[]))", [list(versions)]
    ).fetchall()
    return {row[0] for row in found}


def order_versions(connection: DuckDBPyConnection, document_ids: Sequence[str]) -> None:
    """Say from when to when each version of these documents counts.

    The first version counts from the day its source made it public; a later one from the day it states (updated, else available);
    each ends where the next begins. So a correction that states its day never changes what was known at an earlier as-of. A text edited
    without a new day takes the place of the old one for all its days: nothing tells when it changed.
    """
    connection.execute(
        """
        WITH ordered AS (
            SELECT version_id, document_id, available_on, coalesce(updated_on, available_on) AS stated_on,
                   row_number() OVER (
                       PARTITION BY document_id ORDER BY coalesce(updated_on, available_on) NULLS FIRST, fetched_at, version_id
                   ) AS place
            FROM core.documents
            WHERE document_id IN (SELECT unnest(?::VARCHAR[]))
        ), dated AS (
            SELECT version_id, document_id, place,
                   max(CASE WHEN place = 1 THEN available_on ELSE stated_on END)
                       OVER (PARTITION BY document_id ORDER BY place) AS available_on
            FROM ordered
        ), spans AS (
            SELECT version_id, available_on,
                   lead(coalesce(available_on, DATE '9999-12-31')) OVER (PARTITION BY document_id ORDER BY place) AS superseded_on
            FROM dated
        )
        UPDATE core.documents AS document
        SET available_on = spans.available_on, superseded_on = spans.superseded_on
        FROM spans WHERE document.version_id = spans.version_id
        """,
        [list(document_ids)],
    )
