"""Which days are still to be asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from crawlers.records import Window
from crawlers.sources import load_sources
from flows.stages.gather import windows_to_gather

SOURCE = replace(load_sources()["arxiv_oai"], overlap_days=2, window_days=10, earliest_on=date(2024, 1, 1))


def test_a_first_scan_is_split_and_starts_no_earlier_than_the_source() -> None:
    assert windows_to_gather(SOURCE, None, date(2024, 1, 25), date(2023, 12, 1)) == [
        Window(date(2024, 1, 1), date(2024, 1, 10)),
        Window(date(2024, 1, 11), date(2024, 1, 20)),
        Window(date(2024, 1, 21), date(2024, 1, 25)),
    ]


def test_a_later_scan_overlaps_what_is_covered() -> None:
    assert windows_to_gather(SOURCE, date(2024, 2, 9), date(2024, 2, 10), date(2024, 1, 1)) == [Window(date(2024, 2, 8), date(2024, 2, 10))]


def test_a_day_already_covered_asks_for_nothing() -> None:
    assert windows_to_gather(SOURCE, date(2024, 2, 10), date(2024, 2, 10), date(2024, 1, 1)) == []
    assert windows_to_gather(SOURCE, date(2024, 2, 10), date(2024, 2, 3), date(2024, 1, 1)) == []
