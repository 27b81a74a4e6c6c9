"""The demo: the real spiders and the whole night and week on the simulated practice archive, over loopback, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.ledger import Clock, Say
from flows.settings import Settings

if TYPE_CHECKING:
    from flows.night import Outcome
    from flows.reports.records import ReportFiles


WHOLE_ARCHIVE_DAYS = 4000
"""The archive on loopback is small: one crawl a source takes it whole."""


def run_demo(settings: Settings, *, now: Clock, say: Say) -> tuple[Outcome, ReportFiles, int]:
    """Serve the practice archive, scan it as of its last day, publish, write the weekly report.

    Returns how the night ended, the report's files and how many places of the ranking to show: twice the number of planted
    emerging technologies. Running it again changes nothing. Raises WorldMismatch in a data folder with real documents.
    """
    from crawlers.replay.practice import PRACTICE_TODAY, make_world
    from crawlers.replay.server import ReplayServer
    from flows.night import open_work, run_night
    from flows.nightly import perform_flow, weekly_report
    from flows.sources import chosen_sources
    from flows.worlds import enter_world

    world = make_world()
    first_on = min(record.published for record in world.records if record.published)
    say(f"serving {len(world.records)} simulated documents on loopback")
    with ReplayServer(world.records, today=PRACTICE_TODAY) as server:
        endpoints = server.endpoints() | {"feeds": " ".join(feed.url for feed in server.feeds())}
        local = settings.model_copy(update={"endpoints": endpoints, "allow_hosts": ("127.0.0.1",), "window_days": WHOLE_ARCHIVE_DAYS})
        sources, _ = chosen_sources(local, list(endpoints))
        with open_work(local, "demo", PRACTICE_TODAY, now=now, say=say) as run:
            enter_world(run.connection, simulated=True)
            outcome = perform_flow("nightly_scan", run, lambda perform: run_night(run, sources, perform=perform, first_from_on=first_on))
    files = weekly_report(local, now=now)
    return outcome, files, 2 * sum(row.kind == "emerging" for row in world.truth)
