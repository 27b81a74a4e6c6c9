"""The back-test: every cut-off rebuilt from its past, scored on one half of the works, measured on the other."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from flows.backtest_corpus import Window, count_undated, has_simulated, read_spans, read_windows
from flows.backtest_expert import describe_lists, read_expert_items, read_quarters
from flows.backtest_trials import LEAST_CANDIDATES, run_trials
from flows.ledger import Say
from flows.settings import Settings
from scoring.backtest.agreement import measure_agreement
from scoring.backtest.calibration import tell_reliability
from scoring.backtest.expert import Item, compare_with_controls, make_rows, watch
from scoring.backtest.methods import METHODS, OURS, VITALITY
from scoring.backtest.pooling import pool
from scoring.backtest.records import Row, Trial
from scoring.backtest.result import Plan, Result, StreamSpan
from scoring.backtest.targets import LABEL_YEARS, LIFT_YEARS
from scoring.backtest.topics import form_topics

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from nlp.taxonomy import Taxonomy
    from scoring.records import Weights

LEVEL, TOPIC = "technology", "topic"
Trials = dict[str, list[Trial]]
"""By stream."""
MOST_CUTOFFS = 12
YEARS_BEFORE = 5


@dataclass(frozen=True, slots=True)
class BacktestFiles:
    """Where a back-test was written."""

    json: Path
    html: Path
    markdown: Path


def prove(
    settings: Settings,
    *,
    name: str | None,
    cutoffs: tuple[date, ...] | None,
    streams: tuple[str, ...] | None,
    splits: int,
    expert: Path | None,
    out: Path,
    say: Say,
    with_filter: bool = False,
) -> tuple[Result, BacktestFiles]:
    """Back-test the published snapshot and write backtest.json, .html and .md to `out`, the figures also for the weekly report.

    Raises WarehouseError without a snapshot.
    """
    from flows.curation import taxonomy_in_force
    from flows.reports.backtest import as_json, render_html, render_markdown
    from flows.reports.proof import FIGURES, FOLDER
    from flows.warehouse.connection import open_reader

    plan = Plan(name or settings.data_dir.name, cutoffs, streams, splits, settings.bootstrap_draws, settings.seed, with_filter)
    with open_reader(settings.snapshot, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
        out.mkdir(parents=True, exist_ok=True)  # before the work, which may take an hour
        items = read_expert_items(expert) if expert else ()
        taxonomy = taxonomy_in_force(settings)
        result = run_backtest(connection, plan, taxonomy, say=say)
        if expert and items:
            result.limits.append(describe_lists(expert))
            add_expert_target(connection, result, items, taxonomy, say=say)
        else:
            result.limits.append("No expert list was given (--expert), so nothing is said of experts.")
    files = BacktestFiles(out / FIGURES, out / "backtest.html", out / "backtest.md")
    figures = json.dumps(as_json(result), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    files.json.write_text(figures, encoding="utf-8")
    if result.rows:
        (settings.reports / FOLDER).mkdir(parents=True, exist_ok=True)
        (settings.reports / FOLDER / FIGURES).write_text(figures, encoding="utf-8")
    files.html.write_text(render_html(result), encoding="utf-8")
    files.markdown.write_text(render_markdown(result), encoding="utf-8")
    return result, files


def run_backtest(connection: DuckDBPyConnection, plan: Plan, taxonomy: Taxonomy, *, say: Say) -> Result:
    """Judge every stream of the corpus at every cut-off. What cannot be judged is named in `limits` and left out."""
    spans = read_spans(connection)
    result = Result(plan, spans, is_simulated=has_simulated(connection))
    undated = count_undated(connection)
    if undated:
        result.limits.append(f"{undated:,} undated works stand outside time: no cut-off counts them.")
    chosen = _choose_streams(plan, result)
    technologies, topics = _try_cutoffs(connection, plan, chosen, taxonomy, result, say)
    for span in chosen:
        own, own_topics = technologies[span.stream], topics[span.stream]
        if not own:
            continue
        name = plan.name if len(chosen) == 1 else f"{plan.name}/{span.stream}"
        for level, trials, rows in ((LEVEL, own, result.rows), (TOPIC, own_topics, result.topic_rows)):
            rows += pool(trials, corpus=name, stream=span.stream, level=level, draws=plan.draws, seed=plan.seed)
            agreement = measure_agreement(trials, corpus=name, level=level)
            result.agreements += [agreement] if agreement else []
        _add_reliability(result, own, name, span.stream)
        if not own_topics:
            result.limits.append(f"{name}: too few works for {LEAST_CANDIDATES} topics, so nothing is said of topics.")
    if not result.rows:
        result.limits.append("No cut-off could be judged, so there is no figure at all.")
    return result


def _try_cutoffs(
    connection: DuckDBPyConnection, plan: Plan, chosen: Sequence[StreamSpan], taxonomy: Taxonomy, result: Result, say: Say
) -> tuple[Trials, Trials]:
    """Trials of the technologies and of the topics, by stream."""
    technologies: Trials = {span.stream: [] for span in chosen}
    topics: Trials = {span.stream: [] for span in chosen}
    families: dict[str, int] = {}
    left_out: dict[tuple[str, str], int] = {}
    missing: dict[str, dict[date, int]] = {}
    weights = _published_weights()
    for cutoff in _all_cutoffs(plan, chosen):
        open_streams = [span for span in chosen if _is_open(span, cutoff, plan, result)]
        if not open_streams:
            continue
        ends_on = _later(cutoff, LABEL_YEARS, 0)
        last_days = {span.stream: span.last_on for span in open_streams}
        for stream, window in read_windows(connection, cutoff, ends_on, list(last_days), taxonomy, plan.seed, use_model=plan.use_model):
            end = min(ends_on, last_days[stream])
            made = list(run_trials(window, plan, weights, end, families))
            technologies[stream] += made
            past, later = form_topics(window.past, window.later, seed=plan.seed)
            topics[stream] += run_trials(Window(cutoff, past, later, {}), plan, weights, end, families)
            if made:
                say(f"{cutoff} {stream}: {len(window.past.candidate_ids)} technologies, about {len(made[0].family)} a trial")
            if len(made) < plan.splits:
                missing.setdefault(stream, {})[cutoff] = plan.splits - len(made)
            for reason, works in window.left_out.items():
                left_out[stream, reason] = max(works, left_out.get((stream, reason), 0))
    result.limits += [_say_short(stream, counts, plan) for stream, counts in missing.items()]
    for (stream, reason), works in left_out.items():
        if works:
            result.limits.append(f"{stream}: up to {works:,} works left out at a cut-off ({reason}).")
    return technologies, topics


def add_expert_target(connection: DuckDBPyConnection, result: Result, items: Sequence[Item], taxonomy: Taxonomy, *, say: Say) -> None:
    """Watch every quarter from the first cut-off that was judged to the last work, and add what the watchlists found of `items`."""
    plan = result.plan
    judged = [figure.cutoff for row in result.rows for figure in row.by_cutoff]
    if not judged:
        return
    first, last = min(judged), max(span.last_on for span in result.spans)
    quarters = tuple(read_quarters(connection, first, last, taxonomy, _published_weights(), plan.seed, say=say))
    if not any(any(quarter.tracks) for quarter in quarters):
        result.limits.append("No quarter has a technology with a track, so there is no watchlist to hold against the experts.")
        return
    result.findings = watch(quarters, items)
    compared = compare_with_controls(quarters, items)
    reachable = len(result.findings[0].leads)
    result.limits.append(
        f"Of {len(items)} expert items, {sum(item.consensus_on is not None for item in items)} stand on two lists and {reachable} "
        f"of these were agreed on after {quarters[0].as_of} and are ranked here under one of their names; "
        f"{len(compared[METHODS[0]])} have controls. The lists measure attention as much as impact."
    )
    result.rows += make_rows(result.findings, compared, corpus=plan.name, stream="all", level=LEVEL, draws=plan.draws, seed=plan.seed)


def default_cutoffs(span: StreamSpan) -> tuple[date, ...]:
    """Last days of years with 5 years of the stream before them and 3 after, the last 12."""
    years = range(span.first_on.year + YEARS_BEFORE, span.last_on.year + 1)
    days = [date(year, 12, 31) for year in years]
    return tuple(day for day in days if _later(day, LABEL_YEARS, -7) <= span.last_on)[-MOST_CUTOFFS:]


def _add_reliability(result: Result, trials: Sequence[Trial], corpus: str, stream: str) -> None:
    for method in (OURS, VITALITY):
        told = tell_reliability(trials, METHODS.index(method))
        if told is None:
            if method == OURS:
                result.limits.append(f"{corpus}: no cut-off lies three years after another, so no probability could be learned and told.")
            continue
        result.reliability.append((corpus, method, told))
        figures = {"brier": told.brier, "brier_of_base_rate": told.base_brier, "calibration_error": told.calibration_error}
        result.rows += [
            Row(corpus, stream, "growth_label", method, metric, None, value, None, None, None, None, None, LEVEL, ())
            for metric, value in figures.items()
        ]


def _choose_streams(plan: Plan, result: Result) -> list[StreamSpan]:
    found = {span.stream: span for span in result.spans}
    for stream in plan.streams or ():
        if stream not in found:
            result.limits.append(f"The corpus has no dated works of the stream {stream}: nothing is said of it.")
    return [span for span in result.spans if plan.streams is None or span.stream in plan.streams]


def _all_cutoffs(plan: Plan, spans: Sequence[StreamSpan]) -> list[date]:
    return sorted(set(plan.cutoffs) if plan.cutoffs is not None else {day for span in spans for day in default_cutoffs(span)})


def _is_open(span: StreamSpan, cutoff: date, plan: Plan, result: Result) -> bool:
    """Whether a cut-off can be judged in a stream; where the user asked for it, the reason why not is told."""
    if plan.cutoffs is None:
        return cutoff in default_cutoffs(span)
    if cutoff < span.first_on:
        result.limits.append(f"Cut-off {cutoff} lies before the first {span.stream} ({span.first_on}): left out.")
        return False
    if _later(cutoff, LIFT_YEARS, -7) > span.last_on:
        result.limits.append(
            f"Cut-off {cutoff} needs two years of {span.stream} works after it, and the last is of {span.last_on}: left out."
        )
        return False
    if _later(cutoff, LABEL_YEARS, -7) > span.last_on:
        result.limits.append(f"Cut-off {cutoff} has no third year of {span.stream} works after it: lift only, no growth label.")
    if cutoff < _later(span.first_on, YEARS_BEFORE, 0):
        result.limits.append(f"Cut-off {cutoff} has under five years of {span.stream} works before it: its baselines see a short past.")
    return True


def _say_short(stream: str, missing: Mapping[date, int], plan: Plan) -> str:
    """One sentence on the trials of a stream that could not be made."""
    told = ", ".join(f"{cutoff}: {'all' if count == plan.splits else count}" for cutoff, count in missing.items())
    return (
        f"{stream}: trials with fewer than {LEAST_CANDIDATES} technologies of enough works, or nothing to measure on, are left out; "
        f"of {plan.splits} splits a cut-off these were, {told}."
    )


def _later(day: date, years: int, days: int) -> date:
    from datetime import timedelta

    try:
        moved = day.replace(year=day.year + years)
    except ValueError:  # 29 February
        moved = day.replace(year=day.year + years, day=28)
    return moved + timedelta(days=days)


def _published_weights() -> Weights:
    from scoring.weights import parse_weights

    return parse_weights(resources.files("scoring").joinpath("weights.json").read_text(encoding="utf-8"))
