"""The back-test as a page, as Markdown and as JSON. What is measured comes in; nothing is computed here but places in a table."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict
from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from flows.reports.backtest_charts import reliability_svg
from flows.reports.backtest_tables import build_expert_table, build_label_tables, build_tables, draw_figure
from scoring.backtest.result import Result

STANDING_LIMITS = (
    "The past of one corpus, at a few cut-offs that overlap in their years: a wave that comes differently may be missed.",
    "Growth in documents is what was predicted. It is not impact, and not success on a market.",
    "Half of the works see each technology at about half its size, so ranks are noisier here than in the nightly list.",
)
SIMULATED = "Simulated data: documents, organisations and technologies are invented, and no figure here says anything about the world."
FILTERED = (
    "The word lists, and the filter of names that people taught, were made later than the cut-offs: who taught it knew what came. "
    "Counts, phrases, neighbours and fields are of the past only."
)
UNFILTERED = (
    "The word lists were made later than the cut-offs. The filter of names that people taught is left out, for they knew what came: "
    "more names, and more boilerplate, compete here than in the nightly list."
)


def render_html(result: Result) -> str:
    """One page that loads nothing: limits first, then pictures and the whole table of each corpus."""
    environment = _environment()
    style = environment.get_template("backtest.css.j2").render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("backtest.html.j2").render(
        result=result,
        limits=state_limits(result),
        tables=build_tables((*result.rows, *result.topic_rows), with_figures=True),
        reliability=[
            draw_figure(
                reliability_svg([(one.said, one.seen, one.count) for one in told.bins], f"r{number}", f"Reliability of {method}, {corpus}"),
                f"{corpus}, {method}: said against seen. Brier {told.brier:.3f} (base rate alone {told.base_brier:.3f}), "
                f"calibration error {told.calibration_error:.3f}, at {told.cutoffs} cut-offs.",
            )
            for number, (corpus, method, told) in enumerate(result.reliability)
        ],
        labels=build_label_tables(result),
        expert=build_expert_table(result),
        style=Markup(style),  # noqa: S704 - our own file
        style_digest=digest,
    )


def render_markdown(result: Result) -> str:
    """The limits and the tables as Markdown."""
    tables = build_tables((*result.rows, *result.topic_rows), with_figures=False)
    return (
        _environment()
        .get_template("backtest.md.j2")
        .render(
            result=result,
            limits=state_limits(result),
            tables=tables,
            labels=build_label_tables(result),
            expert=build_expert_table(result),
        )
    )


def state_limits(result: Result) -> tuple[str, ...]:
    """That the data are simulated, where they are; what holds of every back-test; then what this one left out."""
    return (
        *((SIMULATED,) if result.is_simulated else ()),
        *STANDING_LIMITS,
        FILTERED if result.plan.use_model else UNFILTERED,
        *result.limits,
    )


def as_json(result: Result) -> dict[str, Any]:
    """The result as JSON can hold it; `rows` has one pooled row per corpus, target, method, metric and depth."""
    return {
        "plan": _plain(asdict(result.plan)),
        "is_simulated": result.is_simulated,
        "streams": [_plain(asdict(span)) for span in result.spans],
        "limits": list(state_limits(result)),
        "rows": [_plain(asdict(row)) for row in result.rows],
        "topic_rows": [_plain(asdict(row)) for row in result.topic_rows],
        "label_agreement": [_plain(asdict(agreement)) for agreement in result.agreements],
        "reliability": [{"corpus": corpus, "method": method, **_plain(asdict(told))} for corpus, method, told in result.reliability],
        "lead_time": [_plain(asdict(finding)) for finding in result.findings],
    }


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
