"""The cursor of a source and of its parts: neither may pass days that were not landed, or landed and not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from crawlers.landing import open_window
from crawlers.records import Window
from flows.night import open_work
from flows.settings import Settings
from flows.sources import read_register
from flows.stages.cursors import covered_days, lagging_since
from flows.stages.parse import parse

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
ONE, TWO, THREE = (Window(date(2024, 5, first), date(2024, 5, first + 9)) for first in (1, 11, 21))
EMPTY = b"<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><error code='noRecordsMatch'>none</error></OAI-PMH>"
UNREADABLE = b"<OAI-PMH"
SET, DAY = "cs:cs:LG", date(2024, 5, 5)


def land(
    data_dir: Path,
    window: Window,
    body: bytes = EMPTY,
    *,
    behind: Sequence[str] = (),
    since: Mapping[str, date] | None = None,
    is_backfill: bool = False,
) -> None:
    opened = open_window(Settings(data_dir=data_dir).landing, "arxiv_oai", window, NOON)
    opened.land((1,), "https://example.org/oai", 200, {"Content-Type": "text/xml"}, body, NOON)
    opened.close(True, behind=behind, since=since, is_backfill=is_backfill)


def read(data_dir: Path) -> tuple[date | None, dict[str, date]]:
    """Parse what is landed. Returns the cursor and the parts that lag."""
    settings = Settings(data_dir=data_dir, sources=("arxiv_oai",))
    with open_work(settings, "scan", date(2024, 6, 1), now=lambda: datetime(2024, 6, 1), say=lambda _: None) as run:
        parse(run, [read_register(settings)["arxiv_oai"]])
        return covered_days(run.connection).get("arxiv_oai"), lagging_since(run.connection, "arxiv_oai")


def test_a_window_that_could_not_be_read_holds_the_cursor_before_the_windows_behind_it(tmp_path: Path) -> None:
    land(tmp_path, ONE)
    assert read(tmp_path)[0] == ONE.to_on
    land(tmp_path, TWO, UNREADABLE)
    land(tmp_path, THREE)
    assert read(tmp_path)[0] == ONE.to_on


def test_the_first_window_of_all_may_be_the_one_that_could_not_be_read(tmp_path: Path) -> None:
    land(tmp_path, ONE, UNREADABLE)
    land(tmp_path, TWO)
    land(tmp_path, THREE)
    assert read(tmp_path)[0] is None


def test_a_longer_window_over_the_one_that_could_not_be_read_moves_the_cursor(tmp_path: Path) -> None:
    land(tmp_path, ONE, UNREADABLE)
    assert read(tmp_path)[0] is None
    land(tmp_path, Window(ONE.from_on, date(2024, 5, 11)))
    assert read(tmp_path)[0] == date(2024, 5, 11)


def test_a_first_night_that_failed_does_not_hold_back_a_later_first_night(tmp_path: Path) -> None:
    land(tmp_path, ONE, UNREADABLE)
    land(tmp_path, Window(date(2024, 5, 2), date(2024, 5, 11)))
    assert read(tmp_path)[0] == date(2024, 5, 11)


def test_a_backfill_leaves_the_cursor_where_it_is(tmp_path: Path) -> None:
    land(tmp_path, ONE)
    land(tmp_path, THREE, is_backfill=True)
    assert read(tmp_path)[0] == ONE.to_on, "between the two lie days that nobody asked for"
    land(tmp_path, TWO)
    land(tmp_path, THREE)
    assert read(tmp_path)[0] == THREE.to_on


def test_a_backfill_before_the_first_scan_makes_no_cursor(tmp_path: Path) -> None:
    land(tmp_path, ONE, is_backfill=True)
    assert read(tmp_path) == (None, {})


def test_a_backfill_of_earlier_days_does_not_bring_a_lagging_part_up(tmp_path: Path) -> None:
    land(tmp_path, TWO, behind=[SET])
    assert read(tmp_path) == (TWO.to_on, {SET: TWO.from_on})
    land(tmp_path, ONE, since={SET: TWO.from_on}, is_backfill=True)
    assert read(tmp_path) == (TWO.to_on, {SET: TWO.from_on})


def test_a_part_is_brought_up_to_the_end_of_the_window_that_asked_it_again(tmp_path: Path) -> None:
    land(tmp_path, ONE, behind=[SET])
    land(tmp_path, TWO, behind=[SET])
    assert read(tmp_path)[1] == {SET: ONE.from_on}
    again = Window(DAY, date(2024, 5, 15))
    land(tmp_path, again, since={SET: ONE.from_on})
    assert read(tmp_path)[1] == {SET: date(2024, 5, 16)}
    land(tmp_path, THREE, since={SET: date(2024, 5, 16)})
    assert read(tmp_path) == (THREE.to_on, {})


def test_a_window_that_could_not_be_read_is_left_alone_once_a_later_one_brought_its_days(tmp_path: Path) -> None:
    land(tmp_path, ONE)
    land(tmp_path, TWO, UNREADABLE)
    land(tmp_path, Window(TWO.from_on, THREE.to_on))
    settings = Settings(data_dir=tmp_path, sources=("arxiv_oai",))
    problems = []
    for _ in range(2):
        with open_work(settings, "scan", date(2024, 6, 1), now=lambda: datetime(2024, 6, 1), say=lambda _: None) as run:
            parse(run, [read_register(settings)["arxiv_oai"]])
            problems.append(list(run.problems))
            assert covered_days(run.connection)["arxiv_oai"] == THREE.to_on
    assert problems[0], "it was read once, and told"
    assert problems[1] == []
