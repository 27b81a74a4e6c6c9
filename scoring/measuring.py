"""Every indicator that states its own variance, each computed only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from scoring.bootstrap import hash_ids
from scoring.coherence import measure_coherence
from scoring.community import measure_community, measure_entrants
from scoring.convergence import measure_convergence
from scoring.growth import Growth, measure_acceleration
from scoring.likeness import group_works
from scoring.novelty import measure_novelty
from scoring.periods import Counts
from scoring.persistence import measure_persistence
from scoring.profiles import own_terms, weigh_terms
from scoring.records import Corpus, Floats, Readings
from scoring.transition import measure_transition

Measure = Callable[[], tuple[Floats, Floats]]


def stated_measures(
    corpus: Corpus, counts: Counts, growth: Growth, readings: Readings | None, is_heard: npt.NDArray[np.bool_]
) -> dict[str, Measure]:
    """Component -> function that gives its value and variance (T,). `counts` and `growth` are those of `corpus`.

    Without `readings` what rests on terms or tracks is unknown. `is_heard` (T,): ranked candidates and weak signals; the
    costly indicators are measured for these and NaN for the rest.
    """
    unknown = (np.full(len(is_heard), np.nan), np.full(len(is_heard), np.nan))

    @cache
    def space() -> tuple[csr_matrix, csr_matrix] | None:
        if readings is None or not readings.terms.shape[1]:
            return None
        return weigh_terms(readings), own_terms(corpus, readings)

    @cache
    def tenth() -> npt.NDArray[np.int64]:
        return group_works(hash_ids(corpus.work_ids))

    def novelty() -> tuple[Floats, Floats]:
        made = space()
        return unknown if made is None else measure_novelty(corpus, *made, is_heard)

    def coherence() -> tuple[Floats, Floats]:
        made = space()
        return unknown if made is None else measure_coherence(corpus, *made, is_heard, tenth())

    def acceleration() -> tuple[Floats, Floats]:
        measured = measure_acceleration(counts)
        return measured.lower_bound, measured.variance

    return {
        "growth": lambda: (growth.lower_bound, growth.variance),
        "acceleration": acceleration,
        "persistence": lambda: measure_persistence(counts),
        "community": lambda: measure_community(corpus),
        "entrants": lambda: measure_entrants(corpus),
        "novelty": novelty,
        "coherence": coherence,
        "convergence": lambda: measure_convergence(corpus, corpus.codes, is_heard, tenth()),
        "track_convergence": lambda: unknown if readings is None else measure_convergence(corpus, readings.tracks, is_heard, tenth()),
        "transition": lambda: measure_transition(corpus),
    }
