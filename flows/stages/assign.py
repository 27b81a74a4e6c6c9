"""Assign: the registry of technologies with their documents and timelines, and the topics each document belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flows.judging import Verdict
from flows.ledger import transaction
from flows.warehouse.reads import load_sql
from flows.warehouse.tables import append

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from flows.ledger import Run
    from nlp.records import Topic

REFIT_AFTER = timedelta(days=7)
"""A refit may mint topics; between refits new documents only join known ones."""


def refresh_technologies(run: Run, verdicts: Sequence[Verdict]) -> None:
    """Bring core.technologies, core.technology_documents and signals.timeline up to the verdicts made in this run (oldest first).

    A technology once registered keeps its id for good; one whose name became an alias of another points to it.
    """
    if not verdicts:
        return
    with transaction(run.connection):
        for verdict in verdicts:
            _register(run, verdict)
        _mark_merged(run, verdicts[-1])
        run.connection.execute("DELETE FROM core.technology_documents")
        run.connection.execute(load_sql("technology_documents"), {"run_id": run.run_id})
        run.connection.execute("DELETE FROM signals.timeline")
        run.connection.execute(load_sql("technology_timeline"), {"run_id": run.run_id, "as_of": run.logical_on})
    run.rows["technologies"] = run.connection.execute("SELECT count(*) FROM core.technologies").fetchall()[0][0]


def _register(run: Run, verdict: Verdict) -> None:
    """Rows seen at this as-of replace the rows of earlier as-ofs; a row seen at a later one stays."""
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


def assign_topics(run: Run) -> None:
    """Fit topics when there are none or the last fit is a week old, then give every document without a topic its nearest, or none."""
    from nlp.topics import assign

    model = _embedding_model(run)
    last_fit = run.connection.execute("SELECT max(refit_on) FROM core.topic_lineage").fetchall()[0][0]
    has_topics = bool(run.connection.execute("SELECT 1 FROM core.topics WHERE model = ? LIMIT 1", [model]).fetchall())
    if not has_topics or last_fit is None or run.logical_on - last_fit >= REFIT_AFTER:
        _refit(run, model)
    topics = run.connection.execute(
        "SELECT topic_id, centroid, reject_below FROM core.topics WHERE retired_on IS NULL AND model = ? ORDER BY topic_id", [model]
    ).fetchall()
    if not topics:
        run.say("too few documents for topics yet")
        return
    import numpy as np

    versions, vectors = _vectors(
        run, model, "WHERE NOT EXISTS (SELECT 1 FROM core.topic_documents AS done WHERE done.version_id = embeddings.version_id)"
    )
    if not versions:
        return
    centroids = np.array([topic[1] for topic in topics], dtype=np.float32)
    nearest, similarity = assign(vectors, centroids, topics[0][2])
    rows = [
        {"topic_id": topics[place][0] if place >= 0 else None, "version_id": version, "similarity": float(value)}
        for version, place, value in zip(versions, nearest.tolist(), similarity.tolist(), strict=True)
    ]
    with transaction(run.connection):
        append(run.connection, "core.topic_documents", rows, run.run_id)
    run.rows["topics"] = len(rows)


def _refit(run: Run, model: str) -> None:
    """Fit anew, align with the known topics, record the lineage; every document is assigned again by the same rule."""
    from nlp.topics import fit

    from nlp.records import Topic

    versions, vectors = _vectors(run, model, "")
    texts = dict(run.connection.execute("SELECT version_id, title || '. ' || abstract FROM core.documents").fetchall())
    previous = [
        Topic(topic_id, label, tuple(keywords), tuple(centroid), count)
        for topic_id, label, keywords, centroid, count in run.connection.execute(
            """
            SELECT topic_id, label, keywords, centroid,
                   (SELECT count(*) FROM core.topic_documents AS members WHERE members.topic_id = topics.topic_id)
            FROM core.topics AS topics WHERE retired_on IS NULL AND model = ? ORDER BY topic_id
            """,
            [model],
        ).fetchall()
    ]
    refit = fit(vectors, [texts[version] for version in versions], seed=run.settings.seed, previous=previous)
    with transaction(run.connection):
        _store_topics(run, refit.topics, refit.reject_below, model)
        append(
            run.connection,
            "core.topic_lineage",
            [
                {
                    "refit_on": run.logical_on,
                    "event": event.event,
                    "from_topic_id": event.from_topic_id,
                    "to_topic_id": event.to_topic_id,
                    "overlap_share": event.overlap_share,
                }
                for event in refit.lineage
            ],
            run.run_id,
        )
        run.connection.execute("DELETE FROM core.topic_documents")


def _store_topics(run: Run, topics: Sequence[Topic], reject_below: float, model: str) -> None:
    born = dict(run.connection.execute("SELECT topic_id, born_on FROM core.topics").fetchall())
    current = [topic.topic_id for topic in topics]
    run.connection.execute(
        "UPDATE core.topics SET retired_on = ? WHERE retired_on IS NULL AND topic_id NOT IN (SELECT unnest(?::VARCHAR[]))",
        [run.logical_on, current],
    )
    run.connection.execute("DELETE FROM core.topics WHERE topic_id IN (SELECT unnest(?::VARCHAR[]))", [current])
    append(
        run.connection,
        "core.topics",
        [
            {
                "topic_id": topic.topic_id,
                "label": topic.label,
                "keywords": list(topic.keywords),
                "centroid": list(topic.centroid),
                "model": model,
                "reject_below": reject_below,
                "born_on": born.get(topic.topic_id, run.logical_on),
                "retired_on": None,
            }
            for topic in topics
        ],
        run.run_id,
    )


def _embedding_model(run: Run) -> str:
    """The model whose vectors were written last."""
    rows = run.connection.execute("SELECT revision FROM meta.models WHERE purpose = 'embeddings' ORDER BY used_at DESC LIMIT 1").fetchall()
    return str(rows[0][0]) if rows else ""


def _vectors(run: Run, model: str, condition: str) -> tuple[list[str], npt.NDArray[np.float32]]:
    """Versions in the order of their ids and their vectors, (n, d) float32."""
    import numpy as np

    joint = "AND" if condition else "WHERE"
    table: Any = run.connection.execute(
        f"SELECT version_id, vector FROM core.embeddings AS embeddings {condition} {joint} model = ? ORDER BY version_id", [model]
    ).fetch_arrow_table()
    if not table.num_rows:
        return [], np.empty((0, 0), dtype=np.float32)
    flat = table.column("vector").combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return table.column("version_id").to_pylist(), flat.reshape(table.num_rows, -1).astype(np.float32)
