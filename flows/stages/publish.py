"""Check, then publish: a bad night keeps the old snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows import __version__
from flows.ledger import close_run, close_stage, transaction
from flows.settings import SettingsError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from flows.ledger import Run
    from nlp.taxonomy import Taxonomy


GATED_FLOWS = frozenset({"scan", "refit", "publish"})
"""Runs whose result is held against the published snapshot. An import, a backfill or a rebuild is a person's wish to change a lot."""


class ChecksFailed(Exception):
    """A check with severity fail, or a gate that nobody accepted, found rows; nothing is published. The message is one sentence."""


def check(run: Run, accept: Collection[str] = ()) -> None:
    """Run every check. Warnings are recorded, flags degrade the run; a failure raises ChecksFailed and the old snapshot stays.

    Gates in `accept` or in the setting `accept_checks` only warn. Raises SettingsError for a name that is no gate.
    """
    from flows.warehouse.checks import load_checks, run_checks

    checks = load_checks()
    accepted = {*accept, *run.settings.accept_checks}
    gates = sorted(one.name for one in checks if one.severity == "gate")
    for name in sorted(accepted - set(gates)):
        raise SettingsError(f"{name!r} is no publish gate; the gates are {', '.join(gates)}.")
    with _published(run) as is_attached:
        results = run_checks(
            run.connection, run.run_id, run.now(), run_on=run.logical_on, checks=checks, with_gates=is_attached, accepted=accepted
        )
    run.rows["check"] = len(results)
    found = [result for result in results if not result.passed]
    for result in found:
        run.log("check_found", check=result.name, severity=result.severity, rows=result.failed_count, sample=result.sample)
        if result.severity == "flag":
            run.silent.append(f"{result.sentence} ({result.sample})")
            run.problems.append(run.silent[-1])
        elif result.name in accepted:
            run.problems.append(f"The gate {result.name} was accepted: {result.sentence} ({result.sample})")
    stopping = sorted((result for result in found if result.severity in ("fail", "gate")), key=lambda result: result.severity)
    if stopping:
        first = stopping[0]
        names = ", ".join(result.name for result in stopping[1:])
        raise ChecksFailed(
            f"Check {first.name} found {first.failed_count} rows ({first.sentence}; {first.sample}): the published snapshot was kept."
            + (f" Also open: {names}." if names else "")
            + (f" If it is right, publish it by `observatory publish --accept {first.name}`." if first.severity == "gate" else "")
        )


@contextmanager
def _published(run: Run) -> Iterator[bool]:
    """The current snapshot attached as `published` for the gates; False where there is none, or where this run is not held against it."""
    from flows.warehouse.checks import PUBLISHED
    from flows.warehouse.publish import current_snapshot

    current = current_snapshot(run.settings.published)
    if current is None or run.flow not in GATED_FLOWS:
        yield False
        return
    quoted = str(current).replace("'", "''")
    run.connection.execute(f"ATTACH '{quoted}' AS {PUBLISHED} (READ_ONLY)")
    try:
        yield True
    finally:
        run.connection.execute(f"DETACH {PUBLISHED}")


def publish_snapshot(run: Run, taxonomy: Taxonomy) -> Path:
    """Write what this snapshot is into meta.facts and swap it in. Returns the path of the versioned file."""
    from flows.licensing import withheld_licences
    from flows.warehouse.publish import publish

    simulated = run.connection.execute("SELECT coalesce(bool_or(is_simulated), false) FROM core.documents").fetchall()[0][0]
    facts = {
        "snapshot_id": run.run_id,
        "run_id": run.run_id,
        "as_of": run.logical_on.isoformat(),
        "code_version": __version__,
        "taxonomy_digest": taxonomy.digest,
        "is_simulated": "true" if simulated else "false",
    }
    with transaction(run.connection):
        run.connection.execute("DELETE FROM meta.facts WHERE key IN (SELECT unnest(?::VARCHAR[]))", [list(facts)])
        for key, value in sorted(facts.items()):
            run.connection.execute("INSERT INTO meta.facts (key, value) VALUES (?, ?)", [key, value])
    # The copy must say how this run ended; if publishing fails, the run is entered as failed in the warehouse, which stays.
    close_stage(run, "publish", "done", None)
    close_run(run)
    withheld = [] if run.settings.publish_texts == "all" else withheld_licences(run.connection)
    return publish(
        run.connection,
        run.settings.published,
        run.run_id,
        keep=run.settings.keep_snapshots,
        published_at=run.now(),
        withheld=withheld,
    )


def last_judged_on(connection: DuckDBPyConnection) -> date | None:
    """The day the last run that judged stands for, also where its publishing was held back; None before the first."""
    found = connection.execute(
        "SELECT max(as_of) FROM meta.judged WHERE run_id = (SELECT arg_max(run_id, judged_at) FROM meta.judged) HAVING count(*) > 0"
    ).fetchall()
    return found[0][0] if found else None


def published_as_of(connection: DuckDBPyConnection) -> date | None:
    """The day the last published snapshot stands for, from meta.facts; None before the first."""
    found = connection.execute("SELECT value FROM meta.facts WHERE key = 'as_of'").fetchall()
    return date.fromisoformat(found[0][0]) if found else None
