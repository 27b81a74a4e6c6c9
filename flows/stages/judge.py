"""Measure, score, alert: judge the as-ofs a snapshot keeps, each from the rows available on that day, and store what was found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from flows import __version__
from flows.curation import acts_in_force, store_acts
from flows.judging import Verdict, judge_technologies, judge_topics
from flows.ledger import transaction
from flows.stages.technologies import refresh_documents, register
from flows.warehouse.tables import append

if TYPE_CHECKING:
    from flows.ledger import Run
    from nlp.curation import Act
    from nlp.taxonomy import Taxonomy

WEEK = timedelta(days=7)


def as_ofs_to_keep(logical_on: date, history_quarters: int) -> list[date]:
    """The day itself, the same day a week before (for what changed) and the last quarter-ends, oldest first."""
    ends: list[date] = []
    year, quarter = logical_on.year, (logical_on.month - 1) // 3
    while len(ends) < history_quarters:
        first_of_quarter = date(year, 3 * quarter + 1, 1)
        ends.append(first_of_quarter - timedelta(days=1))
        year, quarter = (year, quarter - 1) if quarter else (year - 1, 3)
    return sorted({*ends, logical_on - WEEK, logical_on})


def judge(run: Run, taxonomy: Taxonomy) -> None:
    """Judge every as-of to keep whose input changed since, oldest first; each in one transaction with what follows from it.

    The day itself comes last and brings the documents, timelines and alerts up to date; nightly as-ofs older than `keep_days` are dropped.
    """
    settings = run.settings
    acts = acts_in_force(settings)
    with transaction(run.connection):
        store_acts(run)
    keep = as_ofs_to_keep(run.logical_on, settings.history_quarters)
    digests = {as_of: _input_digest(run, as_of, taxonomy, acts) for as_of in keep}
    known = dict(run.connection.execute("SELECT as_of, input_digest FROM meta.judged").fetchall())
    stale = {as_of for as_of in keep if known.get(as_of) != digests[as_of]}
    if run.logical_on in stale:
        stale.add(run.logical_on - WEEK)  # alerts compare the two judgements
    made: list[Verdict] = []
    for as_of in sorted(stale):
        verdict = judge_technologies(
            run.connection, as_of, taxonomy=taxonomy, draws=settings.bootstrap_draws, seed=settings.seed, acts=acts
        )
        is_today = as_of == run.logical_on
        topics = (
            judge_topics(run.connection, as_of, taxonomy=taxonomy, draws=settings.bootstrap_draws, seed=settings.seed) if is_today else None
        )
        before = next((one for one in made if one.as_of == as_of - WEEK), None)
        with transaction(run.connection):
            _forget(run, as_of, only_technologies=not is_today)
            store_verdict(run, verdict)
            if topics is not None:
                store_verdict(run, topics)
            if before is not None and is_today:
                append(run.connection, "signals.alerts", alert_rows(before, verdict), run.run_id)
            register(run, verdict)
            if is_today:
                refresh_documents(run, verdict)
            append(run.connection, "meta.judged", [{"as_of": as_of, "input_digest": digests[as_of], "judged_at": run.now()}], run.run_id)
        made.append(verdict)
        run.say(f"judged {as_of}: {int(verdict.judgement.is_ranked.sum())} technologies ranked")
    _drop_old_nights(run)
    run.rows["judge"] = sum(len(verdict.candidates.ids) for verdict in made)


def alert_rows(before: Verdict, after: Verdict) -> list[dict[str, Any]]:
    """Rows of signals.alerts; the id of an alert depends on what it says only."""
    from scoring.alerts import find_alerts

    return [
        {
            "alert_id": hashlib.sha256(f"{alert.as_of}\n{alert.candidate_id}\n{alert.alert}".encode()).hexdigest()[:24],
            "as_of": alert.as_of,
            "technology_id": alert.candidate_id,
            "alert": alert.alert,
            "detail": alert.detail,
        }
        for alert in find_alerts(before.judgement, after.judgement, after.corpus)
    ]


def store_verdict(run: Run, verdict: Verdict) -> None:
    """Write one verdict's rows of signals.indicators, signals.emergence and signals.stages. Must run inside a transaction."""
    judgement = verdict.judgement
    places = range(len(verdict.candidates.ids))
    append(run.connection, "signals.emergence", emergence_rows(verdict), run.run_id)
    append(
        run.connection,
        "signals.indicators",
        [
            {
                "technology_id": verdict.candidates.ids[index],
                "as_of": verdict.as_of,
                "indicator": component.name,
                "value": _number(component.value[index]),
                "variance": _number(component.variance[index]),
                "cohort_rank": _number(component.cohort_rank[index]),
                "robust_z": _number(component.robust_z[index]),
                "points": _number(component.points[index]),
            }
            for component in judgement.components
            for index in places
        ],
        run.run_id,
    )
    append(
        run.connection,
        "signals.stages",
        [
            {
                "technology_id": verdict.candidates.ids[index],
                "as_of": verdict.as_of,
                "stage": judgement.stage[index],
                **dict(
                    zip(
                        ("incubation", "early_industrialisation", "scaling", "mature", "declining"),
                        map(float, judgement.stage_probability[index]),
                        strict=True,
                    )
                ),
            }
            for index in places
        ],
        run.run_id,
    )


def emergence_rows(verdict: Verdict) -> list[dict[str, Any]]:
    """One row of signals.emergence per candidate, in their order."""
    track_ranks = rank_within_tracks(verdict.judgement.rank, [tracks[0] if tracks else None for tracks in verdict.tracks])
    return [_emergence_row(verdict, index, track_ranks[index]) for index in range(len(verdict.candidates.ids))]


def rank_within_tracks(ranks: Iterable[float], tracks: Sequence[str | None]) -> list[int | None]:
    """Place of each ranked candidate among those of its primary track, from the overall ranks (NaN = not ranked)."""
    values = list(ranks)
    result: list[int | None] = [None] * len(values)
    seen: dict[str | None, int] = {}
    for index in sorted((index for index, rank in enumerate(values) if not np.isnan(rank)), key=lambda index: values[index]):
        track = tracks[index]
        if track is not None:
            seen[track] = seen.get(track, 0) + 1
            result[index] = seen[track]
    return result


def _emergence_row(verdict: Verdict, index: int, track_rank: int | None) -> dict[str, Any]:
    judgement = verdict.judgement
    tracks = verdict.tracks[index]
    return {
        "technology_id": verdict.candidates.ids[index],
        "as_of": verdict.as_of,
        "level": verdict.level,
        "name": verdict.candidates.names[index],
        "track": tracks[0] if tracks else None,
        "is_ranked": bool(judgement.is_ranked[index]),
        "is_weak_signal": bool(judgement.is_weak_signal[index]),
        "reason": judgement.reason[index],
        "rank": _whole(judgement.rank[index]),
        "rank_low": _whole(judgement.rank_low[index]),
        "rank_high": _whole(judgement.rank_high[index]),
        "track_rank": track_rank,
        "score": _number(judgement.score[index]),
        "score_low": _number(judgement.score_low[index]),
        "score_high": _number(judgement.score_high[index]),
        "top20_share": _number(judgement.top20_share[index]),
        "works": int(judgement.works[index]),
        "recent_works": int(judgement.recent_works[index]),
        "organisations": int(judgement.organisation_count[index]),
        "streams": list(judgement.streams[index]),
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else round(float(value))


def _input_digest(run: Run, as_of: date, taxonomy: Taxonomy, acts: Sequence[Act]) -> str:
    """Digest of what a verdict depends on: the versions in force, how they were read, grouped and curated, and how they are judged."""
    from nlp.technologies import discovery_digest

    rows = run.connection.execute(
        """
        SELECT count(*), coalesce(bit_xor(hash(version_id, work_id, available_on)), 0) FROM core.versions_at(?)
        """,
        [as_of],
    ).fetchall()
    topics = (
        run.connection.execute("SELECT coalesce(bit_xor(hash(topic_id)), 0) FROM core.topics WHERE retired_on IS NULL").fetchall()
        if as_of == run.logical_on
        else []
    )
    readers = run.connection.execute(
        """
        SELECT (SELECT list(DISTINCT pipeline ORDER BY pipeline) FROM core.readings),
               (SELECT list(DISTINCT scorer ORDER BY scorer) FROM core.track_readings)
        """
    ).fetchall()
    curated = [act.as_row() for act in acts]
    rules = (__version__, discovery_digest(), taxonomy.digest, curated)
    parts = (rows, topics, readers, rules, run.settings.bootstrap_draws, run.settings.seed)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def _forget(run: Run, as_of: date, *, only_technologies: bool = False) -> None:
    """Drop what was stored of a day; `only_technologies` keeps its topics and alerts, which are judged only on the day itself."""
    if only_technologies:
        topics = "AND technology_id NOT IN (SELECT technology_id FROM signals.emergence WHERE level = 'topic')"
        for table in ("signals.indicators", "signals.stages", "signals.emergence"):
            run.connection.execute(f"DELETE FROM {table} WHERE as_of = ? {topics}", [as_of])
        run.connection.execute("DELETE FROM meta.judged WHERE as_of = ?", [as_of])
        return
    for table in ("meta.judged", "signals.indicators", "signals.emergence", "signals.stages", "signals.alerts"):
        run.connection.execute(f"DELETE FROM {table} WHERE as_of = ?", [as_of])


def _drop_old_nights(run: Run) -> None:
    """Keep quarter-ends and the last `keep_days` nights; another day is computed on demand."""
    oldest = run.logical_on - timedelta(days=run.settings.keep_days)
    kept = set(as_ofs_to_keep(run.logical_on, run.settings.history_quarters))
    stored = [row[0] for row in run.connection.execute("SELECT as_of FROM meta.judged").fetchall()]
    with transaction(run.connection):
        for as_of in stored:
            if as_of < oldest and as_of not in kept:
                _forget(run, as_of)
