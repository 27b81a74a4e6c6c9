"""Makes `track_weights.npz`: `python -m nlp.train_tracks CORPUS.parquet ... --labels LABELS.csv [--out FILE]`.

CORPUS has the import columns (source, kind, id, title, abstract, lang, categories); LABELS has source, id, required and
allowed, tracks separated by `;`. No text is stored in the result: only words that many texts share, their weights, the
digests of the inputs and the figures measured on the held-out half of the labels.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from nlp.codes import CodeTable, load_codes
from nlp.lexicon import Lexicon
from nlp.records import TRACKS, Text, Track
from nlp.taxonomy import load_taxonomy
from nlp.track_learning import (
    LabelledText,
    learn_combiner,
    learn_words,
    membership,
    none_f1,
    sample_texts,
    track_f1,
)
from nlp.track_model import MODEL_PATH, TrackModel, load_model, save_model
from nlp.tracks import TrackScorer

PATENT_CODE = re.compile(r"^[A-HY]\d\d[A-Z]\d+/\d+$")
COLUMNS = ["source", "kind", "id", "title", "abstract", "lang", "categories"]


def read_corpus(path: Path, codes: CodeTable) -> Iterator[tuple[str, Text]]:
    """Rows of one Parquet file as (source, text); a category becomes an arxiv, cpc or category code by its form."""
    import pyarrow.parquet as parquet

    for batch in parquet.ParquetFile(path).iter_batches(columns=COLUMNS):
        for row in batch.to_pylist():
            pairs = tuple((scheme_of(code, codes), code) for code in row["categories"] or ())
            lang = row["lang"] or "en"
            yield row["source"], Text(row["id"], row["kind"], row["title"] or "", row["abstract"] or "", lang, pairs)


def scheme_of(code: str, codes: CodeTable) -> str:
    """The scheme a bare category belongs to."""
    if PATENT_CODE.match(code):
        return "cpc"
    return "arxiv" if codes.meaning("arxiv", code) is not None else "category"


def read_labels(path: Path, texts: dict[tuple[str, str], Text]) -> list[LabelledText]:
    """Hand labels joined with their texts; labels whose text is not in the corpus are left out."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            LabelledText(texts[row["source"], row["id"]], _tracks(row["required"]), _tracks(row["allowed"]))
            for row in csv.DictReader(lines)
            if (row["source"], row["id"]) in texts
        ]


def measure(model: TrackModel, labelled: Sequence[LabelledText]) -> dict[str, float]:
    """Macro-F1 over the six tracks, F1 of each, and F1 of the answer `none`."""
    scorer = TrackScorer(model=model)
    assigned = {(score.version_id, score.track) for score in scorer.score([item.text for item in labelled]) if score.is_assigned}
    given = np.array([[(item.text.version_id, track) in assigned for track in TRACKS] for item in labelled])
    required, allowed = membership(labelled)
    per_track = track_f1(given, required, allowed)
    figures = {str(track): round(value, 4) for track, value in zip(TRACKS, per_track, strict=True)}
    return {
        "macro_f1": round(float(np.mean(per_track)), 4),
        **figures,
        "none": round(none_f1(given, required, allowed), 4),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, write; prints the figures of the held-out half."""
    parser = argparse.ArgumentParser(prog="python -m nlp.train_tracks", description="Make the weights of the track model.")
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--labels", required=True, type=Path)
    parser.add_argument("--out", default=MODEL_PATH, type=Path)
    options = parser.parse_args(arguments)

    codes, taxonomy = load_codes(), load_taxonomy()
    lexicon = Lexicon(taxonomy)
    pairs = [pair for path in sorted(options.corpus) for pair in read_corpus(path, codes)]
    labelled = read_labels(options.labels, {(source, text.version_id): text for source, text in pairs})
    labelled_ids = {item.text.version_id for item in labelled}
    unlabelled = [(source, text) for source, text in pairs if text.version_id not in labelled_ids]
    model = learn_words(sample_texts(unlabelled), lexicon, codes)
    model = learn_combiner(model, [item for item in labelled if not item.is_held_out], lexicon, codes)
    provenance: dict[str, object] = {
        "command": "python -m nlp.train_tracks CORPUS... --labels LABELS",
        "inputs": {path.name: _digest(path) for path in [*sorted(options.corpus), options.labels]},
        "taxonomy": taxonomy.digest,
        "held_out": measure(model, [item for item in labelled if item.is_held_out]),
    }
    save_model(replace(model, provenance=provenance), options.out)
    sys.stdout.write(f"{load_model(options.out).provenance['held_out']}\n")
    return 0


def _tracks(field: str) -> frozenset[Track]:
    named = field.split(";")
    return frozenset(track for track in TRACKS if track in named)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
