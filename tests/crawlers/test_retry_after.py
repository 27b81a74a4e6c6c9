"""R6: busy servers are left alone for as long as they ask, in whatever form they ask it, and nobody else waits for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.waiting import asked_by, told_pace
from tests.crawlers.wild import WildServer, answer, atom, crawl_apart, feeds

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": "Thu, 01 Jan 2026 12:02:00 GMT"}, 120.0),
        ({"retry-after": "Thursday, 01-Jan-26 12:02:00 GMT"}, 120.0),
        ({"retry-after": "Thu Jan  1 12:02:00 2026"}, 120.0),
        ({"retry-after": "Thu, 01 Jan 2026 11:00:00 GMT"}, 0.0),
        # a server whose clock is an hour slow means two minutes, whatever ours says
        ({"retry-after": "Thu, 01 Jan 2026 11:02:00 GMT", "date": "Thu, 01 Jan 2026 11:00:00 GMT"}, 120.0),
        ({"retry-after": "soon", "date": "Thu, 01 Jan 2026 12:00:00 GMT"}, None),
        ({"x-rate-limit-retry-after-seconds": "0"}, None),
        ({"x-rate-limit-retry-after-seconds": "7"}, 7.0),
        ({"retry-after": "3", "x-rate-limit-retry-after-seconds": "7"}, 7.0),
        ({"retry-after": "3", "x-rate-limit-retry-after-seconds": "0"}, 3.0),
    ],
)
def test_what_a_response_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_by(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("limit", "interval", "pace"),
    [
        ("50", "1s", 0.02),
        ("5", "1s", 0.2),
        ("1", "1s", 1.0),
        ("3", "60s", 20.0),
        ("50, 50", "1s, 1s", 0.02),
        ("0", "1s", None),
        ("many", "1s", None),
        ("-5", "1s", None),
        ("5", "1h", None),
        ("5", "", None),
        ("", "1s", None),
        ("1", "999999s", 3600.0),
    ],
)
def test_the_pace_crossref_tells_is_believed(limit: str, interval: str, pace: float | None) -> None:
    assert told_pace({"x-rate-limit-limit": limit, "x-rate-limit-interval": interval}) == pace


@given(st.dictionaries(st.sampled_from(["retry-after", "date", "x-rate-limit-limit", "x-rate-limit-interval"]), st.text(max_size=40)))
def test_no_header_can_break_the_waiting(headers: dict[str, str]) -> None:
    assert (asked_by(headers, NOW) or 0.0) >= 0.0
    assert (told_pace(headers) or 0.0) >= 0.0


@pytest.mark.real
def test_recorded_errors_ask_for_nothing_absurd(shared: Path) -> None:
    recordings = [json.loads(line) for line in (shared / "wire" / "http_errors" / "recordings.jsonl").read_text("utf-8").splitlines()]
    assert len(recordings) == 42
    said = [{name.lower(): value for name, value in one["headers"].items()} for one in recordings]
    assert {asked_by(headers, NOW) for headers in said} == {None}, "ppubs says 0 seconds, which is nothing; the others say nothing"
    assert {told_pace(headers) for headers in said} == {None, 1 / 50, 1 / 150}


@pytest.fixture
def hosts() -> Iterator[Any]:
    """Make servers, each on a loopback address of its own: pauses are kept by host."""
    servers: list[WildServer] = []

    def make() -> WildServer:
        servers.append(WildServer(f"127.0.0.{len(servers) + 11}"))
        return servers[-1]

    yield make
    for one in servers:
        one.stop()


def storm(hosts: Any, root: Path, *, named: int, calm_pages: int, rounds: int) -> None:
    """One crawl of hosts that refuse in every way, and of a calm one; `named` seconds are asked for, `rounds` times."""
    past = "Thu, 01 Jan 2015 00:00:00 GMT"
    refusals: dict[str, tuple[int, dict[str, str], float]] = {
        "seconds": (429, {"Retry-After": str(named)}, named),
        "seconds, 503": (503, {"Retry-After": str(named)}, named),
        "date by the server's clock": (503, {"Retry-After": f"Thu, 01 Jan 2015 00:00:0{named} GMT", "Date": past}, named),
        "other header": (429, {"x-rate-limit-retry-after-seconds": str(named)}, named),
        "zero in the other header": (429, {"x-rate-limit-retry-after-seconds": "0"}, 0.05),
        "missing": (429, {}, 0.05),
        "past": (503, {"Retry-After": past}, 0.05),
        "nonsense": (503, {"Retry-After": "-5"}, 0.05),
        "with another error": (500, {"Retry-After": str(named)}, named),
    }
    servers = {}
    for name, (status, headers, _) in refusals.items():
        servers[name] = hosts()
        servers[name].on("/feed", *(answer(b"busy", status, headers) for _ in range(rounds)), atom("1"))
    absurd, calm = hosts(), hosts()
    absurd.on("/feed", answer(b"busy", 429, {"Retry-After": "99999999999"}))
    absurd.on("/other", atom("1"))
    for number in range(calm_pages):
        calm.on(f"/{number}", atom("1", previous=f"{calm.url}/{number + 1}" if number + 1 < calm_pages else ""))
    everyone = [*servers.values(), absurd, calm]
    addresses = [*(f"{one.url}/feed" for one in servers.values()), f"{absurd.url}/feed", f"{absurd.url}/other", f"{calm.url}/0"]
    crawled = crawl_apart(feeds(*addresses), root, allow_hosts=[one.host for one in everyone])
    first_named = min(one.times("/feed")[1] for name, one in servers.items() if refusals[name][2] >= 1)
    for name, (_, _, least) in refusals.items():
        times = servers[name].times("/feed")
        assert len(times) == rounds + 1, f"{name}: asked {len(times)} times"
        early = [later - earlier for earlier, later in pairwise(times) if later - earlier < least]
        assert not early, f"{name}: asked again after {early} s instead of {least}"
    assert len(absurd.times("/feed")) + len(absurd.times("/other")) <= 2
    assert len(absurd.times("/feed")) == 1
    assert [problem for problem in crawled.result.problems if absurd.url in problem]
    assert set(crawled.result.behind) <= {f"{absurd.url}/feed", f"{absurd.url}/other"}
    calm_times = [one.at for one in calm.seen if one.target != "/robots.txt"]
    assert len(calm_times) == calm_pages
    assert calm_times[-1] < first_named, "the calm host had to wait for the others"


def test_a_storm_of_refusals(hosts: Any, tmp_path: Path) -> None:
    storm(hosts, tmp_path, named=3, calm_pages=25, rounds=1)


@pytest.mark.slow
def test_a_long_storm_of_refusals(hosts: Any, tmp_path: Path) -> None:
    storm(hosts, tmp_path, named=9, calm_pages=250, rounds=4)


def test_a_date_is_waited_for(hosts: Any, tmp_path: Path) -> None:
    server = hosts()
    allowed: list[float] = []

    def refuse(connection: Any) -> None:
        moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
        allowed.append(moment.timestamp())
        answer(b"", 503, {"Retry-After": format_datetime(moment, usegmt=True)})(connection)

    def serve(connection: Any) -> None:
        allowed.append(datetime.now(UTC).timestamp())
        answer(atom("1"))(connection)

    server.on("/feed", refuse, serve)
    assert crawl_apart(feeds(f"{server.url}/feed"), tmp_path, allow_hosts=[server.host]).result.complete
    named, asked_again = allowed
    assert asked_again >= named
