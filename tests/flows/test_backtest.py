"""The back-test as a whole, on a made corpus in which some technologies rise, and on input that cannot be judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from flows import backtest
from flows.backtest import prove, run_backtest
from flows.backtest_corpus import Window, read_spans
from flows.backtest_expert import quarter_ends, read_expert_items
from flows.commands.proving import parse_cutoffs
from flows.reports.backtest import as_json, render_html, render_markdown
from flows.settings import SettingsError, load_settings
from flows.warehouse.connection import open_writer
from flows.warehouse.errors import WarehouseError
from nlp.taxonomy import load_taxonomy
from scoring.backtest.methods import METHODS
from scoring.backtest.result import Plan, Result, StreamSpan
from scoring.records import Corpus

FIRST, LAST = date(2000, 1, 1), date(2014, 6, 30)
TECHNOLOGIES = 60
RISERS = 12


def _silent(sentence: str) -> None:
    """Nobody is watching."""


@cache
def _draw_works() -> tuple[list[date], csr_matrix]:
    """Two works a day, each of two technologies. The last twelve are born in 2008 and grow from year to year."""
    dice = np.random.default_rng(7)
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days) for _ in range(2)]
    named = np.zeros((TECHNOLOGIES, len(days)))
    for work, day in enumerate(days):
        age = max((day - date(2008, 1, 1)).days / 365, 0.0)
        weight = np.concatenate([np.ones(TECHNOLOGIES - RISERS), np.full(RISERS, 0.25 * age)])
        named[dice.choice(TECHNOLOGIES, size=2, replace=False, p=weight / weight.sum()), work] = 1
    return days, csr_matrix(named)


def _made_corpus(as_of: date) -> Corpus:
    """What of these works is known at `as_of`."""
    days, table = _draw_works()
    kept = [work for work, day in enumerate(days) if day <= as_of]
    names = tuple(f"w{number:02d} thing" for number in range(TECHNOLOGIES))
    return Corpus(
        as_of=as_of,
        candidate_ids=tuple(f"T{number:02d}" for number in range(TECHNOLOGIES)),
        names=names,
        words=tuple(frozenset(name.split()[:1]) for name in names),
        work_ids=tuple(f"W{work:06d}" for work in kept),
        work_day=np.array([(days[work] - date(1970, 1, 1)).days for work in kept], dtype=np.int32),
        work_stream=np.zeros(len(kept), dtype=np.int8),
        incidence=table[:, kept].tocsr(),
        authors=csr_matrix((len(kept), 0)),
        organisations=csr_matrix((len(kept), 0)),
        codes=csr_matrix((len(kept), 0)),
        cues=csr_matrix((len(kept), 5)),
    )


@pytest.fixture
def made_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    use_made_windows(monkeypatch)


def use_made_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reads of a warehouse that holds the made corpus and two undated works."""

    def windows(connection: Any, cutoff: date, ends_on: date, streams: list[str], *rest: Any, **how: Any) -> Iterator[tuple[str, Window]]:
        yield "paper", Window(cutoff, _made_corpus(cutoff), _made_corpus(ends_on), {"bulk uploads": 3})

    monkeypatch.setattr(backtest, "read_spans", lambda _: (StreamSpan("paper", 10_000, FIRST, LAST),))
    monkeypatch.setattr(backtest, "count_undated", lambda _: 2)
    monkeypatch.setattr(backtest, "has_simulated", lambda _: False)
    monkeypatch.setattr(backtest, "read_windows", windows)


def _run(*days: date, **plan: Any) -> Result:
    asked = Plan("made", days or None, splits=2, draws=40, **plan)
    return run_backtest(None, asked, load_taxonomy(), say=_silent)  # type: ignore[arg-type]


@pytest.mark.usefixtures("made_windows")
def test_what_rises_is_found_and_everything_is_told() -> None:
    result = _run(date(2009, 12, 31), date(2010, 12, 31))
    rows = {(row.method, row.metric, row.depth): row for row in result.rows}
    assert {method for method, *_ in rows} == set(METHODS)
    assert rows["vitality", "auc", None].value > 0.9
    assert rows["emergence", "auc", None].value > 0.85
    assert rows["random", "auc", None].value == pytest.approx(0.5, abs=0.15)
    assert rows["vitality", "lift", 25].value > 1.1 > rows["random", "lift", 25].value
    assert rows["vitality", "lift", 25].by_cutoff[0].candidates == pytest.approx(TECHNOLOGIES, abs=8)
    assert ("vitality", "lift_mix", 25) not in rows, "without codes no field is known, and no figure pretends it is"
    assert any("2 undated works" in sentence for sentence in result.limits)
    assert any("up to 3 works left out at a cut-off (bulk uploads)" in sentence for sentence in result.limits)


@pytest.mark.usefixtures("made_windows")
def test_cut_offs_that_cannot_be_judged_are_named_and_left_out() -> None:
    result = _run(date(1999, 12, 31), date(2003, 12, 31), date(2011, 12, 31), date(2013, 12, 31), streams=("paper", "patent"))
    told = "\n".join(result.limits)
    assert "1999-12-31 lies before the first paper (2000-01-01): left out" in told
    assert "2013-12-31 needs two years of paper works after it" in told
    assert "2011-12-31 has no third year of paper works after it: lift only" in told
    assert "2003-12-31 has under five years of paper works before it" in told
    assert "no dated works of the stream patent" in told
    used = {figure.cutoff.year for row in result.rows for figure in row.by_cutoff}
    assert used == {2003, 2011}
    labelled = {figure.cutoff.year for row in result.rows if row.target == "growth_label" for figure in row.by_cutoff}
    assert labelled == {2003}


@pytest.mark.usefixtures("made_windows")
def test_default_cut_offs_leave_room_on_both_sides() -> None:
    assert [day.year for day in backtest.default_cutoffs(StreamSpan("paper", 1, FIRST, LAST))] == [2005, 2006, 2007, 2008, 2009, 2010]


@pytest.mark.usefixtures("made_windows")
def test_the_same_run_gives_the_same_figures() -> None:
    assert as_json(_run(date(2009, 12, 31))) == as_json(_run(date(2009, 12, 31)))


class _Loads(HTMLParser):
    """Whatever a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href") and value != "data:,"]
        self.found += [tag] if tag in ("script", "iframe", "object") else []


@pytest.mark.usefixtures("made_windows")
def test_json_rows_are_whole_and_the_page_stands_alone() -> None:
    result = _run(date(2005, 12, 31), date(2009, 12, 31))
    rows = json.loads(json.dumps(as_json(result), allow_nan=False))["rows"]
    fields = {"corpus", "target", "method", "metric", "depth", "level", "by_cutoff"}
    fields |= {"value", "low80", "high80", "diff_vitality", "diff_low80", "diff_high80"}
    assert all(fields <= set(row) for row in rows)
    assert len({tuple(row[name] for name in ("corpus", "target", "method", "metric", "depth")) for row in rows}) == len(rows)
    page = render_html(result)
    loads = _Loads()
    loads.feed(page)
    assert loads.found == []
    assert page.index("What these figures do not say") < page.index("<table>")
    assert page.count("<svg") >= 5
    assert "| **emergence** |" in render_markdown(result)


def test_a_small_warehouse_gives_a_short_labelled_result(made_world: Path, tmp_path: Path) -> None:
    with open_writer(made_world) as connection:
        spans = read_spans(connection)
        days = (date(2010, 12, 31), spans[0].last_on)
        result = run_backtest(connection, Plan("small", days, splits=2), load_taxonomy(), say=_silent)
    assert spans
    assert not result.rows
    assert result.limits[-1] == "No cut-off could be judged, so there is no figure at all."
    assert "No cut-off could be judged" in render_html(result)
    assert as_json(result)["limits"][0].startswith("Simulated data")
    assert "Simulated data" in render_html(result)
    assert "Simulated data" in render_markdown(result)
    assert json.dumps(as_json(result), allow_nan=False)


def test_nothing_published_is_one_sentence(tmp_path: Path) -> None:
    settings = load_settings(flags={"data_dir": tmp_path})
    with pytest.raises(WarehouseError, match="Nothing is published"):
        prove(settings, name=None, cutoffs=None, streams=None, splits=1, expert=None, out=tmp_path / "out", say=_silent)
    assert not (tmp_path / "out").exists()


def test_cut_offs_are_years_or_days() -> None:
    assert parse_cutoffs("2012-06-30,2009-2010") == (date(2009, 12, 31), date(2010, 12, 31), date(2012, 6, 30))
    for nonsense in ("2010-2009", "soon", "2010-13-01"):
        with pytest.raises(SettingsError):
            parse_cutoffs(nonsense)


def test_expert_rows_that_share_a_name_are_one_item(tmp_path: Path) -> None:
    path = tmp_path / "lists.csv"
    path.write_text(
        "technology,list,year,aliases\n"
        "Deep learning,A,2013,deep neural networks\nDeep Neural Network,A,2014,\nDeep-learning,B,2016,\n"
        "Memristor,A,2009,\n",
        encoding="utf-8",
    )
    deep, memristor = read_expert_items(path)
    assert deep.consensus_on == date(2016, 7, 1), "two years of one list are one opinion"
    assert memristor.consensus_on is None
    path.write_text("technology,year\nx,2010\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="no column list"):
        read_expert_items(path)


def test_quarters_end_with_their_last_day() -> None:
    assert quarter_ends(date(2010, 12, 31), date(2011, 7, 1)) == [date(2010, 12, 31), date(2011, 3, 31), date(2011, 6, 30)]
