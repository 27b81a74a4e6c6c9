"""Fills the templates. What is measured (bar positions, tie groups, pictures) is computed here, what is said stands in the templates."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from flows.reports import charts
from flows.reports.findings import signed, tie_groups
from flows.reports.language import ENGLISH, Language, LanguageCode, load_language
from flows.reports.radar import BLIPS_PER_TRACK, draw_curve, draw_radar
from flows.reports.records import STAGES, STREAMS, Change, Standing, Timeline, WeekData
from flows.reports.texts import clean_text, markdown_text, safe_link

BAR_WIDTH = 150
RANKING_IMAGE = "ranking.png"
EMAIL_PLACES = 10
_STREAM_PLURALS = {"paper": "papers", "patent": "patents", "news": "news", "grant": "grants"}


def render_html(data: WeekData) -> str:
    """The whole report as one page that loads nothing: its style is inline and named by digest in its own policy."""
    style, digest = render_style(data.language, is_simulated=data.snapshot.is_simulated)
    pictures = {
        timeline.technology_id: Markup(  # noqa: S704 - built from escaped parts by lxml
            charts.timeline_svg(timeline, f"t{number}-{position}", data.language)
        )
        for number, track in enumerate(data.tracks)
        for position, timeline in enumerate(track.timelines)
        if _has_works(timeline)
    }
    template = environment(data.language).get_template("report.html.j2")
    return template.render(
        **_context(data),
        style=style,
        style_digest=digest,
        pictures=pictures,
        radar=draw_radar(data.tracks, has_past=data.compared_with is not None),
        curve=draw_curve(data.ranking, has_past=data.compared_with is not None),
        blips_per_track=BLIPS_PER_TRACK,
    )


def render_style(language: Language = ENGLISH, *, is_simulated: bool) -> tuple[Markup, str]:
    """(style of our pages in a language, its digest as a policy names it)."""
    sheets = ("report.css.j2",) if language.is_english else ("report.css.j2", "chinese.css.j2")
    style = "".join(environment(language).get_template(sheet).render(is_simulated=is_simulated) for sheet in sheets)
    return Markup(style), base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()  # noqa: S704 - our own file


def render_markdown(data: WeekData) -> str:
    """The report as Markdown; every text of strangers goes through the filter `md`."""
    return environment(data.language).get_template("report.md.j2").render(**_context(data))


def render_email(data: WeekData) -> tuple[str, str, dict[str, bytes]]:
    """(HTML body with its style inlined, plain text body, pictures by content id)."""
    import css_inline

    images = {RANKING_IMAGE: charts.ranking_png(data.ranking[:EMAIL_PLACES], data.language)} if data.ranking else {}
    templates = environment(data.language)
    page = templates.get_template("email.html.j2").render(**_context(data), images=tuple(images))
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
    return inliner.inline(page), templates.get_template("email.txt.j2").render(**_context(data)), images


def _context(data: WeekData) -> dict[str, Any]:
    return {
        "data": data,
        "tie_groups": _tied_changes,
        "scale": _Scale,
        "streams": _streams_seen(data),
        "stages": STAGES,
        "places": EMAIL_PLACES,
        "stroke": charts.STREAM_STROKES,
        "query": {query.name: query.sql for query in data.queries}.__getitem__,
    }


def environment(language: Language = ENGLISH) -> Environment:
    """The templates of this room, with their filters, in a language."""
    return _environment(language.code)


@cache
def _environment(code: LanguageCode) -> Environment:
    language = load_language(code)
    templates = Environment(
        loader=PackageLoader("flows.reports"),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(enabled_extensions=("html.j2", "xml.j2"), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "day": language.day,
        "link": safe_link,
        "md": lambda text: markdown_text(str(text)),
        "term": language.term,
        "retold": language.retell,
        "named": language.name_of,
        "other_name": language.other_name,
        "lang": language.lang_of,
        "signed": signed,
        "clean": clean_text,
        "streams": partial(_say_streams, language),
        "has_works": _has_works,
        "describe": lambda timeline: charts.describe(timeline, language),
        "indented": lambda text: "".join(f"    {line}\n" for line in text.splitlines()).rstrip("\n"),
        "count": lambda number: f"{number:,}",
        "quarter": language.quarter,
        "quarters": _by_quarter,
    }
    templates.filters.update(filters)
    templates.globals["language"] = language
    templates.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return templates


class _Scale:
    """Places on a logarithmic axis: the difference between 1 and 2 matters as much as that between 10 and 20."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.end = charts.rank_scale_end([change.now for change in changes])
        self.ticks = [(tick, self.x(tick)) for tick in charts.RANK_TICKS if tick <= self.end]

    def x(self, rank: int) -> float:
        """Pixels from the left edge of a bar, with room for the dot at both ends."""
        return round(5 + (BAR_WIDTH - 10) * math.log(rank) / math.log(self.end), 1)


def _tied_changes(changes: Sequence[Change]) -> list[list[Change]]:
    by_id = {change.now.technology_id: change for change in changes}
    groups: tuple[tuple[Standing, ...], ...] = tie_groups([change.now for change in changes])
    return [[by_id[standing.technology_id] for standing in group] for group in groups]


def _has_works(timeline: Timeline) -> bool:
    return any(point.works for point in timeline.points)


def _streams_seen(data: WeekData) -> tuple[str, ...]:
    seen = {point.stream for track in data.tracks for timeline in track.timelines for point in timeline.points}
    return tuple(name for name in STREAMS if name in seen)


def _by_quarter(timeline: Timeline) -> list[tuple[date, dict[str, Any]]]:
    """(quarter, its points by stream), the newest first."""
    quarters: dict[date, dict[str, Any]] = {}
    for point in timeline.points:
        quarters.setdefault(point.quarter_on, {})[point.stream] = point
    return sorted(quarters.items(), reverse=True)


def _say_streams(language: Language, names: Sequence[str]) -> str:
    return language.listed([language.term(_STREAM_PLURALS[name]) for name in STREAMS if name in names])
