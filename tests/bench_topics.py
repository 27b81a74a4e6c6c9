"""`python -m tests.bench_topics`: our topics beside plain BERTopic on the same documents, and how well they keep their identity.

Prints tables; asserts nothing (`tests/gates/test_topic_gate.py` does). Needs the private corpus beside the project.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb
import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_matrix

from nlp.embeddings import load_encoder
from nlp.spelling import fold_word
from nlp.static_vectors import Vectors
from nlp.text import clean
from nlp.topic_assignment import nearest_documents
from nlp.topic_quality import diversity, kept_share, npmi_coherence, outlier_share
from nlp.topics import Refit, assign, centroids_of, fit

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
CORPUS = SHARED / "corpus" / "papers_arxiv_dev_1995_2017.parquet"
SEED = 20240101
GROWTH = (0.01, 0.10)
LABELS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Sample:
    """Documents in a fixed order, their strata and unit vectors; the last ones are those that come later."""

    texts: list[str]
    strata: list[str]
    vectors: Vectors

    @property
    def digest(self) -> str:
        """Twelve hex digits of the texts."""
        return hashlib.sha256("\n".join(self.texts).encode()).hexdigest()[:12]

    def first(self, count: int) -> Sample:
        """Its first documents."""
        return Sample(self.texts[:count], self.strata[:count], self.vectors[:count])


@dataclass(frozen=True, slots=True)
class Scores:
    """What one model reached. Words are scored as written, and with plurals and spellings folded."""

    model: str
    topics: int
    outliers: float
    npmi: float
    npmi_folded: float
    diversity: float
    diversity_folded: float
    seconds: float


def read_sample(count: int, path: Literal["fast", "model"], folder: Path) -> Sample:
    """`count` abstracts, drawn by a hash of their ids, with vectors of one path; strata are year and hinted track.

    The numbers of `nlp.topic_labels` were chosen on another draw.
    """
    rows = (
        duckdb.connect()
        .execute(
            """
            SELECT title, abstract, year(published), coalesce(track_hint[1], 'none') FROM read_parquet(?)
            WHERE length(abstract) > 200 ORDER BY md5(id || 'held out') LIMIT ?
            """,
            [str(CORPUS), count],
        )
        .fetchall()
    )
    texts = [f"{clean(title)}. {clean(abstract)}" for title, abstract, _, _ in rows]
    vectors = load_encoder(path, folder, threads=1).encode(texts)
    return Sample(texts, [f"{year} {track}" for _, _, year, track in rows], vectors)


def fit_plain(sample: Sample) -> list[tuple[str, list[list[str]], list[int], float]]:
    """BERTopic as it comes (with a seed), and with the stop words that its manual advises: name, words, labels, seconds."""
    from bertopic import BERTopic
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    started = time.perf_counter()
    reducer = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=SEED)
    model = BERTopic(umap_model=reducer)
    labels, _ = model.fit_transform(sample.texts, embeddings=sample.vectors.copy())
    seconds = time.perf_counter() - started
    results = [("plain BERTopic", _words(model, max(labels) + 1), labels, seconds)]
    model.update_topics(sample.texts, vectorizer_model=CountVectorizer(stop_words="english"))
    return [*results, ("plain, stop words", _words(model, max(labels) + 1), labels, seconds)]


def compare(sample: Sample) -> tuple[Refit, list[Scores]]:
    """Ours and the plain ones on the same documents; our topics besides."""
    started = time.perf_counter()
    ours = fit(sample.vectors, sample.texts, seed=SEED, strata=sample.strata)
    seconds = time.perf_counter() - started
    positions, _ = assign(sample.vectors, centroids_of(ours.topics), ours.reject_below)
    results = [("ours", [list(topic.keywords) for topic in ours.topics], positions.tolist(), seconds), *fit_plain(sample)]
    readings = {is_folded: _read(sample.texts, is_folded) for is_folded in (False, True)}
    scores = []
    for name, words, labels, taken in results:
        written, folded = (_word_scores(words, readings[is_folded], is_folded) for is_folded in (False, True))
        outliers = outlier_share(np.array(labels, dtype=np.int64))
        scores.append(Scores(name, len(words), outliers, written[0], folded[0], written[1], folded[1], taken))
    return ours, scores


def identifiers(refit: Refit, vectors: Vectors) -> list[str | None]:
    """The topic of each document."""
    positions, _ = assign(vectors, centroids_of(refit.topics), refit.reject_below)
    return [refit.topics[place].topic_id if place >= 0 else None for place in positions.tolist()]


def grow(sample: Sample, known: int, first: Refit, share: float) -> tuple[float, Refit]:
    """Refit with `share` more documents than the `known` ones of the first fit: how many of those keep their topic, and the refit."""
    later = sample.first(known + round(known * share))
    refit = fit(later.vectors, later.texts, seed=SEED, strata=later.strata, previous=first.topics, reject_below=first.reject_below)
    vectors = sample.vectors[:known]
    return kept_share(identifiers(first, vectors), identifiers(refit, vectors)), refit


def _words(model: Any, count: int) -> list[list[str]]:
    return [[word for word, _ in model.get_topic(label) if word] for label in range(count)]


def _tokens(text: str, is_folded: bool) -> set[str]:
    """The words of a text after BERTopic's own cleaning (letters, digits and blanks stay)."""
    words = re.findall(r"\w\w+", re.sub(r"[^A-Za-z0-9 ]+", "", text).lower())
    return {fold_word(word) for word in words} if is_folded else set(words)


def _read(texts: Sequence[str], is_folded: bool) -> tuple[dict[str, int], Any]:
    """Every word's column, and which document holds which word, a sparse matrix (documents, words)."""
    columns: dict[str, int] = {}
    rows, places = [], []
    for row, text in enumerate(texts):
        for word in _tokens(text, is_folded):
            rows.append(row)
            places.append(columns.setdefault(word, len(columns)))
    return columns, csr_matrix((np.ones(len(rows), np.int32), (rows, places)), shape=(len(texts), len(columns))).tocsc()


def _word_scores(word_lists: Sequence[Sequence[str]], reading: tuple[dict[str, int], Any], is_folded: bool) -> tuple[float, float]:
    """NPMI and diversity of the words that the reading knows, in the same spelling as the reading."""
    columns, presence = reading
    lists = [[token for word in words for token in sorted(_tokens(word, is_folded))] for words in word_lists]
    lists = [[word for word in dict.fromkeys(words) if word in columns] for words in lists]
    return npmi_coherence(lists, columns, presence), diversity(lists)


def _tables(scores: Sequence[Scores]) -> Table:
    columns = ("model", "topics", "outliers", "NPMI", "NPMI, folded", "diversity", "diversity, folded", "seconds")
    table = Table(*columns, box=None)
    for one in scores:
        shares = (one.npmi, one.npmi_folded, one.diversity, one.diversity_folded)
        table.add_row(one.model, str(one.topics), f"{one.outliers:.1%}", *(f"{share:.3f}" for share in shares), f"{one.seconds:.0f}")
    return table


def main(arguments: Sequence[str]) -> int:
    """Compare, grow, and show labels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--vectors", choices=("fast", "model"), default="fast")
    chosen = parser.parse_args(arguments)
    if not CORPUS.is_file():
        parser.error("the private corpus is not beside the project")
    console = Console(width=150)
    with tempfile.TemporaryDirectory() as folder:
        sample = read_sample(round(chosen.documents * (1 + max(GROWTH))), chosen.vectors, Path(folder))
    known = sample.first(chosen.documents)
    first, scores = compare(known)
    console.print(
        f"{chosen.documents} abstracts ({known.digest}), {chosen.vectors} vectors, ten words a topic, threshold {first.reject_below}"
    )
    console.print(_tables(scores))
    for share in GROWTH:
        kept, refit = grow(sample, chosen.documents, first, share)
        events = Counter(event.event for event in refit.lineage)
        console.print(f"{share:.0%} more documents: {kept:.2%} keep their topic; {dict(events)}")
    positions, similarities = assign(known.vectors, centroids_of(first.topics), first.reject_below)
    shown = np.linspace(0, len(first.topics) - 1, min(LABELS_SHOWN, len(first.topics))).round().astype(int).tolist()
    for place in shown:
        topic = first.topics[place]
        title = known.texts[nearest_documents(positions, similarities, place, 1)[0]].split(". ")[0]
        console.print(f"{topic.document_count:5d}  {topic.label}  |  {' '.join(topic.keywords)}  |  {title[:70]}", markup=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
