"""The Chinese report: every message is translated and no translation is left over; what shows is Chinese, with Chinese names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import duckdb
import pytest
from report_world import open_empty, open_world
from untranslated import english_sentences

from flows.reports.language import ENGLISH, Language, load_language
from flows.reports.pages import environment
from flows.reports.proof import SHOWN, Figure, Proof
from flows.reports.records import STAGES, STREAMS, TRACKS, ReportFiles, WeekData
from flows.reports.weekly import read_week, write_report
from flows.reports.weeks import IsoWeek
from nlp.taxonomy import load_taxonomy
from scoring import evidence

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
INTERVALS = ((0.1, 0.2), (-0.2, -0.1), (-0.1, 0.1), (None, None))
FIGURES = tuple(Figure(shown[-1], 0.5, 0.4, *interval) for shown, interval in zip(SHOWN, INTERVALS, strict=True))
PROOF = Proof("papers", "2016-12-31", "2020-12-31", 5, 0.12, FIGURES, 0.05, 0.1, 0.12, ((0.1, 0.12, 50), (0.5, 0.4, 10)))


def messages_of_templates(reports: Path) -> Iterator[str]:
    templates = environment()
    for path in (reports / "templates").glob("*.j2"):
        if not path.name.startswith(("run.", "backtest.")):
            for _, name, message in templates.extract_translations(path.read_text(encoding="utf-8")):  # type: ignore[attr-defined]
                yield message if isinstance(message, str) else message[name == "ngettext"]


def messages_of_code(reports: Path) -> Iterator[str]:
    """First argument of what says or marks a message; of `ngettext` the form for many, which is the one Chinese has."""
    for path in reports.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = {"say": 0, "gettext": 0, "marked": 0, "ngettext": 1}.get(name)
            if place is not None and isinstance(message := node.args[place], ast.Constant):
                yield str(message.value)


def test_every_message_has_its_chinese_and_none_is_left_over(project: Path, chinese: Language) -> None:
    reports = project / "flows" / "reports"
    said = {*messages_of_templates(reports), *messages_of_code(reports)}
    assert said - chinese.messages.keys() == set()
    assert chinese.messages.keys() - said == set()


def test_every_word_of_the_house_has_its_chinese_and_tracks_are_named_as_in_the_taxonomy(
    chinese: Language, warehouse: duckdb.DuckDBPyConnection
) -> None:
    columns = [row[0] for row in warehouse.execute("DESCRIBE marts.emergence").fetchall()]
    components = {column.removesuffix("_points") for column in columns if column.endswith("_points")}
    streams = {*STREAMS, "papers", "patents", "grants"}
    told = {shown[-1] for shown in SHOWN} | {figure.verdict for figure in FIGURES}
    assert chinese.words.keys() == {*TRACKS, *STAGES, "no estimate", *streams, *components, *told}
    assert {track: chinese.term(track) for track in TRACKS} == {track.track: track.zh for track in load_taxonomy().tracks}


def test_translations_fill_no_placeholder_of_their_own(chinese: Language) -> None:
    shared = {"week": {"year", "number"}}
    for message, translation in chinese.messages.items():
        given = set(PLACEHOLDER.findall(message))
        assert set(PLACEHOLDER.findall(translation)) <= given.union(*(shared.get(name, set()) for name in given)), message
        assert translation % dict.fromkeys(given | {"year", "number"}, "1") is not None


def test_what_a_weak_signal_lacks_is_told_in_chinese(chinese: Language) -> None:
    """Whatever the figures: each thing it lacks is one part of the sentence, without a Latin letter."""
    for recent, (papers, news), named, organisations, leading, active, common in product(
        (0, 40), ((0, 0), (0, 40), (9, 0)), (0, 40), (1, 5), (0.5, 0.9), (0, 8), (0, 0.5)
    ):
        by_stream = tuple({"paper": papers, "news": news}.get(stream, 0) for stream in STREAMS)
        lacks = evidence._failures(evidence._Figures(60, recent, by_stream, organisations, named, leading, active, active, common))
        told = chinese.retell("; ".join(lacks))
        assert not re.search(r"[A-Za-z]", told), told
        assert told.count("；") == max(0, len(lacks) - 1)


def test_every_sentence_of_an_alert_is_known(project: Path, chinese: Language) -> None:
    """Each run of words that alerts are made of stands in a sentence of the catalogue."""
    known = " | ".join(pattern.pattern.replace("\\", "") for pattern, _ in chinese.stored)
    for function in ast.walk(ast.parse((project / "scoring" / "alerts.py").read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef) and function.name in ("_entered", "_restaged", "_risky", "_bursting", "_left"):
            for node in ast.walk(function):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
                    for words in re.findall(r"[a-z]+(?: [a-z]+)+", node.value):
                        assert words in known, words


def test_a_sentence_is_retold_with_its_words_and_a_strange_one_is_left(chinese: Language) -> None:
    moved = "moved from early industrialisation to scaling (probability 0.71)"
    assert chinese.retell(moved) == "由产业化初期转入规模扩张期（概率0.71）"
    assert chinese.retell("ranking energy") == "未来能源排名"
    assert chinese.retell("HTTP 503 five times") == "HTTP 503 five times"
    assert ENGLISH.retell(moved) == moved


def test_what_is_not_in_the_catalogue_is_never_said_in_english(chinese: Language) -> None:
    with pytest.raises(KeyError):
        chinese.say("A sentence that nobody translated.")
    with pytest.raises(KeyError):
        chinese.term("gravity")


@pytest.fixture(scope="module")
def chinese() -> Language:
    return load_language("zh")


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_world() as connection:
        yield connection


@pytest.fixture(scope="module")
def data(warehouse: duckdb.DuckDBPyConnection, chinese: Language) -> WeekData:
    read = read_week(warehouse, IsoWeek(2026, 47), language=chinese)
    return replace(read, proofs=(PROOF,), snapshot=replace(read.snapshot, is_simulated=True))


@pytest.fixture(scope="module")
def files(data: WeekData, tmp_path_factory: pytest.TempPathFactory) -> ReportFiles:
    return write_report(data, tmp_path_factory.mktemp("chinese"))


def test_the_page_and_the_mail_show_no_english_sentence(data: WeekData, files: ReportFiles) -> None:
    names = [change.now.name for track in data.tracks for change in track.ranking]
    for file in (files.html, files.email_html):
        page = file.read_text(encoding="utf-8")
        assert '<html lang="zh-Hans">' in page
        assert english_sentences(page, names) == []


def test_names_dates_and_weeks_are_chinese_and_titles_keep_their_language(files: ReportFiles) -> None:
    page = files.html.read_text(encoding="utf-8")
    assert "<title>未来产业趋势周报（2026年第47周）（模拟数据）</title>" in page
    assert '<bdi>体内碱基编辑</bdi> <bdi class="zh" lang="en">in-vivo base editing</bdi></strong>：新上榜，居第5位。</h3>' in page
    assert '<bdi lang="en">&lt;script&gt;alert(&#34;name&#34;)&lt;/script&gt; &amp; Sons</bdi>' in page
    assert '<bdi lang="en">Apparatus and method for solid-state battery</bdi>' not in page
    assert '<bdi lang="en">Apparatus and method for flexible tactile skin</bdi>' in page
    assert "2026-11-22" in page
    assert "November" not in page
    assert "2026年第3季度" in page
    assert "固态电池的时序变化" in page
    for file in (files.markdown, files.email_text):
        text = file.read_text(encoding="utf-8")
        assert "固态电池" in text
        assert "前4位之间的先后没有意义" in text
        assert not re.search(r"\b(place|ranked|interval|stage)\b", text.split("## 查询语句")[0])


def test_the_mail_fits_and_an_empty_week_is_told(chinese: Language, files: ReportFiles, tmp_path: Path) -> None:
    assert len(files.email_html.read_bytes()) < 102_000
    with open_empty() as connection:
        empty = write_report(read_week(connection, IsoWeek(2026, 47), as_of=date(2026, 11, 22), language=chinese), tmp_path)
    for file in (empty.html, empty.markdown, empty.email_html, empty.email_text):
        assert "目前尚无可排名的技术" in file.read_text(encoding="utf-8")
    assert english_sentences(empty.html.read_text(encoding="utf-8"), []) == []
