"""What the parent tells the subprocess of a crawl, and what that answers: JSON both ways."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crawlers.records import Window
from crawlers.sources import Feed, Source


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """One crawl. `fetched_at` fixes the clock for tests; None means the true time. Keys are never part of a job.

    `since` names the parts of the source that fell behind, each with the first day it still lacks. A probe ends with the
    first response landed; a backfill is one whose windows do not move the source's cursor. Crawls with
    one `turns_folder` share the pace of their hosts; without one it lies in the landing.
    """

    source: Source
    window: Window
    landing: Path
    user_agent: str
    allow_hosts: tuple[str, ...]
    fast: bool
    fetched_at: datetime | None
    parent_process_id: int
    since: dict[str, date] = field(default_factory=dict)
    secrets_dir: Path | None = None
    is_probe: bool = False
    is_backfill: bool = False
    turns_folder: Path | None = None

    def encode(self) -> str:
        """Return the job as one JSON text."""
        return json.dumps(asdict(self), default=str)


def decode_job(text: str) -> CrawlJob:
    """Return the job that `encode` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    facts: dict[str, Any] = json.loads(text)
    source = facts.pop("source")
    days: dict[str, Any] = {name: date.fromisoformat(source.pop(name)) for name in ("earliest_on", "checked_on")}
    feeds = tuple(Feed(**one) for one in source.pop("feeds"))
    queries = tuple(source.pop("queries"))
    since = {part: date.fromisoformat(day) for part, day in facts.pop("since").items()}
    window = {name: date.fromisoformat(value) for name, value in facts.pop("window").items()}
    fetched_at, secrets_dir, turns_folder = (facts.pop(name) for name in ("fetched_at", "secrets_dir", "turns_folder"))
    return CrawlJob(
        source=Source(**source, **days, feeds=feeds, queries=queries),
        window=Window(**window),
        landing=Path(facts.pop("landing")),
        allow_hosts=tuple(facts.pop("allow_hosts")),
        fetched_at=datetime.fromisoformat(fetched_at) if fetched_at else None,
        since=since,
        secrets_dir=Path(secrets_dir) if secrets_dir else None,
        turns_folder=Path(turns_folder) if turns_folder else None,
        **facts,
    )


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """The subprocess's own account, in the words of `records.CrawlReport`."""

    complete: bool
    problems: tuple[str, ...]
    behind: tuple[str, ...] = ()

    def encode(self) -> str:
        """Return the result as one JSON text."""
        return json.dumps({"complete": self.complete, "problems": list(self.problems), "behind": list(self.behind)}, ensure_ascii=False)


def decode_result(text: str) -> CrawlResult | None:
    """Return the result in the last line of `text`, or None when the subprocess did not get that far."""
    try:
        facts = json.loads(text.strip().rpartition("\n")[2])
        return CrawlResult(bool(facts["complete"]), tuple(facts["problems"]), tuple(facts["behind"]))
    except (ValueError, KeyError, TypeError):
        return None
