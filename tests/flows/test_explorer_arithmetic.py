"""What the explorer computes itself: the map of topics, the geometry of its pictures."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from flows.explorer.pictures import HEIGHT, WIDTH, RankScale, draw_ranks, draw_series, nice_top
from flows.explorer.topic_layout import MAP_HEIGHT, MAP_WIDTH, lay_out


def test_near_topics_lie_near_and_the_map_is_the_same_every_time() -> None:
    rng = np.random.default_rng(7)
    centres = np.eye(8)[[0] * 10 + [3] * 10 + [6] * 10] + 0.05 * rng.standard_normal((30, 8))
    labels = [f"topic {number}" for number in range(30)]
    spots = lay_out(centres, list(range(1, 31)), labels)
    assert spots == lay_out(centres, list(range(1, 31)), labels)
    places = np.array([(spot.x, spot.y) for spot in spots])
    group = np.repeat([0, 1, 2], 10)
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    same = group[:, None] == group[None]
    assert np.median(apart[~same]) > 1.5 * np.median(apart[same & ~np.eye(30, dtype=bool)])
    assert places.min() > 0
    assert (places < [MAP_WIDTH, MAP_HEIGHT]).all()
    overlap = [
        (first.index, second.index)
        for first in spots
        for second in spots
        if first.index < second.index and apart[first.index, second.index] < first.radius + second.radius - 2
    ]
    assert overlap == []
    assert spots[29].label == "topic 29"


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_topics_and_equal_ones_have_a_map_too(count: int) -> None:
    spots = lay_out(np.ones((count, 4)), [3] * count, ["same"] * count)
    assert len(spots) == count
    assert all(0 < spot.x < MAP_WIDTH and 0 < spot.y < MAP_HEIGHT for spot in spots)


def test_places_are_drawn_on_a_logarithmic_axis_with_one_on_top() -> None:
    scale = RankScale([4, 60, None])
    assert scale.end == 100
    assert scale.x(10) - scale.x(1) == pytest.approx(scale.x(100) - scale.x(10), abs=0.2)
    rows = [
        {"as_of": date(2025, month, 1), "rank": rank, "rank_low": 1, "rank_high": 40}
        for month, rank in ((1, 20), (6, 1), (9, None), (12, 4))
    ]
    picture = draw_ranks(rows)
    assert picture is not None
    heights = [y for _, y, _ in picture.lines[0].marks]
    assert heights[1] < heights[2] < heights[0]
    assert draw_ranks(rows[:1]) is None


def test_a_series_is_drawn_to_the_scale_of_its_labels_and_stays_inside() -> None:
    rows = [
        {"quarter_on": date(2020 + place // 4, 1 + 3 * (place % 4), 1), "stream": stream, "works": place % 5, "stream_works": 100}
        for place in range(20)
        for stream in ("paper", "news")
    ]
    picture = draw_series(rows)
    assert picture is not None
    assert [line.name for line in picture.lines] == ["paper", "news"]
    assert [text for _, text in picture.y_labels] == ["0", "20", "40"]
    points = [tuple(map(float, pair.split(","))) for line in picture.lines for pair in line.points.split()]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert draw_series([{**row, "works": 0} for row in rows]) is None
    assert [nice_top(value) for value in (0.7, 1, 1.1, 11, 99)] == [pytest.approx(top) for top in (0.8, 1, 2, 20, 100)]


def test_a_course_within_one_month_is_labelled_with_its_days() -> None:
    rows = [{"as_of": date(2025, 12, day), "rank": 1, "rank_low": 1, "rank_high": 2} for day in (24, 31)]
    picture = draw_ranks(rows)
    assert picture is not None
    assert [text for _, text in picture.x_labels] == ["2025-12-24", "2025-12-31"]
