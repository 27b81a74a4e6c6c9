from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from crawlers.middlewares.pauses import Pauses
from crawlers.waiting import asked_wait, wait_before

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Thu, 01 Jan 2026 12:02:00 GMT", 120.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("99999999999", 99999999999.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("\u0661\u0662", None),
        ("9" * 400, None),
    ],
)
def test_retry_after_is_read_in_both_forms_and_nonsense_is_none(header: str | None, seconds: float | None) -> None:
    assert asked_wait(header, NOW) == seconds


def test_a_server_is_never_asked_before_the_time_it_named() -> None:
    for attempt in range(1, 12):
        for asked in (0.0, 1.0, 120.0, 3600.0):
            waited = wait_before(attempt, asked)
            assert waited is not None
            assert waited >= asked


def test_waits_double_up_to_a_limit_and_absurd_demands_end_the_crawl() -> None:
    assert [wait_before(attempt, None) for attempt in (1, 2, 3, 20)] == [2.0, 4.0, 8.0, 300.0]
    assert wait_before(1, 3601.0) is None


def test_a_longer_pause_is_not_shortened_and_a_closed_host_stays_closed() -> None:
    now = [100.0]
    pauses = Pauses(lambda: now[0])
    pauses.hold("a", 50.0)
    pauses.hold("a", 5.0)
    now[0] = 120.0
    assert (pauses.remaining("a"), pauses.remaining("b")) == (30.0, 0.0)
    pauses.close("a")
    pauses.hold("a", 1.0)
    assert pauses.is_closed("a")
    asyncio.run(pauses.wait("a"))  # returns: whoever asks must look whether the host is closed


def test_waiting_ends_when_the_pause_does() -> None:
    ticks = iter([0.0, 0.0, 0.01, 1.0, 1.0])
    pauses = Pauses(lambda: next(ticks))
    pauses.hold("a", 0.01)
    asyncio.run(pauses.wait("a"))
