"""A part of a corpus: some of its works, or some of its candidates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from scoring.records import Corpus


def keep_works(corpus: Corpus, is_kept: npt.NDArray[np.bool_]) -> Corpus:
    """The corpus of the works in `is_kept` (W,), with the same candidates."""
    kept = np.flatnonzero(is_kept)
    return replace(
        corpus,
        work_ids=tuple(corpus.work_ids[place] for place in kept.tolist()),
        work_day=corpus.work_day[kept],
        work_stream=corpus.work_stream[kept],
        incidence=corpus.incidence[:, kept],
        authors=corpus.authors[kept],
        organisations=corpus.organisations[kept],
        codes=corpus.codes[kept],
        cues=corpus.cues[kept],
    )


def keep_candidates(corpus: Corpus, is_kept: npt.NDArray[np.bool_]) -> Corpus:
    """The corpus of the candidates in `is_kept` (T,), with the same works."""
    kept = np.flatnonzero(is_kept).tolist()
    return replace(
        corpus,
        candidate_ids=tuple(corpus.candidate_ids[place] for place in kept),
        names=tuple(corpus.names[place] for place in kept),
        words=tuple(corpus.words[place] for place in kept),
        incidence=corpus.incidence[kept],
    )
