"""How long judging takes: generated counts of the size the observatory is built for. Prints a table; asserts nothing.

`python -m tests.bench_scoring [technologies] [works] [draws]`
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import date

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_matrix

from scoring.leave_out import leave_out
from scoring.ranking import judge
from scoring.records import Corpus, Readings, Weights

TECHNOLOGIES, QUARTERS, WORKS, DRAWS = 100_000, 80, 400_000, 500
NAMES_A_WORK, TERMS, TERMS_A_WORK = 8, 30_000, 12
ORGANISATIONS, AUTHORS, CODES, SOURCES = 20_000, 200_000, 600, 8
TARGET_SECONDS = 120
AS_OF = date(2024, 12, 31)
LAST_DAY = (AS_OF - date(1970, 1, 1)).days


def make_corpus(technologies: int, works: int, seed: int = 0) -> Corpus:
    """Twenty years of papers, patents and news that grow 8 % a year; technologies as uneven as words are, each with a birth day."""
    generator = np.random.default_rng(seed)
    span = QUARTERS * 91
    day = np.sort(LAST_DAY - np.minimum(generator.exponential(span / 2.2, works), span - 1).astype(np.int32)).astype(np.int32)
    drawn = np.minimum(generator.zipf(1.35, works * NAMES_A_WORK) - 1, 10**9) % technologies
    born = LAST_DAY - generator.integers(0, span, technologies)
    column = np.repeat(np.arange(works), NAMES_A_WORK)
    is_born = born[drawn] <= day[column]
    incidence = _binary(drawn[is_born], column[is_born], (technologies, works))
    words = generator.integers(0, technologies // 2, (technologies, 2))
    return Corpus(
        as_of=AS_OF,
        candidate_ids=tuple(f"t{index}" for index in range(technologies)),
        names=tuple(f"name {index}" for index in range(technologies)),
        words=tuple(frozenset({f"w{one}", f"w{other}"}) for one, other in words.tolist()),
        work_ids=tuple(f"work{index}" for index in range(works)),
        work_day=day,
        work_stream=generator.choice(3, works, p=[0.5, 0.3, 0.2]).astype(np.int8),
        incidence=incidence,
        authors=_features(generator, works, AUTHORS, 3),
        organisations=_features(generator, works, ORGANISATIONS, 1),
        codes=_features(generator, works, CODES, 2),
        cues=_features(generator, works, 5, 1)[:, :5],
    )


def make_readings(works: int, seed: int = 1) -> Readings:
    """Terms as uneven as words are, and a track for every work."""
    generator = np.random.default_rng(seed)
    columns = np.minimum(generator.zipf(1.3, works * TERMS_A_WORK) - 1, 10**9) % TERMS
    terms = _binary(np.repeat(np.arange(works), TERMS_A_WORK), columns, (works, TERMS))
    return Readings(terms, tuple(frozenset({f"w{column}"}) for column in range(TERMS)), _features(generator, works, 6, 1))


def scoring_table(technologies: int = TECHNOLOGIES, works: int = WORKS, draws: int = DRAWS) -> Table:
    """Judge once and leave out once, and say how long each took."""
    corpus, readings = make_corpus(technologies, works), make_readings(works)
    weights = Weights("default", {"freshness": 5 / 6, "code_growth": 1 / 6})
    started, cpu_started = time.perf_counter(), time.process_time()
    verdict = judge(corpus, weights, draws=draws, readings=readings)
    judged, cpu_judged = time.perf_counter() - started, time.process_time() - cpu_started
    sources = _features(np.random.default_rng(2), works, SOURCES, 1)
    leave_out(corpus, verdict, weights, {"organisation": corpus.organisations, "source": sources}, readings)
    left_out, cpu_left_out = time.perf_counter() - started - judged, time.process_time() - cpu_started - cpu_judged
    caption = (
        f"{technologies:,} technologies x {QUARTERS} quarters x 3 streams from {works:,} works, {corpus.incidence.nnz:,} mentions, "
        f"{int(verdict.is_ranked.sum()):,} ranked, {int(verdict.is_weak_signal.sum()):,} weak signals; "
        f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GiB"
    )
    table = Table("judging", "seconds", "of processor", "target", box=None, caption=caption, caption_justify="left")
    table.add_row(f"indicators and intervals, {draws} draws", f"{judged:.0f}", f"{cpu_judged:.0f}", str(TARGET_SECONDS))
    table.add_row("without the leading organisation and source", f"{left_out:.0f}", f"{cpu_left_out:.0f}", "")
    return table


def _features(generator: np.random.Generator, works: int, width: int, each: int) -> csr_matrix:
    return _binary(np.repeat(np.arange(works), each), generator.integers(0, width, works * each), (works, width))


def _binary(rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], shape: tuple[int, int]) -> csr_matrix:
    table = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    table.data[:] = 1.0
    return table


if __name__ == "__main__":
    Console(width=140).print(scoring_table(*(int(argument) for argument in sys.argv[1:])))
