"""Rules of the house that can be read off its files."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

TOP_LEVEL = {
    "crawlers", "nlp", "scoring", "flows", "data", "notebooks", "tests", ".ci",
    "pyproject.toml", "constraints.txt", "prefect.yaml", "Makefile", "LICENSE", ".gitignore",
    "README.md", "CHANGELOG.md", "DECISIONS.md", "CONTRIBUTING.md",
}  # fmt: skip
ROOMS = ("crawlers", "nlp", "scoring", "flows")
VAGUE = re.compile(r"(^|/)(utils?|helpers?|common|misc|manager|processor|handler)\.py$")


def tracked(project: Path) -> list[str]:
    return subprocess.run(["git", "ls-files"], cwd=project, check=True, capture_output=True, text=True).stdout.splitlines()


def test_no_other_top_level_folder(project: Path) -> None:
    assert {name.split("/")[0] for name in tracked(project)} <= TOP_LEVEL


def test_names_say_something(project: Path) -> None:
    assert [name for name in tracked(project) if VAGUE.search(name)] == []


def test_data_holds_no_python_and_tests_are_no_packages(project: Path) -> None:
    names = tracked(project)
    assert [name for name in names if name.startswith("data/") and name.endswith(".py")] == []
    assert [name for name in names if name.startswith("tests/") and name.endswith("__init__.py")] == []


def test_every_ignored_path_is_anchored(project: Path) -> None:
    lines = [line for line in (project / ".gitignore").read_text(encoding="utf-8").splitlines() if line and "pyc" not in line]
    assert [line for line in lines if not line.startswith("/")] == []


def test_every_room_says_what_it_does(project: Path) -> None:
    for room in ROOMS:
        text = (project / room / "README.md").read_text(encoding="utf-8")
        assert all(word in text for word in ("Purpose", "Takes", "Gives", "Guarantees", "Invariants")), room


def test_import_rules_hold(project: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run([str(linter), "--no-cache"], cwd=project, check=False, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout[-3000:]


def test_every_module_stands_in_a_layer(project: Path) -> None:
    """A contract that is not exhaustive would let a module appear without saying where it stands."""
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    for room in ROOMS:
        assert re.search(rf'containers = \["{room}"\]\nexhaustive = true', text), room


def test_help_is_quick_because_nothing_heavy_is_imported(project: Path) -> None:
    heavy = ("torch", "sentence_transformers", "bertopic", "spacy", "sklearn", "prefect", "scrapy", "altair", "pandas", "duckdb")
    code = f"import sys; import flows.cli; print([name for name in {heavy!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], cwd=project, check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "[]"


def test_every_relative_link_leads_to_a_tracked_file(project: Path) -> None:
    names = set(tracked(project))
    folders = {str(Path(name).parent) for name in names}
    broken = []
    for page in (name for name in names if name.endswith(".md")):
        for target in re.findall(r"\]\(([^)#\s]+)\)", (project / page).read_text(encoding="utf-8")):
            path = os.path.normpath(Path(page).parent / target)
            if "://" not in target and path not in names and path not in folders:
                broken.append(f"{page}: {target}")
    assert broken == []
