"""A whole back-test: what was asked for, what came out, and what a reader must know of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from scoring.backtest.calibration import Reliability
from scoring.backtest.expert import Finding
from scoring.backtest.records import Agreement, Row


@dataclass(frozen=True, slots=True)
class Plan:
    """What to test. `cutoffs` None = the last days of the last (at most 12) years that leave 5 years before and 3 after them;
    `streams` None = every stream of the corpus; `use_model` = judge only what the learned filter of names lets pass, though it was
    taught by people who knew what came."""

    name: str
    cutoffs: tuple[date, ...] | None = None
    streams: tuple[str, ...] | None = None
    splits: int = 30
    draws: int = 200
    seed: int = 20240118
    use_model: bool = False


@dataclass(frozen=True, slots=True)
class StreamSpan:
    """One stream of a corpus: its documents and the days of the first and the last."""

    stream: str
    documents: int
    first_on: date
    last_on: date


@dataclass(slots=True)
class Result:
    """Rows of every stream, and one sentence for every cut-off or stream left out or cut short.

    `rows` are of technologies; `topic_rows` say the same of topics made anew at each cut-off. `reliability` holds (corpus, method,
    figures); `findings` what the watchlists of each method found of the experts' items. `is_simulated`: documents are invented, so that
    no figure says anything about the world.
    """

    plan: Plan
    spans: tuple[StreamSpan, ...]
    rows: list[Row] = field(default_factory=list)
    topic_rows: list[Row] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    reliability: list[tuple[str, str, Reliability]] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    is_simulated: bool = False
