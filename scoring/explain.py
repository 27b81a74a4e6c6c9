"""The additive parts of one candidate's score."""

from __future__ import annotations

import math

from scoring.records import Judgement, Part


def explain(judgement: Judgement, candidate_id: str) -> tuple[Part, ...]:
    """One row per component, heaviest first. Raises LookupError when the candidate was not judged."""
    try:
        index = judgement.candidate_ids.index(candidate_id)
    except ValueError:
        raise LookupError(f"{candidate_id} was not judged as of {judgement.as_of}") from None
    parts = []
    for component in judgement.components:
        cohort_rank = _known(component.cohort_rank[index])
        points = _known(component.points[index])
        share = points / (100 * cohort_rank) if points is not None and cohort_rank is not None else None
        value, variance, robust_z = (_known(figures[index]) for figures in (component.value, component.variance, component.robust_z))
        parts.append(Part(component.name, value, variance, cohort_rank, robust_z, share, points))
    return tuple(sorted(parts, key=lambda part: -(part.points or 0.0)))


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)
