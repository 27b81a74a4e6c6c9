"""Pictures of the back-test page: every method's figure with its interval, and ours beside vitality from cut-off to cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flows.reports.charts import inline_svg, render_svg
from scoring.backtest.lead_time import Curve
from scoring.backtest.records import Row

# The colours that inline_svg turns into properties of the page's style sheet.
_INK, _FAINT, _ACCENT, _MUTED = "#010101", "#020202", "#030303", "#040404"
_AXIS: dict[str, Any] = {
    "labelColor": _MUTED,
    "titleColor": _MUTED,
    "tickColor": _FAINT,
    "domainColor": _FAINT,
    "gridColor": _FAINT,
    "labelFontSize": 11,
    "titleFontSize": 11,
    "titleFontWeight": "normal",
}


def methods_svg(rows: Sequence[Row], picture_id: str, title: str) -> str:
    """One line a method, best first: the pooled figure as a dot, its 80 % interval as a bar."""
    import altair as alt

    ordered = sorted(rows, key=lambda row: -row.value)
    values = [
        {
            "method": row.method.replace("_", " "),
            "order": place,
            "value": row.value,
            "low": row.value if row.low80 is None else row.low80,
            "high": row.value if row.high80 is None else row.high80,
            "is_ours": row.method == "emergence",
        }
        for place, row in enumerate(ordered)
    ]
    labels = alt.Axis(labelLimit=180, ticks=False, domain=False, labelPadding=8, grid=False, **_without(_AXIS, "gridColor", "tickColor"))
    base = alt.Chart(alt.Data(values=values)).encode(y=alt.Y("method:N", sort=alt.EncodingSortField("order"), title=None, axis=labels))
    scale = alt.Scale(zero=False, nice=True)
    bar = base.mark_rule(color=_FAINT, strokeWidth=4).encode(x=alt.X("low:Q", scale=scale, title=None, axis=alt.Axis(**_AXIS)), x2="high:Q")
    dots = [
        base.transform_filter(alt.FieldEqualPredicate(field="is_ours", equal=is_ours))
        .mark_circle(size=60, color=_ACCENT if is_ours else _MUTED, opacity=1)
        .encode(x=alt.X("value:Q", scale=scale))
        for is_ours in (False, True)
    ]
    return _finish(alt.layer(bar, *dots), (340, 20 * len(values)), {"left": 150, "top": 6, "right": 14, "bottom": 26}, picture_id, title)


def cutoffs_svg(ours: Row, vitality: Row, picture_id: str, title: str) -> str:
    """The same metric from cut-off to cut-off: ours as a full line, vitality alone as a dashed one."""
    import altair as alt

    lines = []
    for row, colour, dashes in ((vitality, _MUTED, [5, 3]), (ours, _ACCENT, [1, 0])):
        values = [{"year": figure.cutoff.year + (figure.cutoff.month - 12) / 12, "value": figure.value} for figure in row.by_cutoff]
        base = alt.Chart(alt.Data(values=values)).encode(
            x=alt.X(
                "year:Q",
                scale=alt.Scale(zero=False, nice=False),
                title=None,
                axis=alt.Axis(format="d", grid=False, tickMinStep=1, tickCount=6, **_without(_AXIS, "gridColor")),
            ),
            y=alt.Y("value:Q", scale=alt.Scale(zero=False), title=None, axis=alt.Axis(tickCount=4, **_AXIS)),
        )
        lines += [base.mark_line(color=colour, strokeDash=dashes, strokeWidth=2), base.mark_circle(color=colour, size=30, opacity=1)]
    return _finish(alt.layer(*lines), (340, 140), {"left": 44, "top": 8, "right": 14, "bottom": 26}, picture_id, title)


def reliability_svg(points: Sequence[tuple[float, float, int]], picture_id: str, title: str) -> str:
    """Said against seen: one dot a bin (mean probability, share that rose, technologies), and the diagonal of a perfect forecast."""
    import altair as alt

    top = max(0.1, *(max(said, seen) for said, seen, _ in points)) if points else 1.0
    scale = alt.Scale(domain=[0, round(top * 1.1, 2)], nice=False)
    axis = alt.Axis(tickCount=4, format="%", **_AXIS)
    diagonal = alt.Chart(alt.Data(values=[{"said": 0, "seen": 0}, {"said": top, "seen": top}]))
    dots = alt.Chart(alt.Data(values=[{"said": said, "seen": seen, "count": count} for said, seen, count in points]))
    x, y = alt.X("said:Q", scale=scale, axis=axis, title="said"), alt.Y("seen:Q", scale=scale, axis=axis, title="seen")
    layers = alt.layer(
        diagonal.mark_line(color=_FAINT, strokeWidth=1.5).encode(x=x, y=y),
        dots.mark_circle(color=_ACCENT, size=50, opacity=1).encode(x=x, y=y),
    )
    return _finish(layers, (220, 220), {"left": 52, "top": 8, "right": 14, "bottom": 40}, picture_id, title)


def finding_svg(ours: Curve, vitality: Curve, picture_id: str, title: str) -> str:
    """Product-limit share of the items found, over years from their consensus (before it negative)."""
    import altair as alt

    lines = []
    for curve, colour, dashes in ((vitality, _MUTED, [5, 3]), (ours, _ACCENT, [1, 0])):
        values = [{"years": year, "found": found} for year, found in zip(curve.years, curve.found, strict=True)]
        lines.append(
            alt.Chart(alt.Data(values=values))
            .mark_line(color=colour, strokeDash=dashes, strokeWidth=2, interpolate="step-after")
            .encode(
                x=alt.X(
                    "years:Q",
                    scale=alt.Scale(zero=False),
                    title="years from the consensus",
                    axis=alt.Axis(grid=False, **_without(_AXIS, "gridColor")),
                ),
                y=alt.Y("found:Q", scale=alt.Scale(domain=[0, 1]), title=None, axis=alt.Axis(tickCount=4, format="%", **_AXIS)),
            )
        )
    return _finish(alt.layer(*lines), (340, 160), {"left": 48, "top": 8, "right": 14, "bottom": 40}, picture_id, title)


def _finish(chart: Any, size: tuple[int, int], margins: dict[str, int], picture_id: str, title: str) -> str:
    import altair as alt

    drawn = chart.properties(width=size[0], height=size[1], autosize=alt.AutoSizeParams(type="none"), padding=margins)
    svg = render_svg(drawn.configure_view(stroke=None).to_dict())
    return inline_svg(svg, picture_id, title, f"{title}; the figures stand in the table below.")


def _without(options: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in names}
