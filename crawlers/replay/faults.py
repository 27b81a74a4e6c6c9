"""Faults on demand: which request is answered badly, and how."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

from crawlers.replay.answers import HTML, Answer

FaultKind = Literal["unavailable", "too many", "truncated", "slow", "empty", "html", "wrong charset"]
_PAGE = b"<!doctype html>\n<html><head><title>Maintenance</title></head><body><p>Back soon.<br></body></html>\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to answer badly.

    unavailable: 503, too many: 429, both with `retry_after` as Retry-After where it is not None; truncated: half the
    body under the whole Content-Length; slow: the body spread over `seconds`; empty: 200 without a body; html: a page
    instead of the document; wrong charset: UTF-8 declared, GB18030 sent.
    """

    kind: FaultKind
    retry_after: str | None = None
    seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class FaultRule:
    """`fault` for requests whose path and query match the shell pattern `path`.

    `nth` says for which of them (1 = the first); empty means all.
    """

    path: str
    fault: Fault
    nth: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Rules in order; the first that applies decides."""

    rules: tuple[FaultRule, ...] = ()


@dataclass(slots=True)
class FaultCounter:
    """Counts the requests that met each rule of `plan`."""

    plan: FaultPlan
    met: Counter[int]

    def next_fault(self, target: str) -> Fault | None:
        """The fault for this request, if any; counts the request against every rule it matches."""
        found = None
        for place, rule in enumerate(self.plan.rules):
            if fnmatchcase(target, rule.path):
                self.met[place] += 1
                if found is None and (not rule.nth or self.met[place] in rule.nth):
                    found = rule.fault
        return found


def spoil(answer: Answer, fault: Fault) -> Answer:
    """The answer with its body or status spoilt. Truncated and slow bodies are spoilt while sending, not here."""
    if fault.kind == "unavailable":
        return Answer(b"Service temporarily unavailable.\n", HTML, status=503)
    if fault.kind == "too many":
        return Answer(b"Rate exceeded.", HTML, status=429)
    if fault.kind == "empty":
        return replace(answer, body=b"")
    if fault.kind == "html":
        return Answer(_PAGE, HTML)
    if fault.kind == "wrong charset":
        return replace(answer, body=answer.body.decode("utf-8", "replace").encode("gb18030"))
    return answer
