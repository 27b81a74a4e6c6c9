"""Gate: what the back-test says of the score on the shared arXiv papers, pinned with the digest of the papers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scoring.backtest.records import Row
from scoring.backtest.result import Plan, Result

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PAPERS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "papers_arxiv_dev_1995_2017.parquet"
PAPERS_SHA256 = "1ca1277c9edc6354d5c33ea37e9ea9bf749ddceab4d247f0da22b4e1faafe6fe"
LAST = date(2017, 12, 31)
CUTOFFS = tuple(date(year, 12, 31) for year in (2009, 2012, 2014))
SPLITS, DRAWS = 6, 200
# Measured with these: P@50 .487 (vitality .387), AUC .745 (.719), AP .329 (.267), CSI .213 (.165), each above vitality beyond 80 %.
FLOORS = (("precision", 50, 0.45), ("auc", None, 0.73), ("average_precision", None, 0.30), ("csi", None, 0.19))
TOPIC_FLOOR = 0.36  # average precision; measured .394, vitality .333
NIGHT, NEXT_NIGHT = date(2017, 12, 31), date(2018, 1, 1)
FIRST = 50
CALIBRATION_CEILING = 0.05

pytestmark = [pytest.mark.real, pytest.mark.eval]


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBPyConnection]:
    """A warehouse of the papers, read and put into works."""
    import duckdb

    from flows.night import open_work
    from flows.settings import load_settings
    from flows.stages.annotate import read_terms
    from flows.stages.deduplicate import deduplicate
    from flows.stages.importing import import_files
    from flows.worlds import enter_world

    if not PAPERS.is_file():
        pytest.skip("the private corpus is not beside the project")
    settings = load_settings(flags={"data_dir": tmp_path_factory.mktemp("papers")})
    with open_work(settings, "import", LAST, now=lambda: datetime(2025, 10, 1, 12), say=str) as run:
        enter_world(run.connection, simulated=False)
        import_files(run, [PAPERS], source=None, today=LAST)
        deduplicate(run)
        read_terms(run)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def result(papers: DuckDBPyConnection) -> Result:
    from flows.backtest import run_backtest
    from nlp.taxonomy import load_taxonomy

    return run_backtest(papers, Plan("arxiv", CUTOFFS, None, SPLITS, DRAWS), load_taxonomy(), say=print)


def ours(rows: list[Row], metric: str, depth: int | None = None) -> Row:
    return next(row for row in rows if (row.method, row.metric, row.depth) == ("emergence", metric, depth))


def test_the_papers_are_those_the_floors_were_measured_on() -> None:
    if not PAPERS.is_file():
        pytest.skip("the private corpus is not beside the project")
    assert hashlib.sha256(PAPERS.read_bytes()).hexdigest() == PAPERS_SHA256


@pytest.mark.parametrize("metric", ["lift", "lift_mix"])
@pytest.mark.parametrize("depth", [25, 50, 100])
def test_lift_is_not_below_vitality(result: Result, metric: str, depth: int) -> None:
    row = ours(result.rows, metric, depth)
    assert row.diff_high80 is not None
    assert row.diff_high80 >= 0, f"{metric}@{depth} {row.value:.3f}, {row.diff_vitality:+.3f} against vitality"


@pytest.mark.parametrize(("metric", "depth", "floor"), FLOORS)
def test_technologies_that_grow_are_found_beyond_vitality(result: Result, metric: str, depth: int | None, floor: float) -> None:
    row = ours(result.rows, metric, depth)
    assert row.value >= floor
    assert row.diff_low80 is not None
    assert row.diff_low80 > 0


def test_topics_that_grow_are_found_beyond_vitality(result: Result) -> None:
    row = ours(result.topic_rows, "average_precision")
    assert row.value >= TOPIC_FLOOR
    assert row.diff_low80 is not None
    assert row.diff_low80 > 0


def test_what_is_said_to_grow_grows_as_often_as_said(result: Result) -> None:
    (told,) = (told for _, method, told in result.reliability if method == "emergence")
    assert told.calibration_error <= CALIBRATION_CEILING
    assert told.brier <= told.base_brier


def test_the_same_papers_give_the_same_list_the_night_after(papers: DuckDBPyConnection) -> None:
    from flows.judging import judge_technologies
    from nlp.taxonomy import load_taxonomy

    def first(as_of: date) -> set[str]:
        verdict = judge_technologies(papers, as_of, taxonomy=load_taxonomy(), draws=2, seed=1)
        return {verdict.candidates.ids[place] for place, rank in enumerate(verdict.judgement.rank.tolist()) if rank <= FIRST}

    tonight = first(NIGHT)
    assert len(tonight) >= FIRST
    assert first(NIGHT) == tonight
    assert first(NEXT_NIGHT) == tonight, "a day older, and nothing new: the order stays"
