"""`make bench`: speed as ratios measured side by side in one run. Prints tables; asserts nothing.

The practice archive serves for single steps and crawling; reading end to end and topics take the corpus beside the project.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from crawlers.replay.practice import make_world
from nlp.duplicates import keys
from nlp.embeddings import load_encoder
from nlp.records import Text
from nlp.terms import load_pipeline, read
from nlp.text import clean, language
from nlp.tracks import TrackScorer
from tests import bench_topics
from tests.bench_crawling import STORMY_HOSTS, calm_share, walks
from tests.bench_nights import night_costs
from tests.bench_parsing import parsing_table
from tests.bench_reading import FULL, reading_tables
from tests.bench_scoring import scoring_table

MODEL_SAMPLE = 400
"""Texts the sentence model is timed on: enough to be steady, few enough to be bearable."""


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> int:
    """Time each reading step on the same texts; rates are texts a second, ratios against the packaged sentence model."""
    texts = [
        Text(record.id, record.kind, clean(record.title), clean(record.abstract), language(record.title, record.abstract, None))
        for record in make_world().records
    ]
    whole = [f"{text.title}. {text.abstract}" for text in texts]
    pipeline, scorer = load_pipeline(), TrackScorer()
    with tempfile.TemporaryDirectory() as folder:
        model, fast = load_encoder("model", Path(folder)), load_encoder("fast", Path(folder))
        for encoder in (model, fast):
            encoder.encode(whole[:8])  # the first call loads and compiles
        measured = {
            "sentence model": MODEL_SAMPLE / seconds(lambda: model.encode(whole[:MODEL_SAMPLE])),
            "fast vectors": len(whole) / seconds(lambda: fast.encode(whole)),
            "terms and entities": len(texts) / seconds(lambda: list(read(texts, pipeline))),
            "tracks": len(texts) / seconds(lambda: scorer.score(texts)),
            "duplicate keys": len(texts) / seconds(lambda: [keys(one.version_id, one.kind, one.title, one.abstract, {}) for one in texts]),
        }
    table = Table("step", "texts a second", "times the sentence model", box=None)
    for step, rate in measured.items():
        table.add_row(step, f"{rate:,.0f}", f"{rate / measured['sentence model']:.1f}")
    console = Console(width=100)
    console.print(table)
    console.print(parsing_table())
    console.print(walks())
    console.print(scoring_table())
    console.print(night_costs())
    console.print(f"A host beside {STORMY_HOSTS} that refuse keeps {calm_share():.0%} of its rate.")
    with tempfile.TemporaryDirectory() as folder:
        reading_tables(FULL, console, Path(folder))
    if bench_topics.CORPUS.is_file():
        bench_topics.main([])
        bench_topics.main(["--documents", "5000", "--vectors", "model"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
