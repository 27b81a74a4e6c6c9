"""From tables to the arrays that scoring judges: every work available at an as-of and which candidate it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from flows.warehouse.reads import load_sql
from nlp.records import TRACKS
from scoring.profiles import RARE_WORKS
from scoring.records import STREAMS, Corpus, Readings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from nlp.records import Technology


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is to be judged: ids, readable names and the words of all its names, in one order."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    words: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the candidates in the works of a corpus, rows in their order.

    sources: (W, U) 0/1, works that one source alone delivered; `organisation_names` and `source_names` name the columns of
    `Corpus.organisations` and of `sources`; is_day_known: (W,) works dated to the day, not to the last day of a month or year.
    """

    readings: Readings
    organisation_names: tuple[str, ...]
    sources: csr_matrix
    source_names: tuple[str, ...]
    is_day_known: npt.NDArray[np.bool_]


def technology_candidates(technologies: Sequence[Technology]) -> Candidates:
    """Technologies as candidates, in the order of their ids."""
    ordered = sorted(technologies, key=lambda technology: technology.technology_id)
    return Candidates(
        tuple(technology.technology_id for technology in ordered),
        tuple(technology.name for technology in ordered),
        tuple(frozenset(word for key in technology.term_keys for word in key.split()) for technology in ordered),
    )


def read_corpus(connection: DuckDBPyConnection, as_of: date, candidates: Candidates, pairs: Any) -> Corpus:
    """Build the arrays for one as-of.

    `pairs` is an Arrow table (candidate INTEGER, work_id VARCHAR): which candidate, by its place in `candidates`, is named in
    which work. Only works available at `as_of` count, and in them only what their version of that day says.
    """
    connection.execute(load_sql("works_as_of"), {"as_of": as_of})
    works = connection.execute("SELECT work_id, work_day, kind FROM works_as_of ORDER BY place").fetch_arrow_table()
    count = works.num_rows
    connection.register("candidate_pairs", pairs)
    try:
        hits = connection.execute(
            "SELECT DISTINCT candidate, place FROM candidate_pairs JOIN works_as_of USING (work_id) ORDER BY ALL"
        ).fetchnumpy()
    finally:
        connection.unregister("candidate_pairs")
    kinds = works.column("kind").to_pylist()
    stream_of = {stream: index for index, stream in enumerate(STREAMS)}
    cues = connection.execute(load_sql("work_cues")).fetchnumpy()
    corpus = Corpus(
        as_of=as_of,
        candidate_ids=candidates.ids,
        names=candidates.names,
        words=candidates.words,
        work_ids=tuple(works.column("work_id").to_pylist()),
        work_day=works.column("work_day").to_numpy().astype(np.int32),
        work_stream=np.array([stream_of[kind] for kind in kinds], dtype=np.int8),
        incidence=_binary(hits["candidate"], hits["place"], (len(candidates.ids), count)),
        authors=_feature_matrix(connection, "work_authors", count),
        organisations=_feature_matrix(connection, "work_organisations", count),
        codes=_feature_matrix(connection, "work_codes", count),
        cues=csr_matrix((cues["cue_count"].astype(np.float64), (cues["place"], cues["stage"])), shape=(count, 5)),
    )
    connection.execute("DROP TABLE works_as_of")
    return corpus


def read_surroundings(connection: DuckDBPyConnection, as_of: date, *, use_codes: bool) -> Surroundings:
    """Terms, tracks, sources and the names of organisations of the works available at `as_of`, in the order of `read_corpus`.

    `use_codes` takes the tracks from classification codes alone.
    """
    connection.execute(load_sql("works_as_of"), {"as_of": as_of})
    works = connection.execute("SELECT count(*) FROM works_as_of").fetchall()[0][0]
    terms = connection.execute(load_sql("work_terms"), {"least_works": RARE_WORKS}).fetchnumpy()
    tracks = connection.execute(load_sql("work_tracks"), {"use_codes": use_codes}).fetchall()
    sources = connection.execute(load_sql("work_sources")).fetchall()
    organisations = connection.execute(load_sql("organisation_names")).fetchall()
    is_day_known = np.zeros(works, dtype=bool)
    is_day_known[[place for (place,) in connection.execute(load_sql("work_day_known")).fetchall()]] = True
    connection.execute("DROP TABLE works_as_of")
    columns, first = np.unique(terms["feature"], return_index=True)
    keys = [str(key) for key in terms["term_key"][first]]
    source_names = tuple(sorted({name for _, name in sources}))
    readings = Readings(
        terms=_binary(terms["place"], terms["feature"], (works, len(columns))),
        term_words=tuple(frozenset(key.split()) for key in keys),
        tracks=_named_matrix(tracks, TRACKS, works),
    )
    names = tuple(name for (name,) in organisations)
    return Surroundings(readings, names, _named_matrix(sources, source_names, works), source_names, is_day_known)


def keep_surroundings(surroundings: Surroundings, kept: Any) -> Surroundings:
    """The same for the works at the places `kept` only."""
    readings = surroundings.readings
    thinned = replace(readings, terms=readings.terms[kept], tracks=readings.tracks[kept])
    return replace(surroundings, readings=thinned, sources=surroundings.sources[kept], is_day_known=surroundings.is_day_known[kept])


def _named_matrix(rows: Sequence[tuple[int, str]], names: Sequence[str], works: int) -> csr_matrix:
    column = {name: place for place, name in enumerate(names)}
    places, features = (np.array([row[side] for row in rows], dtype=object) for side in (0, 1))
    return _binary(places, np.array([column[name] for name in features], dtype=np.int64), (works, len(names)))


def _feature_matrix(connection: DuckDBPyConnection, read: str, works: int) -> csr_matrix:
    """Works x distinct feature values; columns in the order of the values, so that nothing depends on delivery order."""
    rows = connection.execute(load_sql(read)).fetchnumpy()
    width = int(np.asarray(rows["feature"]).max()) + 1 if len(rows["feature"]) else 0
    return _binary(rows["place"], rows["feature"], (works, width))


def _binary(row: Any, column: Any, shape: tuple[int, int]) -> csr_matrix:
    return csr_matrix((np.ones(len(row)), (row.astype(np.int64), column.astype(np.int64))), shape=shape)
