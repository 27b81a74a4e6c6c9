"""Pictures of a report: Altair draws, vl-convert renders, and what it renders is made fit to stand inline in one page.

Inline SVG must not carry fonts, ids or colours of its own: the page's style sheet gives fonts and colours (so that dark mode
reaches the picture), and ids would clash between pictures. Layout is fixed by hand (`autosize: none`), so the bytes do not
depend on the fonts of the machine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.reports.language import ENGLISH, Language
from flows.reports.records import STREAMS, Change, Standing, Timeline

# Colours vl-convert is told to use, each standing for a property of the style sheet; the second is the colour without one.
_INK, _FAINT, _ACCENT, _MUTED = "#010101", "#020202", "#030303", "#040404"
_PROPERTIES = {
    _INK: "var(--ink, #1b2430)",
    _FAINT: "var(--rule, #d9dee5)",
    _ACCENT: "var(--accent, #1f5fbf)",
    _MUTED: "var(--muted, #5a6675)",
}


@dataclass(frozen=True, slots=True)
class Stroke:
    """How the line of one stream is drawn: dash lengths and width in pixels."""

    sentinel: str
    dashes: tuple[float, ...]
    width: float

    @property
    def colour(self) -> str:
        """The colour as the page's style sheet knows it."""
        return _PROPERTIES[self.sentinel]


# Streams differ in dash and weight as well as in colour: the picture must read without colours.
STREAM_STROKES: dict[str, Stroke] = {
    "paper": Stroke(_ACCENT, (), 2.0),
    "patent": Stroke(_INK, (5, 2), 1.4),
    "news": Stroke(_MUTED, (1.5, 2.5), 1.6),
    "grant": Stroke(_MUTED, (8, 3, 2, 3), 1.2),
}
RANK_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
CHINESE_FONTS = "Noto Sans CJK SC, PingFang SC, Microsoft YaHei"
"""For a picture made of pixels, which takes them from the machine it is drawn on: without one of them signs are boxes."""
_PANEL = (220, 112)
_GEOMETRY = {"viewBox", "d", "transform", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy"}
_PAINT = {"fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap", "opacity"}
_KEPT_ATTRIBUTES = _GEOMETRY | _PAINT | {"text-anchor", "font-size", "font-weight"}
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")


def timeline_svg(timeline: Timeline, picture_id: str, language: Language = ENGLISH) -> str:
    """One small picture of works per 1,000 works of each stream, by quarter, as inline SVG with a title and a description.

    `picture_id` must be unique in the page. Streams without a single work are left out; the timeline must hold at least one.
    """
    import altair as alt

    rows = [{"year": _decimal_year(point.quarter_on), "share": round(point.share, 4), "stream": point.stream} for point in timeline.points]
    streams = [name for name in STREAMS if any(point.works for point in timeline.points if point.stream == name)]
    top = _nice_top(max(point.share for point in timeline.points))
    first, last = (_decimal_year(choose(point.quarter_on for point in timeline.points)) for choose in (min, max))
    axis = {
        "labelColor": _MUTED,
        "tickColor": _FAINT,
        "domainColor": _FAINT,
        "gridColor": _FAINT,
        "labelFontSize": 10,
        "labelOverlap": False,
    }
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[first, last], nice=False, zero=False),
        axis=alt.Axis(values=_year_ticks(first, last), format="d", grid=False, labelFlush=False, tickSize=3, **axis),
    )
    y = alt.Y(
        "share:Q",
        title=None,
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(values=[0, top / 2, top], domain=False, ticks=False, labelPadding=4, format="~r", **axis),
    )
    base = alt.Chart(alt.Data(values=rows))
    lines = [
        base.transform_filter(alt.FieldEqualPredicate(field="stream", equal=name))
        .mark_line(color=stroke.sentinel, strokeDash=list(stroke.dashes) or [1, 0], strokeWidth=stroke.width)
        .encode(x=x, y=y)
        for name, stroke in reversed([(name, STREAM_STROKES[name]) for name in streams])
    ]
    margins = {"left": 34, "top": 8, "right": 12, "bottom": 20}
    chart = alt.layer(*lines).properties(
        width=_PANEL[0] - margins["left"] - margins["right"],
        height=_PANEL[1] - margins["top"] - margins["bottom"],
        autosize=alt.AutoSizeParams(type="none"),
        padding=margins,
    )
    svg = render_svg(chart.configure_view(stroke=None).to_dict())
    title = language.say("Timeline of %(name)s", name=language.name_of(timeline))
    return inline_svg(svg, picture_id, title, describe(timeline, language))


def describe(timeline: Timeline, language: Language = ENGLISH) -> str:
    """A timeline in words, for those who do not see it: the last share of each stream and its highest."""
    parts: list[str] = []
    for stream in STREAMS:
        points = [point for point in timeline.points if point.stream == stream]
        if not any(point.works for point in points):
            continue
        peak = max(points, key=lambda point: (point.share, point.quarter_on))
        parts.append(
            language.say(
                "%(stream)s: %(share)s works per 1,000 in the last complete quarter, at most %(highest)s in %(quarter)s",
                stream=language.term(stream),
                share=f"{points[-1].share:.2f}",
                highest=f"{peak.share:.2f}",
                quarter=language.quarter(peak.quarter_on),
            )
        )
    return language.say("; ").join(parts) + language.say(".") if parts else language.say("No works in the quarters shown.")


def quarter_name(year: int, month: int) -> str:
    """`2026 Q3` for the quarter that holds the month."""
    return ENGLISH.quarter(date(year, month, 1))


def ranking_png(ranking: Sequence[Change], language: Language = ENGLISH) -> bytes:
    """The first places with their 80 % rank intervals as a PNG of 600 pixels at one and a half density, for the e-mail."""
    import altair as alt
    import vl_convert

    standings = [change.now for change in ranking]
    names = [f"{entry.rank}  {language.name_of(entry)}" for entry in standings]
    rows = [
        {"label": name, "order": order, "rank": entry.rank, "low": entry.rank_low, "high": entry.rank_high}
        for order, (name, entry) in enumerate(zip(names, standings, strict=True))
    ]
    labels = alt.Axis(labelLimit=250, labelFontSize=12, ticks=False, domain=False, labelPadding=8)
    scale = alt.Scale(type="log", domain=[1, rank_scale_end(standings)], nice=False)
    places = alt.Axis(values=list(RANK_TICKS), format="d", gridColor="#e3e7ec", domain=False, ticks=False, labelColor="#5a6675")
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("label:N", sort=alt.EncodingSortField("order"), title=None, axis=labels))
    bar = base.mark_bar(height=6, cornerRadius=3, color="#9dbbe8").encode(
        x=alt.X("low:Q", scale=scale, axis=places, title=language.say("place, with the 80 %% interval")), x2="high:Q"
    )
    dot = base.mark_circle(size=70, color="#1f5fbf", opacity=1).encode(x=alt.X("rank:Q", scale=scale))
    chart = (bar + dot).properties(width=310, height=26 * len(rows), padding=10, background="#ffffff")
    fonts = "sans-serif" if language.is_english else f"{CHINESE_FONTS}, sans-serif"
    chart = chart.configure_view(stroke=None).configure_axis(labelFont=fonts, titleFont=fonts, titleFontWeight="normal")
    png: bytes = vl_convert.vegalite_to_png(chart.to_dict(), scale=1.5)
    return png


def rank_scale_end(standings: Sequence[Standing]) -> int:
    """The end of a rank axis that holds every interval: a tick from 10 on, or the worst place itself where none is high enough."""
    highest = max((standing.rank_high for standing in standings), default=1)
    return next((tick for tick in RANK_TICKS if tick >= max(10, highest)), highest)


def _nice_top(value: float) -> float:
    """The smallest of 1, 2, 4, 6, 8, 10 times a power of ten that is not below `value`: halves of it read well on an axis."""
    power = 10.0 ** _floor_log10(value)
    return next(round(step * power, 10) for step in (1, 2, 4, 6, 8, 10) if step * power >= value * (1 - 1e-9))


def _decimal_year(quarter_on: date) -> float:
    return quarter_on.year + (quarter_on.month - 1) / 12


def _floor_log10(value: float) -> int:
    return int(f"{value:e}".split("e")[1])


def _year_ticks(first: float, last: float) -> list[int]:
    """Whole years inside the axis, thinned to at most five so that labels of ten pixels never touch."""
    years = list(range(int(-(-first // 1)), int(last) + 1))
    step = -(-len(years) // 5) or 1
    return years[::-1][::step][::-1]


def render_svg(specification: dict[str, Any]) -> str:
    """A Vega-Lite specification as SVG text, drawn without a browser."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(specification)
    return svg


def inline_svg(svg: str, picture_id: str, title: str, description: str) -> str:
    """Strip what a page must not take from a picture (ids, classes, fonts, roles), and give it a title and a description."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_blank_text=True)
    root = etree.fromstring(svg.encode(), parser)
    for element in list(root.iter()):
        element.tag = etree.QName(element).localname
        for name in list(element.attrib):
            if name not in _KEPT_ATTRIBUTES:
                del element.attrib[name]
            else:
                value = _LONG_NUMBER.sub(lambda match: f"{float(match[0]):.1f}", element.attrib[name])
                element.attrib[name] = _PROPERTIES.get(value, value)
    _prune(root)
    etree.cleanup_namespaces(root)
    root.set("class", "chart")
    root.set("role", "img")
    root.set("aria-labelledby", f"{picture_id}-title {picture_id}-text")
    for position, (name, part, text) in enumerate((("title", "title", title), ("desc", "text", description))):
        label = etree.Element(name, id=f"{picture_id}-{part}")
        label.text = text
        root.insert(position, label)
    rendered: str = etree.tostring(root, encoding="unicode")
    return rendered


def _prune(root: Any) -> None:
    """Remove empty groups and paths that draw nothing, innermost first."""
    for element in reversed(list(root.iter())):
        parent = element.getparent()
        if parent is None:
            continue
        draws_nothing = element.tag == "path" and element.get("d", "") in ("", "M0,0h0v0h0Z")
        is_background = element.tag == "rect" and element.get("fill") == "white"
        is_bare_group = element.tag == "g" and len(element) == 0
        is_unpainted = element.tag == "path" and element.get("fill") is None and element.get("stroke") is None
        if draws_nothing or is_background or is_bare_group or is_unpainted:
            parent.remove(element)
