import pytest

from scoring.cues import VOCABULARY, count_cues
from scoring.records import STAGES


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("A Pilot Line opened; mass production and commercial launch follow.", (0, 1, 2, 0, 0)),
        ("该公司中试线投产，计划明年量产。", (0, 1, 2, 0, 0)),
        ("小批量生产之后才是批量生产", (0, 1, 1, 0, 0)),  # small batch, then batch
        ("proof-of-concept on a lab-scale cell", (2, 0, 0, 0, 0)),
        ("被取代的工艺已逐步退出", (0, 0, 0, 0, 2)),
        ("the mainstream industry standard was phased out", (0, 0, 0, 2, 1)),
        ("prototyped subcommodityx, a mild phaseoutlier", (0, 0, 0, 0, 0)),  # whole words only
        ("", (0, 0, 0, 0, 0)),
    ],
)
def test_cues_are_counted_per_stage(text, counts):
    assert count_cues(text) == counts


def test_every_cue_is_found_and_belongs_to_one_stage_only():
    cues = [cue for stage in STAGES for cue in VOCABULARY[stage]]
    assert len({cue.lower() for cue in cues}) == len(cues)
    for index, stage in enumerate(STAGES):
        for cue in VOCABULARY[stage]:
            assert count_cues(f"x {cue.upper()} x")[index] == 1, cue
