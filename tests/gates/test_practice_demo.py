"""The demo on the practice archive: what was planted is found, what was planted to deceive is not, and it can be asked in every way."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from datetime import date
from pathlib import Path

import duckdb
import pytest
from nights import command, hashes, observatory
from untranslated import english_sentences

from flows.warehouse.reads import list_sql
from nlp.spelling import term_key

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
EMPTY_ON_THE_ARCHIVE = {"concentration"}
"""Saved queries that rightly find nothing: no planted technology that ranks is one organisation's."""
FOUND_SHARE = 0.8
"""Floor of the share of planted emerging technologies in the first 2N places."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folder of one demo, run as a user runs it."""
    data_dir = tmp_path_factory.mktemp("demo")
    answer = observatory(of(data_dir), "demo")
    assert answer.returncode == 0, answer.stderr[-3000:]
    assert "report.html" in answer.stdout
    return data_dir


def of(data_dir: Path) -> dict[str, str]:
    """The environment with that data folder."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OBSERVATORY_")}
    return inherited | {"OBSERVATORY_DATA_DIR": str(data_dir)}


def read_truth(project: Path) -> list[dict[str, str]]:
    with (project / "data" / "practice" / "truth.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def names_of(row: dict[str, str]) -> set[str]:
    """Every spelling of a planted technology as a term key."""
    spellings = [row["technology"], row["name_zh"], row["abbreviation"], *row["aliases"].split("|")]
    return {term_key(spelling) for spelling in spellings if spelling}


def first_places(demo: Path, count: int) -> list[set[str]]:
    """Term keys of the technologies in the first `count` places, best first."""
    with duckdb.connect(str((demo / "published" / "observatory.duckdb").resolve()), read_only=True) as connection:
        rows = connection.execute(
            """
            SELECT technologies.term_keys FROM marts.emergence AS emergence
            JOIN core.technologies AS technologies USING (technology_id)
            WHERE emergence.as_of = (SELECT as_of FROM marts.snapshot) AND emergence.is_ranked
            ORDER BY emergence.rank, technology_id LIMIT ?
            """,
            [count],
        ).fetchall()
    return [set(keys) for (keys,) in rows]


def test_planted_emerging_technologies_lead_and_deceivers_do_not(demo: Path, project: Path) -> None:
    truth = read_truth(project)
    emerging = [row for row in truth if row["kind"] == "emerging"]
    places = first_places(demo, 2 * len(emerging))
    found = [row["technology"] for row in emerging if any(names_of(row) & keys for keys in places)]
    deceivers = [
        row["technology"]
        for row in truth
        if row["kind"] in ("boilerplate", "one-organisation", "hype") and any(names_of(row) & keys for keys in places)
    ]
    assert deceivers == []
    assert len(found) >= FOUND_SHARE * len(emerging), sorted({row["technology"] for row in emerging} - set(found))


def test_running_it_again_changes_nothing(demo: Path) -> None:
    before = hashes(demo)
    assert observatory(of(demo), "demo").returncode == 0
    assert hashes(demo) == before


def test_everything_says_that_it_is_simulated(demo: Path) -> None:
    report = next(demo.glob("reports/*/report.html")).parent
    for name in ("report.html", "report.md", "email.html", "email.txt"):
        assert "simulated" in (report / name).read_text(encoding="utf-8").lower(), name
    with duckdb.connect(str((demo / "published" / "observatory.duckdb").resolve()), read_only=True) as connection:
        assert connection.execute("SELECT is_simulated FROM marts.snapshot").fetchall() == [(True,)]
        assert connection.execute("SELECT count(*) FROM core.documents WHERE NOT is_simulated OR url IS NOT NULL").fetchall() == [(0,)]


def test_the_report_in_chinese_shows_no_english_sentence(demo: Path, tmp_path: Path) -> None:
    answer = observatory(of(demo), "report", "--lang", "zh", "--out", str(tmp_path))
    assert answer.returncode == 0, answer.stderr[-3000:]
    with duckdb.connect(str((demo / "published" / "observatory.duckdb").resolve()), read_only=True) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM marts.technologies WHERE name_zh IS NULL").fetchall()]
    for name in ("report.html", "email.html"):
        assert english_sentences((tmp_path / name).read_text(encoding="utf-8"), names) == []


def test_a_past_day_computed_on_demand_is_what_a_night_stored(demo: Path) -> None:
    """A quarter-end is stored; judged again from the snapshot alone it gives the same row."""
    from flows.judging import judge_technologies
    from flows.ranking import verdict_rows
    from flows.settings import Settings
    from nlp.taxonomy import load_taxonomy

    day = date(2024, 12, 31)
    settings = Settings(data_dir=demo)
    with duckdb.connect(str((demo / "published" / "observatory.duckdb").resolve()), read_only=True) as connection:
        stored = connection.execute(
            "SELECT technology_id, rank, rank_low, rank_high, round(score, 5), stage FROM marts.emergence WHERE as_of = ? ORDER BY 1", [day]
        ).fetchall()
        verdict = judge_technologies(connection, day, taxonomy=load_taxonomy(), draws=settings.bootstrap_draws, seed=settings.seed)
    columns = ("technology_id", "rank", "rank_low", "rank_high", "score", "stage")
    rows = [tuple(row[column] for column in columns) for row in verdict_rows(verdict)]
    computed = sorted((*row[:4], None if row[4] is None else round(row[4], 5), row[5]) for row in rows)
    assert computed == stored


def test_the_first_technology_can_be_explained_to_its_documents(demo: Path) -> None:
    first = json.loads(observatory(of(demo), "rank", "--top", "1", "--json").stdout)[0]
    explanation = json.loads(observatory(of(demo), "explain", first["name"], "--json").stdout)
    for asked in (("rank", "--top", "1"), ("explain", first["name"])):
        assert "(simulated data)" in observatory(of(demo), *asked).stdout.splitlines()[0]
    assert sum(part["points"] or 0 for part in explanation["parts"]) == pytest.approx(first["score"], abs=1e-6)
    assert explanation["evidence"]
    assert explanation["series"]


def test_a_reader_that_has_seen_enough_hears_no_complaint(demo: Path) -> None:
    asking = command("explain", "orbital foam anchoring")
    with subprocess.Popen(asking, env=of(demo), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asked:
        assert asked.stdout is not None
        assert asked.stderr is not None
        asked.stdout.close()  # before anything is written
        assert asked.stderr.read() == ""


@pytest.mark.parametrize("name", list_sql("queries"))
def test_saved_queries_find_something(demo: Path, name: str) -> None:
    with duckdb.connect(str((demo / "published" / "observatory.duckdb").resolve()), read_only=True) as connection:
        rows = connection.execute(list_sql("queries")[name]).fetchall()
    assert (rows == []) == (name in EMPTY_ON_THE_ARCHIVE)


@pytest.mark.parametrize("name", sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")))
def test_notebooks_run_and_are_kept_without_outputs(demo: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setenv("OBSERVATORY_DATA_DIR", str(demo))
    book = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)
    NotebookClient(book, timeout=600, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    assert any(cell.outputs for cell in cells)
