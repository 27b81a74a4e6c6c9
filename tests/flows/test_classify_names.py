"""Every name of the policy is found in a text by every spelling of it, English and Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.classify import classify_texts
from flows.commands.reading import _row
from nlp.taxonomy import load_taxonomy, with_entries


def named_in(spelling: str) -> str:
    """A title that names it, in its language."""
    return f"关于{spelling}的研究进展" if re.search("[\u4e00-\u9fff]", spelling) else f"Work on {spelling} grows fast."


def test_every_spelling_of_every_policy_name_is_found(tmp_path: Path) -> None:
    wanted = [(entry.name, spelling) for entry in load_taxonomy().policy_entries() for spelling in entry.spellings()]
    rows = [{"id": place, "title": named_in(spelling), "text": ""} for place, (_, spelling) in enumerate(wanted)]
    missed = [
        pair
        for pair, row in zip(wanted, classify_texts(rows, tmp_path, taxonomy=load_taxonomy()), strict=True)
        if pair[0] not in row["technologies"]
    ]
    assert not missed


def test_a_user_s_name_is_read_where_it_is_in_force_and_an_empty_text_is_in_no_track(tmp_path: Path) -> None:
    own = with_entries(load_taxonomy(), [{"name": "warp coil", "zh": "曲率线圈", "tracks": ["space"]}])
    rows = [{"id": "a", "title": "Warp coil"}, {"id": "b", "title": None, "text": ""}]
    told: list[str] = []
    found = list(classify_texts(rows * 200, tmp_path, taxonomy=own, say=told.append))
    assert [[track["track"] for track in row["tracks"]] for row in found[:2]] == [["space"], []]
    assert [row["technologies"] for row in found[:2]] == [["warp coil"], []]
    assert told[-1] == "classified 400 of 400 texts"


@pytest.mark.parametrize(
    ("line", "is_text"), [('{"id": 1, "title": null, "text": ""}', True), ('{"id": 1}', False), ('{"title": "x"}', False)]
)
def test_a_line_needs_an_id_and_a_title_or_a_text_which_may_be_empty(line: str, is_text: bool) -> None:
    assert (_row(line) is not None) == is_text


@pytest.mark.real
def test_the_names_of_the_policy_s_own_list_are_all_there(shared: Path, tmp_path: Path) -> None:
    """The list beside the project, so that no name is lost between it and the taxonomy."""
    text = (shared / "policy" / "README.md").read_text(encoding="utf-8").partition("Names that must each map")[2]
    bullets = re.findall(r"- \*\*(.+?)\*\*: (.+?)(?=\n- |\Z)", text, re.S)
    assert len(bullets) == 8
    names = [
        re.sub(r"\s+", " ", name).strip()
        for _, listed in bullets
        for name in re.split(r"[,;]|: place each.*", listed.replace("(6G)", ""), flags=re.S)
    ]
    names = [name.rstrip(".") for name in names if name and not name.startswith("and say why")]
    assert len(names) > 70
    found = list(classify_texts([{"id": name, "title": named_in(name), "text": ""} for name in names], tmp_path, taxonomy=load_taxonomy()))
    assert [row["id"] for row in found if not row["technologies"]] == []
