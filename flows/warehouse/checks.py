"""Checks on the data: each a SELECT of offending rows, whose first line says how much it matters and what it means.

`fail` is broken data and always stops the run. `gate` is data that may be right and looks wrong beside what is published: it stops
the run unless a person has accepted it by its name. `flag` degrades the sources it names. `warn` is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from flows.warehouse.errors import WarehouseError, explained
from flows.warehouse.reads import list_sql
from flows.warehouse.tables import append

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Severity = Literal["fail", "gate", "flag", "warn"]
SEVERITIES: tuple[Severity, ...] = ("fail", "gate", "flag", "warn")
SAMPLE_ROWS = 3
PUBLISHED = "published"
"""Under which name a gate finds the current snapshot attached."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `sentence` says what is wrong when `sql` finds a row."""

    name: str
    severity: Severity
    sentence: str
    sql: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found. `sample` shows the first offending rows, '' when there is none."""

    name: str
    severity: Severity
    sentence: str
    failed_count: int
    sample: str

    @property
    def passed(self) -> bool:
        """True when no row offends."""
        return self.failed_count == 0


def load_checks() -> tuple[Check, ...]:
    """The checks that ship with this version, by name."""
    return parse_checks(list_sql("checks"))


def parse_checks(texts: Mapping[str, str]) -> tuple[Check, ...]:
    """Checks from file names and texts. Raises WarehouseError unless each begins with a severity, as in `-- warn: sentence`."""
    found = []
    for name, text in sorted(texts.items()):
        match = re.match(r"-- (\w+): (\S.*)\n", text)
        severity = next((one for one in SEVERITIES if match and one == match.group(1)), None)
        if match is None or severity is None:
            raise WarehouseError(f"check {name} does not begin with `-- fail: sentence` or another of {', '.join(SEVERITIES)}.")
        found.append(Check(name, severity, match.group(2), text.strip().rstrip(";")))
    return tuple(found)


def run_checks(
    connection: DuckDBPyConnection,
    run_id: str,
    now: datetime,
    *,
    run_on: date | None = None,
    checks: tuple[Check, ...] | None = None,
    with_gates: bool = False,
    accepted: Collection[str] = (),
) -> list[CheckResult]:
    """Run the checks, write them to meta.check_results (replacing this run's) and return them, by name.

    `now` is naive UTC; `run_on` is the day the run stands for (default: the day of `now`), after which nothing may be
    dated. Gates run only `with_gates`: the current snapshot must then be attached as `published`; one whose name is
    `accepted` only warns. In the table a gate fails or warns, and a flag warns. A check whose result is severe is not raised
    here: the caller decides to stop. Raises WarehouseError when a check cannot be run.
    """
    results = []
    for check in load_checks() if checks is None else checks:
        if check.severity == "gate" and not with_gates:
            continue
        with explained(f"check {check.name}"):
            result = _run(connection, check, run_on or now.date())
        results.append(replace(result, severity="warn") if result.severity == "gate" and check.name in accepted else result)
    rows = [
        {
            "check_name": result.name,
            "severity": "fail" if result.severity in ("fail", "gate") else "warn",
            "failed_count": result.failed_count,
            "sample": result.sample or None,
            "checked_at": now,
        }
        for result in results
    ]
    with explained("meta.check_results"):
        connection.execute("DELETE FROM meta.check_results WHERE run_id = ?", [run_id])
    append(connection, "meta.check_results", rows, run_id)
    return results


def _run(connection: DuckDBPyConnection, check: Check, run_on: date) -> CheckResult:
    parameters = {"run_on": run_on} if "$run_on" in check.sql else {}
    count = connection.execute(f"SELECT count(*) FROM (\n{check.sql}\n)", parameters).fetchall()[0][0]
    sample = ""
    if count:
        cursor = connection.execute(f"SELECT * FROM (\n{check.sql}\n) ORDER BY ALL LIMIT {SAMPLE_ROWS}", parameters)
        names = [column[0] for column in cursor.description or []]
        rows = [", ".join(f"{name}={value}" for name, value in zip(names, row, strict=True)) for row in cursor.fetchall()]
        sample = "; ".join(rows)
    return CheckResult(check.name, check.severity, check.sentence, int(count), sample)
