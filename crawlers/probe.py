"""One polite request to a source, for a user going live: does it answer, and do we understand the answer?"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from crawlers.landing import read_body
from crawlers.reading import parse
from crawlers.records import Parsed, Window
from crawlers.run import crawl
from crawlers.sources import Source


@dataclass(frozen=True, slots=True)
class Probe:
    """What one request brought. `is_well` is True when the answer was understood; `said` is one sentence for a person."""

    source: str
    is_well: bool
    url: str | None
    status: int | None
    size_bytes: int | None
    document_count: int
    reject_count: int
    said: str


def probe(
    source: Source,
    window: Window,
    *,
    user_agent: str,
    allow_hosts: Sequence[str] = (),
    secrets_dir: Path | None = None,
    turns_folder: Path | None = None,
) -> Probe:
    """Ask the source once, by its own spider with all its politeness; of several feeds or queries only the first is asked.

    Nothing is kept but, in `turns_folder`, when its host may be asked again.
    """
    narrow = replace(source, feeds=source.feeds[:1], queries=source.queries[:1])
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder)
        report = crawl(
            narrow,
            window,
            landing,
            user_agent=user_agent,
            allow_hosts=allow_hosts,
            secrets_dir=secrets_dir,
            is_probe=True,
            turns_folder=turns_folder,
        )
        if not report.captures:
            return Probe(source.name, False, None, None, None, 0, 0, " ".join(report.problems) or "It gave no answer.")
        capture = report.captures[0]
        parsed = parse(source.name, read_body(landing, capture), url=capture.url, headers=capture.headers)
    is_well, said = _verdict(parsed)
    counts = len(parsed.documents), len(parsed.rejects)
    return Probe(source.name, is_well, capture.url, capture.status, capture.size, *counts, said)


def _verdict(parsed: Parsed) -> tuple[bool, str]:
    if parsed.documents:
        first = parsed.documents[0]
        return True, f"{first.published_on or 'undated'}: {first.title[:80]}"
    if not parsed.rejects:
        return True, "An empty page: nothing in these days."
    first_reject = parsed.rejects[0]
    if first_reject.reason == "not_a_document":
        return True, f"A list that leads to documents ({first_reject.detail})."
    return False, f"Not understood: {first_reject.reason}, {first_reject.detail}."
