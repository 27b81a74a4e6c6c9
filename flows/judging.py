"""One as-of judged from the tables: discover, count, score. Reads only, so that a night and an analyst's question give the same numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any

from flows.evidence import Candidates, Surroundings, keep_surroundings, read_corpus, read_surroundings, technology_candidates
from flows.warehouse.reads import load_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from nlp.curation import Act
    from nlp.records import Technology
    from nlp.taxonomy import Taxonomy
    from scoring.leave_out import LeftOut
    from scoring.records import Corpus, Judgement, Weights

TRACK_FLOOR = 0.25
"""Share of a technology's documents from which a track is its own. Below it in all six it has none: an answer, not a gap."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything known of one as-of. `tracks[i]` are the tracks of candidate i, its primary one first; `pairs` is the Arrow table of
    (candidate, work_id, document_id, version_id, mention_count, is_in_title). `technologies` is empty for topics. `corpus` holds all
    works; what was judged are those in `judged` and `surroundings`, which lack bulk uploads."""

    as_of: date
    level: str
    candidates: Candidates
    technologies: tuple[Technology, ...]
    pairs: Any
    corpus: Corpus
    judged: Corpus
    surroundings: Surroundings
    weights: Weights
    judgement: Judgement
    tracks: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """A candidate without its leading organisation or source (`kind`) of that `name`: `works` go with it, and it would stand at
    `rank`; None where the evidence would not suffice, with the `reason`."""

    technology_id: str
    kind: str
    name: str
    works: int
    score: float | None
    rank: int | None
    reason: str


def judge_technologies(
    connection: DuckDBPyConnection,
    as_of: date,
    *,
    taxonomy: Taxonomy,
    draws: int,
    seed: int,
    acts: Sequence[Act] = (),
    use_model: bool = True,
) -> Verdict:
    """Discover the technologies of the works available at `as_of` and judge them. No works give an empty verdict.

    `acts` are a person's decisions in force; a back-test takes none, nor the learned filter (`use_model`), for both were made
    with hindsight.
    """
    discovered = sorted(
        discover_technologies(connection, as_of, taxonomy, acts, use_model=use_model), key=lambda technology: technology.technology_id
    )
    pairs = term_pairs(connection, as_of, discovered)
    technologies, pairs = _named_only(discovered, pairs)
    candidates = technology_candidates(technologies)
    return _judge(connection, as_of, "technology", candidates, technologies, pairs, taxonomy, draws, seed)


def _named_only(technologies: Sequence[Technology], pairs: Any) -> tuple[tuple[Technology, ...], Any]:
    """Leave out what is named nowhere but inside longer names, and number the rest anew in the pairs."""
    import numpy as np
    import pyarrow as pa

    named, numbers = np.unique(pairs.column("candidate").to_numpy(), return_inverse=True)
    renumbered = pairs.set_column(pairs.schema.get_field_index("candidate"), "candidate", pa.array(numbers, pa.int32()))
    return tuple(technologies[place] for place in named.tolist()), renumbered


def judge_topics(connection: DuckDBPyConnection, as_of: date, *, taxonomy: Taxonomy, draws: int, seed: int) -> Verdict:
    """Judge the current topics with the same code. Their model saw texts up to the day of its fit: ask for that day or later."""
    rows = connection.execute("SELECT topic_id, label, keywords FROM core.topics WHERE retired_on IS NULL ORDER BY topic_id").fetchall()
    candidates = Candidates(
        tuple(row[0] for row in rows),
        tuple(row[1] for row in rows),
        tuple(frozenset(word for keyword in row[2] for word in keyword.split()) for row in rows),
    )
    pairs = _with_candidates(connection, {row[0]: index for index, row in enumerate(rows)}, "topic_pairs", as_of)
    return _judge(connection, as_of, "topic", candidates, (), pairs, taxonomy, draws, seed)


def discover_technologies(
    connection: DuckDBPyConnection, as_of: date, taxonomy: Taxonomy, acts: Sequence[Act] = (), *, use_model: bool = True
) -> list[Technology]:
    """The technologies named in the texts available at `as_of`. The taxonomy labels them, and only from the day it was public."""
    from nlp.spelling import term_key
    from nlp.technologies import discover

    statistics = connection.execute(load_sql("term_statistics"), {"as_of": as_of}).df()
    aliases = connection.execute(load_sql("term_aliases"), {"as_of": as_of}).df()
    names = taxonomy.names_by_key(term_key) if as_of >= taxonomy.known_from else None
    return discover(statistics, aliases, as_of=as_of, taxonomy_names=names, acts=acts, use_model=use_model)


def _judge(
    connection: DuckDBPyConnection,
    as_of: date,
    level: str,
    candidates: Candidates,
    technologies: tuple[Technology, ...],
    pairs: Any,
    taxonomy: Taxonomy,
    draws: int,
    seed: int,
) -> Verdict:
    from scoring.ranking import judge
    from scoring.weights import parse_weights

    use_codes = as_of < taxonomy.known_from
    corpus = read_corpus(connection, as_of, candidates, pairs)
    judged, surroundings = without_bulk(corpus, read_surroundings(connection, as_of, use_codes=use_codes))
    weights = parse_weights(read_weights())
    judgement = judge(judged, weights, draws=draws, seed=seed, readings=surroundings.readings)
    tracks = _tracks(connection, pairs, len(candidates.ids), use_codes=use_codes)
    return Verdict(as_of, level, candidates, technologies, pairs, corpus, judged, surroundings, weights, judgement, tracks)


def read_weights() -> str:
    """The text of the published weights."""
    return resources.files("scoring").joinpath("weights.json").read_text(encoding="utf-8")


def without_bulk(corpus: Corpus, surroundings: Surroundings) -> tuple[Corpus, Surroundings]:
    """Both without the works of days on which a category got many times what it usually gets: an upload, not an emergence.

    A work known to its month or year only stands on its last day with all its like; that heap is a convention and stays.
    """
    from numpy import flatnonzero

    from scoring.subsets import keep_works
    from scoring.uploads import bulk_uploads

    is_bulk = bulk_uploads(corpus) & surroundings.is_day_known
    if not is_bulk.any():
        return corpus, surroundings
    return keep_works(corpus, ~is_bulk), keep_surroundings(surroundings, flatnonzero(~is_bulk))


def leave_one_out(verdict: Verdict) -> list[LeftOutRow]:
    """The ranked candidates without the organisation and without the source that speaks most of them, in the order of their ids."""
    from scoring.leave_out import leave_out

    around = verdict.surroundings
    names = {"organisation": around.organisation_names, "source": around.source_names}
    features = {"organisation": verdict.judged.organisations}
    if len(around.source_names) > 1:  # without its only source a corpus is empty, which tells nothing of anybody
        features["source"] = around.sources
    results = leave_out(verdict.judged, verdict.judgement, verdict.weights, features, around.readings)
    return [
        LeftOutRow(verdict.candidates.ids[row], kind, names[kind][left.feature[place]], *_left_out_figures(left, place))
        for kind, left in results.items()
        for place, row in enumerate(left.rows.tolist())
    ]


def _left_out_figures(left: LeftOut, place: int) -> tuple[int, float | None, int | None, str]:
    rank, score = float(left.rank[place]), float(left.score[place])
    gone = rank != rank
    return int(left.works[place]), None if gone else score, None if gone else int(rank), left.reason[place]


def term_pairs(connection: DuckDBPyConnection, as_of: date, technologies: Sequence[Technology]) -> Any:
    """Arrow table of where `technologies` are named in the works available at `as_of`; the columns as in `Verdict.pairs`."""
    import pyarrow as pa

    places = {key: index for index, technology in enumerate(technologies) for key in technology.term_keys}
    nested = nested_terms(places)
    shorter, longer = (pa.array([pair[side] for pair in nested], pa.string()) for side in (0, 1))
    connection.register("nested_terms", pa.table({"term_key": shorter, "longer_key": longer}))
    try:
        return _with_candidates(connection, places, "technology_pairs", as_of)
    finally:
        connection.unregister("nested_terms")


def nested_terms(terms: Mapping[str, int]) -> list[tuple[str, str]]:
    """Pairs (shorter, longer) of term keys of different candidates where the shorter stands inside the longer, word for word."""
    pairs = []
    for longer, candidate in terms.items():
        words = longer.split()
        for length in range(1, len(words)):
            for start in range(len(words) - length + 1):
                shorter = " ".join(words[start : start + length])
                if terms.get(shorter, candidate) != candidate:
                    pairs.append((shorter, longer))
    return sorted(set(pairs))


def _with_candidates(connection: DuckDBPyConnection, places: Mapping[str, int], read: str, as_of: date) -> Any:
    """Run a read that joins the registered table candidate_terms (term_key, candidate)."""
    import pyarrow as pa

    terms = pa.table({"term_key": pa.array(list(places), pa.string()), "candidate": pa.array(list(places.values()), pa.int32())})
    connection.register("candidate_terms", terms)
    try:
        return connection.execute(load_sql(read), {"as_of": as_of}).fetch_arrow_table()
    finally:
        connection.unregister("candidate_terms")


def _tracks(connection: DuckDBPyConnection, pairs: Any, count: int, *, use_codes: bool) -> tuple[tuple[str, ...], ...]:
    connection.register("candidate_pairs", pairs)
    try:
        rows = connection.execute(load_sql("technology_tracks"), {"use_codes": use_codes}).fetchall()
    finally:
        connection.unregister("candidate_pairs")
    tracks: list[list[str]] = [[] for _ in range(count)]
    for candidate, track, share in rows:
        if share >= TRACK_FLOOR:
            tracks[candidate].append(track)
    return tuple(tuple(names) for names in tracks)
