"""`python -m tests.bench_reading [--documents N] [--folder F]`: reading N abstracts end to end, beside two usual ways on fewer.

Every way runs in a process of its own, one after the other, so that its peak memory is its own. Rates are
per second of one core. The beside columns are
(a) the packaged sentence model run as it is, and (b) BERTopic with its own defaults on that model. Prints three tables.
What was measured is kept in F: a run that was stopped goes on there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from nlp.records import Text

CORPUS = Path(__file__).resolve().parents[1].parent / "shared" / "corpus"
PAPERS = ("papers_arxiv_dev_1995_2017", "papers_arxiv_other_negative", "papers_conf_dev")
FULL, BESIDE, LOSS_SAMPLE, HALF_PRECISION_SAMPLE = 100_000, 5_000, 2_000, 500
BATCH = 4_096  # as the stages of a night read
STAGES = ("terms", "tracks", "vectors", "topics, fitted", "assignment")
SEED = 1

Vectors = npt.NDArray[np.float32]


class Watch:
    """Seconds per named stage: of the processor (all threads together, the same on a busy machine) and by the clock."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.clock = 0.0

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Add what the block takes to one stage."""
        started, clock = time.process_time(), time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.process_time() - started
        self.clock += time.perf_counter() - clock

    def told(self, **figures: Any) -> dict[str, Any]:
        """Everything measured, ready for JSON."""
        return {"seconds": self.seconds, "clock": self.clock, **figures}


def abstracts(count: int) -> tuple[list[Text], list[str]]:
    """`count` abstracts in an order fixed by a hash, with a stratum each: the real corpus where it is, else the practice archive."""
    from nlp.text import clean, language

    found: list[tuple[str, str, str, str]] = []
    if CORPUS.exists():
        import pyarrow.parquet as parquet

        columns = ["id", "title", "abstract", "published"]
        for name in PAPERS:
            rows = parquet.read_table(CORPUS / f"{name}.parquet", columns=columns).to_pylist()
            found += [
                (row["id"], row["title"] or "", row["abstract"], f"{name} {row['published'].year}") for row in rows if row["abstract"]
            ]
    else:
        from crawlers.replay.practice import make_world

        found = [(record.id, record.title, record.abstract, record.kind) for record in make_world().records]
    found.sort(key=lambda row: (hashlib.sha256(row[0].encode()).digest(), row[1]))
    texts = []
    for identifier, raw_title, raw_abstract, _ in found[:count]:
        title, abstract = clean(raw_title), clean(raw_abstract)
        texts.append(Text(identifier, "paper", title, abstract, language(title, abstract, None)))
    return texts, [stratum for *_, stratum in found[:count]]


def read_ours(count: int, folder: Path) -> dict[str, Any]:
    """Our stages, in batches as a night runs them, on the fast vectors."""
    from nlp.embeddings import load_encoder
    from nlp.terms import load_pipeline, read
    from nlp.topics import assign, centroids_of, fit
    from nlp.tracks import TrackScorer

    texts, strata = abstracts(count)
    pipeline, scorer, encoder = load_pipeline(), TrackScorer(), load_encoder("fast", folder)
    watch, parts = Watch(), []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        with watch.time("terms"):
            list(read(batch, pipeline))
        with watch.time("tracks"):
            scorer.score(batch)
        with watch.time("vectors"):
            parts.append(encoder.encode([whole(text) for text in batch]))
    vectors = np.concatenate(parts)
    with watch.time("topics, fitted"):
        refit = fit(vectors, [whole(text) for text in texts], seed=SEED, strata=strata)
    with watch.time("assignment"):
        positions, _ = assign(vectors, centroids_of(refit.topics), refit.reject_below)
    np.save(folder / "fast.npy", vectors[:LOSS_SAMPLE])
    outliers = float((positions < 0).mean())
    return watch.told(documents=len(texts), topics=len(refit.topics), outliers=outliers)


def read_by_model(count: int, folder: Path) -> dict[str, Any]:
    """(a): the packaged sentence model alone, called as its own documentation calls it."""
    from nlp.embeddings import ModelMissing, load_sentence_model, model_folder

    texts, _ = abstracts(count)
    model, watch = load_sentence_model(model_folder(), threads=2), Watch()
    model.encode([whole(text) for text in texts[:8]])
    with watch.time("vectors"):
        vectors = model.encode([whole(text) for text in texts], show_progress_bar=False, normalize_embeddings=True)
    np.save(folder / "model.npy", vectors)
    try:
        quick = load_sentence_model(model_folder(), 2, "bfloat16")
    except ModelMissing:  # this processor has none: the table says so
        return watch.told(documents=len(texts), half_rate=None)
    sample = [whole(text) for text in texts[:HALF_PRECISION_SAMPLE]]
    quick.encode(sample[:8])
    half = Watch()
    with half.time("vectors"):
        rows = quick.encode(sample, show_progress_bar=False, normalize_embeddings=True, convert_to_tensor=True).float().numpy()
    closeness = float((rows * vectors[: len(rows)]).sum(axis=1).min())
    return watch.told(documents=len(texts), half_rate=len(sample) / half.seconds["vectors"], half_cosine=closeness)


def read_by_bertopic(count: int, folder: Path) -> dict[str, Any]:
    """(b): BERTopic() as it comes; its terms (c-TF-IDF) are part of the fit, and it has no tracks.

    Its first step, the vectors, is what (a) did a moment ago: they and their seconds are taken over by the caller.
    """
    from bertopic import BERTopic

    texts, _ = abstracts(count)
    documents, vectors, watch = [whole(text) for text in texts], np.load(folder / "model.npy"), Watch()
    topic_model = BERTopic()
    with watch.time("topics, fitted"):
        topics, _ = topic_model.fit_transform(documents, embeddings=vectors)
    with watch.time("assignment"):
        topic_model.transform(documents, embeddings=vectors)
    return watch.told(documents=len(texts), topics=len(set(topics)) - 1, outliers=topics.count(-1) / len(topics))


def measure_loss(count: int, folder: Path) -> dict[str, Any]:
    """What the fast vectors cost, on the first texts: both kinds of vectors were stored by the runs before."""
    from scipy.stats import spearmanr
    from sklearn.metrics import adjusted_mutual_info_score

    from nlp.embeddings import ModelEncoder, load_encoder, load_sentence_model, model_folder
    from nlp.topics import assign, centroids_of, fit

    texts, strata = abstracts(count)
    fast, model = np.load(folder / "fast.npy")[:count], np.load(folder / "model.npy")[:count]
    titles = [text.title for text in texts[:LOSS_SAMPLE]]
    own = ModelEncoder(load_sentence_model(model_folder(), 2), "", "", "float32", is_multilingual=False)
    encode: dict[str, Callable[[Sequence[str]], Vectors]] = {"fast": load_encoder("fast", folder).encode, "model": own.encode}
    similar = {"fast": fast @ fast.T, "model": model @ model.T}
    upper = np.triu_indices(len(fast), k=1)
    found: dict[str, Any] = {"spearman": float(spearmanr(similar["fast"][upper], similar["model"][upper]).statistic)}
    near = {name: np.argsort(-table, axis=1, kind="stable")[:, 1:11] for name, table in similar.items()}
    shared = [len(set(one) & set(other)) for one, other in zip(near["fast"].tolist(), near["model"].tolist(), strict=True)]
    found["shared neighbours"] = float(np.mean(shared)) / 10.0
    positions = {}
    for name, vectors in (("fast", fast), ("model", model)):
        query = encode[name](titles) @ vectors.T
        found[f"{name}: title finds its abstract"] = float((query.argmax(axis=1) == np.arange(len(vectors))).mean())
        found[f"{name}: nearest has the same tracks"] = track_agreement(near[name][:, 0], texts)
        refit = fit(vectors, [whole(text) for text in texts], seed=SEED, strata=strata)
        positions[name], _ = assign(vectors, centroids_of(refit.topics), refit.reject_below)
    found["topics agree (AMI)"] = float(adjusted_mutual_info_score(positions["fast"], positions["model"]))
    return found


def track_agreement(nearest: npt.NDArray[np.int64], texts: Sequence[Text]) -> float:
    """Share of texts whose nearest neighbour has the same tracks as they have, by the word scorer."""
    from nlp.tracks import TrackScorer

    given: dict[str, list[str]] = {text.version_id: [] for text in texts}
    for score in TrackScorer().score(texts):
        if score.is_assigned:
            given[score.version_id].append(score.track)
    tracks = [given[text.version_id] for text in texts]
    return float(np.mean([tracks[row] == tracks[other] for row, other in enumerate(nearest.tolist())]))


def whole(text: Text) -> str:
    """What is encoded of one text, as the stage `embed` does."""
    return f"{text.title}. {text.abstract}"


WAYS: dict[str, Callable[[int, Path], dict[str, Any]]] = {
    "ours": read_ours,
    "model": read_by_model,
    "bertopic": read_by_bertopic,
    "loss": measure_loss,
}


def run_alone(way: str, count: int, folder: Path) -> dict[str, Any]:
    """One way in a fresh process, with its peak memory in GB; what `folder` already holds of it is not measured again."""
    kept = folder / f"{way}-{count}.json"
    if not kept.exists():
        command = [sys.executable, "-m", "tests.bench_reading", "--way", way, "--documents", str(count), "--folder", str(folder)]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        kept.write_text(told.splitlines()[-1], encoding="utf-8")
    return dict(json.loads(kept.read_text(encoding="utf-8")))


def reading_tables(count: int, console: Console, folder: Path) -> None:
    """Run every way and print what it took."""
    beside = min(count, BESIDE)
    run_alone("ours", 200, folder)  # makes the fast table, so that no column pays for it
    columns = {"ours": run_alone("ours", count, folder)}
    columns["ours, beside"] = run_alone("ours", beside, folder)
    columns["(a) model"] = run_alone("model", beside, folder)
    columns["(b) BERTopic"] = run_alone("bertopic", beside, folder)
    columns["(b) BERTopic"]["seconds"]["vectors"] = columns["(a) model"]["seconds"]["vectors"]
    columns["(b) BERTopic"]["clock"] += columns["(a) model"]["clock"]
    console.print(_rates(columns))
    console.print(_ratios(columns["ours, beside"], columns["(a) model"], columns["(b) BERTopic"]))
    half = columns["(a) model"]
    if half["half_rate"] is None:
        console.print("The processor has no bfloat16 arithmetic.")
    else:
        console.print(
            f"Model in bfloat16: {half['half_rate']:.0f} documents a second; lowest cosine with float32 {half['half_cosine']:.3f}."
        )
    losses = Table(f"what fast vectors cost, on {min(count, LOSS_SAMPLE):,}", "", box=None)
    for figure, value in run_alone("loss", min(count, LOSS_SAMPLE), folder).items():
        if figure != "peak_gb":
            losses.add_row(figure, f"{value:.3f}")
    console.print(losses)


def _rates(columns: dict[str, dict[str, Any]]) -> Table:
    table = Table("documents a processor-second", *(f"{way}: {told['documents']:,}" for way, told in columns.items()), box=None)
    for stage in STAGES:
        table.add_row(stage, *(_rate(told, told["seconds"].get(stage)) for told in columns.values()))
    table.add_row("all of these", *(_rate(told, _total(told)) for told in columns.values()))
    table.add_row("seconds by the clock", *(f"{told['clock']:,.0f}" for told in columns.values()))
    table.add_row("topics", *(str(told.get("topics", "-")) for told in columns.values()))
    table.add_row("outliers", *(f"{told['outliers']:.0%}" if "outliers" in told else "-" for told in columns.values()))
    table.add_row("peak memory, GB", *(f"{told['peak_gb']:.1f}" for told in columns.values()))
    return table


def _ratios(ours: dict[str, Any], model: dict[str, Any], bertopic: dict[str, Any]) -> Table:
    """How many times as fast we are on the same documents; every way is asked for what it does."""
    table = Table("times as fast, on the same documents", "as (a) model", "as (b) BERTopic", box=None)
    for stage in STAGES:
        taken = (told["seconds"].get(stage) for told in (model, bertopic))
        table.add_row(stage, *("-" if other is None else f"{other / ours['seconds'][stage]:.1f}" for other in taken))
    table.add_row("all that it does, against all that we do", *(f"{_total(told) / _total(ours):.1f}" for told in (model, bertopic)))
    return table


def _total(told: dict[str, Any]) -> float:
    return float(sum(told["seconds"].values()))


def _rate(told: dict[str, Any], seconds: float | None) -> str:
    return "-" if seconds is None else f"{told['documents'] / max(seconds, 1e-9):,.0f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """All ways and the tables, or one way of them as a child process."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_reading")
    parser.add_argument("--documents", type=int, default=FULL)
    parser.add_argument("--way", choices=sorted(WAYS))
    parser.add_argument("--folder", type=Path, help="Keeps what was measured.")
    options = parser.parse_args(arguments)
    if options.way is None:
        with tempfile.TemporaryDirectory() as folder:
            kept = options.folder or Path(folder)
            kept.mkdir(parents=True, exist_ok=True)
            reading_tables(options.documents, Console(width=140), kept)
        return 0
    told = WAYS[options.way](options.documents, options.folder)
    told["peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    sys.stdout.write(f"\n{json.dumps(told)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
