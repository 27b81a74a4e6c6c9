"""The registry of technologies: who was ever seen, under which names, in which documents, in how many works a quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.judging import Verdict
from flows.warehouse.reads import load_sql
from flows.warehouse.tables import append

if TYPE_CHECKING:
    from flows.ledger import Run


def refresh_documents(run: Run, latest: Verdict) -> None:
    """core.technology_documents and signals.timeline anew, after the latest verdict was registered. Must run inside a transaction.

    A technology whose name became an alias of another points to it and has no documents of its own.
    """
    _mark_merged(run, latest)
    run.connection.execute("DELETE FROM core.technology_documents")
    run.connection.execute(load_sql("technology_documents"), {"run_id": run.run_id})
    run.connection.execute("DELETE FROM signals.timeline")
    run.connection.execute(load_sql("technology_timeline"), {"run_id": run.run_id, "as_of": latest.as_of})
    run.rows["technologies"] = run.connection.execute("SELECT count(*) FROM core.technologies").fetchall()[0][0]


def register(run: Run, verdict: Verdict) -> None:
    """Enter the technologies of a verdict in core.technologies. Must run inside a transaction.

    Rows seen at this as-of replace rows of earlier ones; a row seen at a later one stays. An id once registered is kept for good.
    """
    first_documents = _first_documents(run, verdict)
    rows = [
        {
            "technology_id": technology.technology_id,
            "name": technology.name,
            "name_zh": technology.name_zh,
            "aliases": list(technology.aliases),
            "term_keys": list(technology.term_keys),
            "first_on": technology.first_on,
            "first_document_id": first_documents[index],
            "taxonomy_name": technology.taxonomy_name,
            "tracks": list(verdict.tracks[index]),
            "track": verdict.tracks[index][0] if verdict.tracks[index] else None,
            "merged_into_technology_id": None,
            "seen_as_of": verdict.as_of,
        }
        for index, technology in enumerate(verdict.technologies)
        if index in first_documents
    ]
    ids = [row["technology_id"] for row in rows]
    later = {
        row[0]
        for row in run.connection.execute(
            "SELECT technology_id FROM core.technologies WHERE seen_as_of > ? AND technology_id IN (SELECT unnest(?::VARCHAR[]))",
            [verdict.as_of, ids],
        ).fetchall()
    }
    run.connection.execute(
        "DELETE FROM core.technologies WHERE seen_as_of <= ? AND technology_id IN (SELECT unnest(?::VARCHAR[]))", [verdict.as_of, ids]
    )
    append(run.connection, "core.technologies", [row for row in rows if row["technology_id"] not in later], run.run_id)


def _first_documents(run: Run, verdict: Verdict) -> dict[int, str]:
    """First document of each candidate, by (available_on, document_id)."""
    run.connection.register("candidate_pairs", verdict.pairs)
    try:
        rows = run.connection.execute(
            """
            SELECT candidate, arg_min(pairs.document_id, (documents.available_on, pairs.document_id))
            FROM candidate_pairs AS pairs JOIN core.documents AS documents USING (version_id) GROUP BY candidate
            """
        ).fetchall()
    finally:
        run.connection.unregister("candidate_pairs")
    return dict(rows)


def _mark_merged(run: Run, latest: Verdict) -> None:
    """A registered technology whose canonical term now belongs to another one of the latest as-of was merged into it."""
    owners = {key: technology.technology_id for technology in latest.technologies for key in technology.term_keys}
    current = {technology.technology_id for technology in latest.technologies}
    for technology_id, term_keys in run.connection.execute(
        "SELECT technology_id, term_keys FROM core.technologies ORDER BY technology_id"
    ).fetchall():
        owner = owners.get(term_keys[0]) if technology_id not in current else None
        if owner is not None and owner != technology_id:
            run.connection.execute(
                "UPDATE core.technologies SET merged_into_technology_id = ? WHERE technology_id = ?", [owner, technology_id]
            )
