"""Makes `bilingual_phrases.npz`: `python -m nlp.train_bilingual CORPUS.parquet [--out FILE]`.

CORPUS has id, title, abstract and, in the JSON column extras, title_zh and abstract_zh. One document in five, by a hash
of its identifier, is never learned from: the gates measure on those. Phrases that many texts share are stored, no text.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from nlp.bilingual import TABLE_PATH, load_table, save_phrases
from nlp.bilingual_learning import Pair, learn_phrases, sentences
from nlp.text import clean

HELD_OUT_ONE_IN = 5


def read_pairs(path: Path) -> Iterator[tuple[str, Pair]]:
    """(id, pair) of the documents that have both languages."""
    import pyarrow.parquet as parquet

    for batch in parquet.ParquetFile(path).iter_batches(columns=["id", "title", "abstract", "extras"]):
        for row in batch.to_pylist():
            told = json.loads(row["extras"] or "{}")
            parts = (row["title"], row["abstract"], told.get("title_zh"), told.get("abstract_zh"))
            pair = Pair(*(clean(part or "") for part in parts))
            if (pair.title or pair.abstract) and (pair.title_zh or pair.abstract_zh):
                yield row["id"], pair


def is_held_out(document_id: str) -> bool:
    """Whether a document is kept for measuring."""
    digest = hashlib.sha256(f"bilingual:{document_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % HELD_OUT_ONE_IN == 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn, write; prints how many phrases there are."""
    parser = argparse.ArgumentParser(prog="python -m nlp.train_bilingual", description="Make the Chinese-English phrases.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", default=TABLE_PATH, type=Path)
    options = parser.parse_args(arguments)

    pairs = [pair for document_id, pair in read_pairs(options.corpus) if not is_held_out(document_id)]
    found = list(sentences(pairs))
    phrases = learn_phrases(found)
    provenance = {
        "command": "python -m nlp.train_bilingual CORPUS",
        "inputs": {options.corpus.name: hashlib.sha256(options.corpus.read_bytes()).hexdigest()},
        "document_pairs": len(pairs),
        "sentences": len(found),
    }
    save_phrases(phrases, provenance, options.out)
    sys.stdout.write(f"{len(phrases)} phrases from {len(pairs)} pairs of texts, {len(load_table(options.out).phrases)} with the glossary\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
