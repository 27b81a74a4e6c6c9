"""The log of a run: one JSON object a line in `runs/<run_id>.jsonl`, with keys redacted. For machines; the page beside it is for people."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.settings import Settings

Log = Callable[..., None]
"""`log(event, **facts)`."""

SMTP_PASSWORD, WEBHOOK = "NOTICE_SMTP_PASSWORD", "NOTICE_WEBHOOK"
"""Keys of the notices: in the environment or in the secrets folder, as the keys of the sources are."""


def no_log(event: str, **facts: Any) -> None:
    """For a run that nobody reads the log of."""


@contextmanager
def open_journal(path: Path, run_id: str, now: Callable[[], datetime], redact: Callable[[str], str]) -> Iterator[Log]:
    """A log that appends to `path`; a line is on its way to the disk when `log` returns. `now` gives naive UTC. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:

        def log(event: str, **facts: Any) -> None:
            line = {"at": f"{now().isoformat(timespec='milliseconds')}Z", "run_id": run_id, "event": event, **facts}
            # Redacted value by value: in the finished line a key could be split by an escape.
            file.write(json.dumps({name: _redacted(value, redact) for name, value in line.items()}, ensure_ascii=False) + "\n")
            file.flush()

        yield log


def _redacted(value: Any, redact: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {name: _redacted(item, redact) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(item, redact) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else redact(str(value))


def known_keys(settings: Settings) -> list[str]:
    """The keys of every source and notice that are set, to be kept out of whatever is written."""
    from crawlers.keys import read_key
    from crawlers.sources import load_sources

    names = {source.needs_key for source in load_sources({}).values()} | {SMTP_PASSWORD, WEBHOOK}
    keys = [read_key(name, settings.secrets_dir) for name in names]
    return sorted({part for key in keys for part in (key, *key.split(":")) if part})  # "user:secret" is sent in halves too
