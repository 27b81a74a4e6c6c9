"""The reader's watchlist: standing, change, evidence, alerts of its own; what means nothing is said in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from markdown_it import MarkdownIt
from report_world import open_world

from flows.reports import pages
from flows.reports.records import Standing, Watch, WatchedTechnology, WeekData
from flows.reports.watchlist import Watched, find_watch_alerts, read_watch
from flows.reports.weekly import read_week, write_report
from flows.reports.weeks import IsoWeek
from flows.settings import SettingsError, load_settings

ACTORS = """
INSERT INTO core.actors (version_id, position, role, name, name_key, run_id) VALUES
    ('vt01-1', 0, 'organisation', 'Hefei <b>Institute</b>', 'hefei b institute b', 'run-2'),
    ('vt01-2', 0, 'assignee', 'Old Works', 'old works', 'run-2'),
    ('vt01-1', 1, 'assignee', 'Old Works', 'old works', 'run-2'), ('vt02-1', 0, 'author', 'Old Works', 'old works', 'run-2');
UPDATE core.documents SET available_on = DATE '2026-11-01' WHERE document_id = 't01-2';
UPDATE core.documents SET available_on = DATE '2026-11-20' WHERE document_id IN ('t01-1', 't02-1');
"""
WATCHED = Watched(
    technologies=("Solid State Batteries", "t29", "氧化镓功率器件", "</script><script>alert(1)</script>", "no such\u202e thing"),
    tracks=("energy", "spice"),
    actors=("OLD WORKS", "Nobody", ""),
)


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_world()
    connection.execute(ACTORS)
    connection.execute("UPDATE core.technologies SET term_keys = ['solid state battery'] WHERE technology_id = 't01'")
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def data(warehouse: duckdb.DuckDBPyConnection) -> WeekData:
    week = read_week(warehouse, IsoWeek(2026, 47))
    watch, queries = read_watch(warehouse, week, WATCHED)
    return replace(week, watch=watch, queries=(*week.queries, *queries))


@pytest.fixture(scope="module")
def watch(data: WeekData) -> Watch:
    assert data.watch is not None
    return data.watch


def test_names_ids_terms_and_chinese_names_find_what_is_meant(watch: Watch) -> None:
    assert [(one.technology_id, one.what.split(" (")[0]) for one in watch.technologies] == [
        ("t01", "stands at place 1"),
        ("t07", "stands at place 7"),
        ("t29", "has no place any more; it was at 4."),
    ]
    assert all(1 <= len(one.evidence) <= 3 for one in watch.technologies)


def test_what_means_nothing_is_one_sentence_a_kind(watch: Watch) -> None:
    assert watch.unknown == (
        "No technology of this snapshot is called “</script><script>alert(1)</script>”, “no such thing”: it may not have been found yet.",
        "“spice” is no track: they are manufacturing, information, materials, energy, space, health.",
        "No document of this snapshot names an actor called “Nobody”, “”.",
    )


def test_a_track_and_an_actor_are_counted(watch: Watch) -> None:
    (track,), (actor,) = watch.tracks, watch.actors
    assert (track.track, track.ranked_count, track.former_count, len(track.first)) == ("energy", 5, 5, 3)
    assert (actor.name, actor.works, actor.new_works) == ("Old Works", 3, 2)
    assert actor.technologies == (("flexible tactile skin", 1, True), ("solid-state battery", 2, False))


def test_its_alerts_are_those_raised_and_what_matters_to_few(watch: Watch) -> None:
    assert [(alert.name, alert.alert, alert.detail) for alert in watch.alerts] == [
        ("anion-exchange membrane electrolysis", "entered_top20", "It entered the first twenty places <i>for the first time</i>."),
        ("vacuum-tube train", "left top 20", "has no place any more and was at 4"),
        ("solid-state battery", "new organisation", "named for the first time by Hefei <b>Institute</b>"),
        ("Old Works", "new technology", "names for the first time flexible tactile skin"),
    ]


def test_leaving_the_first_places_is_told_unless_it_may_be_chance() -> None:
    before = Standing("x", "foam", None, None, 12, 8, 25, None, 1.0, 0.0, 2.0, "scaling", 9, 9, (), ())
    on = date(2026, 11, 22)
    for low, told in ((24, []), (26, ["stands at 31 and was at 12"])):
        fallen = WatchedTechnology("x", "foam", None, replace(before, rank=31, rank_low=low, rank_high=40), before, "", "", ())
        assert [alert.detail for alert in find_watch_alerts((), [fallen], [], [], on)] == told


def test_without_an_earlier_ranking_nothing_is_called_new(warehouse: duckdb.DuckDBPyConnection) -> None:
    watch, _ = read_watch(warehouse, read_week(warehouse, IsoWeek(2026, 46)), WATCHED)
    assert watch is not None
    assert watch.alerts == ()
    assert not any(is_new for actor in watch.actors for _, _, is_new in actor.technologies)


def test_every_part_of_the_report_has_the_section_and_its_queries_run(
    data: WeekData, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages.charts, "timeline_svg", lambda *_: "<svg></svg>")
    files = write_report(data, tmp_path)
    for file in (files.html, files.markdown, files.email_html, files.email_text):
        text = file.read_text(encoding="utf-8")
        assert "your watchlist" in text.lower()
        assert "<script>alert" not in text or file.suffix != ".html"
        assert "vacuum-tube train" in text
        assert "\u202e" not in text
    tokens = MarkdownIt("commonmark").parse(files.markdown.read_text(encoding="utf-8"))
    assert not [token for token in tokens for part in (token, *(token.children or ())) if part.type.startswith("html")]
    watched = [query for query in data.queries if query.name.startswith("watched ")]
    assert len(watched) == 7
    assert all(warehouse.execute(query.sql).fetchall() for query in watched)


def test_an_empty_watchlist_leaves_no_trace(warehouse: duckdb.DuckDBPyConnection, data: WeekData) -> None:
    assert read_watch(warehouse, data, Watched()) == (None, ())


def test_a_watchlist_of_another_form_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "observatory.toml").write_text('[watchlist]\ntechnology = ["x"]\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^setting watchlist\.technology: [^\n]+$"):
        load_settings(flags={"data_dir": tmp_path})
