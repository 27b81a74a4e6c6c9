"""What comes first, and in which words; what may not be called an order."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from flows.reports.findings import choose_changes, say_change, say_reason, signed, tie_groups
from flows.reports.records import Change, Part, Standing


def standing(name: str, rank: int, low: int, high: int, vitality: float = 50.0, momentum: float = 20.0, track: str = "energy") -> Standing:
    return Standing(
        technology_id=name,
        name=name,
        name_zh=None,
        track=track,
        rank=rank,
        rank_low=low,
        rank_high=high,
        track_rank=rank,
        score=vitality + momentum,
        score_low=0.0,
        score_high=100.0,
        stage="incubation",
        works=20,
        recent_works=10,
        streams=("paper",),
        parts=(Part("vitality", vitality), Part("field_momentum", momentum)),
    )


ENTERED = Change(standing("entered", 12, 8, 20), None)
CLEAR = Change(standing("clear", 2, 1, 4), standing("clear", 15, 9, 22))
STAGED = Change(replace(standing("staged", 3, 1, 9), stage="scaling"), standing("staged", 3, 1, 9))
MOVED = Change(standing("moved", 4, 1, 9), standing("moved", 8, 3, 15))
TOLD_OF = Change(replace(standing("told of", 19, 9, 30), works=23), standing("told of", 18, 9, 30))
KEPT = Change(standing("kept", 1, 1, 3), standing("kept", 1, 1, 3))
FAR = Change(standing("far", 60, 50, 70), standing("far", 30, 25, 35))


def test_new_then_clear_then_stage_then_new_works_and_nothing_far_down() -> None:
    assert choose_changes([FAR, KEPT, MOVED, STAGED, TOLD_OF, CLEAR, ENTERED]) == (ENTERED, CLEAR, STAGED, TOLD_OF, KEPT)


def test_a_track_gets_a_third_finding_only_when_no_other_track_has_one() -> None:
    other = Change(standing("other", 9, 5, 14, track="space"), standing("other", 9, 5, 14, track="space"))
    assert other in choose_changes([KEPT, MOVED, STAGED, CLEAR, ENTERED, other])


def test_a_clear_fall_out_of_view_is_still_told() -> None:
    fallen = Change(standing("fallen", 40, 30, 50), standing("fallen", 5, 2, 9))
    assert choose_changes([fallen, KEPT])[0] is fallen


@given(st.permutations([FAR, KEPT, MOVED, STAGED, CLEAR, ENTERED]))
def test_the_order_of_delivery_does_not_matter(changes: list[Change]) -> None:
    assert choose_changes(changes) == choose_changes(sorted(changes, key=lambda change: change.now.rank))


def test_the_sentence_says_how_sure_the_move_is() -> None:
    assert say_change(CLEAR, True) == "rises from place 15 to 2, beyond both 80 % intervals."
    assert say_change(MOVED, True) == "stands at place 4 (8 before; the 80 % intervals overlap, so it may be chance)."
    assert say_change(TOLD_OF, True) == "stands at place 19 (18 before; the 80 % intervals overlap, so it may be chance), with 3 new works."
    assert say_change(STAGED, True) == "keeps place 3 and moves from incubation to scaling."
    assert say_change(ENTERED, True) == "enters the ranking at place 12."
    assert say_change(ENTERED, False) == "stands at place 12."


def test_the_reason_names_the_additive_parts_and_their_change() -> None:
    now, before = standing("x", 1, 1, 2, vitality=55.25, momentum=19.0), standing("x", 2, 1, 3, vitality=50.0, momentum=20.0)
    reason = say_reason(Change(now, before))
    assert reason.startswith("Score 70.0 → 74.2 (+4.2):")
    assert reason.index("vitality +5.2 to 55.2") < reason.index("field momentum −1.0 to 19.0")
    assert say_reason(ENTERED) == "Its score of 70.0 is vitality 50.0 + field momentum 20.0 points."


def test_a_vanishing_number_has_no_sign() -> None:
    assert (signed(-0.04), signed(0.0), signed(-1.25, 2)) == ("0.0", "0.0", "−1.25")


intervals = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30)


@given(intervals)
def test_groups_cut_only_where_a_place_is_apart_from_the_groups_first(spans: list[tuple[int, int]]) -> None:
    ranked = [standing(f"t{rank}", rank, max(1, rank - down), rank + up) for rank, (down, up) in enumerate(spans, start=1)]
    groups = tie_groups(ranked)
    assert [entry for group in groups for entry in group] == ranked
    for group in groups:
        assert all(entry.rank_low <= group[0].rank_high for entry in group)
    for earlier, later in itertools.pairwise(groups):
        assert later[0].rank_low > earlier[0].rank_high
