"""Where the first technologies of each track stand: a radar of our own (sectors = tracks, rings = stages) and the maturity curve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flows.reports.records import STAGES, Change, TrackData

BLIPS_PER_TRACK = 6
SIZE = 640.0
LABEL_ROOM = 100.0
"""Pixels left and right of the square for the names of the tracks."""
_CENTRE, _RADIUS = SIZE / 2, 286.0
# Outer edge of each stage's ring as a share of the radius: what is young lies outside, where there is room for many.
_EDGES = dict(zip(STAGES, (1.0, 0.78, 0.57, 0.38, 0.2), strict=True))
_MARGIN = 0.14
"""Share of a sector left free at both of its sides, so that a mark never lies on the line between two tracks."""
_CURVE_WIDTH, _CURVE_HEIGHT, _CURVE_MARGIN = 1120.0, 230.0, 16.0


@dataclass(frozen=True, slots=True)
class Blip:
    """One technology on the radar or the curve, in pixels from the left and the top.

    `moved` tells how its stage changed since the as-of compared with: `in` (towards the centre), `out`, `new` (not ranked before), or "".
    """

    change: Change
    x: float
    y: float
    moved: str


@dataclass(frozen=True, slots=True)
class Sector:
    """One track of the radar: where its dividing line ends, and where its name stands."""

    track: str
    line_x: float
    line_y: float
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Radar:
    """Everything the template draws; `rings` holds (stage, outer radius), the outermost first."""

    size: float
    room: float
    centre: float
    rings: tuple[tuple[str, float], ...]
    sectors: tuple[Sector, ...]
    blips: tuple[Blip, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """The maturity curve as an SVG path, the stages as (name, middle, right edge) along it, and the technologies on it."""

    width: float
    height: float
    path: str
    stages: tuple[tuple[str, float, float], ...]
    blips: tuple[Blip, ...]


def draw_radar(tracks: Sequence[TrackData], *, has_past: bool) -> Radar:
    """Place the first ranked technologies of each track: within sector and ring side by side, the better ranked first, clockwise."""
    step = 2 * math.pi / len(tracks)
    sectors, blips = [], []
    for number, track in enumerate(tracks):
        start = number * step - math.pi / 2
        line_x, line_y = _at(start, _RADIUS)
        label_x, label_y = _at(start + step / 2, _RADIUS + 18)
        sectors.append(Sector(track.track, line_x, line_y, label_x, label_y))
        shown = sorted(track.ranking[:BLIPS_PER_TRACK], key=lambda change: (_stage_index(change), change.now.rank))
        for index, group in groupby(shown, key=_stage_index):
            members = list(group)
            for position, change in enumerate(members):
                angle = start + step * (_MARGIN + (1 - 2 * _MARGIN) * (position + 0.5) / len(members))
                x, y = _at(angle, _RADIUS * _middle_of_ring(index, position, len(members)))
                blips.append(Blip(change, x, y, _moved(change, has_past)))
    rings = tuple((stage, round(_RADIUS * edge, 1)) for stage, edge in _EDGES.items())
    return Radar(SIZE, LABEL_ROOM, _CENTRE, rings, tuple(sectors), tuple(blips))


def draw_curve(changes: Sequence[Change], *, has_past: bool) -> Curve:
    """The technologies on a curve of maturity: a logistic rise over the stages, and a fall at its end.

    Within a stage they stand side by side in the order of their ranks: where they lie says their stage and no more.
    """
    segment = (_CURVE_WIDTH - 2 * _CURVE_MARGIN) / len(STAGES)
    stages = tuple(
        (stage, round(_CURVE_MARGIN + segment * (number + 0.5), 1), round(_CURVE_MARGIN + segment * (number + 1), 1))
        for number, stage in enumerate(STAGES)
    )
    points = [(_CURVE_MARGIN + segment * len(STAGES) * part / 100, _height(len(STAGES) * part / 100)) for part in range(101)]
    path = "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in points)
    blips = []
    for index, group in groupby(sorted(changes, key=lambda change: (_stage_index(change), change.now.rank)), key=_stage_index):
        members = list(group)
        for position, change in enumerate(members):
            along = index + (position + 0.5) / len(members)
            blips.append(Blip(change, round(_CURVE_MARGIN + segment * along, 1), round(_height(along), 1), _moved(change, has_past)))
    return Curve(_CURVE_WIDTH, _CURVE_HEIGHT, path, stages, tuple(blips))


def _at(angle: float, radius: float) -> tuple[float, float]:
    return round(_CENTRE + radius * math.cos(angle), 1), round(_CENTRE + radius * math.sin(angle), 1)


def _stage_index(change: Change) -> int:
    """A technology without an estimate of its stage stands with the youngest."""
    return STAGES.index(change.now.stage) if change.now.stage in STAGES else 0


def _middle_of_ring(index: int, position: int, count: int) -> float:
    """Share of the radius; neighbours in a crowded ring stand a little nearer and farther by turns, so that their marks do not touch."""
    edges = [*_EDGES.values(), 0.06]
    outer, inner = edges[index], edges[index + 1]
    zigzag = 0.22 * (outer - inner) * (1 if position % 2 else -1) if count > 2 else 0.0
    return (outer + inner) / 2 + zigzag


def _height(along: float) -> float:
    """Pixels from the top at `along` stages (0 to 5): logistic up to the mature stage, then a fall."""
    rise = 1 / (1 + math.exp(-2.2 * (along - 1.9)))
    fall = 0.35 * math.pow(max(0.0, along - 4), 1.5)
    return _CURVE_HEIGHT - 38 - (_CURVE_HEIGHT - 62) * max(0.0, rise - fall)


def _moved(change: Change, has_past: bool) -> str:
    if not has_past:
        return ""
    if change.before is None:
        return "new"
    if change.before.stage not in STAGES or change.now.stage not in STAGES:
        return ""
    step = STAGES.index(change.now.stage) - STAGES.index(change.before.stage)
    return "in" if step > 0 else "out" if step < 0 else ""
