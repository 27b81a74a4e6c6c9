"""What a back-test reads: for each cut-off the corpus as it was known then, and the same candidates in what came after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from flows.evidence import read_corpus
from flows.judging import Verdict, judge_technologies, term_pairs
from scoring.backtest.hygiene import newly_opened
from scoring.backtest.result import StreamSpan
from scoring.records import STREAMS, Corpus
from scoring.subsets import keep_works
from scoring.uploads import bulk_uploads

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from nlp.taxonomy import Taxonomy

LEAST_DRAWS = 2
"""The judgement of the whole corpus is read for its candidates and tracks only; its intervals are not used."""


@dataclass(frozen=True, slots=True)
class Window:
    """One cut-off of one stream. `past` is known at the cut-off, `later` at the end of the horizon; same candidates in both.

    `left_out` counts the works that hygiene took out of `later`, by reason.
    """

    cutoff: date
    past: Corpus
    later: Corpus
    left_out: dict[str, int]


def read_spans(connection: DuckDBPyConnection) -> tuple[StreamSpan, ...]:
    """The streams that have dated works, in the order of STREAMS."""
    rows = connection.execute(
        "SELECT kind, count(DISTINCT document_id), min(available_on), max(available_on) FROM core.documents "
        "WHERE available_on IS NOT NULL GROUP BY kind"
    ).fetchall()
    found = {kind: StreamSpan(kind, documents, first_on, last_on) for kind, documents, first_on, last_on in rows}
    return tuple(found[stream] for stream in STREAMS if stream in found)


def has_simulated(connection: DuckDBPyConnection) -> bool:
    """Whether any document is of the practice archive."""
    row = connection.execute("SELECT coalesce(bool_or(is_simulated), false) FROM core.documents").fetchone()
    return bool(row and row[0])


def count_undated(connection: DuckDBPyConnection) -> int:
    """Documents without a day; no as-of ever counts them."""
    row = connection.execute("SELECT count(DISTINCT document_id) FROM core.documents WHERE available_on IS NULL").fetchone()
    return int(row[0]) if row else 0


def read_windows(
    connection: DuckDBPyConnection, cutoff: date, ends_on: date, streams: Sequence[str], taxonomy: Taxonomy, seed: int, *, use_model: bool
) -> Iterator[tuple[str, Window]]:
    """(stream, window) of each stream at one cut-off: the technologies are discovered from works up to it, in all streams.

    `ends_on` is the last day that may be looked at. No decision of a person is applied: it would know what came after, as the
    learned filter of names does, which is left out too unless `use_model`.
    """
    verdict = judge_technologies(connection, cutoff, taxonomy=taxonomy, draws=LEAST_DRAWS, seed=seed, use_model=use_model)
    later = _read_later(connection, verdict, ends_on)
    for stream in streams:
        yield stream, _clean(cutoff, keep_stream(verdict.corpus, stream), keep_stream(later, stream))


def keep_stream(corpus: Corpus, stream: str) -> Corpus:
    """The works of one stream."""
    return keep_works(corpus, corpus.work_stream == STREAMS.index(stream))


def _read_later(connection: DuckDBPyConnection, verdict: Verdict, ends_on: date) -> Corpus:
    pairs = term_pairs(connection, ends_on, verdict.technologies)
    corpus = read_corpus(connection, ends_on, verdict.candidates, pairs)
    nobody = corpus.authors[:, :0]  # who wrote what came after is nobody's business here, and the largest matrix of all
    return replace(corpus, authors=nobody, organisations=nobody)


def _clean(cutoff: date, past: Corpus, later: Corpus) -> Window:
    bulk, opened = bulk_uploads(later), newly_opened(later, cutoff)
    left_out = {"bulk uploads": int(bulk.sum()), "newly opened fields": int((opened & ~bulk).sum())}
    kept = ~(bulk_uploads(past) | newly_opened(past, cutoff))
    return Window(cutoff, keep_works(past, np.asarray(kept)), keep_works(later, ~(bulk | opened)), left_out)
