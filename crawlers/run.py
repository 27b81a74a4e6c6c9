"""One crawl: one source, one window, one subprocess. Scrapy's reactor cannot be started twice, and a crash stays outside."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawlers.addresses import is_literal
from crawlers.jobs import CrawlJob, CrawlResult, decode_job, decode_result
from crawlers.keys import read_key
from crawlers.landing import open_window, read_manifest
from crawlers.records import Capture, CrawlReport, Window
from crawlers.sources import Source

EXIT_COMPLETE, EXIT_FAILED, EXIT_INCOMPLETE = 0, 1, 3
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def crawl(
    source: Source,
    window: Window,
    landing: Path,
    *,
    user_agent: str,
    allow_hosts: Sequence[str] = (),
    fast: bool = False,
    fetched_at: datetime | None = None,
    since: Mapping[str, date] | None = None,
    secrets_dir: Path | None = None,
    is_probe: bool = False,
    is_backfill: bool = False,
    turns_folder: Path | None = None,
) -> CrawlReport:
    """Gather one window of one source into the landing and report how that went.

    `allow_hosts` names hosts that may be private, such as the replay server; `fast` leaves out the pauses and is only for
    loopback (ValueError otherwise). `fetched_at` takes the place of the clock; `since` names parts of the source that fell
    behind, with the first day each still lacks; `secrets_dir` may hold the source's key; a probe (`is_probe`) ends with the
    first response; `is_backfill` is kept in the manifest; `turns_folder` holds whose turn it is, for crawls with several landings.
    A crawl that fails in any way, a dead subprocess included, is a report with `complete` False and the reasons in `problems`,
    never an exception.
    """
    started = time.monotonic()
    addresses = [feed.url for feed in source.feeds] if source.feeds else [source.endpoint]
    if fast and not all(_is_loopback(address) for address in addresses):
        raise ValueError(f"Only a server on loopback may be crawled without pauses, and {source.name!r} is not on one.")
    problem = _missing_key(source, allow_hosts, secrets_dir)
    result = CrawlResult(False, (problem,)) if problem else None
    if result is None:
        job = CrawlJob(
            source=source,
            window=window,
            landing=landing,
            user_agent=user_agent,
            allow_hosts=tuple(allow_hosts),
            fast=fast,
            fetched_at=fetched_at,
            parent_process_id=os.getpid(),
            since=dict(since or {}),
            secrets_dir=secrets_dir,
            is_probe=is_probe,
            is_backfill=is_backfill,
            turns_folder=turns_folder,
        )
        result = _run_subprocess(job)
    try:
        manifest = read_manifest(landing, source.name, window)
    except ValueError as error:
        manifest, result = None, CrawlResult(False, (*result.problems, str(error)))
    captures: tuple[Capture, ...] = manifest.captures if manifest else ()
    return CrawlReport(source.name, window, result.complete, captures, result.problems, time.monotonic() - started, result.behind)


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return host == "localhost" or (is_literal(host) and (host.startswith("127.") or host == "::1"))


def _missing_key(source: Source, allow_hosts: Sequence[str], secrets_dir: Path | None) -> str | None:
    """A server of our own asks for no key; the real one does."""
    is_ours = urlsplit(source.endpoint).hostname in allow_hosts
    if source.needs_key and not is_ours and not read_key(source.needs_key, secrets_dir):
        return f"{source.title} wants a key: set {source.needs_key} in the environment or in the secrets folder."
    return None


def _run_subprocess(job: CrawlJob) -> CrawlResult:
    """Run the spider apart. Its own result counts; Scrapy's exit code is 0 even when every callback failed."""
    command = [sys.executable, "-P", "-m", "crawlers.run"]
    done = subprocess.run(command, input=job.encode(), capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
    result = decode_result(done.stdout)
    if result is not None and done.returncode in (EXIT_COMPLETE, EXIT_INCOMPLETE):
        return CrawlResult(result.complete and done.returncode == EXIT_COMPLETE, result.problems, result.behind)
    last = done.stderr.strip().rpartition("\n")[2]
    ending = f"was killed by signal {-done.returncode}" if done.returncode < 0 else f"ended with code {done.returncode}"
    return CrawlResult(False, (f"The crawl of {job.source.name} {ending}. {last}".strip()[:500],))


def main() -> int:
    """The subprocess: read a job from standard input, crawl, write the result as the last line of standard output."""
    job = decode_job(sys.stdin.read())
    die_with(job.parent_process_id)
    opened = open_window(job.landing, job.source.name, job.window, job.fetched_at or datetime.now(UTC))
    result = _run_spider(job, opened)
    opened.close(result.complete, result.problems, result.behind, job.since, is_backfill=job.is_backfill)
    sys.stdout.write(result.encode() + "\n")
    return EXIT_COMPLETE if result.complete else EXIT_INCOMPLETE


def die_with(parent_process_id: int) -> None:
    """Arrange that the kernel kills this process when its parent dies; stop at once when it already has."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent_process_id:
        sys.exit(EXIT_FAILED)


def _run_spider(job: CrawlJob, opened: Any) -> CrawlResult:
    """Run Scrapy to its end and return how it went, by the spider and by what only Scrapy's statistics know."""
    from scrapy.crawler import CrawlerProcess

    from crawlers.settings import scrapy_settings
    from crawlers.spiders.landing_spider import PROBED
    from crawlers.spiders.register import SPIDERS

    settings = scrapy_settings(user_agent=job.user_agent, pace_seconds=job.source.pace_seconds, allow_hosts=job.allow_hosts, fast=job.fast)
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(SPIDERS[job.source.name])
    process.crawl(crawler, job=job, opened=opened)
    process.start()
    if crawler.spider is None or crawler.stats is None:
        return CrawlResult(False, (f"The spider of {job.source.name} did not start.",))
    stats = crawler.stats.get_stats()
    spider = crawler.spider
    if stats.get("finish_reason") not in {"finished", PROBED}:
        spider.trouble(f"The spider of {job.source.name} stopped early: {stats.get('finish_reason', 'unknown')}.")
    faults = {name: count for name, count in stats.items() if name.startswith("spider_exceptions/")}
    for name, count in sorted(faults.items()):
        spider.trouble(f"The spider of {job.source.name} failed on {count} pages ({name.partition('/')[2]}).")
    parts = {*(feed.name for feed in job.source.feeds), *job.source.queries}
    nothing_lives = bool(parts) and parts <= spider.behind
    return CrawlResult(not (spider.is_broken or nothing_lives), tuple(spider.problems), tuple(sorted(spider.behind)))


if __name__ == "__main__":
    sys.exit(main())
