"""The calibration box of the weekly report: what the last back-test of the same data folder said of the score."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = "backtest"
"""Under the folder of reports: where `observatory backtest` leaves its figures for this box."""
FIGURES = "backtest.json"
OURS, VITALITY = "emergence", "vitality"
SHOWN: tuple[tuple[str, str, int | None, str], ...] = (
    ("document_split", "lift", 50, "lift of the first 50"),
    ("growth_label", "precision", 50, "precision of the first 50"),
    ("growth_label", "average_precision", None, "average precision"),
    ("growth_label", "csi", None, "threat score (CSI)"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One pooled figure of ours and of vitality alone, and the 80 % interval of their difference where it could be drawn."""

    name: str
    ours: float
    vitality: float
    low: float | None
    high: float | None

    @property
    def verdict(self) -> str:
        """Whether the interval of the difference holds 0."""
        if self.low is None or self.high is None:
            return "not told"
        return "above" if self.low > 0 else "below" if self.high < 0 else "a tie"


@dataclass(frozen=True, slots=True)
class Proof:
    """One corpus of the back-test. `calibration_error` and the bins (said, seen, technologies) are None and empty where the
    cut-offs were too near each other for a probability to be learned and told."""

    corpus: str
    first_cutoff: str
    last_cutoff: str
    cutoffs: int
    base_rate: float | None
    figures: tuple[Figure, ...]
    calibration_error: float | None
    brier: float | None
    base_brier: float | None
    bins: tuple[tuple[float, float, int], ...]


def read_proofs(reports: Path) -> tuple[Proof, ...]:
    """The proofs that the last back-test left under the folder of reports, one per corpus; none where none was made.

    Raises ValueError with one sentence where the file is not one that `observatory backtest` wrote.
    """
    path = reports / FOLDER / FIGURES
    if not path.is_file():
        return ()
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        corpora = dict.fromkeys(row["corpus"] for row in told["rows"] if row["target"] == "document_split")
        return tuple(_read_proof(corpus, told["rows"], told["reliability"]) for corpus in corpora)
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is no back-test that can be read: run `observatory backtest` again, or remove it.") from error


def _read_proof(corpus: str, rows: Sequence[Mapping[str, Any]], reliability: Sequence[Mapping[str, Any]]) -> Proof:
    own = {(row["method"], row["target"], row["metric"], row["depth"]): row for row in rows if row["corpus"] == corpus}
    figures = []
    for target, metric, depth, name in SHOWN:
        ours, vitality = own.get((OURS, target, metric, depth)), own.get((VITALITY, target, metric, depth))
        if ours and vitality:
            figures.append(Figure(name, ours["value"], vitality["value"], ours["diff_low80"], ours["diff_high80"]))
    days = sorted({figure["cutoff"] for row in own.values() for figure in row["by_cutoff"]})
    label = own.get((OURS, "growth_label", "average_precision", None))
    rates = [figure["base_rate"] for figure in label["by_cutoff"] if figure["base_rate"] is not None] if label else []
    told = next((one for one in reliability if (one["corpus"], one["method"]) == (corpus, OURS)), None)
    return Proof(
        corpus=corpus,
        first_cutoff=days[0],
        last_cutoff=days[-1],
        cutoffs=len(days),
        base_rate=sum(rates) / len(rates) if rates else None,
        figures=tuple(figures),
        calibration_error=told["calibration_error"] if told else None,
        brier=told["brier"] if told else None,
        base_brier=told["base_brier"] if told else None,
        bins=tuple((one["said"], one["seen"], one["count"]) for one in told["bins"]) if told else (),
    )
