"""From trials to pooled rows: a paired block bootstrap over families of technologies, with cut-offs as blocks.

In every draw the same cut-offs and the same families are drawn for all methods and splits, so that a difference between two
methods is a difference on the same cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from scoring.backtest.methods import METHODS, VITALITY
from scoring.backtest.metrics import Key, Order, measure_ranking
from scoring.backtest.records import CutoffFigure, Row, Trial
from scoring.backtest.resampling import draw_counts, interval_of
from scoring.bootstrap import draw_uniforms, hash_ids
from scoring.records import Floats


def pool(trials: Sequence[Trial], *, corpus: str, stream: str, level: str, draws: int, seed: int) -> list[Row]:
    """One row per target, method, metric and depth. The interval is None where one cut-off with one family is all there is.

    Column 0 of every table is the data as they are; the others are draws.
    """
    cutoffs = sorted({trial.cutoff for trial in trials})
    sums = _sum_trials(trials, cutoffs, draws, seed)
    blocks = _draw_blocks(cutoffs, draws, seed)
    keys = list(dict.fromkeys(key for _, key in sums))
    pooled = {pair: _divide((tables[0] * blocks).sum(axis=0), (tables[1] * blocks).sum(axis=0)) for pair, tables in sums.items()}
    rows = []
    for key in keys:
        base = pooled.get((VITALITY, key))
        for method in METHODS:
            values = pooled.get((method, key))
            if values is None or np.isnan(values[0]):
                continue
            low, high = interval_of(values)
            difference = None if base is None or method == VITALITY else values - base
            diff_low, diff_high = (None, None) if difference is None else interval_of(difference)
            rows.append(
                Row(
                    corpus=corpus,
                    stream=stream,
                    target=key.target,
                    method=method,
                    metric=key.metric,
                    depth=key.depth,
                    value=float(values[0]),
                    low80=low,
                    high80=high,
                    diff_vitality=None if difference is None else float(difference[0]),
                    diff_low80=diff_low,
                    diff_high80=diff_high,
                    level=level,
                    by_cutoff=_by_cutoff(trials, cutoffs, key, sums[method, key]),
                )
            )
    return rows


def order_of(scores: Floats, breaker: Floats) -> Order:
    """Indices from the first place to the last: larger first, equals by `breaker`, NaN at the end."""
    filled = np.where(np.isnan(scores), -np.inf, np.round(scores, 10))
    return np.asarray(np.lexsort((breaker, -filled)), dtype=np.int64)


def _sum_trials(trials: Sequence[Trial], cutoffs: Sequence[date], draws: int, seed: int) -> dict[tuple[str, Key], tuple[Floats, Floats]]:
    """(C, 1 + draws) numerators and denominators by method and metric, summed over the splits of each cut-off."""
    families = 1 + max((int(trial.family.max()) for trial in trials if len(trial.family)), default=0)
    weights = draw_counts([f"family {number}" for number in range(families)], draws, seed)
    sums: dict[tuple[str, Key], tuple[Floats, Floats]] = {}
    for trial in trials:
        drawn = weights[trial.family]
        row = cutoffs.index(trial.cutoff)
        for method, scores in zip(METHODS, trial.scores, strict=True):
            for key, above, below in measure_ranking(order_of(scores, trial.breaker), trial.outcome, drawn):
                shape = (len(cutoffs), 1 + draws)
                tables = sums.setdefault((method, key), (np.zeros(shape), np.zeros(shape)))
                tables[0][row] += above
                tables[1][row] += below
    return sums


def _draw_blocks(cutoffs: Sequence[date], draws: int, seed: int) -> Floats:
    """(C, 1 + draws) how often each cut-off is drawn: ones, then as many draws with replacement as there are cut-offs."""
    count = len(cutoffs)
    uniform = draw_uniforms(hash_ids([f"block {number}" for number in range(count)]), range(draws), seed)
    chosen = np.minimum((uniform * count).astype(np.int64), count - 1)
    drawn = np.stack([np.bincount(chosen[:, draw], minlength=count) for draw in range(draws)], axis=1)
    return np.concatenate([np.ones((count, 1)), drawn.astype(np.float64)], axis=1)


def _divide(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def _by_cutoff(trials: Sequence[Trial], cutoffs: Sequence[date], key: Key, tables: tuple[Floats, Floats]) -> tuple[CutoffFigure, ...]:
    figures = []
    for row, cutoff in enumerate(cutoffs):
        if tables[1][row, 0] <= 0:
            continue
        own = [trial for trial in trials if trial.cutoff == cutoff]
        grown = [trial.outcome.has_grown.mean() for trial in own if trial.outcome.has_grown is not None]
        figures.append(
            CutoffFigure(
                cutoff=cutoff,
                value=float(tables[0][row, 0] / tables[1][row, 0]),
                candidates=float(np.mean([len(trial.family) for trial in own])),
                base_rate=float(np.mean(grown)) if grown and key.target == "growth_label" else None,
            )
        )
    return tuple(figures)
