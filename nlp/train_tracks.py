"""Makes `track_weights.npz`: `python -m nlp.train_tracks CORPUS.parquet ... --labels LABELS.csv --own-labels OWN.csv ... --cache FOLDER`.

CORPUS has the import columns (source, kind, id, title, abstract, lang, categories). Label files have source, id, required and
allowed, tracks separated by `;`, and may have `likely` and `draw`. Of LABELS and of the fresh draws of OWN one half, fixed by
the identifiers, is measured on and teaches nothing; all else is learned from, with headlines made of the taxonomy's names.
No text is stored in the result: only words that many texts share, weights, the digests of the inputs and the figures
measured. CACHE keeps sentence vectors between runs.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.codes import CodeTable, load_codes
from nlp.embeddings import Encoder, load_encoder
from nlp.lexicon import Lexicon
from nlp.records import TRACKS, Text, Track
from nlp.taxonomy import load_taxonomy
from nlp.track_learning import NAME_DRAW, Lessons, learn, name_headlines, sample_texts, teach_again, title_alone
from nlp.track_measures import LabelledText, unit_hash
from nlp.track_model import MODEL_PATH, load_model, save_model
from nlp.track_report import measure
from nlp.track_signals import sentence_of

PATENT_CODE = re.compile(r"^[A-HY]\d\d[A-Z]\d+/\d+$")
COLUMNS = ["source", "kind", "id", "title", "abstract", "lang", "categories"]
WEAK_TEXT_COUNT = 60_000
UNTOLD_COUNTS = {"news": 6_000, "patent": 3_500, "paper": 3_500}
ENCODED_AT_ONCE = 1_000
UNTOLD_PER_HEADING = 150  # so that small fields are taught as well as large ones


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


def read_labels(path: Path, texts: Mapping[tuple[str, str], Text]) -> list[LabelledText]:
    """Hand labels joined with their texts; labels whose text is not in the corpus are left out."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            LabelledText(
                texts[row["source"], row["id"]],
                required=_tracks(row["required"]),
                allowed=_tracks(row["allowed"]),
                likely=_tracks(row.get("likely", row["required"])),
                draw=row.get("draw", ""),
            )
            for row in csv.DictReader(lines)
            if (row["source"], row["id"]) in texts
        ]


def encode(texts: Sequence[Text], encoder: Encoder) -> dict[str, npt.NDArray[np.float32]]:
    """Sentence vectors by sentence, a part at a time, so that the encoder's cache keeps what an interrupted run has made."""
    sentences = sorted({sentence_of(text) for text in texts})
    vectors: dict[str, npt.NDArray[np.float32]] = {}
    for start in range(0, len(sentences), ENCODED_AT_ONCE):
        part = sentences[start : start + ENCODED_AT_ONCE]
        vectors |= dict(zip(part, encoder.encode(part), strict=True))
    return vectors


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, write; prints the figures of the held-out half."""
    parser = argparse.ArgumentParser(prog="python -m nlp.train_tracks", description="Make the weights of the track model.")
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--labels", required=True, type=Path)
    parser.add_argument("--own-labels", nargs="+", required=True, type=Path)
    parser.add_argument("--cache", required=True, type=Path)
    parser.add_argument("--quick", action="store_true", help="encode what is learned from in bfloat16, where the processor has it")
    parser.add_argument("--taught-only", action="store_true", help="keep the weak words and the combiners of the weights that stand")
    parser.add_argument("--out", default=MODEL_PATH, type=Path)
    options = parser.parse_args(arguments)

    codes, taxonomy = load_codes(), load_taxonomy()
    pairs = [pair for path in sorted(options.corpus) for pair in read_corpus(path, codes)]
    texts = {(source, text.version_id): text for source, text in pairs}
    by_hand = [*read_labels(options.labels, texts), *(item for path in options.own_labels for item in read_labels(path, texts))]
    held_out = [item for item in by_hand if item.is_held_out]
    unseen = {sentence_of(item.text) for item in held_out}  # the same words under another identifier teach nothing either
    labelled = [item for item in by_hand if not item.is_held_out and sentence_of(item.text) not in unseen] + name_headlines(taxonomy)
    labelled_ids = {item.text.version_id for item in by_hand}
    unlabelled = [(source, text) for source, text in pairs if text.version_id not in labelled_ids and sentence_of(text) not in unseen]
    weak = sample_texts([(source, text) for source, text in unlabelled if text.kind != "news"])[:WEAK_TEXT_COUNT]
    untold = _untold(unlabelled)

    exact = load_encoder("model", options.cache, threads=1)
    reader = load_encoder("model", options.cache, threads=1, precision="bfloat16") if options.quick else exact
    vectors = encode([*(text for item in labelled for text in (item.text, title_alone(item.text))), *untold], reader)
    definitions = {item.track: item.definition for item in taxonomy.tracks}
    headline_count = sum(item.draw == NAME_DRAW for item in labelled)
    lessons = Lessons(weak, untold, labelled, vectors)
    standing = load_model() if options.taught_only else None
    if standing is None:
        model = learn(lessons, Lexicon(taxonomy), codes, exact.encode([definitions[track] for track in TRACKS]))
    else:
        model = teach_again(standing, lessons)
    provenance: dict[str, object] = {
        "command": "python -m nlp.train_tracks CORPUS... --labels LABELS --own-labels OWN... --cache FOLDER"
        + " --quick" * options.quick
        + " --taught-only" * options.taught_only,
        "inputs": {path.name: _digest(path) for path in [*sorted(options.corpus), options.labels, *options.own_labels]},
        "taxonomy": taxonomy.digest,
        "encoder": exact.name,
        "learned_from": {
            "weak": len(weak) if standing is None else 0,
            "untold": len(untold),
            "labelled": len(labelled) - headline_count,
            "headlines": headline_count,
        },
        "held_out": measure(replace(model, provenance={}), held_out, exact),
    }
    if standing is not None:
        provenance["stands_on"] = standing.provenance.get("stands_on") or {
            key: standing.provenance[key] for key in ("command", "inputs", "taxonomy", "learned_from")
        }
    save_model(replace(model, provenance=provenance), options.out)
    sys.stdout.write(f"{load_model(options.out).provenance['held_out']}\n")
    return 0


def _untold(unlabelled: Sequence[tuple[str, Text]]) -> list[Text]:
    """Texts to be taught on, by kind, spread over sources and codes; the news have no codes and are drawn freely."""
    chosen: list[Text] = []
    for kind, count in UNTOLD_COUNTS.items():
        of_kind = [(source, text) for source, text in unlabelled if text.kind == kind]
        chosen += sample_texts(of_kind, count if kind == "news" else UNTOLD_PER_HEADING)[:count]
    return sorted({sentence_of(text): text for text in chosen}.values(), key=lambda text: unit_hash(text.version_id))


def _tracks(field: str) -> frozenset[Track]:
    named = field.split(";")
    return frozenset(track for track in TRACKS if track in named)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
