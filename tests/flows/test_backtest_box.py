"""The calibration box: what the weekly report reads of the last back-test."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from flows.reports.backtest import as_json
from flows.reports.backtest_readme import BEGIN, END, replace_table, short_table
from flows.reports.proof import FIGURES, FOLDER, read_proofs
from scoring.backtest.calibration import Bin, Reliability
from scoring.backtest.records import CutoffFigure, Row
from scoring.backtest.result import Plan, Result

DAYS = (date(2010, 12, 31), date(2011, 12, 31))


def _row(method: str, target: str, metric: str, depth: int | None, value: float, difference: tuple[float, float] | None) -> Row:
    low, high = difference or (None, None)
    figures = tuple(CutoffFigure(day, value, 100.0, 0.25) for day in DAYS)
    return Row("made", "paper", target, method, metric, depth, value, None, None, None, low, high, "technology", figures)


def _result(*, is_told: bool) -> Result:
    result = Result(Plan("made"), ())
    for method, difference in (("emergence", (0.01, 0.05)), ("vitality", None), ("random", (-0.3, -0.2))):
        result.rows += [
            _row(method, "document_split", "lift", 50, 1.2, None if difference is None else (-0.1, 0.1)),
            _row(method, "growth_label", "precision", 50, 0.4, None if difference is None else (-0.2, -0.1)),
            _row(method, "growth_label", "average_precision", None, 0.3, difference),
        ]
    if is_told:
        result.reliability.append(("made", "emergence", Reliability((Bin(0.1, 0.12, 50),), 0.14, 0.15, 0.02, 3)))
    return result


def _leave(result: Result, reports: Path) -> Path:
    (reports / FOLDER).mkdir(parents=True)
    path = reports / FOLDER / FIGURES
    path.write_text(json.dumps(as_json(result)), encoding="utf-8")
    return path


def test_the_box_says_above_below_and_tie_as_the_intervals_do(tmp_path: Path) -> None:
    assert read_proofs(tmp_path) == ()
    _leave(_result(is_told=True), tmp_path)
    (proof,) = read_proofs(tmp_path)
    assert [(figure.name, figure.verdict) for figure in proof.figures] == [
        ("lift of the first 50", "a tie"),
        ("precision of the first 50", "below"),
        ("average precision", "above"),
    ]
    assert (proof.cutoffs, proof.first_cutoff, proof.last_cutoff) == (2, "2010-12-31", "2011-12-31")
    assert (proof.base_rate, proof.calibration_error, proof.bins) == (0.25, 0.02, ((0.1, 0.12, 50),))


def test_without_a_later_cut_off_no_calibration_is_shown(tmp_path: Path) -> None:
    _leave(_result(is_told=False), tmp_path)
    (proof,) = read_proofs(tmp_path)
    assert proof.calibration_error is None
    assert proof.bins == ()


@pytest.mark.parametrize("text", ["{", '{"rows": 3}', '{"rows": [{}], "reliability": []}'])
def test_another_file_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    _leave(_result(is_told=True), tmp_path).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="is no back-test that can be read"):
        read_proofs(tmp_path)


def test_the_table_of_the_readme_takes_the_place_of_the_old_one() -> None:
    table = short_table([as_json(_result(is_told=True))])
    assert "| made, technologies, 2 cut-offs 2010-2011 | lift@50 | P@50 | AP |" in table
    assert "| emergence | 1.200 [-0.100, +0.100] | 0.400 [-0.200, -0.100] | 0.300 [+0.010, +0.050] |" in table
    text = replace_table(f"before\n{BEGIN}\nold\n{END}\nafter", table)
    assert text == f"before\n{BEGIN}\n{table}\n{END}\nafter"
    assert replace_table(text, table) == text
    with pytest.raises(ValueError, match="no place for the table"):
        replace_table("no marks", table)
