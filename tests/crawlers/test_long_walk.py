"""The memory of a crawl does not grow with what it gathers, and no walk goes on for ever."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.crawlers.long_walk import walk
from tests.crawlers.wild import WildServer, answer, atom, crawl_apart, feeds


@pytest.mark.parametrize(
    ("records", "per_page"),
    [(20_000, 200), pytest.param(200_000, 200, marks=pytest.mark.slow), pytest.param(200_000, 2_500, marks=pytest.mark.slow)],
)
def test_memory_is_flat_over_a_long_walk(records: int, per_page: int, tmp_path: Path) -> None:
    taken = walk(records, per_page, tmp_path)
    assert taken.pages == records // per_page
    assert taken.kib_at_the_end < 1.15 * taken.kib_at_a_tenth, taken


@pytest.fixture
def server() -> Iterator[WildServer]:
    made = WildServer()
    yield made
    made.stop()


def test_a_walk_that_never_ends_is_stopped_and_told(server: WildServer, tmp_path: Path) -> None:
    numbers = count(1)

    def page(connection: Any) -> None:
        answer(atom("1", previous=f"{server.url}/feed?{next(numbers)}"))(connection)

    server.on("/feed", page)
    server.on("/other", atom("1"))
    crawled = crawl_apart(feeds(f"{server.url}/feed", f"{server.url}/other"), tmp_path, changes={"DEPTH_LIMIT": 12})
    assert len([one for one in server.seen if one.target.startswith("/feed")]) == 13
    assert crawled.result.behind == (f"{server.url}/feed",)
    assert [problem for problem in crawled.result.problems if "lies more than 12 pages deep" in problem]
