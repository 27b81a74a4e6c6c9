"""Deduplicate: keys for versions that have none, then every document's work: a family of records that tell of one piece of work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.ledger import transaction
from flows.warehouse.reads import load_sql
from flows.warehouse.tables import append

if TYPE_CHECKING:
    from flows.ledger import Run

BATCH = 20_000


def deduplicate(run: Run) -> None:
    """core.duplicate_keys for new versions, and core.works for all documents.

    Only documents that share a key with another are compared; each links only to an earlier one, so that the grouping as of a
    past day never changes.
    """
    _store_keys(run)
    from nlp.duplicates import Candidate, group

    candidates = [
        Candidate(document_id, kind, available_on, title, abstract, tuple((key[0], key[1]) for key in keys))
        for document_id, kind, available_on, title, abstract, keys in run.connection.execute(load_sql("duplicate_candidates")).fetchall()
    ]
    linked = [
        {
            "work_id": member.work_id,
            "document_id": member.document_id,
            "linked_to_document_id": member.linked_to_document_id,
            "reason": member.reason,
            "similarity": member.similarity,
        }
        for member in group(candidates)
        if member.linked_to_document_id is not None
    ]
    with transaction(run.connection):
        run.connection.execute("DELETE FROM core.works")
        append(run.connection, "core.works", linked, run.run_id)
        run.connection.execute(load_sql("single_works"), {"run_id": run.run_id})
    run.rows["deduplicate"] = len(linked)


def _store_keys(run: Run) -> None:
    from nlp.duplicates import keys

    rows = run.connection.execute(
        """
        SELECT version_id, document_id, kind, title, abstract, identifiers FROM core.documents AS documents
        WHERE NOT EXISTS (SELECT 1 FROM core.duplicate_keys AS done WHERE done.version_id = documents.version_id)
        ORDER BY version_id
        """
    ).fetchall()
    with transaction(run.connection):
        for start in range(0, len(rows), BATCH):
            found = []
            for version_id, document_id, kind, title, abstract, identifiers in rows[start : start + BATCH]:
                # `self` marks the version as done even when its text is too short to be compared.
                found.append({"version_id": version_id, "reason": "self", "key": document_id})
                found.extend(
                    {"version_id": version_id, "reason": reason, "key": key}
                    for reason, key in keys(document_id, kind, title, abstract, identifiers or {})
                )
            append(run.connection, "core.duplicate_keys", found, run.run_id)
            if len(rows) > BATCH:
                run.say(f"compared {min(start + BATCH, len(rows))} of {len(rows)} texts with what is known")
