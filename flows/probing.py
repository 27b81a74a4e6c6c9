"""Probing the sources before going live."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crawlers.records import Window
from flows.settings import Settings

if TYPE_CHECKING:
    from crawlers.probe import Probe

PROBED_DAYS = 3


def probe_sources(settings: Settings, only: Sequence[str] | None, today: date, *, say: Callable[[str], None]) -> Iterator[Probe]:
    """Ask each enabled source once, one after the other and in turn with a scan that is under way; those that lack a key or queries
    are named and passed over.

    Raises SettingsError for a name that is no source.
    """
    from crawlers.middlewares.turns import TURNS_FOLDER
    from crawlers.probe import probe
    from flows.sources import chosen_sources
    from flows.stages.gather import user_agent

    chosen, skipped = chosen_sources(settings, only)
    for reason in skipped:
        say(reason)
    for source in chosen:
        say(f"asking {source.name}")
        days = timedelta(days=min(PROBED_DAYS, source.window_days))
        window = Window(max(today - days, source.earliest_on), today - timedelta(days=1))
        yield probe(
            source,
            window,
            user_agent=user_agent(settings.contact),
            allow_hosts=settings.allow_hosts,
            secrets_dir=settings.secrets_dir,
            turns_folder=settings.landing / TURNS_FOLDER,
        )
