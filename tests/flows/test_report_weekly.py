"""The report of an invented, partly hostile week: what it says, what it must not load, and that its queries give its numbers."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from markdown_it import MarkdownIt
from report_world import open_empty, open_world

from flows.reports.records import ReportFiles, WeekData
from flows.reports.weekly import ReportError, read_week, write_report
from flows.reports.weeks import IsoWeek

WEEK = IsoWeek(2026, 47)


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_world()
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def data(warehouse: duckdb.DuckDBPyConnection) -> WeekData:
    return read_week(warehouse, WEEK)


@pytest.fixture(scope="module")
def files(data: WeekData, tmp_path_factory: pytest.TempPathFactory) -> ReportFiles:
    return write_report(data, tmp_path_factory.mktemp("report"))


class Elements(HTMLParser):
    """Every element with its attributes, and the text of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_week_is_read_as_it_was_judged(data: WeekData) -> None:
    assert (data.as_of, data.compared_with, data.ranked_count) == (date(2026, 11, 22), date(2026, 11, 15), 28)
    assert [finding.change.now.technology_id for finding in data.findings] == ["t05", "t04", "t08", "t01", "t02"]
    assert all(1 <= len(finding.evidence) <= 3 for finding in data.findings)
    assert [standing.technology_id for standing in data.left] == ["t29"]
    assert [signal.technology_id for signal in data.weak_signals if signal.is_new] == ["t31"]
    assert [alert.technology_id for alert in data.alerts] == ["t04"]
    assert [track.ranked_count for track in data.tracks] == [4, 5, 5, 5, 4, 5]
    parts = data.ranking[0].now.parts
    assert [part.component for part in parts] == ["vitality", "field_momentum"]
    assert sum(part.points for part in parts) == pytest.approx(data.ranking[0].now.score)


def test_evidence_is_of_several_streams_and_never_from_after_the_as_of(data: WeekData) -> None:
    claims = [claim for track in data.tracks for claim in track.claims]
    assert len(claims) == 28
    for claim in claims:
        assert {entry.kind for entry in claim.evidence} == {"paper", "patent", "news"}
        assert all(entry.available_on <= date(2026, 11, 22) for entry in claim.evidence)


def test_a_timeline_has_every_complete_quarter_and_no_other(data: WeekData) -> None:
    points = data.tracks[3].timelines[0].points
    quarters = sorted({point.quarter_on for point in points})
    assert quarters[-1] == date(2026, 7, 1)
    assert all(
        (later.year * 12 + later.month) - (earlier.year * 12 + earlier.month) == 3 for earlier, later in itertools.pairwise(quarters)
    )
    assert {point.stream for point in points} == {"paper", "patent", "news"}


def test_the_limits_stand_in_the_report_and_name_gaps_rejects_and_ties(data: WeekData, files: ReportFiles) -> None:
    limits = " ".join(data.limits)
    for words in (
        "first 4 places",
        "119 documents of 3 sources",
        "503 five times",
        "uspto_xml is gathered only up to 20 October 2026",
        "feeds 7",
        "news alone",
    ):
        assert words in limits
    page = Elements(files.html.read_text(encoding="utf-8")).words
    assert page.index("What this report cannot say") < page.index("The ranking over all tracks")


def test_the_page_loads_nothing_and_its_policy_allows_only_its_own_style(files: ReportFiles) -> None:
    text = files.html.read_text(encoding="utf-8")
    page = Elements(text)
    policy = next(
        attributes["content"]
        for tag, attributes in page.found
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert policy is not None
    assert style is not None
    assert policy.startswith("default-src 'none'; ")
    assert f"'sha256-{base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()}'" in policy
    assert "unsafe" not in policy
    assert not {"script", "iframe", "img", "object", "embed", "form", "base", "foreignobject"} & {tag for tag, _ in page.found}
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    for tag, attributes in page.found:
        assert not any(name.startswith("on") or name in ("style", "src", "srcset", "xlink:href") for name in attributes), tag
        if tag == "a" and not (attributes["href"] or "").startswith("#"):
            assert re.match(r"https?://", attributes["href"] or "")
            assert attributes["rel"] == "noopener noreferrer"
    assert len(text.encode()) < 1_500_000


def test_ids_are_unique_and_every_reference_lands(files: ReportFiles) -> None:
    page = Elements(files.html.read_text(encoding="utf-8"))
    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.found:
        for target in (attributes.get("aria-labelledby") or "").split() + [(attributes.get("href") or "").removeprefix("#")] * (
            (attributes.get("href") or "").startswith("#")
        ):
            assert target in ids


def test_hostile_texts_are_shown_as_text_everywhere(files: ReportFiles) -> None:
    page = Elements(files.html.read_text(encoding="utf-8"))
    assert '<script>alert("name")</script> & Sons' in page.words
    assert "<img src=x onerror=\"document.title='owned'\">" in page.words
    for file in (files.html, files.markdown, files.email_html, files.email_text):
        text = file.read_text(encoding="utf-8")
        assert "\u202e" not in text
        assert "secret@" not in text
        assert "and so on " * 20 not in text
    for file in (files.html, files.email_html):
        text = file.read_text(encoding="utf-8")
        assert "<script>" not in text
        assert "<img src=x" not in text
        assert 'href="javascript' not in text
    tokens = MarkdownIt("commonmark").enable("table").parse(files.markdown.read_text(encoding="utf-8"))
    inline = [child for token in tokens for child in token.children or []]
    assert not [token for token in (*tokens, *inline) if token.type.startswith(("html", "image"))]
    links = [token.attrs["href"] for token in inline if token.type == "link_open"]
    assert len(links) > 90
    assert all(str(link).startswith("https://example.org/") for link in links)


def test_simulated_data_is_called_so_at_the_top_and_in_every_section(files: ReportFiles) -> None:
    text = files.html.read_text(encoding="utf-8")
    assert text.index("Simulated data.") < text.index("<h1>")
    sections = re.findall(r"<section .*?</section>", text, re.DOTALL)
    assert len(sections) == 14
    assert all("Simulated data" in section for section in sections if 'id="method"' not in section)
    assert files.markdown.read_text(encoding="utf-8").startswith("> **Simulated data.**")
    assert files.email_text.read_text(encoding="utf-8").startswith("SIMULATED DATA")
    assert "Simulated data." in files.email_html.read_text(encoding="utf-8")


def test_nothing_is_called_simulated_that_is_not(data: WeekData, tmp_path: Path) -> None:
    files = write_report(replace(data, snapshot=replace(data.snapshot, is_simulated=False)), tmp_path)
    for file in (files.html, files.markdown, files.email_html, files.email_text):
        assert "simulated data" not in file.read_text(encoding="utf-8").lower()


def test_every_query_shown_runs_and_gives_the_numbers_shown(
    data: WeekData, files: ReportFiles, warehouse: duckdb.DuckDBPyConnection
) -> None:
    page = Elements(files.html.read_text(encoding="utf-8")).words
    rows = {query.name: warehouse.execute(query.sql).fetchall() for query in data.queries}
    for query in data.queries:
        assert query.sql in page
        assert "marts." in query.sql
        assert not re.search(r"\b(core|raw|signals|meta)\.", query.sql)
    assert [row[4] for row in rows["ranking"]] == [change.now.rank for change in data.ranking]
    assert [row[0] for row in rows["ranking energy"]] == [change.now.technology_id for change in data.tracks[3].ranking]
    timeline = data.tracks[0].timelines[0]
    assert [row[1:] for row in rows[f"timeline {timeline.technology_id}"]] == [
        (point.quarter_on, point.stream, point.works, point.stream_works) for point in timeline.points
    ]
    assert [(row[1], row[2], row[4]) for row in rows["changes"][:20]] == [
        (change.now.rank, change.before.rank if change.before else None, change.is_clear) for change in data.ranking
    ]


def test_equal_data_gives_equal_bytes(data: WeekData, files: ReportFiles, tmp_path: Path) -> None:
    again = write_report(data, tmp_path)
    for first, second in zip(
        (files.html, files.markdown, files.email_html, files.email_text, *files.images),
        (again.html, again.markdown, again.email_html, again.email_text, *again.images),
        strict=True,
    ):
        assert first.read_bytes() == second.read_bytes()


def test_the_email_fits_and_shows_its_picture_by_content_id(files: ReportFiles) -> None:
    body = files.email_html.read_bytes()
    page = Elements(body.decode())
    assert len(body) < 102_000
    assert [attributes["src"] for tag, attributes in page.found if tag == "img"] == ["cid:ranking.png"]
    assert [image.name for image in files.images] == ["ranking.png"]
    assert files.images[0].read_bytes().startswith(b"\x89PNG")
    assert not any(tag in ("link", "script") for tag, _ in page.found)
    assert any("style" in attributes for tag, attributes in page.found if tag == "h1")


def test_a_snapshot_without_a_ranking_gives_a_calm_report_that_says_so(tmp_path: Path) -> None:
    empty = open_empty()
    files = write_report(read_week(empty, WEEK, as_of=date(2026, 11, 22)), tmp_path)
    for file in (files.html, files.markdown, files.email_html, files.email_text):
        assert "nothing to rank yet" in file.read_text(encoding="utf-8")
    assert "No source has yielded a document" in files.html.read_text(encoding="utf-8")
    assert files.images == ()


def test_a_week_of_weak_signals_alone_says_that_nothing_is_ranked(tmp_path: Path) -> None:
    weak = open_world()
    weak.execute("DELETE FROM signals.emergence WHERE is_ranked")
    data = read_week(weak, WEEK)
    assert (data.as_of, data.ranked_count, data.weak_signal_count) == (date(2026, 11, 22), 0, 6)
    assert "nothing to rank yet" in write_report(data, tmp_path).html.read_text(encoding="utf-8")
    assert all(weak.execute(query.sql) for query in data.queries)


def test_without_an_earlier_ranking_no_change_is_claimed(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    first = read_week(warehouse, IsoWeek(2026, 46))
    assert (first.as_of, first.compared_with) == (date(2026, 11, 15), None)
    text = write_report(first, tmp_path).html.read_text(encoding="utf-8")
    assert "claims no change" in text
    assert not re.search(r"rises from|falls from|enters the ranking|▲|▼", text)


def test_a_later_week_says_how_old_its_ranking_is(warehouse: duckdb.DuckDBPyConnection) -> None:
    later = read_week(warehouse, IsoWeek(2026, 50))
    assert later.as_of == date(2026, 11, 22)
    assert "The newest ranking is of 22 November 2026, 21 days before the week ends" in later.limits[0]


def test_a_day_that_is_not_stored_is_refused_in_one_sentence(warehouse: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(
        ReportError, match=r"^No ranking of 20 November 2026 is stored in this snapshot; the newest before it is of 15 November 2026\.$"
    ):
        read_week(warehouse, WEEK, as_of=date(2026, 11, 20))


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(data: WeekData, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(ReportError, match=r"^The report cannot be written to .*: [^\n]+\.$"):
        write_report(data, tmp_path / "taken")


def test_colours_of_tracks_can_be_read_on_both_grounds(files: ReportFiles) -> None:
    style = files.html.read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\n *\}", style, re.DOTALL)[:2]
    )
    for theme in (light, dark):
        for name in ("ink", "muted", "manufacturing", "information", "materials", "energy", "space", "health", "up", "down"):
            for ground in ("page", "card"):
                assert contrast(theme[name], theme[ground]) >= 4.5, (name, ground)


def contrast(first: str, second: str) -> float:
    """WCAG 2.2 contrast ratio of two `#rrggbb` colours."""
    bright, dim = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
