"""The geometry of the pictures; templates draw them, so that every name in them is escaped like any other text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.reports.charts import RANK_TICKS
from flows.reports.records import STREAMS

WIDTH, HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 12, 26
_BAR_WIDTH = 150
_BAR_MARGIN = 5
_LABELS_ACROSS = 6
_LABEL_HALF = 34  # half the width of a label such as 2025-09-30


class RankScale:
    """Places on the logarithmic axis of a bar of 150 pixels: 1 to 2 is as far as 10 to 20. The report draws its bars the same way."""

    def __init__(self, worst_places: Iterable[int | None]) -> None:
        worst = max((place for place in worst_places if place is not None), default=1)
        self.end = next((tick for tick in RANK_TICKS if tick >= max(10, worst)), worst)
        self.ticks = [(tick, self.x(tick)) for tick in RANK_TICKS if tick <= self.end]

    def x(self, rank: int) -> float:
        """Pixels from the left edge, with room for the dot at both ends."""
        return round(_BAR_MARGIN + (_BAR_WIDTH - 2 * _BAR_MARGIN) * math.log(max(rank, 1)) / math.log(self.end), 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a picture: what it stands for, its points as SVG writes them, the place and text of its marks."""

    name: str
    points: str
    marks: tuple[tuple[float, float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """Lines over days: axis labels as (pixel, text), lines, and the band of an interval as the points of a polygon ('' = none)."""

    x_labels: tuple[tuple[float, str], ...]
    y_labels: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]
    band: str = ""
    width: int = WIDTH
    height: int = HEIGHT


def draw_series(rows: Sequence[dict[str, Any]]) -> Picture | None:
    """Works per 1,000 works of each stream by quarter; None where there is no work. Rows: quarter_on, stream, works, stream_works."""
    if not any(row["works"] for row in rows):
        return None
    quarters = sorted({row["quarter_on"] for row in rows})
    shares = {(row["stream"], row["quarter_on"]): 1000 * row["works"] / row["stream_works"] for row in rows if row["stream_works"]}
    top = nice_top(max(shares.values()))
    across = _Span(quarters[0], quarters[-1])
    seen = [stream for stream in STREAMS if any(row["works"] for row in rows if row["stream"] == stream)]
    lines = tuple(
        Line(stream, _points((across.x(day), _y(shares[stream, day], 0, top)) for day in quarters if (stream, day) in shares))
        for stream in seen
    )
    labels = tuple((_y(value, 0, top), f"{value:g}") for value in (0, top / 2, top))
    return Picture(across.labels(), labels, lines)


def draw_ranks(rows: Sequence[dict[str, Any]]) -> Picture | None:
    """Places over the stored as-ofs with their 80 % band, 1 at the top, on a logarithmic axis; None below two ranked days."""
    ranked = sorted((row for row in rows if row["rank"] is not None), key=lambda row: row["as_of"])
    if len(ranked) < 2:
        return None
    end = RankScale(row["rank_high"] for row in ranked).end

    def down(rank: int) -> float:
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * math.log(max(rank, 1)) / math.log(end)

    across = _Span(ranked[0]["as_of"], ranked[-1]["as_of"])
    best = [(across.x(row["as_of"]), down(row["rank_low"])) for row in ranked]
    worst = [(across.x(row["as_of"]), down(row["rank_high"])) for row in reversed(ranked)]
    points = [(across.x(row["as_of"]), down(row["rank"])) for row in ranked]
    marks = tuple((round(x, 1), round(y, 1), str(row["rank"])) for (x, y), row in zip(points, ranked, strict=True))
    labels = tuple((round(down(tick), 1), str(tick)) for tick in RANK_TICKS if tick <= end)
    return Picture(across.labels(), labels, (Line("place", _points(points), marks),), band=_points([*best, *worst]))


def nice_top(value: float) -> float:
    """The smallest of 1, 2, 4, 6, 8, 10 times a power of ten that is not below `value`, which is above 0."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value * (1 - 1e-9))


class _Span:
    """Days from the left edge of a picture to the right."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.days = first, max((last - first).days, 1)

    def x(self, day: date) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (day - self.first).days / self.days

    def labels(self) -> tuple[tuple[float, str], ...]:
        """New Year's days, thinned to six; the ends where there is none: their months, or their days where both lie in one month."""
        last = date.fromordinal(self.first.toordinal() + self.days)
        years = [date(year, 1, 1) for year in range(self.first.year, last.year + 1) if self.first <= date(year, 1, 1) <= last]
        step = -(-len(years) // _LABELS_ACROSS) or 1
        chosen = years[::-1][::step][::-1]
        if len(chosen) < 2:
            signs = 7 if (self.first.year, self.first.month) != (last.year, last.month) else 10
            return tuple((min(round(self.x(day), 1), WIDTH - _LABEL_HALF), day.isoformat()[:signs]) for day in (self.first, last))
        return tuple((round(self.x(day), 1), str(day.year)) for day in chosen)


def _y(value: float, low: float, high: float) -> float:
    return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * (value - low) / (high - low), 1)


def _points(pairs: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pairs)
