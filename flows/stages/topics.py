"""Topics: fit now and then, assign every night, by one rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

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


def assign_topics(run: Run) -> None:
    """Fit topics when there are none or the last fit is a week old, then give every document without a topic its nearest, or none."""
    from nlp.topic_quality import outlier_share
    from nlp.topics import assign

    model = _embedding_model(run)
    fitted = run.connection.execute("SELECT value::DATE FROM meta.facts WHERE key = 'topics_fitted_on'").fetchall()
    has_topics = bool(
        run.connection.execute("SELECT 1 FROM core.topics WHERE model = ? AND retired_on IS NULL LIMIT 1", [model]).fetchall()
    )
    if not has_topics or not fitted or run.logical_on - fitted[0][0] >= REFIT_AFTER:
        _refit(run, model)
    topics = run.connection.execute(
        "SELECT topic_id, centroid, reject_below FROM core.topics WHERE retired_on IS NULL AND model = ? ORDER BY topic_id", [model]
    ).fetchall()
    if not topics:
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
    run.say(f"{outlier_share(nearest):.0%} of {len(rows)} documents newly placed are near no topic")


def _refit(run: Run, model: str) -> None:
    """Let the topics be revised, record the lineage; every document is assigned again by the same rule.

    Topics of another model are laid out anew among the new vectors, and identifiers pass on with the documents.
    """
    from nlp.topics import fit

    versions, vectors = _vectors(run, model, "")
    texts = {
        version: (text, f"{kind} {year} {track}")
        for version, text, kind, year, track in run.connection.execute(load_sql("topic_texts")).fetchall()
    }
    previous, model_before, reject_below = _known_topics(run)
    is_other_model = model_before not in (None, model)
    refit = fit(
        vectors,
        [texts[version][0] for version in versions],
        seed=run.settings.seed,
        previous=previous,
        reject_below=reject_below,
        strata=[texts[version][1] for version in versions],
        placed=_places(run, versions, previous) if is_other_model else None,
        used_ids=[row[0] for row in run.connection.execute("SELECT topic_id FROM core.topics").fetchall()],
    )
    if refit.note:
        run.say(refit.note)
        if is_other_model:  # nothing to lay out yet: the topics wait in their own vectors
            return
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
        run.connection.execute("DELETE FROM meta.facts WHERE key = 'topics_fitted_on'")
        run.connection.execute("INSERT INTO meta.facts (key, value) VALUES ('topics_fitted_on', ?)", [run.logical_on.isoformat()])


def _known_topics(run: Run) -> tuple[list[Topic], str | None, float | None]:
    """The topics in use, the model of their vectors and their threshold; None where there are none."""
    from nlp.records import Topic

    rows = run.connection.execute(
        """
        SELECT topic_id, label, keywords, centroid, model, reject_below,
               (SELECT count(*) FROM core.topic_documents AS members WHERE members.topic_id = topics.topic_id)
        FROM core.topics AS topics WHERE retired_on IS NULL ORDER BY topic_id
        """
    ).fetchall()
    topics = [Topic(row[0], row[1], tuple(row[2]), tuple(row[3]), row[6]) for row in rows]
    return topics, rows[0][4] if rows else None, rows[0][5] if rows else None


def _places(run: Run, versions: Sequence[str], topics: Sequence[Topic]) -> npt.NDArray[np.int64]:
    """At which of these topics each version stands by its last assignment, shape (versions,); -1 = at none."""
    import numpy as np

    place = {topic.topic_id: number for number, topic in enumerate(topics)}
    stored = run.connection.execute("SELECT version_id, topic_id FROM core.topic_documents WHERE topic_id IS NOT NULL").fetchall()
    places = {version: place.get(topic_id, -1) for version, topic_id in stored}
    return np.array([places.get(version, -1) for version in versions], dtype=np.int64)


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
