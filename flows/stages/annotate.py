"""Annotate: read the versions nobody has read yet: terms, aliases, entities, maturity words, vectors, tracks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from flows.ledger import transaction
from flows.warehouse.tables import append

if TYPE_CHECKING:
    from flows.ledger import Run
    from nlp.embeddings import Encoder
    from nlp.records import Reading, Text

BATCH = 4096
"""Texts held in memory at a time; large enough that a bulk insert costs little, small enough for any machine."""


def read_terms(run: Run) -> None:
    """core.readings, core.term_mentions, core.term_aliases, core.entity_mentions for every version without a reading."""
    from nlp.terms import installed_pipeline, load_pipeline, read
    from scoring.cues import count_cues

    pipeline = load_pipeline(installed_pipeline())
    texts = _texts_without(run, "core.readings")
    total = 0
    with transaction(run.connection):
        for batch in _batches(texts):
            readings = list(read(batch, pipeline))
            cues = [list(count_cues(f"{text.title}. {text.abstract}")) for text in batch]
            _store_readings(run, readings, cues, pipeline.name)
            total += len(batch)
            if len(texts) > BATCH:
                run.say(f"read {total} of {len(texts)} texts")
    run.rows["read"] = total


def _store_readings(run: Run, readings: Sequence[Reading], cues: Sequence[list[int]], pipeline: str) -> None:
    append(
        run.connection,
        "core.readings",
        [
            {"version_id": reading.version_id, "pipeline": pipeline, "mention_count": len(reading.mentions), "cue_counts": counts}
            for reading, counts in zip(readings, cues, strict=True)
        ],
        run.run_id,
    )
    for table, part in (("core.term_mentions", "mentions"), ("core.term_aliases", "aliases"), ("core.entity_mentions", "entities")):
        append(run.connection, table, list(_columns(readings, part)), run.run_id)


def _columns(readings: Sequence[Reading], part: str) -> Iterator[dict[str, Any]]:
    for reading in readings:
        for item in getattr(reading, part):
            yield {"version_id": reading.version_id, **{name: getattr(item, name) for name in item.__slots__}}


def embed(run: Run, encoder: Encoder) -> None:
    """core.embeddings for every version the encoder has not seen, in one transaction: batches are then the same after a crash."""
    texts = _texts_without(run, "core.embeddings", "model", encoder.revision)
    with transaction(run.connection):
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            vectors = encoder.encode([f"{text.title}. {text.abstract}" for text in batch])
            append(
                run.connection,
                "core.embeddings",
                _embedding_table(batch, vectors, encoder.revision),
                run.run_id,
            )
            if len(texts) > BATCH:
                run.say(f"embedded {start + len(batch)} of {len(texts)} texts")
        _record_model(run, encoder.name, encoder.revision, "embeddings")
    run.rows["embed"] = len(texts)


def _embedding_table(batch: Sequence[Text], vectors: Any, model: str) -> Any:
    """(version_id, model, vector) as Arrow, without a Python object per number."""
    import pyarrow as pa

    flat = pa.array(vectors.reshape(-1), pa.float32())
    lists = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1]).cast(pa.list_(pa.float32()))
    return pa.table({"version_id": [text.version_id for text in batch], "model": [model] * len(batch), "vector": lists})


def score_tracks(run: Run, encoder: Encoder | None = None) -> None:
    """core.track_scores for every version that was not placed yet; core.track_readings says which were, in a track or in none.

    The vectors of `encoder` help where it is the one that the scorer has learned with; words and codes serve alone elsewhere.
    """
    import json
    from dataclasses import asdict

    from flows.curation import taxonomy_in_force
    from nlp.track_signals import sentence_of
    from nlp.tracks import TrackScorer

    scorer = TrackScorer(taxonomy_in_force(run.settings))
    if encoder is not None and encoder.name != scorer.encoder_name:
        encoder = None
    revision = scorer.revision if encoder is None else f"{scorer.revision} {encoder.name} {encoder.revision}"
    texts = _texts_without(run, "core.track_readings", "scorer", revision)
    total = 0
    with transaction(run.connection):
        for table in ("core.track_scores", "core.track_readings"):  # what an earlier scorer said of these texts
            run.connection.execute(
                f"DELETE FROM {table} WHERE version_id IN (SELECT unnest(?::VARCHAR[]))", [[text.version_id for text in texts]]
            )
        for batch in _batches(texts):
            vectors = None if encoder is None else encoder.encode([sentence_of(text) for text in batch])
            scores = scorer.score(batch, vectors)
            append(
                run.connection,
                "core.track_scores",
                [
                    {
                        "version_id": score.version_id,
                        "track": score.track,
                        "score": score.score,
                        "is_assigned": score.is_assigned,
                        "code_score": score.code_score,
                        "evidence": json.dumps([asdict(reason) for reason in score.evidence], ensure_ascii=False),
                    }
                    for score in scores
                ],
                run.run_id,
            )
            append(
                run.connection,
                "core.track_readings",
                [{"version_id": text.version_id, "scorer": revision} for text in batch],
                run.run_id,
            )
            total += len(batch)
            if len(texts) > BATCH:
                run.say(f"placed {total} of {len(texts)} texts in their tracks")
    run.rows["tracks"] = total


def _texts_without(run: Run, table: str, column: str | None = None, value: str | None = None) -> list[Text]:
    """Texts of the versions that have no row in a table (with that value in that column), in the order of their ids.

    The order makes the same set give the same batches."""
    from nlp.records import Text

    condition, values = (f"AND done.{column} = ?", [value]) if column else ("", [])
    rows = run.connection.execute(
        f"""
        WITH lacking AS (
            SELECT version_id, kind, title, abstract, lang FROM core.documents AS documents
            WHERE NOT EXISTS (SELECT 1 FROM {table} AS done WHERE done.version_id = documents.version_id {condition})
        ), coded AS (
            SELECT version_id, list((scheme, code) ORDER BY position) AS codes
            FROM core.codes SEMI JOIN lacking USING (version_id) GROUP BY version_id
        )
        SELECT version_id, kind, title, abstract, lang, coalesce(codes, [])
        FROM lacking LEFT JOIN coded USING (version_id)
        ORDER BY version_id
        """,
        values,
    ).fetchall()
    return [
        Text(version, kind, title, abstract, lang, tuple((code[0], code[1]) for code in codes))
        for version, kind, title, abstract, lang, codes in rows
    ]


def _batches(texts: Sequence[Text]) -> Iterator[list[Text]]:
    remaining = iter(texts)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _record_model(run: Run, name: str, revision: str, purpose: str) -> None:
    """One row a model, with the time of its last use: the one used last is the one in force."""
    run.connection.execute("DELETE FROM meta.models WHERE model = ? AND revision = ? AND purpose = ?", [name, revision, purpose])
    append(run.connection, "meta.models", [{"model": name, "revision": revision, "purpose": purpose, "used_at": run.now()}], run.run_id)
