"""Check, then publish: a bad night keeps the old snapshot."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows import __version__
from flows.ledger import close_run, close_stage, transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from flows.ledger import Run
    from nlp.taxonomy import Taxonomy


class ChecksFailed(Exception):
    """At least one check with severity fail found rows; nothing is published. The message is one sentence."""


def check(run: Run) -> None:
    """Run every check. Warnings are recorded; a failure raises ChecksFailed and the old snapshot stays."""
    from flows.warehouse.checks import run_checks

    results = run_checks(run.connection, run.run_id, run.now(), run_on=run.logical_on)
    failed = [result for result in results if result.severity == "fail" and not result.passed]
    run.rows["check"] = len(results)
    if failed:
        first = failed[0]
        raise ChecksFailed(
            f"Check {first.name} found {first.failed_count} rows ({first.sentence}; {first.sample}): the published snapshot was kept."
        )


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


def published_as_of(connection: DuckDBPyConnection) -> date | None:
    """The day the last published snapshot stands for, from meta.facts; None before the first."""
    found = connection.execute("SELECT value FROM meta.facts WHERE key = 'as_of'").fetchall()
    return date.fromisoformat(found[0][0]) if found else None
