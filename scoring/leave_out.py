"""What would become of a rank if the organisation, or the source, that speaks most of a candidate had not spoken of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from scoring.emergence import TIE_DECIMALS, spread_shares
from scoring.evidence import weigh_evidence
from scoring.freshness import prepare_freshness
from scoring.growth import measure_growth
from scoring.measuring import stated_measures
from scoring.momentum import code_growth, momentum_without
from scoring.periods import count_works, recent_mask
from scoring.records import Component, Corpus, Floats, Judgement, Readings, Weights
from scoring.vitality import prepare_vitality

ROWS_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The ranked candidates without what speaks most of them; arrays over the `rows` (t,), indices of candidates.

    feature:     column left out
    works:       works of the candidate that go with it, all years
    score, rank: without it, among the others as they are; NaN where the evidence no longer suffices, with the `reason`
    """

    rows: npt.NDArray[np.int64]
    feature: npt.NDArray[np.int64]
    works: npt.NDArray[np.int64]
    score: Floats
    rank: Floats
    reason: tuple[str, ...]


def leave_out(
    corpus: Corpus, judgement: Judgement, weights: Weights, features: Mapping[str, csr_matrix], readings: Readings | None = None
) -> dict[str, LeftOut]:
    """For each kind of feature, every ranked candidate without its leading one: that of most of its recent works.

    features: kind -> (W, F) 0/1, works that would be gone without the feature. A work gone no longer counts as naming the
    candidate; of two features with as many works the first column leads; a candidate none of whose recent works has one is
    not in the result. `corpus`, `weights` and `readings` are those of `judgement`. The other candidates keep their values.
    """
    found = [(kind, table, *_leading(corpus, judgement, table)) for kind, table in features.items()]
    reduced = [(rows, _reduce(corpus, rows, leading, table)) for _, table, rows, leading in found]
    momenta = momentum_without(corpus, prepare_vitality(corpus), judgement.is_ranked, reduced)
    return {
        kind: _judge_again(corpus, judgement, weights, readings, rows, leading, incidence, momentum)
        for (kind, _, rows, leading), (_, incidence), momentum in zip(found, reduced, momenta, strict=True)
    }


def _leading(corpus: Corpus, judgement: Judgement, table: csr_matrix) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    ranked = np.flatnonzero(judgement.is_ranked)
    recent = np.flatnonzero(recent_mask(corpus.work_day, corpus.as_of))
    named = (corpus.incidence[ranked][:, recent].astype(np.float64) @ table[recent].astype(np.float64)).tocsr()
    counts = np.diff(named.indptr)
    row = np.repeat(np.arange(len(ranked)), counts)
    order = np.lexsort((named.indices, -named.data, row))
    has = np.flatnonzero(counts)
    return ranked[has], named.indices[order[named.indptr[has]]].astype(np.int64)


def _reduce(corpus: Corpus, rows: npt.NDArray[np.int64], leading: npt.NDArray[np.int64], table: csr_matrix) -> csr_matrix:
    """(t, W) incidence of the candidates in `rows` without the works of their leading feature."""
    named, held = corpus.incidence[rows].tocoo(), table.tocoo()
    width = np.int64(max(table.shape[1], 1))
    gone = np.isin(named.col.astype(np.int64) * width + leading[named.row], held.row.astype(np.int64) * width + held.col)
    kept = ~gone
    return csr_matrix((named.data[kept], (named.row[kept], named.col[kept])), shape=named.shape)


def _judge_again(
    corpus: Corpus,
    judgement: Judgement,
    weights: Weights,
    readings: Readings | None,
    rows: npt.NDArray[np.int64],
    leading: npt.NDArray[np.int64],
    incidence: csr_matrix,
    momentum: Floats,
) -> LeftOut:
    reduced = replace(
        corpus,
        candidate_ids=tuple(corpus.candidate_ids[row] for row in rows.tolist()),
        names=tuple(corpus.names[row] for row in rows.tolist()),
        words=tuple(corpus.words[row] for row in rows.tolist()),
        incidence=incidence,
    )
    counts = count_works(reduced)
    evidence = weigh_evidence(reduced, counts)
    everyone = np.ones(len(rows), dtype=bool)
    measures = stated_measures(reduced, counts, measure_growth(counts), readings, everyone)
    ones = np.ones((len(corpus.work_ids), 1))

    def fresh() -> Floats:
        prior = prepare_freshness(corpus, judgement.is_ranked).prior  # the prior is the whole list's, not that of these rows
        return replace(prepare_freshness(reduced, everyone), prior=prior).at(ones)[:, 0]

    followed: dict[str, Callable[[], Floats]] = {
        "vitality": lambda: prepare_vitality(reduced).at(ones)[:, 0],
        "freshness": fresh,
        "code_growth": lambda: code_growth(reduced).at(ones)[:, 0],
        "field_momentum": lambda: momentum,
    }
    names = [name for name, share in weights.shares.items() if share > 0]
    part = np.array([weights.shares[name] for name in names])
    old = [_component(judgement, name).value for name in names]
    new = [followed[name]() if name in followed else measures[name]()[0] for name in names]
    former, values = (np.asarray(np.round(np.stack(each, axis=1), TIE_DECIMALS), dtype=np.float64) for each in (old, new))
    score, rank = _place_anew(judgement, rows, former, values, part)
    return LeftOut(
        rows=rows,
        feature=leading,
        works=np.asarray(corpus.incidence[rows].sum(axis=1) - incidence.sum(axis=1)).ravel().astype(np.int64),
        score=np.where(evidence.is_ranked, score, np.nan),
        rank=np.where(evidence.is_ranked, rank, np.nan),
        reason=evidence.reason,
    )


def _place_anew(judgement: Judgement, rows: npt.NDArray[np.int64], former: Floats, values: Floats, part: Floats) -> tuple[Floats, Floats]:
    """(t,) score and rank of each candidate in `rows` with its new `values` (t, K) in place of its `former` ones (T, K).

    The others keep their values; where one is overtaken or left behind its own cohort rank moves with that, so that the list
    is the one that a new judgement would give.
    """
    shares = spread_shares(~np.isnan(former), part)
    own_shares = spread_shares(~np.isnan(values), part)
    score, rank = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    ranked = np.flatnonzero(judgement.is_ranked)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        block = slice(start, start + ROWS_AT_ONCE)
        chosen = rows[block]
        others = np.broadcast_to(judgement.score[ranked], (len(chosen), len(ranked))).copy()
        own = np.zeros(len(chosen))
        for column in range(len(part)):
            for cohort in judgement.cohorts:
                held = cohort.reference[~np.isnan(former[cohort.reference, column])]
                if not len(held):
                    continue
                is_member, is_reference = np.isin(chosen, cohort.members), np.isin(chosen, cohort.reference)
                new, old = values[block, column][:, None], former[chosen, column][:, None]
                beside = _above(former[held, column][None, :], new) * (held[None, :] != chosen[:, None])
                places = (beside.sum(axis=1) + 0.5) / (beside.shape[1] + np.isnan(old[:, 0]))
                own += np.where(is_member, 100 * np.nan_to_num(own_shares[block, column] * places), 0.0)
                members = np.flatnonzero(np.isin(ranked, cohort.members))
                theirs = former[ranked[members], column][None, :]
                moved = np.nan_to_num(_above(new, theirs) - _above(old, theirs)) * is_reference[:, None] / len(held)
                others[:, members] += 100 * np.nan_to_num(shares[ranked[members], column]) * moved
        others[ranked[None, :] == chosen[:, None]] = -np.inf
        score[block] = own
        rank[block] = 1 + (np.round(others, TIE_DECIMALS) > np.round(own, TIE_DECIMALS)[:, None]).sum(axis=1)
    return score, rank


def _above(lower: Floats, upper: Floats) -> Floats:
    """1 where `upper` lies above `lower`, 1/2 where they are equal, 0 elsewhere and where either is NaN."""
    return np.asarray((lower < upper) + 0.5 * (lower == upper))


def _component(judgement: Judgement, name: str) -> Component:
    return next(each for each in judgement.components if each.name == name)
