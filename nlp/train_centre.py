"""Makes `static_centre.npz`: `python -m nlp.train_centre CORPUS.parquet ... [--out FILE]`.

Counts the tokens of a sample of abstracts (columns id, title, abstract) and keeps one direction, the one that technical
prose shares; no text and no count is stored.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from nlp.embeddings import load_sentence_model, model_folder
from nlp.static_vectors import CENTRE_PATH, learn_centre, token_vectors, token_weights

SAMPLE_ONE_IN = 32


def main(arguments: Sequence[str] | None = None) -> int:
    """Count, learn, write."""
    parser = argparse.ArgumentParser(prog="python -m nlp.train_centre", description="Make the centre of the static vectors.")
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--out", default=CENTRE_PATH, type=Path)
    options = parser.parse_args(arguments)

    model = load_sentence_model(model_folder(), threads=1)
    size = len(model.tokenizer)
    counts = np.zeros(size)
    for path in sorted(options.corpus):
        for text in _sample(path):
            np.add.at(counts, model.tokenizer(text, add_special_tokens=False, truncation=True)["input_ids"], 1.0)
    centre = learn_centre(token_vectors(model), token_weights(model.tokenizer.convert_ids_to_tokens(range(size))), counts)
    provenance = {
        "command": "python -m nlp.train_centre CORPUS...",
        "inputs": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(options.corpus)},
    }
    stored = np.frombuffer(json.dumps(provenance, sort_keys=True).encode(), dtype=np.uint8)
    np.savez_compressed(options.out, centre=centre.astype(np.float32), provenance=stored)
    return 0


def _sample(path: Path) -> Iterator[str]:
    """Texts with an abstract, one in SAMPLE_ONE_IN by a hash of the identifier."""
    import pyarrow.parquet as parquet

    for batch in parquet.ParquetFile(path).iter_batches(columns=["id", "title", "abstract"]):
        for row in batch.to_pylist():
            digest = hashlib.sha256(row["id"].encode()).digest()
            if row["abstract"] and int.from_bytes(digest[:4], "big") % SAMPLE_ONE_IN == 0:
                yield f"{row['title']}. {row['abstract']}"


if __name__ == "__main__":
    sys.exit(main())
