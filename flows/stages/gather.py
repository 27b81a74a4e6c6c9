"""Gather: crawl what each source has published since its cursor, into the landing. Nothing is parsed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crawlers.records import CrawlReport, Window
from crawlers.sources import Source
from flows.stages.cursors import covered_days, forget_parts, lagging_since

if TYPE_CHECKING:
    from flows.ledger import Run

BACKFILL = "backfill"
"""The flow that gathers a past span: what it lands lies beside the nights and does not move a cursor."""

CRAWLS_AT_ONCE = 6
"""A crawl waits most of the time, but each is a process of about 100 MB."""


def windows_to_gather(source: Source, covered_to_on: date | None, logical_on: date, first_from_on: date) -> list[Window]:
    """The spans still to be crawled, oldest first, none longer than the source's `window_days`.

    A source already covered up to `logical_on` has none; otherwise the last `overlap_days` covered are asked for again, because late
    records appear there.
    """
    if covered_to_on is not None and covered_to_on >= logical_on:
        return []
    begin = first_from_on if covered_to_on is None else covered_to_on + timedelta(days=1 - source.overlap_days)
    begin = min(max(begin, source.earliest_on), logical_on)
    spans = []
    while begin <= logical_on:
        end = min(begin + timedelta(days=source.window_days - 1), logical_on)
        spans.append(Window(begin, end))
        begin = end + timedelta(days=1)
    return spans


def windows_to_backfill(source: Source, asked: Window, finished: Sequence[Window]) -> list[Window]:
    """The spans of `asked` that no finished window covers, oldest first, cut where a repeated call cuts them too.

    What lies before the source's first day is left out.
    """
    held = {window.from_on + timedelta(days=day) for window in finished for day in range((window.to_on - window.from_on).days + 1)}
    spans = []
    begin = max(asked.from_on, source.earliest_on)
    while begin <= asked.to_on:
        end = min(begin + timedelta(days=source.window_days - 1), asked.to_on)
        if any(begin + timedelta(days=day) not in held for day in range((end - begin).days + 1)):
            spans.append(Window(begin, end))
        begin = end + timedelta(days=1)
    return spans


def nightly_plan(run: Run, sources: Sequence[Source], first_from_on: date | None) -> list[tuple[Source, list[Window]]]:
    """What tonight's scan asks each source for. Parts that the source no longer has are forgotten."""
    for source in sources:
        forget_parts(run, source)
    covered = covered_days(run.connection)
    first = first_from_on or run.logical_on - timedelta(days=run.settings.first_window_days)
    return [(source, windows_to_gather(source, covered.get(source.name), run.logical_on, first)) for source in sources]


def backfill_plan(run: Run, sources: Sequence[Source], asked: Window) -> list[tuple[Source, list[Window]]]:
    """What is still lacking of a past span, by source."""
    plan = []
    for source in sources:
        rows = run.connection.execute("SELECT from_on, to_on FROM meta.windows WHERE source = ? AND is_complete", [source.name]).fetchall()
        plan.append((source, windows_to_backfill(source, asked, [Window(from_on, to_on) for from_on, to_on in rows])))
    return plan


def gather(run: Run, plan: Sequence[tuple[Source, Sequence[Window]]]) -> None:
    """Crawl several sources at a time, each in its own subprocess; a source in trouble degrades itself only.

    Problems are collected on the run, one sentence each, beginning with the source's name.
    """
    with ThreadPoolExecutor(max_workers=CRAWLS_AT_ONCE) as pool:
        crawls = [pool.submit(_gather_source, run, source, windows, lagging_since(run.connection, source.name)) for source, windows in plan]
        reports = [report for crawl in crawls for report in crawl.result()]
    run.rows["gather"] = sum(len(report.captures) for report in reports)
    for report in reports:
        run.problems.extend(f"{report.source}: {problem}" for problem in report.problems)
        if not report.complete and not report.problems:
            run.problems.append(f"{report.source}: the window {report.window.key} was not finished.")


def _gather_source(run: Run, source: Source, windows: Sequence[Window], since: Mapping[str, date]) -> list[CrawlReport]:
    """Crawl the windows one after the other. Parts that lag behind are asked for what they lack with the first of them."""
    from crawlers.run import crawl

    reports = []
    for window in windows:
        report = crawl(
            source,
            window,
            run.settings.landing,
            user_agent=user_agent(run.settings.contact),
            allow_hosts=run.settings.allow_hosts,
            fast=bool(run.settings.allow_hosts) and _is_loopback(source.endpoint),
            since=since if window == windows[0] else {},
            secrets_dir=run.settings.secrets_dir,
            is_backfill=run.flow == BACKFILL,
        )
        run.say(f"{source.name} {window.key}: {len(report.captures)} responses in {report.seconds:.1f} s")
        reports.append(report)
        if not report.complete:
            break  # what follows would leave a gap behind the cursor
    return reports


def user_agent(contact: str) -> str:
    """Who we are, with an address when the user gave one."""
    return f"FutureIndustryObservatory/0.1 ({contact})" if contact else "FutureIndustryObservatory/0.1"


def _is_loopback(url: str) -> bool:
    from urllib.parse import urlsplit

    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}
