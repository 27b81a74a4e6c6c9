"""Editions are kept, linked and listed; what one stated and does not hold any more is said in the next, once."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import feedparser
import pytest
from report_world import open_world, publish_undrawn

from flows.reports.editions import Edition, Statement, read_shelf
from flows.reports.errata import differs, find_corrections
from flows.reports.records import Snapshot
from flows.settings import Settings
from flows.weekly import write_weekly_report

NOW = datetime(2026, 11, 22, 6)
CORRECTED = """
DELETE FROM signals.emergence WHERE as_of = DATE '2026-11-15' AND technology_id = 't29';
UPDATE signals.emergence SET rank = 9, score = 60, works = works - 60 WHERE as_of = DATE '2026-11-15' AND technology_id = 't03';
UPDATE signals.emergence SET works = works + 1 WHERE as_of = DATE '2026-11-15' AND technology_id = 't02';
UPDATE core.technologies SET merged_into_technology_id = 't05' WHERE technology_id = 't29';
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "observatory.duckdb"
    with open_world(path) as connection:
        connection.execute("INSERT INTO meta.facts VALUES ('published_at', '2026-11-22 02:09:00')")
    return path


@pytest.fixture
def settings(tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return publish_undrawn(published, tmp_path, monkeypatch)


def publish(settings: Settings, digest: str, sql: str = "") -> None:
    with duckdb.connect(str(settings.snapshot)) as connection:
        connection.execute(sql)
        connection.execute("UPDATE meta.facts SET value = repeat(?, 32) WHERE key = 'content_digest'", [digest])


def page_of(settings: Settings, folder: str) -> str:
    return (settings.reports / folder / "report.html").read_text(encoding="utf-8")


def test_editions_are_linked_listed_and_fed(settings: Settings) -> None:
    first = write_weekly_report(settings, now=lambda: NOW, week="2026-W46")
    alone = feedparser.parse((settings.reports / "feed.xml").read_bytes())
    write_weekly_report(settings, now=lambda: NOW)
    shelf = read_shelf(settings.reports)
    assert [(edition.week, edition.number) for edition in shelf.current] == [("2026-W47", 1), ("2026-W46", 1)]
    assert first.html == settings.reports / "2026-W46" / "report.html"
    assert 'href="../2026-W46/report.html" rel="prev"' in page_of(settings, "2026-W47")
    assert 'rel="prev"' not in page_of(settings, "2026-W46")
    index = (settings.reports / "index.html").read_text(encoding="utf-8")
    assert index.index("2026-W47/report.html") < index.index("2026-W46/report.html")
    assert "in-vivo base editing enters the ranking at place 5" in index
    feed = feedparser.parse((settings.reports / "feed.xml").read_bytes())
    assert not feed.bozo, feed.get("bozo_exception")
    assert [entry.link for entry in feed.entries] == ["2026-W47/report.html", "2026-W46/report.html"]
    assert "simulated" not in feed.feed.title or shelf.current[0].is_simulated
    assert feed.feed.id == alone.feed.id
    guids = [entry.id for entry in feed.entries]
    write_weekly_report(settings, now=lambda: NOW)
    again = feedparser.parse((settings.reports / "feed.xml").read_bytes())
    assert [entry.id for entry in again.entries] == guids
    assert len(set(guids)) == 2


def test_an_issued_edition_is_replaced_only_in_the_open(settings: Settings) -> None:
    write_weekly_report(settings, now=lambda: NOW)
    issued = page_of(settings, "2026-W47")
    publish(settings, "ee", "UPDATE signals.emergence SET rank = 7, score = 70 WHERE as_of = DATE '2026-11-22' AND technology_id = 't05'")
    write_weekly_report(settings, now=lambda: NOW)
    page = page_of(settings, "2026-W47")
    assert page_of(settings, "2026-W47-edition-1") == issued
    assert "This is edition 2 of the week" in page
    assert "in-vivo base editing from place 5 (score 84.0) to 7 (70.0)" in page
    shelf = read_shelf(settings.reports)
    assert [edition.number for edition in (*shelf.current, *shelf.replaced)] == [2, 1]
    assert len({entry.id for entry in feedparser.parse((settings.reports / "feed.xml").read_bytes()).entries}) == 2
    write_weekly_report(settings, now=lambda: NOW)
    assert page_of(settings, "2026-W47") == page, "the same edition, written again"


def test_a_command_killed_in_between_finishes_the_same_edition(settings: Settings) -> None:
    write_weekly_report(settings, now=lambda: NOW)
    publish(settings, "ee")
    shutil.copytree(settings.reports / "2026-W47", settings.reports / "2026-W47-edition-1")
    write_weekly_report(settings, now=lambda: NOW)
    assert sorted(path.name for path in settings.reports.glob("2026*")) == ["2026-W47", "2026-W47-edition-1"]
    assert read_shelf(settings.reports).current[0].number == 2


def test_what_does_not_hold_any_more_is_said_in_the_next_edition_and_once(settings: Settings) -> None:
    write_weekly_report(settings, now=lambda: NOW, week="2026-W46")
    publish(settings, "ee", CORRECTED)
    write_weekly_report(settings, now=lambda: NOW, week="2026-W47")
    edition = read_shelf(settings.reports).current[0]
    assert [(one.technology_id, one.holds.rank if one.holds else None) for one in edition.corrections] == [("t03", 9), ("t29", None)]
    why = {one.technology_id: one.why for one in edition.corrections}
    assert why["t03"] == "60 works on it count no more: withdrawn, taken down, or one with another."
    assert why["t29"] == "It was found to be the same as in-vivo base editing and counts there."
    for name in ("report.html", "report.md", "email.html", "email.txt"):
        text = (settings.reports / "2026-W47" / name).read_text(encoding="utf-8")
        assert "60 works on it count no more" in text
        assert "vacuum-tube train" in text
    write_weekly_report(settings, now=lambda: NOW, week="2026-W48")
    page = page_of(settings, "2026-W48")
    assert read_shelf(settings.reports).current[0].corrections == ()
    assert "What 2026-W47, 2026-W46 stated still holds" in page


def test_a_record_that_cannot_be_read_is_said_and_stops_nothing(settings: Settings) -> None:
    write_weekly_report(settings, now=lambda: NOW, week="2026-W46")
    (settings.reports / "2026-W46" / "edition.json").write_text('{"week": "2026-W46", "number": "<b>"', encoding="utf-8")
    (settings.reports / "2026-W45").mkdir()
    (settings.reports / "2026-W45" / "report.html").write_text("from before records were kept", encoding="utf-8")
    files = write_weekly_report(settings, now=lambda: NOW, week="2026-W47")
    assert files.problems == ("2026-W46/edition.json is damaged: what that edition stated is not checked.",)
    index = (settings.reports / "index.html").read_text(encoding="utf-8")
    assert "Kept without a record" in index
    assert 'href="2026-W45/report.html"' in index
    write_weekly_report(settings, now=lambda: NOW, week="2026-W46")
    assert (settings.reports / "2026-W46-edition-1" / "report.html").is_file()


def test_a_report_for_a_folder_of_its_own_is_no_edition(settings: Settings, tmp_path: Path) -> None:
    write_weekly_report(settings, now=lambda: NOW, week="2026-W46")
    files = write_weekly_report(settings, now=lambda: NOW, out=tmp_path / "mine")
    assert 'href="../' not in files.html.read_text(encoding="utf-8")
    assert [edition.week for edition in read_shelf(settings.reports).current] == ["2026-W46"]


STATED = Statement("t1", "foam", 4, 3, 6, 80.0, 75.0, 85.0, "scaling", 100)


@pytest.mark.parametrize(
    ("now", "is_corrected"),
    [
        (replace(STATED, rank=6, score=75.0, works=110), False),
        (replace(STATED, rank=7), True),
        (replace(STATED, score=74.9), True),
        (replace(STATED, works=111), True),
        (replace(STATED, stage="mature"), True),
        (None, True),
    ],
)
def test_only_what_lies_beyond_the_stated_interval_is_corrected(now: Statement | None, is_corrected: bool) -> None:
    assert differs(STATED, now) is is_corrected


def test_one_work_more_of_a_few_is_no_correction() -> None:
    assert not differs(replace(STATED, works=5), replace(STATED, works=6))


def test_the_cause_names_another_software_and_taxonomy() -> None:
    edition = Edition("2026-W46", 1, "s", "d", None, False, date(2026, 11, 15), 1, "", (), (STATED,), (), "0.1.0", "aa")
    snapshot = Snapshot("s2", False, (("code_version", "0.2.0"), ("taxonomy_digest", "bb")))
    why = find_corrections(edition, {"t1": replace(STATED, rank=9)}, {}, snapshot, {})[0].why
    assert why == "The software went from 0.1.0 to 0.2.0. The taxonomy is another."
    scored = replace(edition, components=("vitality",), code_version="0.2.0", taxonomy_digest="bb")
    why = find_corrections(scored, {"t1": replace(STATED, rank=9)}, {}, snapshot, {}, ("freshness",))[0].why
    assert why == "The score is made of other parts."
    assert find_corrections(edition, {"t1": replace(STATED, rank=9)}, {"t1": replace(STATED, rank=9)}, snapshot, {}) == []
