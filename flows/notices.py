"""What a person is told about a night, and when: a run that failed, a silence, alerts. Pure; `notices_sending` carries it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

Reason = Literal["failure", "silence", "alerts"]
ALERTS_TOLD = 20
SENTENCE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """One message. `reasons` are those of the settings that asked for it; `lines` are sentences, the first says most."""

    reasons: tuple[Reason, ...]
    subject: str
    lines: tuple[str, ...]

    def as_text(self) -> str:
        """The body of a mail."""
        return "\n".join(self.lines) + "\n"


def notice_of_run(
    run_id: str, state: str, problems: Sequence[str], silent: Sequence[str], alerts: Sequence[str], *, on: Collection[Reason]
) -> Notice | None:
    """What to tell about a run that ended, or None when nobody wants to know.

    A failure is a run that failed; a silence, sources (`silent`, sentences) that gave far less than they used to; alerts are sentences.
    """
    reasons: list[Reason] = []
    lines: list[str] = []
    if state == "failed" and "failure" in on:
        reasons.append("failure")
        lines += [f"The run {run_id} failed and the published snapshot was kept.", *problems]
    if silent and "silence" in on:
        reasons.append("silence")
        lines += [sentence for sentence in silent if sentence not in lines]
    if alerts and "alerts" in on:
        reasons.append("alerts")
        lines += alerts[:ALERTS_TOLD]
        if len(alerts) > ALERTS_TOLD:
            lines.append(f"{len(alerts) - ALERTS_TOLD} more alerts are in marts.alerts.")
    if not reasons:
        return None
    return Notice(tuple(reasons), f"Observatory: {', '.join(reasons)} ({run_id})", tuple(line[:SENTENCE_LENGTH] for line in lines))


def notice_of_silence(sentence: str, *, on: Collection[Reason]) -> Notice | None:
    """What to tell when nothing was published for too long; `sentence` is that of `status`."""
    if "silence" not in on:
        return None
    return Notice(("silence",), "Observatory: nothing new is published", (sentence[:SENTENCE_LENGTH],))
