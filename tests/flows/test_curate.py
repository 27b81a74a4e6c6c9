"""`observatory curate` from the command to the warehouse: acts are kept, counted, undone, and refused when they make no sense."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from flows.curation import FILE_NAME, acts_in_force, read_acts, taxonomy_in_force
from flows.night import open_work
from flows.settings import Settings, load_settings
from flows.stages.annotate import read_terms
from flows.stages.deduplicate import deduplicate
from flows.stages.importing import import_files
from flows.stages.judge import judge
from nlp.technologies import technology_id

AS_OF = date(2024, 6, 30)
NOON = datetime(2024, 7, 1, 12)


def curate(data_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--data-dir", str(data_dir), "curate", *arguments])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(flags={"data_dir": tmp_path})


def test_acts_are_listed_with_their_reasons_and_an_undo_keeps_both(tmp_path: Path, settings: Settings) -> None:
    assert curate(tmp_path, "merge", "UAVs", "drones", "--reason", "one thing").exit_code == 0
    assert curate(tmp_path, "undo", "1", "--reason", "not quite").exit_code == 0
    rows = json.loads(curate(tmp_path, "list", "--json").stdout)
    assert [(row["act"], row["reason"], row["is_in_force"]) for row in rows] == [("merge", "one thing", False), ("undo", "not quite", True)]
    assert (rows[0]["technology"], rows[0]["into"]) == ("uav", "drone")
    assert acts_in_force(settings) == ()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["undo", "7", "--reason", "x"], "undoes 7"),
        (["reject", "--", "---"], "Missing option"),
        (["reject", "...", "--reason", "x"], "names nothing"),
        (["entry", "tidal power", "--zh", "潮汐能", "--track", "sea", "--reason", "x"], "must name one or more of the tracks"),
        (["entry", "tidal power", "--zh", "量子计算", "--track", "energy", "--reason", "x"], "belongs to both"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    result = curate(tmp_path, *arguments)
    assert result.exit_code != 0
    assert sentence in result.output
    assert not (tmp_path / FILE_NAME).exists()


def test_a_broken_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("- act: reject\n", encoding="utf-8")
    result = curate(tmp_path, "list")
    assert (result.exit_code, result.output.count("\n")) == (2, 1)


def test_an_entry_and_a_file_of_ones_own_change_the_taxonomy(tmp_path: Path, settings: Settings) -> None:
    before = taxonomy_in_force(settings)
    curate(tmp_path, "entry", "tidal power", "--zh", "潮汐能", "--track", "energy", "--en", "tidal energy", "--reason", "the island has it")
    after = taxonomy_in_force(settings)
    assert after.names_by_key(str.casefold)["tidal energy"] == ("tidal power", "潮汐能")
    assert after.digest != before.digest
    own = tmp_path / "own.yaml"
    own.write_text(
        "extends: shipped\nnames:\n- {name: blockchain, zh: 区块链, en: [ledger chain], tracks: [information]}\n", encoding="utf-8"
    )
    names = taxonomy_in_force(settings.model_copy(update={"taxonomy": own})).names_by_key(str.casefold)
    assert names["ledger chain"] == ("blockchain", "区块链")
    assert "tidal energy" in names
    assert "quantum computing" in names


def judged(settings: Settings, files: list[Path]) -> dict[str, str | None]:
    """Names found in a few works, read and judged as in a night; for what was merged, the id it points to."""
    with open_work(settings, "import", AS_OF, now=lambda: NOON, say=str) as run:
        import_files(run, files, source=None, today=AS_OF)
        deduplicate(run)
        read_terms(run)
        judge(run, taxonomy_in_force(settings))
        stored = run.connection.execute("SELECT act, is_in_force FROM core.curation ORDER BY number").fetchall()
        assert [act for act, _ in stored] == [act.act for act in read_acts(settings)]
        return dict(run.connection.execute("SELECT name, merged_into_technology_id FROM core.technologies").fetchall())


def test_acts_count_at_the_next_judgement_and_an_undo_brings_back_what_was(tmp_path: Path) -> None:
    settings = load_settings(flags={"data_dir": tmp_path, "history_quarters": 0, "bootstrap_draws": 20})
    rows = [
        {
            "source": "test", "kind": "paper", "id": str(number), "published": str(AS_OF - timedelta(days=30 * number)),
            "title": f"Flight of {name}, study {number}", "abstract": f"Trial {number} of {name} in air. " * 6,
        }
        for number, name in enumerate(["delivery drones", "unmanned aerial vehicles"] * 12)
    ]  # fmt: skip
    file = tmp_path / "works.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    before = judged(settings, [file])
    assert {"delivery drones", "unmanned aerial vehicles"} <= set(before)
    curate(tmp_path, "merge", "delivery drone", "unmanned aerial vehicle", "--reason", "for this client one thing")
    curate(tmp_path, "rename", "unmanned aerial vehicle", "drones", "--zh", "无人机", "--reason", "their word")
    after = judged(settings, [file])
    assert after["delivery drones"] == technology_id("unmanned aerial vehicle")
    assert "drones" in after
    for number in ("1", "2"):
        curate(tmp_path, "undo", number, "--reason", "back")
    assert judged(settings, [file])["unmanned aerial vehicles"] is None
    curate(tmp_path, "reject", "delivery drone", "--reason", "out of scope")
    with open_work(settings, "import", AS_OF, now=lambda: NOON, say=str) as run:
        judge(run, taxonomy_in_force(settings))
        ranked = {row[0] for row in run.connection.execute("SELECT name FROM signals.emergence WHERE as_of = ?", [AS_OF]).fetchall()}
    assert "unmanned aerial vehicles" in ranked
    assert "delivery drones" not in ranked
