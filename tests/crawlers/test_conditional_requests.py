"""What the landing holds is not sent again, and nothing is missed because of it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawlers.records import CrawlReport, Window
from crawlers.run import crawl
from crawlers.sources import load_sources
from crawlers.validators import FILE, Validator, read_validators, write_validators

FEED = b"""<rss version="2.0"><channel><item><title>a</title><guid>urn:a</guid>
<pubDate>Mon, 15 Jan 2024 10:00:00 GMT</pubDate></item></channel></rss>"""
MARKS = {"ETag": 'W/"v1"', "Last-Modified": "Mon, 15 Jan 2024 10:00:00 GMT"}
FIRST, NEXT = Window(date(2024, 1, 1), date(2024, 1, 15)), Window(date(2024, 1, 15), date(2024, 1, 16))


def gather(server: Any, root: Path, window: Window, **more: Any) -> CrawlReport:
    source = load_sources({"feeds": f"{server.url}/a"})["feeds"]
    return crawl(source, window, root, user_agent="t/1", allow_hosts=("127.0.0.1",), fast=True, **more)


def conditions(server: Any) -> list[tuple[str | None, str | None]]:
    asked = [one for one in server.asked if one.target == "/a"]
    return [(one.headers.get("if-none-match"), one.headers.get("if-modified-since")) for one in asked]


@pytest.fixture
def once(tmp_path: Path, scripted_server: Any, reply: Any) -> Any:
    """A feed gathered once, whose server then says that nothing changed."""
    server = scripted_server()
    server.on("/a", reply(FEED, headers=MARKS), reply(status=304, headers=MARKS))
    assert gather(server, tmp_path, FIRST).complete
    return server


def test_an_unchanged_feed_is_no_trouble_and_lands_nothing(once: Any, tmp_path: Path) -> None:
    report = gather(once, tmp_path, NEXT)
    assert (report.complete, report.problems, report.behind, report.captures) == (True, (), (), ())
    assert conditions(once) == [(None, None), (MARKS["ETag"], MARKS["Last-Modified"])]
    third = gather(once, tmp_path, Window(date(2024, 1, 16), date(2024, 1, 17)))
    assert (third.complete, conditions(once)[2]) == (True, conditions(once)[1]), "the note outlives a window without news"


def test_a_lost_landing_is_gathered_anew(once: Any, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "feeds" / FIRST.key)
    gather(once, tmp_path, NEXT)
    assert conditions(once)[1] == (None, None)


def test_a_part_that_fell_behind_is_asked_without_conditions(once: Any, tmp_path: Path) -> None:
    part = load_sources({"feeds": f"{once.url}/a"})["feeds"].feeds[0].name
    gather(once, tmp_path, NEXT, since={part: date(2024, 1, 10)})
    assert conditions(once)[1] == (None, None)


def test_a_window_before_the_one_that_was_landed_is_asked_without_conditions(once: Any, tmp_path: Path) -> None:
    gather(once, tmp_path, Window(date(2023, 12, 1), date(2024, 1, 16)))
    assert conditions(once)[1] == (None, None)


def test_not_modified_without_a_condition_is_a_trouble(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    server = scripted_server()
    server.on("/a", reply(status=304))
    report = gather(server, tmp_path, FIRST)
    assert (report.complete, len(report.problems)) == (False, 1)


def test_an_answer_that_was_no_feed_leaves_no_note(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    server = scripted_server()
    server.on("/a", reply(b"<!DOCTYPE html><html></html>", headers=MARKS))
    gather(server, tmp_path, FIRST)
    gather(server, tmp_path, NEXT)
    assert conditions(server) == [(None, None)] * 2


def test_a_damaged_note_is_none(once: Any, tmp_path: Path) -> None:
    (noted,) = read_validators(tmp_path, "feeds").values()
    for damaged in ("", "[]", '{"a": 1}', '{"a": {"etag": 1}}', '{"a": {"etag": 1'):
        (tmp_path / "feeds" / FILE).write_text(damaged, encoding="utf-8")
        assert read_validators(tmp_path, "feeds") == {}
    write_validators(tmp_path, "feeds", {"x": noted})
    assert read_validators(tmp_path, "feeds") == {"x": noted}


@pytest.mark.parametrize(
    ("window", "since", "serves"),
    [
        (NEXT, NEXT.from_on, True),
        (NEXT, date(2024, 1, 3), False),
        (Window(date(2023, 12, 31), NEXT.to_on), date(2023, 12, 31), False),
        (Window(date(2024, 1, 21), date(2024, 1, 22)), date(2024, 1, 21), True),
        (Window(date(2024, 1, 22), date(2024, 1, 23)), date(2024, 1, 22), False),
    ],
    ids=["next", "behind", "earlier", "a week later", "more than a week later"],
)
def test_when_unchanged_means_nothing_missing(window: Window, since: date, serves: bool) -> None:
    landed = Validator('"1"', "", "a", FIRST.from_on.isoformat(), FIRST.to_on.isoformat(), "c")
    assert landed.serves(window, since) is serves
