"""Rows of `marts` -> the records of a report. Texts of strangers are cleaned here, once, before anything shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from flows.reports.reads import run_read
from flows.reports.records import Alert, Change, Evidence, Part, Point, Snapshot, Source, Standing, WeakSignal
from flows.reports.texts import clean_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NAME_LENGTH = 80
SENTENCE_LENGTH = 240
_POINTS = "_points"
_SNAPSHOT_FACTS = ("run_id", "run_on", "code_version", "taxonomy_digest", "content_digest")
_DIGEST_LENGTH = 12


def read_snapshot(connection: DuckDBPyConnection) -> Snapshot:
    """The one row of `marts.snapshot`. The writer's own file has no snapshot id: it says `unpublished`."""
    row = run_read(connection, "snapshot", {})[0]
    facts = [(name, clean_text(str(row[name]))) for name in _SNAPSHOT_FACTS if row[name] is not None]
    shown = tuple((name, value[:_DIGEST_LENGTH] if name.endswith("digest") else value) for name, value in facts)
    models = tuple((f"{purpose} model", clean_text(str(model))) for purpose, model in sorted((row["model_revisions"] or {}).items()))
    return Snapshot(clean_text(row["snapshot_id"] or "unpublished"), bool(row["is_simulated"]), shown + models, row["published_at"])


def read_as_ofs(connection: DuckDBPyConnection, day: date) -> tuple[date | None, date | None]:
    """(newest stored as-of on or before `day`, the one compared with); None where there is none."""
    rows = run_read(connection, "as_ofs", {"day": day})
    return (rows[0]["as_of"], rows[0]["previous_as_of"]) if rows else (None, None)


def read_changes(connection: DuckDBPyConnection, as_of: date, previous: date | None) -> tuple[tuple[Change, ...], tuple[Standing, ...]]:
    """(everything ranked now beside its standing before, what was ranked before and is no more), both in order of rank."""
    now = read_standings(connection, as_of)
    past = {} if previous is None else {standing.technology_id: standing for standing in read_standings(connection, previous)}
    changes = tuple(Change(standing, past.get(standing.technology_id)) for standing in now)
    present = {standing.technology_id for standing in now}
    return changes, tuple(standing for key, standing in past.items() if key not in present)


def read_weak_signals(connection: DuckDBPyConnection, values: Mapping[str, Any]) -> tuple[tuple[WeakSignal, ...], int, int]:
    """(the first weak signals, how many there are, how many of them are seen in the news alone)."""
    rows = run_read(connection, "weak_signals", values)
    signals = tuple(
        WeakSignal(
            technology_id=row["technology_id"],
            name=clean_text(row["name"], NAME_LENGTH),
            name_zh=_clean(row["name_zh"]),
            track=row["track"],
            reason=clean_text(row["reason"], SENTENCE_LENGTH),
            works=row["works"],
            recent_works=row["recent_works"],
            streams=tuple(row["streams"]),
            is_new=row["is_new"],
        )
        for row in rows
    )
    return (signals, rows[0]["listed_count"], rows[0]["news_only_count"]) if rows else ((), 0, 0)


def read_alerts(connection: DuckDBPyConnection, values: Mapping[str, Any], read: str = "alerts") -> tuple[Alert, ...]:
    """Alerts raised since the as-of compared with; `read` names the query that chooses among them."""
    rows = run_read(connection, read, values)
    names_zh = read_names_zh(connection, [row["technology_id"] for row in rows])
    return tuple(
        Alert(
            row["technology_id"],
            clean_text(row["name"], NAME_LENGTH),
            clean_text(row["alert"], NAME_LENGTH),
            clean_text(row["detail"], SENTENCE_LENGTH),
            row["as_of"],
            names_zh.get(row["technology_id"]),
        )
        for row in rows
    )


def read_names_zh(connection: DuckDBPyConnection, technology_ids: Sequence[str]) -> dict[str, str]:
    """Technology -> its Chinese name, where one was found."""
    rows = run_read(connection, "names_zh", {"technology_ids": technology_ids})
    return {row["technology_id"]: clean_text(row["name_zh"], NAME_LENGTH) for row in rows}


def read_evidence(connection: DuckDBPyConnection, values: Mapping[str, Any]) -> dict[str, list[Evidence]]:
    """Technology -> its documents, the strongest first."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for row in run_read(connection, "evidence", values):
        title = clean_text(row["title"])
        found[row["technology_id"]].append(
            Evidence(row["technology_id"], title, row["url"], clean_text(row["source"]), row["kind"], row["available_on"], row["is_new"])
        )
    return found


def read_points(connection: DuckDBPyConnection, values: Mapping[str, Any]) -> dict[str, list[Point]]:
    """Technology -> its complete quarters, the oldest first."""
    points: dict[str, list[Point]] = defaultdict(list)
    for row in run_read(connection, "timelines", values):
        points[row["technology_id"]].append(Point(row["quarter_on"], row["stream"], row["works"], row["stream_works"]))
    return points


def read_sources(connection: DuckDBPyConnection) -> tuple[Source, ...]:
    """Every source with its yield, the largest first."""
    return tuple(
        Source(
            source=clean_text(row["source"], NAME_LENGTH),
            kinds=tuple(row["kinds"]),
            documents=row["document_count"],
            captures=row["capture_count"],
            rejects=row["reject_count"],
            first_on=row["first_on"],
            last_on=row["last_on"],
            covered_to_on=row["covered_to_on"],
            is_last_window_complete=row["is_last_window_complete"],
            problems=tuple(clean_text(problem, SENTENCE_LENGTH) for problem in row["problems"]),
        )
        for row in run_read(connection, "sources", {})
    )


def read_standings(connection: DuckDBPyConnection, as_of: date) -> list[Standing]:
    """Everything ranked at a stored as-of, in order of rank; empty where nothing is, or nothing is stored."""
    rows = run_read(connection, "ranking", {"as_of": as_of, "track": None, "places": None})
    columns = [name for name in rows[0] if name.endswith(_POINTS)] if rows else []
    scored = [name for name in columns if any(row[name] for row in rows)]
    return [
        Standing(
            technology_id=row["technology_id"],
            name=clean_text(row["name"], NAME_LENGTH),
            name_zh=_clean(row["name_zh"]),
            track=row["track"],
            rank=row["rank"],
            rank_low=row["rank_low"],
            rank_high=row["rank_high"],
            track_rank=row["track_rank"],
            score=row["score"],
            score_low=row["score_low"],
            score_high=row["score_high"],
            stage=row["stage"],
            works=row["works"],
            recent_works=row["recent_works"],
            streams=tuple(row["streams"]),
            parts=tuple(Part(name.removesuffix(_POINTS), row[name] or 0.0) for name in scored),
        )
        for row in rows
    ]


def _clean(name: str | None) -> str | None:
    return None if name is None else clean_text(name, NAME_LENGTH)
