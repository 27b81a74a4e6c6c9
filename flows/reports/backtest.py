"""The back-test as a page, as Markdown and as JSON. What is measured comes in; nothing is computed here but places in a table."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from flows.reports.backtest_charts import cutoffs_svg, finding_svg, methods_svg, reliability_svg
from scoring.backtest.metrics import LABEL_DEPTHS, LIFT_DEPTHS
from scoring.backtest.records import Row
from scoring.backtest.result import Result

OURS, VITALITY = "emergence", "vitality"
COLUMNS: tuple[tuple[str, str, int | None], ...] = (
    *(("document_split", "lift", depth) for depth in LIFT_DEPTHS),
    *(("document_split", "lift_mix", depth) for depth in LIFT_DEPTHS),
    *(("growth_label", "precision", depth) for depth in LABEL_DEPTHS),
    ("growth_label", "auc", None),
    ("growth_label", "average_precision", None),
    ("growth_label", "csi", None),
    ("growth_label", "ndcg", 20),
)
PICTURES = (COLUMNS[1], ("growth_label", "precision", 50), ("growth_label", "average_precision", None))
STANDING_LIMITS = (
    "The past of one corpus, at a few cut-offs that overlap in their years: a wave that comes differently may be missed.",
    "Growth in documents is what was predicted. It is not impact, and not success on a market.",
    "The learned filter of terms and the word lists were made later than the cut-offs; counts, phrases, neighbours and fields were not.",
    "Half of the works see each technology at about half its size, so ranks are noisier here than in the nightly list.",
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as text, and the interval of its difference to vitality where there is one."""

    value: str
    difference: str


@dataclass(frozen=True, slots=True)
class Line:
    """One method's row of the table."""

    method: str
    is_ours: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture as inline SVG and what it shows."""

    svg: Markup
    caption: str


@dataclass(frozen=True, slots=True)
class Table:
    """All methods on one corpus."""

    title: str
    summary: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    figures: tuple[Figure, ...]


def render_html(result: Result) -> str:
    """One page that loads nothing: limits first, then pictures and the whole table of each corpus."""
    environment = _environment()
    style = environment.get_template("backtest.css.j2").render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("backtest.html.j2").render(
        result=result,
        standing_limits=STANDING_LIMITS,
        tables=build_tables(result.rows, with_figures=True),
        reliability=[
            _figure(
                reliability_svg([(one.said, one.seen, one.count) for one in told.bins], f"r{number}", f"Reliability of {method}, {corpus}"),
                f"{corpus}, {method}: said against seen. Brier {told.brier:.3f} (base rate alone {told.base_brier:.3f}), "
                f"calibration error {told.calibration_error:.3f}, at {told.cutoffs} cut-offs.",
            )
            for number, (corpus, method, told) in enumerate(result.reliability)
        ],
        expert=build_expert_table(result),
        style=Markup(style),  # noqa: S704 - our own file
        style_digest=digest,
    )


def render_markdown(result: Result) -> str:
    """The limits and the tables as Markdown."""
    tables = build_tables(result.rows, with_figures=False)
    return (
        _environment()
        .get_template("backtest.md.j2")
        .render(result=result, standing_limits=STANDING_LIMITS, tables=tables, expert=build_expert_table(result))
    )


def build_tables(rows: Sequence[Row], *, with_figures: bool) -> tuple[Table, ...]:
    """One table per corpus and level, methods in the order of the rows."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.target == "expert":
            continue
        groups.setdefault((row.corpus, row.level), []).append(row)
    return tuple(_table(number, group, with_figures) for number, group in enumerate(groups.values()))


def build_expert_table(result: Result) -> Table | None:
    """What the watchlists found of the experts' items; None where no list was given."""
    rows = [row for row in result.rows if row.target == "expert"]
    if not rows:
        return None
    by_key = {(row.method, row.metric): row for row in rows}
    columns = list(dict.fromkeys(row.metric for row in rows))
    lines = tuple(
        Line(method.replace("_", " "), method == OURS, tuple(_cell(by_key.get((method, column))) for column in columns))
        for method in dict.fromkeys(row.method for row in rows)
    )
    curves = [(finding.method, finding.curve) for finding in result.findings if finding.method in (OURS, VITALITY)]
    caption = "Share of the experts' items found, by years from their consensus: ours (full) and vitality alone (dashed)"
    figures = (_figure(finding_svg(dict(curves)[OURS], dict(curves)[VITALITY], "lead", caption), caption),)
    summary = "Watchlists of 20 entries a track, every quarter; found = two quarters in a row on one."
    return Table("Against the experts", summary, tuple(column.replace("_", " ") for column in columns), lines, figures)


def as_json(result: Result) -> dict[str, Any]:
    """The result as JSON can hold it; `rows` has one pooled row per corpus, target, method, metric and depth."""
    return {
        "plan": _plain(asdict(result.plan)),
        "streams": [_plain(asdict(span)) for span in result.spans],
        "limits": [*STANDING_LIMITS, *result.limits],
        "rows": [_plain(asdict(row)) for row in result.rows],
        "reliability": [{"corpus": corpus, "method": method, **_plain(asdict(told))} for corpus, method, told in result.reliability],
        "lead_time": [_plain(asdict(finding)) for finding in result.findings],
    }


def _table(number: int, rows: Sequence[Row], with_figures: bool) -> Table:
    by_key = {(row.method, row.target, row.metric, row.depth): row for row in rows}
    columns = [column for column in COLUMNS if (VITALITY, *column) in by_key]
    methods = list(dict.fromkeys(row.method for row in rows))
    lines = tuple(
        Line(method.replace("_", " "), method == OURS, tuple(_cell(by_key.get((method, *column))) for column in columns))
        for method in methods
    )
    figures = _figures(number, by_key, methods) if with_figures else ()
    first = rows[0]
    return Table(f"{first.corpus}: {first.level}", _summary(first, by_key), tuple(_say(column) for column in columns), lines, figures)


def _summary(first: Row, by_key: dict[tuple[str, str, str, int | None], Row]) -> str:
    """Cut-offs, candidates and base rate, and where ours differs from vitality beyond chance."""
    cutoffs = first.by_cutoff
    count = sum(figure.candidates for figure in cutoffs) / max(len(cutoffs), 1)
    label = by_key.get((OURS, "growth_label", "auc", None))
    rates = [figure.base_rate for figure in label.by_cutoff if figure.base_rate is not None] if label else []
    rate = f"; {sum(rates) / len(rates):.1%} of them grew" if rates else ""
    ours = [row for (method, *_), row in by_key.items() if method == OURS]
    better = [_say((row.target, row.metric, row.depth)) for row in ours if row.diff_low80 is not None and row.diff_low80 > 0]
    worse = [_say((row.target, row.metric, row.depth)) for row in ours if row.diff_high80 is not None and row.diff_high80 < 0]
    return (
        f"{len(cutoffs)} cut-offs from {cutoffs[0].cutoff} to {cutoffs[-1].cutoff}, about {count:.0f} technologies a trial{rate}. "
        f"Ours lies above vitality beyond the 80 % interval in {', '.join(better) or 'nothing'}; "
        f"below it in {', '.join(worse) or 'nothing'}."
    )


def _figures(number: int, by_key: dict[tuple[str, str, str, int | None], Row], methods: Sequence[str]) -> tuple[Figure, ...]:
    figures = []
    for place, column in enumerate(PICTURES):
        own = [by_key[method, *column] for method in methods if (method, *column) in by_key]
        if not own:
            continue
        caption = f"{_say(column)}: every method with its 80 % interval"
        figures.append(_figure(methods_svg(own, f"m{number}-{place}", caption), caption))
        ours, vitality = by_key.get((OURS, *column)), by_key.get((VITALITY, *column))
        if ours is not None and vitality is not None and len(ours.by_cutoff) > 1:
            caption = f"{_say(column)} by cut-off: ours (full) and vitality alone (dashed)"
            figures.append(_figure(cutoffs_svg(ours, vitality, f"c{number}-{place}", caption), caption))
    return tuple(figures)


def _figure(svg: str, caption: str) -> Figure:
    return Figure(Markup(svg), caption)  # noqa: S704 - built from escaped parts by lxml


def _cell(row: Row | None) -> Cell:
    if row is None:
        return Cell("-", "")
    difference = "" if row.diff_low80 is None else f"[{row.diff_low80:+.3f}, {row.diff_high80:+.3f}]"
    return Cell(f"{row.value:.3f}", difference)


def _say(column: tuple[str, str, int | None]) -> str:
    names = {
        "lift": "lift",
        "lift_mix": "mix-adjusted lift",
        "precision": "P",
        "auc": "AUC",
        "average_precision": "AP",
        "csi": "CSI",
        "ndcg": "nDCG",
    }
    name = names.get(column[1], column[1].replace("_", " "))
    return name if column[2] is None else f"{name}@{column[2]}"


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("flows.reports"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _plain(value: Any) -> Any:
    """Days in ISO form, tuples as lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
