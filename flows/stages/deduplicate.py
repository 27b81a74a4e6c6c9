"""Deduplicate: keys for versions that have none, then every document's work: a family of records that tell of one piece of work."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flows.ledger import transaction
from flows.warehouse.reads import load_sql
from flows.warehouse.tables import append

if TYPE_CHECKING:
    from flows.ledger import Run

BATCH = 20_000


def deduplicate(run: Run) -> None:
    """core.duplicate_keys for new versions, core.works for the documents that they may touch; core.retractions and core.kept_apart anew.

    Only documents that share a key with another are compared. A link holds from the day on which it could be known, so that the
    grouping as of a past day never changes; a pair in the setting `keep_apart` is never put into one work, on any day. What shares no
    key with anything new, also over others, keeps its works: core.duplicate_groups remembers what hangs together.
    """
    _store_keys(run)
    from nlp.duplicates import find_groups, group
    from nlp.identifiers import REASONS
    from nlp.retelling import Candidate

    connection = run.connection
    apart = sorted({(min(pair), max(pair)) for pair in run.settings.keep_apart})
    kept_apart = set(connection.execute("SELECT document_id, other_document_id FROM core.kept_apart").fetchall())
    connection.execute(load_sql("duplicate_changes"), {"apart": sorted({name for pair in kept_apart ^ set(apart) for name in pair})})
    rows = connection.execute(load_sql("duplicate_candidates"), {"identifiers": list(REASONS)}).fetchall()
    candidates = [
        Candidate(document_id, kind, available_on, title, abstract, tuple(map(tuple, keys)), tuple(map(tuple, learned)), tuple(people))
        for document_id, kind, available_on, title, abstract, keys, learned, people in rows
    ]
    linked = [
        {
            "work_id": member.work_id,
            "document_id": member.document_id,
            "linked_to_document_id": member.linked_to_document_id,
            "reason": member.reason,
            "similarity": member.similarity,
            "linked_on": member.linked_on,
        }
        for member in group(candidates, apart)
        if member.linked_to_document_id is not None
    ]
    groups = find_groups(candidates)
    with transaction(connection):
        for table in ("core.works", "core.duplicate_groups"):  # what was taken down went with its rows
            connection.execute(f"DELETE FROM {table} WHERE document_id IN (SELECT document_id FROM regrouped)")
        for table in ("core.retractions", "core.kept_apart"):
            connection.execute(f"DELETE FROM {table}")
        append(connection, "core.works", linked, run.run_id)
        connection.execute(load_sql("single_works"), {"run_id": run.run_id})
        connection.execute(load_sql("duplicate_groups"), {"documents": list(groups), "groups": list(groups.values()), "run_id": run.run_id})
        connection.execute(load_sql("retractions"), {"run_id": run.run_id})
        append(connection, "core.kept_apart", [{"document_id": one, "other_document_id": other} for one, other in apart], run.run_id)
    connection.execute("DROP TABLE regrouped")
    run.rows["deduplicate"] = len(linked)


def _store_keys(run: Run) -> None:
    from nlp.duplicates import keys

    rows = run.connection.execute(
        """
        SELECT version_id, document_id, kind, title, abstract, identifiers, extras -> '$.relations' FROM core.documents AS documents
        WHERE NOT EXISTS (SELECT 1 FROM core.duplicate_keys AS done WHERE done.version_id = documents.version_id AND done.reason = 'self')
        ORDER BY version_id
        """
    ).fetchall()
    with transaction(run.connection):
        for start in range(0, len(rows), BATCH):
            found = []
            for version_id, document_id, kind, title, abstract, identifiers, relations in rows[start : start + BATCH]:
                # `self` marks the version as done even when its text is too short to be compared.
                found.append({"version_id": version_id, "reason": "self", "key": document_id})
                found.extend(
                    {"version_id": version_id, "reason": reason, "key": key}
                    for reason, key in keys(document_id, kind, title, abstract, identifiers or {}, _relations(relations))
                )
            append(run.connection, "core.duplicate_keys", found, run.run_id)
            if len(rows) > BATCH:
                run.say(f"compared {min(start + BATCH, len(rows))} of {len(rows)} texts with what is known")


def _relations(stored: str | None) -> list[Mapping[str, Any]]:
    """Links to other records as a parser left them in `extras`; an import may have put anything there."""
    said = json.loads(stored) if stored else None
    return [one for one in said if isinstance(one, Mapping)] if isinstance(said, list) else []
