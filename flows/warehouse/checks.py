"""Checks on the data: each a SELECT of offending rows, whose first line says how much it matters and what it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from flows.warehouse.errors import WarehouseError, explained
from flows.warehouse.reads import list_sql
from flows.warehouse.tables import append

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Severity = Literal["fail", "warn"]
SAMPLE_ROWS = 3


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
    """Checks from file names and texts. Raises WarehouseError unless each begins `-- fail: ...` or `-- warn: ...`."""
    found = []
    for name, text in sorted(texts.items()):
        match = re.match(r"-- (fail|warn): (\S.*)\n", text)
        if not match:
            raise WarehouseError(f"check {name} does not begin with `-- fail: sentence` or `-- warn: sentence`.")
        severity: Severity = "fail" if match.group(1) == "fail" else "warn"
        found.append(Check(name, severity, match.group(2), text.strip().rstrip(";")))
    return tuple(found)


def run_checks(
    connection: DuckDBPyConnection,
    run_id: str,
    now: datetime,
    *,
    run_on: date | None = None,
    checks: tuple[Check, ...] | None = None,
) -> list[CheckResult]:
    """Run the checks, write them to meta.check_results (replacing this run's) and return them, by name.

    `now` is naive UTC; `run_on` is the day the run stands for (default: the day of `now`), after which nothing may be
    dated. A check whose result is severe is not raised here: the caller decides to stop. Raises WarehouseError when a
    check cannot be run.
    """
    results = []
    for check in load_checks() if checks is None else checks:
        with explained(f"check {check.name}"):
            results.append(_run(connection, check, run_on or now.date()))
    rows = [
        {
            "check_name": result.name,
            "severity": result.severity,
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
