"""Backfill: a past span in windows no source finds too large, resumed where it stopped."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
from nights import environment, observatory, served

from crawlers.records import Window
from crawlers.replay.faults import Fault, FaultPlan, FaultRule
from crawlers.replay.practice import make_world
from crawlers.sources import load_sources
from flows.stages.gather import windows_to_backfill

SPAN = Window(date(2024, 1, 1), date(2024, 3, 31))
ARXIV = load_sources()["arxiv_oai"]


def test_only_what_no_finished_window_covers_is_asked_for() -> None:
    january, february = Window(date(2024, 1, 1), date(2024, 1, 31)), Window(date(2024, 2, 1), date(2024, 3, 2))
    march = Window(date(2024, 3, 3), date(2024, 3, 31))
    assert windows_to_backfill(ARXIV, SPAN, []) == [january, february, march]
    assert windows_to_backfill(ARXIV, SPAN, [january, march]) == [february]
    assert windows_to_backfill(ARXIV, SPAN, [Window(date(2023, 1, 1), date(2024, 3, 1))]) == [february, march]
    assert windows_to_backfill(ARXIV, Window(date(2001, 1, 1), date(2005, 9, 17)), []) == [Window(ARXIV.earliest_on, date(2005, 9, 17))]


def test_a_backfill_that_stopped_goes_on_where_it_stopped(tmp_path: Path) -> None:
    records = [one for one in make_world().records if one.served_on and SPAN.from_on <= one.served_on <= SPAN.to_on]
    arguments = ("backfill", "--from", str(SPAN.from_on), "--to", str(SPAN.to_on), "--source", "arxiv_oai")
    in_february = FaultPlan((FaultRule("*from=2024-02*", Fault("unavailable", retry_after="0")),))
    with served(records, date(2024, 6, 30), faults=in_february) as server:
        settings = environment(server, tmp_path, window_days=31)
        stopped = observatory(settings, *arguments)
        assert stopped.returncode == 3, stopped.stderr
        server.set_faults(FaultPlan())
        asked = len(server.requests)
        resumed = observatory(settings, *arguments)
        assert resumed.returncode == 0, resumed.stderr
        spans = [request.target for request in server.requests[asked:] if "from=" in request.target]
        assert [target.partition("from=")[2][:10] for target in spans] == ["2024-02-01", "2024-03-03"]
    with duckdb.connect(str(tmp_path / "warehouse" / "observatory.duckdb"), read_only=True) as connection:
        (count,) = connection.execute("SELECT count(DISTINCT document_id) FROM core.documents").fetchall()[0]
    assert count == sum(one.kind == "paper" for one in records)
