"""After a run, however it ended: its page, what is too old, who is told. What fails here is said and logged, and fails no night."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flows.notices import notice_of_run

if TYPE_CHECKING:
    from flows.ledger import Run
    from flows.reports.run_page import RunData


def read_conclusion(run: Run, problems: list[str], redact: Callable[[str], str]) -> RunData:
    """What the page and Prefect show of a run."""
    from flows.reports.run_page import read_run

    return read_run(run.connection, run.run_id, problems=problems, published=published_by(run), redact=redact)


def published_by(run: Run) -> Path | None:
    """The snapshot this run published, None when the one before is still current."""
    from flows.warehouse.publish import current_snapshot

    current = current_snapshot(run.settings.published)
    return current if current is not None and current.name.startswith(f"observatory-{run.run_id}") else None


def conclude(run: Run, state: str, note: str, redact: Callable[[str], str]) -> None:
    """Write the page, delete what is too old, send the notice: each whatever becomes of the others."""
    problems = [*run.problems, *([note] if state == "failed" else [])]

    def write_page() -> None:
        from flows.reports.run_page import render_run

        path = run.settings.runs / f"{run.run_id}.html"
        fresh = path.with_suffix(".html.new")
        fresh.write_text(render_run(read_conclusion(run, problems, redact)), encoding="utf-8")
        fresh.replace(path)

    def expire_old() -> None:
        from flows.retention import expire

        gone = expire(run.settings, run.connection, run.now())
        if gone:
            run.log("expired", paths=[path.name for path in gone])

    def tell() -> None:
        from flows.notices_sending import send, target_names

        settings = run.settings
        if not target_names(settings.notices, settings.secrets_dir):
            return
        notice = notice_of_run(
            run.run_id, state, [redact(problem) for problem in problems], run.silent, _alerts(run), on=settings.notices.on
        )
        if notice is not None:
            failures = send(notice, settings.notices, settings.secrets_dir)
            run.log("notice", reasons=notice.reasons, failures=failures)
            for failure in failures:
                run.say(failure)

    for name, work in (("page", write_page), ("retention", expire_old), ("notice", tell)):
        try:
            work()
        except Exception as error:
            run.log("after_run_failed", what=name, error=f"{type(error).__name__}: {error}")
            run.say(f"the {name} of the run failed: {error}")


def _alerts(run: Run) -> list[str]:
    from flows.reports.reads import run_read

    rows = run_read(run.connection, "run_alerts", {"run_id": run.run_id, "as_of": run.logical_on})
    return [f"{row['name']}: {row['detail']}" for row in rows]
