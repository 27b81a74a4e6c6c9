"""Gate: tracks of the half of the hand labels that sets no number. Floors hold for the labels and weights they were measured with.

`python tests/gates/test_track_gate.py` prints every figure, and the confusion table and the 20 worst errors of each stream
(identifiers and tracks, no texts).
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest

from nlp.codes import load_codes
from nlp.embeddings import Encoder, load_encoder
from nlp.track_measures import LabelledText
from nlp.track_model import MODEL_PATH, load_model
from nlp.track_report import STREAMS, VIEWS, answer, measure, render
from nlp.tracks import TrackScorer
from nlp.train_tracks import read_corpus, read_labels

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
LABELS = SHARED / "gold" / "track_labels_dev.csv"
OWN_LABELS = Path(__file__).resolve().parents[2] / "data" / "gold" / "track_labels_own.csv"
SIZE_LIMIT_BYTES = 5_000_000
LABELS_SHA256 = "4468e83108068e565820a75ab10e1594d1e82632d2e49e943c9aef32fdf4d7f0"
# Macro-F1 by view and stream, less .01: another processor may turn a text or two at the threshold.
FLOORS: dict[str, dict[str, float]] = {
    "text": {"all": 0.856, "news": 0.706, "paper": 0.875, "patent": 0.879},
    "text and codes": {"all": 0.862, "news": 0.697, "paper": 0.899, "patent": 0.872},
    "title alone": {"all": 0.816, "news": 0.73, "paper": 0.872, "patent": 0.783},
    "text, words only": {"all": 0.835, "news": 0.639, "paper": 0.886, "patent": 0.839},
    "text and codes, words only": {"all": 0.822, "news": 0.673, "paper": 0.873, "patent": 0.811},
    "title alone, words only": {"all": 0.739, "news": 0.639, "paper": 0.776, "patent": 0.724},
}
CALIBRATION_CEILING = 0.05

pytestmark = pytest.mark.real


def held_out_texts() -> list[LabelledText]:
    """The labelled texts that set no number, joined with the corpus beside the project."""
    codes = load_codes()
    wanted = {tuple(line.split(",")[:2]) for line in LABELS.read_text(encoding="utf-8").splitlines()}
    texts = {
        (source, text.version_id): text
        for path in sorted((SHARED / "corpus").glob("*.parquet"))
        if path.stem != "ci_mini"
        for source, text in read_corpus(path, codes)
        if (source, text.version_id) in wanted
    }
    return [item for item in read_labels(LABELS, texts) if item.is_held_out]


@pytest.fixture(scope="module")
def held_out() -> list[LabelledText]:
    if not LABELS.exists():
        pytest.skip("the hand labels beside the project are not here")
    return held_out_texts()


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return load_encoder("model", tmp_path_factory.mktemp("vectors"), threads=1)


def test_figures_of_every_stream_stay_above_their_floors(held_out: list[LabelledText], encoder: Encoder) -> None:
    assert hashlib.sha256(LABELS.read_bytes()).hexdigest() == LABELS_SHA256, "other labels need floors of their own"
    figures = measure(load_model(), held_out, encoder)
    low = {
        f"{view}, {stream}": (figures[view][stream]["macro_f1"], floor)
        for view, floors in FLOORS.items()
        for stream, floor in floors.items()
        if float(str(figures[view][stream]["macro_f1"])) < floor
    }
    assert not low, low
    assert {view.name for view in VIEWS} == set(FLOORS)
    errors = {view: figures[view]["all"]["calibration_error"] for view in FLOORS}
    assert all(float(str(error)) <= CALIBRATION_CEILING for error in errors.values()), errors


def test_the_weights_are_small_and_say_what_they_were_made_from() -> None:
    provenance = load_model().provenance
    assert MODEL_PATH.stat().st_size <= SIZE_LIMIT_BYTES
    assert "--own-labels" in provenance["command"]
    assert provenance["inputs"][OWN_LABELS.name] == hashlib.sha256(OWN_LABELS.read_bytes()).hexdigest()


if __name__ == "__main__":
    texts, reader = held_out_texts(), load_encoder("model", Path(sys.argv[1] if len(sys.argv) > 1 else "data/models"), threads=1)
    sys.stdout.write(f"{json.dumps(measure(load_model(), texts, reader), indent=1)}\n")
    answers = answer(TrackScorer(), texts, VIEWS[0], reader)
    for kind in STREAMS:
        sys.stdout.write(f"\n## {kind}, {VIEWS[0].name}\n\n{render(answers.of_stream(kind))}\n")
