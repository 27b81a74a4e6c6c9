"""The ranking and its explanation, for any day: read from the snapshot where it is stored, computed on demand where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flows.ledger import Say
from flows.reporting_delay import published_series
from flows.settings import Settings, SettingsError
from flows.warehouse.reads import load_sql
from nlp.records import TRACKS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from flows.judging import Verdict

OWNERS_OF_A_NAME = """
SELECT technology_id FROM marts.technologies
WHERE list_contains(list_transform(aliases, lambda alias: lower(alias)), $name) OR lower(name) = $name OR lower(name_zh) = $name
"""


class Unknown(Exception):
    """No technology has that name; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of the ranking of one as-of with their components; keys as the columns of marts.emergence."""

    as_of: date
    rows: list[dict[str, Any]]
    verdict: Verdict | None


def require_track(track: str) -> None:
    """Raise SettingsError unless `track` is one of the six."""
    if track not in TRACKS:
        raise SettingsError(f"track {track!r} is not one of {', '.join(TRACKS)}.")


def is_simulated(settings: Settings) -> bool:
    """Whether the published snapshot holds the practice archive, which whoever shows its figures must say."""
    from flows.warehouse.connection import open_reader

    with open_reader(settings.snapshot, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
        return bool(connection.execute("SELECT is_simulated FROM marts.snapshot").fetchall()[0][0])


def read_ranking(settings: Settings, *, as_of: date | None, track: str | None, top: int, level: str, say: Say) -> list[dict[str, Any]]:
    """The first `top` ranked technologies or topics of a day (default: the snapshot's), of one track or all, best first."""
    from flows.warehouse.connection import open_reader

    with open_reader(settings.snapshot, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
        answer = _answer(connection, settings, as_of, level, say)
    ranked = [row for row in answer.rows if row["is_ranked"] and (track is None or row["track"] == track)]
    return sorted(ranked, key=lambda row: (row["rank"], row["name"]))[:top]


def _answer(connection: DuckDBPyConnection, settings: Settings, as_of: date | None, level: str, say: Say) -> Answer:
    published_as_of = connection.execute("SELECT as_of FROM marts.snapshot").fetchall()[0][0]
    day = as_of or published_as_of
    if day > published_as_of:
        raise SettingsError(f"the snapshot knows nothing after {published_as_of}; ask for a day up to then.")
    table = "marts.emergence" if level == "technology" else "marts.topic_emergence"
    rows = _rows(connection, f"SELECT * FROM {table} WHERE as_of = ?", [day])
    if not rows and level == "topic":
        raise SettingsError(f"topics are judged only as of the day of a scan; none are stored for {day}.")
    if rows:
        return Answer(day, rows, None)
    say(f"{day} is not stored: judging it now from the documents available then")
    from flows.curation import acts_in_force, taxonomy_in_force
    from flows.judging import judge_technologies

    taxonomy, acts = taxonomy_in_force(settings), acts_in_force(settings)
    verdict = judge_technologies(connection, day, taxonomy=taxonomy, draws=settings.bootstrap_draws, seed=settings.seed, acts=acts)
    return Answer(day, verdict_rows(verdict), verdict)


def verdict_rows(verdict: Verdict) -> list[dict[str, Any]]:
    """A verdict in the columns of marts.emergence."""
    from flows.stages.judge import STAGE_COLUMNS, emergence_rows, side_figures

    beside = side_figures(verdict.judgement)
    rows = []
    for index, row in enumerate(emergence_rows(verdict)):
        parts = {component.name: _number(component.value[index]) for component in verdict.judgement.components}
        points = {f"{component.name}_points": _number(component.points[index]) for component in verdict.judgement.components}
        side = {name: _number(values[index]) for name, values in beside.items() if name != "hype_gap_variance"}
        side["tier"] = None if side["tier"] is None else int(side["tier"])
        chances = {
            f"{name}_share": float(chance) for name, chance in zip(STAGE_COLUMNS, verdict.judgement.stage_probability[index], strict=True)
        }
        rows.append({**row, "stage": verdict.judgement.stage[index], **parts, **points, **chances, **side})
    return rows


def explain_technology(settings: Settings, name: str, *, as_of: date | None, say: Say) -> dict[str, Any]:
    """Everything behind one score: its row, its additive parts, what its rank owes to one organisation and one source, its
    quarterly series by availability and (right edge corrected) by publication, and its strongest documents.

    `name` is a name, an alias or an id, in any case. Raises Unknown with the nearest names.
    """
    from flows.warehouse.connection import open_reader

    with open_reader(settings.snapshot, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
        answer = _answer(connection, settings, as_of, "technology", say)
        row = _find(connection, answer, name)
        _name_pairs(connection, answer, row["technology_id"])
        parameters = {"as_of": answer.as_of}
        return {
            "technology": row,
            "parts": _parts(row),
            "left_out": _left_out(connection, answer, row["technology_id"]),
            "series": _rows(connection, load_sql("explained_series"), parameters),
            "published_series": published_series(connection, answer.as_of),
            "evidence": _rows(connection, load_sql("explained_documents"), parameters),
        }


def _left_out(connection: DuckDBPyConnection, answer: Answer, technology_id: str) -> list[dict[str, Any]]:
    """Where it would stand without its leading organisation and its leading source, in the columns of marts.left_out."""
    if answer.verdict is None:
        sql = (
            "SELECT kind, left_out_name, works, rank_without, score_without, reason FROM marts.left_out "
            "WHERE as_of = ? AND technology_id = ? ORDER BY kind"
        )
        return _rows(connection, sql, [answer.as_of, technology_id])
    from flows.judging import leave_one_out

    return [
        {
            "kind": row.kind,
            "left_out_name": row.name,
            "works": row.works,
            "rank_without": row.rank,
            "score_without": row.score,
            "reason": row.reason,
        }
        for row in leave_one_out(answer.verdict)
        if row.technology_id == technology_id
    ]


def _name_pairs(connection: DuckDBPyConnection, answer: Answer, technology_id: str) -> None:
    """Fill the temporary table named_pairs: in which works, documents and versions the technology is named, as of the day asked for."""
    if answer.verdict is None:
        connection.execute(load_sql("explained_pairs"), {"technology_id": technology_id, "as_of": answer.as_of})
        return
    place = answer.verdict.candidates.ids.index(technology_id)
    connection.register("candidate_pairs", answer.verdict.pairs)
    connection.execute("CREATE OR REPLACE TEMP TABLE named_pairs AS SELECT * FROM candidate_pairs WHERE candidate = ?", [place])
    connection.unregister("candidate_pairs")


def _find(connection: DuckDBPyConnection, answer: Answer, name: str) -> dict[str, Any]:
    wanted = name.casefold()
    for row in answer.rows:
        if wanted in (row["technology_id"].casefold(), row["name"].casefold()):
            return row
    owners = connection.execute(OWNERS_OF_A_NAME, {"name": wanted}).fetchall()
    ids = {owner[0] for owner in owners}
    for row in answer.rows:
        if row["technology_id"] in ids:
            return row
    import difflib

    near = difflib.get_close_matches(name, [row["name"] for row in answer.rows], n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "`observatory rank` lists names."
    raise Unknown(f"No technology called {name!r} is known as of {answer.as_of}; {hint}")


def _parts(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    parts = [
        {"component": key.removesuffix("_points"), "value": row.get(key.removesuffix("_points")), "points": points}
        for key, points in row.items()
        if key.endswith("_points")
    ]
    return sorted(parts, key=lambda part: (-(part["points"] or 0), part["component"]))


def _rows(connection: DuckDBPyConnection, sql: str, parameters: Any) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, parameters)
    columns = [column[0] for column in cursor.description or []]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _number(value: float) -> float | None:
    return None if value != value else float(value)
