"""The ceiling of the growth label: how well one half of the later works tells what the other half says."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.backtest.records import Agreement, Trial


def measure_agreement(trials: Sequence[Trial], *, corpus: str, level: str) -> Agreement | None:
    """Pool the agreement of the label with its echo over all trials; None where no trial has both, or none has grown."""
    both = either = echoed = grown = count = 0
    for trial in trials:
        label = trial.outcome.has_grown
        if label is None or trial.echo is None:
            continue
        both += int((label & trial.echo).sum())
        either += int((label | trial.echo).sum())
        echoed += int(trial.echo.sum())
        grown += int(label.sum())
        count += len(label)
    if not either or not echoed:
        return None
    return Agreement(corpus, level, both / either, both / echoed, grown / count)
