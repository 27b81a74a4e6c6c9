"""One night, as plain function calls: lock, gather, parse, deduplicate, annotate, assign, judge, check, publish.

Prefect, when it is used, only wraps these same calls (flows/nightly.py): `perform` runs one named stage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from flows import __version__
from flows.disk import require_room
from flows.ledger import Clock, Run, Say, close_run, make_run_id, mark_crashed, open_run, stage, write_last_run
from flows.lock import acquire, boot_id
from flows.settings import Settings

if TYPE_CHECKING:
    from crawlers.records import Window
    from crawlers.sources import Source
    from nlp.embeddings import Encoder

T = TypeVar("T")
Perform = Callable[[str, Callable[[], None]], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended. `problems` is empty for a run that is done; otherwise it is partial and each sentence names its source."""

    run_id: str
    logical_on: date
    problems: tuple[str, ...]
    rows: dict[str, int]
    snapshot: Path

    @property
    def state(self) -> str:
        """done or partial; a failed run raises instead."""
        return "partial" if self.problems else "done"


def perform_plainly(name: str, work: Callable[[], None]) -> None:
    """Run a stage as a plain function call."""
    del name
    work()


@contextmanager
def open_work(settings: Settings, flow: str, logical_on: date, *, now: Clock, say: Say) -> Iterator[Run]:
    """Take the lock, open and migrate the warehouse, mark crashed runs, enter this one; on the way out enter how it ended.

    Raises LockHeld when another run holds the lock, WarehouseError when the file cannot be opened.
    """
    with acquire(settings.lock):
        _require_own_warehouse(settings)
        with open_work_locked(settings, flow, logical_on, now=now, say=say) as run:
            yield run


def require_warehouse(settings: Settings) -> None:
    """Raise WarehouseError where there is nothing to work on yet."""
    from flows.warehouse.errors import WarehouseError

    if not settings.warehouse.is_file():
        raise WarehouseError(f"There is no warehouse at {settings.warehouse} yet: run `observatory scan` or `observatory import` first.")


def _require_own_warehouse(settings: Settings) -> None:
    """A first run may start from nothing; a lost warehouse may not, or its next publish would replace a full snapshot with an empty one."""
    from flows.warehouse.errors import WarehouseError

    if settings.snapshot.exists() and not settings.warehouse.is_file():
        raise WarehouseError(
            f"A snapshot is published but the warehouse {settings.warehouse} is gone: `observatory rebuild` makes it again."
        )


@contextmanager
def open_work_locked(
    settings: Settings, flow: str, logical_on: date, *, now: Clock, say: Say, warehouse: Path | None = None
) -> Iterator[Run]:
    """As `open_work`, for a caller that already holds the lock; `warehouse` names another file than the one of the settings."""
    from flows.journal import known_keys, open_journal
    from flows.redaction import make_redaction
    from flows.warehouse.connection import open_writer
    from flows.warehouse.schema import migrate

    require_room(settings, flow)
    redact = make_redaction(known_keys(settings))
    damage: list[str] = []
    connection = open_writer(
        warehouse or settings.warehouse, memory_limit=settings.memory_limit, threads=settings.threads, on_damaged_log=damage.append
    )
    run_id = make_run_id(flow, logical_on)
    with closing(connection), open_journal(settings.runs / f"{run_id}.jsonl", run_id, now, redact) as log:
        migrate(connection, now())
        crashed = mark_crashed(connection, now())
        run = Run(run_id, flow, logical_on, settings, connection, now, say, log=log)
        open_run(run, boot_id=boot_id(), code_version=__version__)
        write_last_run(run, "running", "")
        log("run_began", flow=flow, logical_on=logical_on.isoformat(), crashed_before=crashed)
        run.problems.extend(damage)
        try:
            yield run
        except BaseException as error:
            _end(run, "failed", str(error)[:500] or type(error).__name__, redact)
            raise
        _end(run, run.state, run.note, redact)


def _end(run: Run, state: str, note: str, redact: Callable[[str], str]) -> None:
    """Enter how the run ended, leave it for `status`, then write its page and tell who wants to know."""
    from flows.conclusion import conclude

    close_run(run, state, redact(note))
    write_last_run(run, state, redact(note))
    run.log("run_ended", state=state, problems=run.problems, note=note)
    conclude(run, state, note, redact)


def run_night(
    run: Run,
    sources: Sequence[Source],
    *,
    perform: Perform = perform_plainly,
    first_from_on: date | None = None,
    span: Window | None = None,
) -> Outcome:
    """Gather the sources up to the run's day, then read, judge, check and publish. Running it again changes nothing.

    With a `span` (a backfill) what is lacking of those past days is gathered in place of what is new.
    """
    from flows.stages.gather import backfill_plan, gather, nightly_plan
    from flows.stages.parse import parse

    def gather_all() -> None:
        parse(run, sources)  # what a crashed run landed counts before anything is asked for again
        gather(run, nightly_plan(run, sources, first_from_on) if span is None else backfill_plan(run, sources, span))

    _staged(run, perform, "gather", gather_all)
    _staged(run, perform, "parse", lambda: parse(run, sources))
    return finish(run, perform=perform)


def finish(run: Run, *, perform: Perform = perform_plainly) -> Outcome:
    """Everything after the documents are in the warehouse: the part that a scan and an import share."""
    from flows.curation import taxonomy_in_force
    from flows.stages.annotate import embed, read_terms, score_tracks
    from flows.stages.deduplicate import deduplicate
    from flows.stages.judge import judge
    from flows.stages.publish import check, publish_snapshot
    from flows.stages.topics import assign_topics

    settings = run.settings
    taxonomy = taxonomy_in_force(settings)
    snapshot: list[Path] = []
    _staged(run, perform, "deduplicate", lambda: deduplicate(run))
    _staged(run, perform, "read", lambda: read_terms(run))
    encoder = _encoder(settings)
    _staged(run, perform, "embed", lambda: embed(run, encoder))
    _staged(run, perform, "tracks", lambda: score_tracks(run, encoder))
    _staged(run, perform, "topics", lambda: assign_topics(run))
    _staged(run, perform, "judge", lambda: judge(run, taxonomy))
    _staged(run, perform, "check", lambda: check(run))
    _staged(run, perform, "publish", lambda: snapshot.append(publish_snapshot(run, taxonomy)))
    return Outcome(run.run_id, run.logical_on, tuple(run.problems), dict(run.rows), snapshot[0])


def _encoder(settings: Settings) -> Encoder:
    """The encoder that the settings name."""
    from nlp.embeddings import load_encoder

    return load_encoder(
        settings.vectors,
        settings.models,
        threads=settings.threads,
        precision=settings.vectors_precision,
        own_model=settings.vectors_model,
    )


def _staged(run: Run, perform: Perform, name: str, work: Callable[[], None]) -> None:
    def in_ledger() -> None:
        require_room(run.settings, name)
        run.say(f"{name} ...")
        with stage(run, name):
            work()

    perform(name, in_ledger)
