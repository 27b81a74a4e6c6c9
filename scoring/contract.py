"""Refuses a corpus that breaks the contract of records.Corpus, in one sentence."""

from __future__ import annotations

from scoring.periods import day_number
from scoring.records import STAGES, STREAMS, Corpus


def require_valid(corpus: Corpus) -> None:
    """Raise ValueError when shapes disagree, a stream is unknown, `incidence` is not 0/1 or a work is later than
    `as_of`."""
    candidates, works = len(corpus.candidate_ids), len(corpus.work_ids)
    shapes = {
        "names": (len(corpus.names), candidates),
        "words": (len(corpus.words), candidates),
        "work_day": (corpus.work_day.shape, (works,)),
        "work_stream": (corpus.work_stream.shape, (works,)),
        "incidence": (corpus.incidence.shape, (candidates, works)),
        "authors": (corpus.authors.shape[0], works),
        "organisations": (corpus.organisations.shape[0], works),
        "codes": (corpus.codes.shape[0], works),
        "cues": (corpus.cues.shape, (works, len(STAGES))),
    }
    for field, (found, wanted) in shapes.items():
        if found != wanted:
            raise ValueError(f"{field} has shape {found} where {wanted} was expected")
    if len(set(corpus.candidate_ids)) != candidates:
        raise ValueError("candidate_ids holds the same id twice")
    if len(set(corpus.work_ids)) != works:
        raise ValueError("work_ids holds the same id twice")
    if corpus.incidence.nnz and not (corpus.incidence.data == 1).all():
        raise ValueError("incidence may hold only 0 and 1")
    if not works:
        return
    if corpus.work_stream.min() < 0 or corpus.work_stream.max() >= len(STREAMS):
        raise ValueError(f"work_stream must index {STREAMS}")
    if corpus.work_day.max() > day_number(corpus.as_of):
        late = corpus.work_ids[int(corpus.work_day.argmax())]
        raise ValueError(f"work {late} became available after {corpus.as_of}, so it cannot be judged as of that day")
