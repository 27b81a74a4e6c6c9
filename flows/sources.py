"""Which sources a run gathers, and from where on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from crawlers.sources import Feed, Source, known, load_sources
from flows.settings import Settings, SettingsError


def chosen_sources(settings: Settings, only: Sequence[str] | None) -> tuple[list[Source], list[str]]:
    """The sources to gather and one sentence for each one left out because its key is not set.

    Raises SettingsError for a name that is no source.
    """
    register = read_register(settings)
    chosen, skipped = [], []
    for name in only or settings.sources:
        try:
            source = with_user_feeds(register[known(name, register)], settings)
            source = replace(source, window_days=settings.window_days or source.window_days)
        except ValueError as error:
            raise SettingsError(str(error)) from None
        if needs_key(source, settings):
            skipped.append(f"{name} was left out: it needs a key in {source.needs_key}.")
        else:
            chosen.append(source)
    return chosen, skipped


def read_register(settings: Settings) -> dict[str, Source]:
    """Every known source by name, at the addresses of the settings. Raises SettingsError for an address that is none."""
    try:
        return load_sources(settings.endpoints)
    except ValueError as error:
        raise SettingsError(str(error)) from None


def with_user_feeds(source: Source, settings: Settings) -> Source:
    """The feeds source with the user's own feeds added; any other source as it is."""
    if source.name != "feeds" or not settings.extra_feeds:
        return source
    return replace(source, feeds=(*source.feeds, *(Feed(feed.name, feed.url, feed.lang) for feed in settings.extra_feeds)))


def needs_key(source: Source, settings: Settings) -> bool:
    """True when the source wants a key that is not set. A source at another address (a mirror, a replay) is asked without one."""
    return bool(source.needs_key) and source.name not in settings.endpoints and not os.environ.get(source.needs_key or "")


def landed_sources(settings: Settings) -> list[Source]:
    """Every known source that has something in the landing."""
    if not settings.landing.is_dir():
        return []
    register = read_register(settings)
    return [register[folder.name] for folder in sorted(settings.landing.iterdir()) if folder.name in register]


def planned_windows(settings: Settings, sources: Sequence[Source], logical_on: date) -> list[dict[str, Any]]:
    """What a scan for that day would gather, from the cursors of the warehouse, without touching anything."""
    from flows.stages.gather import windows_to_gather

    covered: dict[str, date] = {}
    if settings.warehouse.is_file():
        import duckdb

        from flows.warehouse.errors import explained

        with explained(settings.warehouse), duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            covered = dict(connection.execute("SELECT source, max(covered_to_on) FROM meta.cursors GROUP BY source").fetchall())
    first = logical_on - timedelta(days=settings.first_window_days)
    return [
        {"source": source.name, "from_on": window.from_on, "to_on": window.to_on}
        for source in sources
        for window in windows_to_gather(source, covered.get(source.name), logical_on, first)
    ]


def source_states(settings: Settings) -> list[dict[str, Any]]:
    """Every source of the register with what is known of it: on or off, last window, yield, rejects."""
    yields: dict[str, dict[str, Any]] = {}
    if settings.snapshot.exists():
        from flows.warehouse.connection import open_reader

        with open_reader(settings.snapshot) as connection:
            cursor = connection.execute("SELECT * FROM marts.sources")
            columns = [column[0] for column in cursor.description or []]
            yields = {row[columns.index("source")]: dict(zip(columns, row, strict=True)) for row in cursor.fetchall()}
    states = []
    for name, source in sorted(read_register(settings).items()):
        state = "on" if name in settings.sources else "off"
        if state == "on" and needs_key(source, settings):
            state = f"needs {source.needs_key}"
        states.append({"source": name, "kind": source.kind, "state": state, "checked_on": source.checked_on, **yields.pop(name, {})})
    return states + [
        {"source": name, "kind": ", ".join(row["kinds"] or []), "state": "imported", "checked_on": None, **row}
        for name, row in sorted(yields.items())
    ]
