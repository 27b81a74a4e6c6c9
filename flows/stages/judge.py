"""Measure, score, alert: judge the as-ofs a snapshot keeps, each from the rows available on that day, and store what was found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from flows import __version__
from flows.curation import acts_in_force, store_acts
from flows.judging import Verdict, judge_technologies, judge_topics, leave_one_out, read_weights
from flows.ledger import transaction
from flows.stages.technologies import refresh_documents, register
from flows.warehouse.tables import append

if TYPE_CHECKING:
    from flows.ledger import Run
    from nlp.curation import Act
    from nlp.taxonomy import Taxonomy
    from scoring.records import Floats, Judgement

WEEK = timedelta(days=7)
SIDE_TABLES = ("signals.indicators", "signals.stages", "signals.side_figures", "signals.left_out")
"""What a verdict writes beside signals.emergence."""
STAGE_COLUMNS = ("incubation", "early_industrialisation", "scaling", "mature", "declining")
"""Columns of signals.stages, in the order of scoring.records.STAGES."""


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
                append(run.connection, "signals.alerts", alert_rows(before, verdict, _raised_before(run, as_of)), run.run_id)
            register(run, verdict)
            if is_today:
                refresh_documents(run, verdict)
            append(run.connection, "meta.judged", [{"as_of": as_of, "input_digest": digests[as_of], "judged_at": run.now()}], run.run_id)
        made.append(verdict)
        run.say(f"judged {as_of}: {int(verdict.judgement.is_ranked.sum())} technologies ranked")
    _drop_old_nights(run)
    run.rows["judge"] = sum(len(verdict.candidates.ids) for verdict in made)


def alert_rows(before: Verdict, after: Verdict, raised: Sequence[tuple[str, str, date]] = ()) -> list[dict[str, Any]]:
    """Rows of signals.alerts; the id of an alert depends on what it says only. `raised`: (technology, kind, day) of earlier nights."""
    from scoring.alerts import cool_down, find_alerts

    return [
        {
            "alert_id": hashlib.sha256(f"{alert.as_of}\n{alert.candidate_id}\n{alert.alert}".encode()).hexdigest()[:24],
            "as_of": alert.as_of,
            "technology_id": alert.candidate_id,
            "alert": alert.alert,
            "detail": alert.detail,
        }
        for alert in cool_down(find_alerts(before.judgement, after.judgement, after.judged), raised)
    ]


def _raised_before(run: Run, as_of: date) -> list[tuple[str, str, date]]:
    from scoring.alerts import COOL_DOWN

    return run.connection.execute(
        "SELECT technology_id, alert, as_of FROM signals.alerts WHERE as_of < ? AND as_of > ?", [as_of, as_of - COOL_DOWN]
    ).fetchall()


def store_verdict(run: Run, verdict: Verdict) -> None:
    """Write one verdict's rows of the signals tables. Must run inside a transaction."""
    append(run.connection, "signals.emergence", emergence_rows(verdict), run.run_id)
    append(run.connection, "signals.indicators", indicator_table(verdict), run.run_id)
    append(run.connection, "signals.stages", _stage_table(verdict), run.run_id)
    append(run.connection, "signals.side_figures", _side_table(verdict), run.run_id)
    left_out = [{**asdict(row), "as_of": verdict.as_of} for row in leave_one_out(verdict)]
    append(run.connection, "signals.left_out", left_out, run.run_id)


def indicator_table(verdict: Verdict) -> Any:
    """Arrow table of signals.indicators: every component of every candidate. Whole columns, for there are a dozen a candidate."""
    import pyarrow as pa

    components = verdict.judgement.components
    figures = {
        name: np.concatenate([getattr(component, name) for component in components])
        for name in ("value", "variance", "cohort_rank", "robust_z", "points")
    }
    keys = {
        **_keys(verdict, len(components)),
        "indicator": pa.array([component.name for component in components for _ in verdict.candidates.ids], pa.string()),
    }
    return pa.table({**keys, **figures})


def _stage_table(verdict: Verdict) -> Any:
    import pyarrow as pa

    chances = dict(zip(STAGE_COLUMNS, verdict.judgement.stage_probability.T.astype(np.float64), strict=True))
    return pa.table({**_keys(verdict), "stage": pa.array(verdict.judgement.stage, pa.string()), **chances})


def _side_table(verdict: Verdict) -> Any:
    import pyarrow as pa

    figures = {name: np.ascontiguousarray(values) for name, values in side_figures(verdict.judgement).items()}
    return pa.table({**_keys(verdict), **figures})


def side_figures(judgement: Judgement) -> dict[str, Floats]:
    """Columns of signals.side_figures: (T,) each, NaN where unknown."""
    from scoring.curve import CURVES
    from scoring.stage import STAGE_EVIDENCE

    return {
        "tier": judgement.tier,
        "hype_gap": judgement.hype_gap,
        "hype_gap_variance": judgement.hype_gap_variance,
        "leading_organisation_share": judgement.leading_share,
        **{f"{name}_support": judgement.stage_support[:, column] for column, name in enumerate(STAGE_EVIDENCE)},
        **{f"{name}_curve_share": judgement.curve_chance[:, column] for column, name in enumerate(CURVES)},
        "ceiling_share": judgement.ceiling_share,
        "ceiling_share_low": judgement.ceiling_share_low,
        "ceiling_share_high": judgement.ceiling_share_high,
    }


def _keys(verdict: Verdict, times: int = 1) -> dict[str, Any]:
    import pyarrow as pa

    ids = list(verdict.candidates.ids) * times
    return {"technology_id": pa.array(ids, pa.string()), "as_of": pa.array([verdict.as_of] * len(ids), pa.date32())}


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
    rules = (__version__, discovery_digest(), read_weights(), taxonomy.digest, curated)
    parts = (rows, topics, readers, rules, run.settings.bootstrap_draws, run.settings.seed)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def _forget(run: Run, as_of: date, *, only_technologies: bool = False) -> None:
    """Drop what was stored of a day; `only_technologies` keeps its topics and alerts, which are judged only on the day itself."""
    if only_technologies:
        topics = "AND technology_id NOT IN (SELECT technology_id FROM signals.emergence WHERE level = 'topic')"
        for table in (*SIDE_TABLES, "signals.emergence"):  # the last tells which ids are topics
            run.connection.execute(f"DELETE FROM {table} WHERE as_of = ? {topics}", [as_of])
        run.connection.execute("DELETE FROM meta.judged WHERE as_of = ?", [as_of])
        return
    for table in ("meta.judged", *SIDE_TABLES, "signals.emergence", "signals.alerts"):
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
