"""The radar and the maturity curve: every mark in the ring and sector of what it stands for, none upon another."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import pytest

from flows.reports.radar import BLIPS_PER_TRACK, Blip, Radar, draw_curve, draw_radar
from flows.reports.records import STAGES, TRACKS, Change, Standing, TrackData

YOUNG = Standing(
    technology_id="a",
    name="a",
    name_zh=None,
    track="energy",
    rank=1,
    rank_low=1,
    rank_high=2,
    track_rank=1,
    score=50.0,
    score_low=40.0,
    score_high=60.0,
    stage="incubation",
    works=20,
    recent_works=10,
    streams=("paper",),
    parts=(),
)
MARK = 20.0
"""Pixels across a mark."""


def changes(stages: list[str], before: list[str | None] | None = None) -> tuple[Change, ...]:
    pasts: list[str | None] = before if before is not None else list(stages)
    return tuple(
        Change(replace(YOUNG, rank=number + 1, stage=stage), None if past is None else replace(YOUNG, rank=number + 1, stage=past))
        for number, (stage, past) in enumerate(zip(stages, pasts, strict=True))
    )


def radar_of(ranking: tuple[Change, ...]) -> Radar:
    return draw_radar([TrackData(track, len(ranking), ranking, (), ()) for track in TRACKS], has_past=True)


def polar(radar: Radar, blip: Blip) -> tuple[float, float]:
    """(radius in pixels, degrees clockwise from the top)."""
    x, y = blip.x - radar.centre, blip.y - radar.centre
    return math.hypot(x, y), math.degrees(math.atan2(x, -y)) % 360


@pytest.mark.parametrize("stage", STAGES)
def test_marks_lie_in_the_ring_of_their_stage_and_the_sector_of_their_track(stage: str) -> None:
    radar = radar_of(changes([stage] * 3))
    edges = [radius for _, radius in radar.rings] + [0.0]
    index = STAGES.index(stage)
    for number, blip in enumerate(radar.blips):
        radius, degrees = polar(radar, blip)
        assert edges[index + 1] < radius < edges[index]
        assert int(degrees // 60) == number // 3


def test_full_rings_hold_their_marks_side_by_side() -> None:
    radar = radar_of(changes(["incubation"] * (BLIPS_PER_TRACK + 2)))
    assert len(radar.blips) == BLIPS_PER_TRACK * len(TRACKS)
    assert min(math.hypot(one.x - other.x, one.y - other.y) for one, other in combinations(radar.blips, 2)) > MARK


def test_moves_are_told_and_without_a_past_none_is_claimed() -> None:
    ranking = changes(["scaling", "incubation", "mature", "mature"], ["incubation", "mature", "mature", None])
    assert {blip.change.now.rank: blip.moved for blip in draw_curve(ranking, has_past=True).blips} == {1: "in", 2: "out", 3: "", 4: "new"}
    assert {blip.moved for blip in draw_curve(ranking, has_past=False).blips} == {""}


def test_the_curve_keeps_stages_in_order_and_marks_apart() -> None:
    curve = draw_curve(changes(["incubation"] * 9 + ["early industrialisation"] * 8 + ["declining"] * 3), has_past=True)
    places = [(blip.x, STAGES.index(blip.change.now.stage)) for blip in curve.blips]
    assert sorted(places) == places
    assert all(later.x - earlier.x > MARK for earlier, later in zip(curve.blips, curve.blips[1:], strict=False))


def test_a_stage_without_an_estimate_is_drawn_with_the_youngest() -> None:
    unknown = replace(YOUNG, stage="no estimate")
    assert draw_curve((Change(unknown, unknown),), has_past=True).blips[0].moved == ""
