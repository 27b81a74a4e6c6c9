"""The technologies of the corpus at two days: the most frequent and the best ranked, from the stages a night runs.

`python -m gates.technology_lists CORPUS FOLDER` (with tests/ on the path) keeps the warehouse in FOLDER and writes the
statistics and aliases there that `nlp.train_termhood` learns from.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from nlp.records import Technology

DAYS = (date(2012, 12, 31), date(2017, 12, 31))
FILES = ("papers_arxiv_dev_1995_2017", "papers_arxiv_other_negative", "papers_conf_dev", "patents_dev", "news_en_dev", "grants_dev")
FREQUENT, BEST = 1000, 300
DRAWS, SEED = 20, 20240118  # resamples do not move the order of the scores
NOON = datetime(2025, 10, 1, 12)


@dataclass(frozen=True, slots=True)
class Lists:
    """What was found at one day: the keys of all counted terms, all technologies, and the canonical keys of the most frequent and
    of the best ranked."""

    counted: frozenset[str]
    technologies: tuple[Technology, ...]
    frequent: tuple[str, ...]
    best: tuple[str, ...]


def read_corpus(corpus: Path, folder: Path) -> Path:
    """A warehouse with every document known by the last of DAYS, read and put into works. Returns its file.

    What an earlier call finished in the same folder is kept: one that was stopped goes on at the stage it was in.
    """
    import duckdb

    from flows.ledger import stage
    from flows.night import open_work
    from flows.settings import load_settings
    from flows.stages.annotate import read_terms
    from flows.stages.deduplicate import deduplicate
    from flows.stages.importing import import_files
    from flows.worlds import enter_world

    settings = load_settings(flags={"data_dir": folder})
    folder.mkdir(parents=True, exist_ok=True)
    parts = [folder / f"{name}.parquet" for name in FILES]
    with duckdb.connect() as connection:
        for name, part in zip(FILES, parts, strict=True):
            selected = f"SELECT * FROM '{corpus / name}.parquet' WHERE published <= '{DAYS[-1]}'"
            connection.execute(f"COPY ({selected}) TO '{part}' (FORMAT parquet)")
    with open_work(settings, "import", DAYS[-1], now=lambda: NOON, say=print) as run:
        enter_world(run.connection, simulated=False)
        done = {name for (name,) in run.connection.execute("SELECT stage FROM meta.stages WHERE state = 'done'").fetchall()}
        steps: dict[str, Callable[[], object]] = {
            "import": lambda: import_files(run, parts, source=None, today=NOON.date()),
            "deduplicate": lambda: deduplicate(run),
            "read": lambda: read_terms(run),
        }
        for name, step in steps.items():
            if name not in done:
                with stage(run, name):
                    step()
    return settings.warehouse


def find_lists(warehouse: Path) -> Iterator[Lists]:
    """The lists of every day in DAYS."""
    import duckdb
    import numpy as np

    from flows.judging import judge_technologies
    from flows.warehouse.reads import load_sql
    from nlp.taxonomy import load_taxonomy

    with duckdb.connect(str(warehouse)) as connection:
        for day in DAYS:
            statistics = connection.execute(f"SELECT term_key FROM ({load_sql('term_statistics').rstrip().rstrip(';')})", {"as_of": day})
            counted = frozenset(key for (key,) in statistics.fetchall())
            verdict = judge_technologies(connection, day, taxonomy=load_taxonomy(), draws=DRAWS, seed=SEED)
            keys = [technology.term_keys[0] for technology in verdict.technologies]
            works, rank = verdict.judgement.works, verdict.judgement.rank
            by_works = sorted(range(len(keys)), key=lambda place: (-works[place], keys[place]))
            by_rank = sorted(np.flatnonzero(~np.isnan(rank)).tolist(), key=lambda place: (rank[place], keys[place]))
            frequent, best = (tuple(keys[one] for one in order) for order in (by_works[:FREQUENT], by_rank[:BEST]))
            yield Lists(counted, verdict.technologies, frequent, best)


def write_statistics(connection: DuckDBPyConnection, folder: Path) -> None:
    """statistics.parquet and aliases.parquet at the last of DAYS."""
    from flows.warehouse.reads import load_sql

    for name in ("statistics", "aliases"):
        connection.execute(load_sql(f"term_{name}"), {"as_of": DAYS[-1]}).df().to_parquet(folder / f"{name}.parquet")


if __name__ == "__main__":
    import duckdb

    target = Path(sys.argv[2])
    with duckdb.connect(str(read_corpus(Path(sys.argv[1]), target))) as opened:
        write_statistics(opened, target)
