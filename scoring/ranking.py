"""The whole judgement of a corpus as of its date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scoring.bootstrap import draw_around, hash_ids, resample, spread_of
from scoring.community import measure_community, measure_entrants
from scoring.contract import require_valid
from scoring.emergence import add_points, form_cohorts, make_component, rank_scores, spread_shares
from scoring.evidence import Evidence, weigh_evidence
from scoring.growth import Growth, measure_acceleration, measure_growth
from scoring.momentum import prepare_momentum
from scoring.periods import Counts, count_works
from scoring.persistence import measure_persistence
from scoring.records import Corpus, Floats, Judgement, Weights
from scoring.stage import estimate_stages, name_stages
from scoring.vitality import prepare_vitality
from scoring.weights import COMPONENTS, require_usable

NO_INDICATOR = "no indicator that has a weight could be computed"


@dataclass(frozen=True, slots=True)
class _Measured:
    """Values and variances (T,) of every component, and (T, draws) values of those that follow the works' weights."""

    values: dict[str, Floats]
    variances: dict[str, Floats]
    drawn: dict[str, Floats]


def judge(corpus: Corpus, weights: Weights, *, draws: int = 200, seed: int = 0) -> Judgement:
    """Measure, gate, score, rank and stage every candidate; `draws` weightings of the works give the 80 % intervals.

    The same corpus, weights, draws and seed give the same judgement. Raises ValueError when the corpus breaks its
    contract, the weights are unusable or `draws` is below 2.
    """
    require_valid(corpus)
    require_usable(weights)
    if draws < 2:
        raise ValueError(f"an interval needs at least 2 draws, not {draws}")
    counts = count_works(corpus)
    evidence = weigh_evidence(corpus, counts)
    growth = measure_growth(counts)
    measured = _measure(corpus, counts, growth, evidence, draws, seed)

    share = np.array([weights.shares.get(name, 0.0) for name in COMPONENTS])
    known = np.stack([~np.isnan(measured.values[name]) for name in COMPONENTS], axis=1)
    shares = spread_shares(known, share)
    is_scored = np.asarray(~np.isnan(shares).any(axis=1))
    is_ranked = evidence.is_ranked & is_scored
    reason = tuple(text or ("" if scored else NO_INDICATOR) for text, scored in zip(evidence.reason, is_scored.tolist(), strict=True))
    cohorts = form_cohorts(evidence.cohort_streams, is_ranked)
    components = tuple(
        make_component(name, measured.values[name], measured.variances[name], shares[:, column], cohorts)
        for column, name in enumerate(COMPONENTS)
    )
    score = add_points(components)
    rank = rank_scores(score[:, None])[:, 0]
    weighty = {name: shares[:, column] for column, name in enumerate(COMPONENTS) if share[column] > 0}
    drawn = {name: _draw(name, measured, corpus, draws, seed) for name in weighty}
    spread = spread_of(drawn, weighty, cohorts, score, rank)
    stages = estimate_stages(corpus, evidence.recent_by_stream, growth)
    return Judgement(
        as_of=corpus.as_of,
        candidate_ids=corpus.candidate_ids,
        is_ranked=is_ranked,
        is_weak_signal=evidence.is_weak_signal,
        reason=reason,
        score=score,
        score_low=spread.score_low,
        score_high=spread.score_high,
        rank=rank,
        rank_low=spread.rank_low,
        rank_high=spread.rank_high,
        top20_share=spread.top20_share,
        works=evidence.works,
        recent_works=evidence.recent_works,
        organisation_count=evidence.organisation_count,
        streams=evidence.streams,
        components=components,
        stage=name_stages(stages),
        stage_probability=stages,
    )


def _measure(corpus: Corpus, counts: Counts, growth: Growth, evidence: Evidence, draws: int, seed: int) -> _Measured:
    vitality = prepare_vitality(corpus)
    momentum = prepare_momentum(corpus, vitality, evidence.is_ranked)
    by_weights: dict[str, Callable[[Floats], Floats]] = {"vitality": vitality.at, "field_momentum": momentum.at}
    drawn = resample(by_weights, hash_ids(corpus.work_ids), draws, seed)
    ones = np.ones((len(corpus.work_ids), 1))
    acceleration = measure_acceleration(counts)
    stated = {
        "growth": (growth.lower_bound, growth.variance),
        "acceleration": (acceleration.lower_bound, acceleration.variance),
        "persistence": measure_persistence(counts),
        "community": measure_community(corpus),
        "entrants": measure_entrants(corpus),
        "vitality": (vitality.at(ones)[:, 0], vitality.variance()),
        "field_momentum": (momentum.at(ones)[:, 0], drawn["field_momentum"].var(axis=1, ddof=1)),
    }
    values = {name: value for name, (value, _) in stated.items()}
    return _Measured(values, {name: variance for name, (_, variance) in stated.items()}, drawn)


def _draw(name: str, measured: _Measured, corpus: Corpus, draws: int, seed: int) -> Floats:
    """(T, draws) values of a component: from the works where it follows them, around its stated variance where not."""
    if name in measured.drawn:
        return measured.drawn[name]
    keys = hash_ids([f"{name}\n{candidate}" for candidate in corpus.candidate_ids])
    return draw_around(measured.values[name], measured.variances[name], keys, draws, seed)
