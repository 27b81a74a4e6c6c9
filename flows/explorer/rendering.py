"""Fills the templates of the explorer, with the style and the small parts of the report."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined, select_autoescape
from jinja2.loaders import ChoiceLoader
from markupsafe import Markup, escape

from flows.explorer.address import with_changes
from flows.reports.charts import STREAM_STROKES, quarter_name
from flows.reports.findings import component_name, signed
from flows.reports.records import STAGES, STREAMS, TRACKS
from flows.reports.texts import clean_text, safe_link, say_day

LONGEST_TEXT = 20_000
NAVIGATION = (
    ("/", "Overview"),
    ("/ranking", "Ranking"),
    ("/topics", "Topics"),
    ("/compare", "Compare"),
    ("/search", "Search"),
    ("/console", "Console"),
    ("/sources", "Sources"),
    ("/glossary", "Glossary"),
)
_PLURALS = {"paper": "papers", "patent": "patents", "news": "news", "grant": "grants"}


def render(template: str, **content: Any) -> str:
    """One page. Whatever a template prints was written by strangers: it is escaped, and control and direction marks are taken out."""
    return _environment().get_template(template).render(**content)


@lru_cache(maxsize=1)
def style() -> str:
    """The style sheet: that of the report, and what the explorer adds."""
    environment = _environment()
    report = environment.get_template("report/report.css.j2").render(is_simulated=False)
    return report + environment.get_template("explorer.css.j2").render()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    own = PackageLoader("flows.explorer")
    environment = Environment(
        loader=ChoiceLoader([own, PrefixLoader({"report": PackageLoader("flows.reports")})]),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    filters: dict[str, Callable[..., Any]] = {
        "day": _say_day,
        "moment": _say_moment,
        "link": safe_link,
        "part": component_name,
        "signed": signed,
        "streams": lambda names: ", ".join(_PLURALS[name] for name in STREAMS if name in (names or ())),
        "count": lambda number: "–" if number is None else f"{number:,}",
        "decimal": lambda number, digits=1: "–" if number is None else f"{number:.{digits}f}".replace("-", "−"),
        "percent": lambda share: "–" if share is None else f"{100 * share:.0f} %",
        "quarter": lambda day: quarter_name(day.year, day.month),
        "title": lambda text: clean_text(str(text or "")) or "(no title)",
        "sentence": lambda text: clean_text(str(text), 240),
        "code": _code,
        "cell": _cell,
    }
    environment.filters.update(filters)
    environment.globals.update(
        navigation=NAVIGATION, tracks=TRACKS, all_streams=STREAMS, stages=STAGES, strokes=STREAM_STROKES, url=url, plurals=_PLURALS
    )
    return environment


def url(path: str, parameters: Mapping[str, object] | None = None, **changes: object) -> str:
    """An address of the explorer; None and '' leave a parameter out."""
    wanted = with_changes(parameters or {}, **changes)
    return f"{path}?{urlencode(wanted)}" if wanted else path


def _shown(value: Any) -> Any:
    """What `{{ }}` prints: a text of strangers without marks that steer a line; None as nothing known."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return "–" if value is None else value
    if value.isascii() and value.isprintable():
        return value
    return clean_text(value, LONGEST_TEXT)


def _say_day(value: date | None) -> str:
    return "–" if value is None else say_day(value)


def _say_moment(value: datetime | None) -> str:
    return "–" if value is None else f"{say_day(value)}, {value:%H:%M} UTC"


def _code(text: str) -> Markup:
    """A text whose lines matter; what could steer them is shown as a box."""
    visible = "".join(
        sign if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn") else "\N{REPLACEMENT CHARACTER}"
        for sign in text
    )
    return escape(visible)


def _cell(value: Any) -> str:
    """Any value of a query as text in one cell."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return clean_text(", ".join(str(item) for item in value), 400)
    return clean_text(str(value), 400)
