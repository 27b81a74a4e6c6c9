"""What a person's acts do to families of terms, and which acts are refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from nlp.curation import Act, CurationError, Group, apply, in_force, read_act

AT = datetime(2025, 10, 1, 12)


@dataclass(frozen=True)
class Word:
    key: str


def act(number: int, kind: str, **said: Any) -> Act:
    return read_act({"number": number, "at": AT, "act": kind, "reason": "seen", **said})


def groups(acts: list[Act], *families: str) -> dict[str, Group[Word]]:
    found = apply([[Word(key) for key in family.split(",")] for family in families], acts)
    assert len({group.canonical_key for group in found}) == len(found)
    return {group.canonical_key: group for group in found}


def keys(group: Group[Word]) -> list[str]:
    return [member.key for member in group.members]


def test_a_merge_keeps_the_identity_of_the_target_and_later_acts_find_both_there() -> None:
    found = groups([act(1, "merge", technology="uav", into="drone"), act(2, "rename", technology="uav", name="Drones")], "uav,rpa", "drone")
    assert {key: keys(group) for key, group in found.items()} == {"drone": ["drone", "uav", "rpa"]}
    assert (found["drone"].name, found["drone"].is_accepted) == ("Drones", True)


def test_a_merge_into_what_is_not_there_yet_gives_its_identity_to_all_that_were_merged() -> None:
    acts = [act(1, "merge", technology="uav", into="drone"), act(2, "merge", technology="rpa", into="drone")]
    assert keys(groups(acts, "uav", "rpa")["drone"]) == ["uav", "rpa"]


def test_a_split_takes_its_names_along_and_leaves_the_rest_an_identity_of_its_own() -> None:
    found = groups([act(1, "split", technology="bci", terms=["bci", "neural implant"])], "bci,brain computer interface,neural implant")
    assert {key: keys(group) for key, group in found.items()} == {
        "brain computer interface": ["brain computer interface"],
        "bci": ["bci", "neural implant"],
    }
    assert all(group.is_apart for group in found.values())


def test_a_split_that_would_take_all_or_nothing_changes_nothing() -> None:
    acts = [act(1, "split", technology="a", terms=["a", "b"]), act(2, "split", technology="a", terms=["z"])]
    assert keys(groups(acts, "a,b")["a"]) == ["a", "b"]


def test_the_last_word_counts_and_untouched_families_are_left_to_the_rules() -> None:
    acts = [act(1, "accept", technology="a"), act(2, "reject", technology="a"), act(3, "reject", technology="nowhere")]
    assert {key: group.is_accepted for key, group in groups(acts, "a", "b").items()} == {"a": False, "b": None}


def test_an_undone_act_is_out_of_force_and_stays_in_the_list() -> None:
    acts = [act(1, "reject", technology="a"), act(2, "reject", technology="b"), act(3, "undo", undoes=1)]
    assert [one.number for one in in_force(acts)] == [2]


@pytest.mark.parametrize(
    ("acts", "sentence"),
    [
        ([act(2, "reject", technology="a")], "numbered 1, 2, 3"),
        ([act(1, "undo", undoes=1)], "which is no act that stands"),
        ([act(1, "reject", technology="a"), act(2, "undo", undoes=1), act(3, "undo", undoes=1)], "act 3 undoes 1"),
    ],
)
def test_a_list_that_does_not_hold_together_is_refused(acts: list[Act], sentence: str) -> None:
    with pytest.raises(CurationError, match=sentence):
        in_force(acts)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("reject", "must name one of"),
        ({"act": "destroy"}, "must name one of"),
        ({"number": 1, "at": AT, "act": "merge", "technology": "a", "reason": "x"}, "lacks 'into'"),
        ({"number": 1, "at": AT, "act": "reject", "technology": "a", "reason": "x", "into": "b"}, "unknown field 'into'"),
        ({"number": 1, "at": AT, "act": "reject", "technology": "a", "reason": ""}, "as its reason"),
        ({"number": 1, "at": "today", "act": "reject", "technology": "a", "reason": "x"}, "as its at"),
    ],
)
def test_an_act_that_cannot_be_read_is_refused_in_one_sentence(row: Any, sentence: str) -> None:
    with pytest.raises(CurationError, match=sentence) as caught:
        read_act(row)
    assert "\n" not in str(caught.value)


def test_an_act_is_written_as_it_is_read() -> None:
    row = {"number": 1, "at": AT, "act": "split", "reason": "x", "technology": "a", "terms": ["b", "c"]}
    assert read_act(row).as_row() == row
