"""The whole judgement of a corpus as of its date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from scoring.bootstrap import Spread, draw_around, hash_ids, resample, spread_of
from scoring.contract import require_valid
from scoring.curve import fit_curves
from scoring.emergence import add_points, form_cohorts, form_tiers, make_component, rank_scores, spread_shares
from scoring.evidence import Evidence, weigh_evidence
from scoring.freshness import prepare_freshness
from scoring.growth import Growth, measure_growth
from scoring.hype import measure_hype_gap
from scoring.measuring import stated_measures
from scoring.momentum import code_growth, prepare_momentum
from scoring.periods import Counts, count_works
from scoring.records import Cohort, Corpus, Floats, Judgement, Readings, Weights
from scoring.stage import name_stages, weigh_stages
from scoring.vitality import prepare_vitality
from scoring.weights import COMPONENTS, require_usable

NO_INDICATOR = "no indicator that has a weight could be computed"


@dataclass(frozen=True, slots=True)
class _Measured:
    """Values and variances (T,) of every component, and (R, draws) values of those that follow the works' weights, for the R
    candidates in `rows`: the others have no place whose interval could be asked for."""

    rows: npt.NDArray[np.int64]
    values: dict[str, Floats]
    variances: dict[str, Floats]
    drawn: dict[str, Floats]


def judge(corpus: Corpus, weights: Weights, *, draws: int = 200, seed: int = 0, readings: Readings | None = None) -> Judgement:
    """Measure, gate, score, rank and stage every candidate; `draws` weightings of the works give the 80 % intervals.

    The same corpus, weights, draws and seed give the same judgement. Without `readings` novelty, coherence and the convergence
    of tracks are unknown. Raises ValueError when the corpus breaks its contract, the weights are unusable or `draws` is below 2.
    """
    require_valid(corpus)
    require_usable(weights)
    if draws < 2:
        raise ValueError(f"an interval needs at least 2 draws, not {draws}")
    counts = count_works(corpus)
    evidence = weigh_evidence(corpus, counts)
    growth = measure_growth(counts)
    measured = _measure(corpus, counts, growth, evidence, readings, draws, seed)

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
    spread = _spread(corpus, measured, weighty, cohorts, score, rank, draws, seed)
    stages = weigh_stages(corpus, evidence.recent_by_stream, growth)
    curves = fit_curves(counts, evidence.is_heard)
    hype_gap, hype_gap_variance = measure_hype_gap(evidence.recent_by_stream, evidence.recent_offered, evidence.is_heard)
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
        tier=form_tiers(rank, spread.score_low, spread.score_high),
        works=evidence.works,
        recent_works=evidence.recent_works,
        organisation_count=evidence.organisation_count,
        streams=evidence.streams,
        hype_gap=hype_gap,
        hype_gap_variance=hype_gap_variance,
        leading_share=evidence.leading_share,
        components=components,
        cohorts=cohorts,
        stage=name_stages(stages.posterior),
        stage_probability=stages.posterior,
        stage_support=stages.support,
        curve_chance=curves.chance,
        ceiling_share=curves.ceiling_share,
        ceiling_share_low=curves.ceiling_share_low,
        ceiling_share_high=curves.ceiling_share_high,
    )


def _measure(
    corpus: Corpus, counts: Counts, growth: Growth, evidence: Evidence, readings: Readings | None, draws: int, seed: int
) -> _Measured:
    vitality = prepare_vitality(corpus)
    freshness, of_codes = prepare_freshness(corpus, evidence.is_ranked), code_growth(corpus)
    momentum = prepare_momentum(corpus, vitality, evidence.is_ranked)
    rows = np.flatnonzero(evidence.is_heard)
    by_weights: dict[str, Callable[[Floats], Floats]] = {
        "vitality": vitality.of(rows).at,
        "freshness": freshness.of(rows).at,
        "code_growth": of_codes.of(rows).at,
        "field_momentum": momentum.of(rows).at,
    }
    drawn = resample(by_weights, hash_ids(corpus.work_ids), draws, seed)
    ones = np.ones((len(corpus.work_ids), 1))
    momentum_variance = np.full(len(corpus.candidate_ids), np.nan)
    momentum_variance[rows] = drawn["field_momentum"].var(axis=1, ddof=1)
    stated = {
        "vitality": (vitality.at(ones)[:, 0], vitality.variance()),
        "freshness": (freshness.at(ones)[:, 0], freshness.variance()),
        "code_growth": (of_codes.at(ones)[:, 0], of_codes.variance()),
        "field_momentum": (momentum.at(ones)[:, 0], momentum_variance),
        **{name: measure() for name, measure in stated_measures(corpus, counts, growth, readings, evidence.is_heard).items()},
    }
    values = {name: value for name, (value, _) in stated.items()}
    return _Measured(rows, values, {name: variance for name, (_, variance) in stated.items()}, drawn)


def _spread(
    corpus: Corpus,
    measured: _Measured,
    shares: dict[str, Floats],
    cohorts: Sequence[Cohort],
    score: Floats,
    rank: Floats,
    draws: int,
    seed: int,
) -> Spread:
    """The intervals of all T candidates, computed on the rows that were drawn."""
    rows = measured.rows
    place = np.full(len(score), -1)
    place[rows] = np.arange(len(rows))
    within = [Cohort(place[cohort.members], place[cohort.reference]) for cohort in cohorts]
    drawn = {name: _draw(name, measured, corpus, draws, seed) for name in shares}
    spread = spread_of(drawn, {name: share[rows] for name, share in shares.items()}, within, score[rows], rank[rows])

    def on_all(figures: Floats) -> Floats:
        everywhere = np.full(len(score), np.nan)
        everywhere[rows] = figures
        return everywhere

    return Spread(*(on_all(getattr(spread, field.name)) for field in fields(spread)))


def _draw(name: str, measured: _Measured, corpus: Corpus, draws: int, seed: int) -> Floats:
    """(R, draws) values of a component: from the works where it follows them, around its stated variance where not."""
    if name in measured.drawn:
        return measured.drawn[name]
    keys = hash_ids([f"{name}\n{corpus.candidate_ids[row]}" for row in measured.rows.tolist()])
    return draw_around(measured.values[name][measured.rows], measured.variances[name][measured.rows], keys, draws, seed)
