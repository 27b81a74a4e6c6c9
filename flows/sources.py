"""Which sources a run gathers, and from where on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from crawlers.keys import read_key
from crawlers.sources import Feed, Source, known, load_sources
from flows.settings import Settings, SettingsError


def chosen_sources(settings: Settings, only: Sequence[str] | None) -> tuple[list[Source], list[str]]:
    """The sources to gather, and one sentence for each that was asked for by name and lacks a key or queries.

    Without names, here or in the settings, these are all sources that lack nothing. Raises SettingsError for a name that is no source.
    """
    register = read_register(settings)
    chosen, skipped = [], []
    named = only or settings.sources
    for name in named or register:
        try:
            source = register[known(name, register)]
        except ValueError as error:
            raise SettingsError(str(error)) from None
        lack = lacks(source, settings)
        if lack is None:
            chosen.append(source)
        elif named:
            skipped.append(f"{name} was left out: it needs {lack}.")
    return chosen, skipped


def read_register(settings: Settings) -> dict[str, Source]:
    """Every known source by name, as the settings have it: its address, its feeds and queries, the length of its windows.

    Raises SettingsError for an address that is none and for queries of an unknown source.
    """
    try:
        register = load_sources(settings.endpoints)
        for name in settings.queries:
            known(name, register)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    return {name: _configured(source, settings) for name, source in register.items()}


def _configured(source: Source, settings: Settings) -> Source:
    own = tuple(Feed(feed.name, feed.url, feed.lang) for feed in settings.extra_feeds if feed.source == source.name)
    return replace(
        source,
        feeds=(*source.feeds, *own),
        queries=settings.queries.get(source.name, source.queries),
        window_days=settings.window_days or source.window_days,
    )


def lacks(source: Source, settings: Settings) -> str | None:
    """What the source still needs before it can be asked, or None. One at another address (a mirror, a replay) needs no key."""
    if source.needs_key and source.name not in settings.endpoints and not read_key(source.needs_key, settings.secrets_dir):
        return f"a key in {source.needs_key}"
    if source.needs_queries and not source.queries:
        return "queries in the settings"
    return None


def landed_sources(settings: Settings) -> list[Source]:
    """Every known source that has something in the landing."""
    if not settings.landing.is_dir():
        return []
    register = read_register(settings)
    return [register[folder.name] for folder in sorted(settings.landing.iterdir()) if folder.name in register]


def planned_windows(settings: Settings, sources: Sequence[Source], logical_on: date) -> list[dict[str, Any]]:
    """What a scan for that day would gather, from the cursors of the warehouse, without touching anything."""
    from flows.stages.cursors import covered_days
    from flows.stages.gather import windows_to_gather

    covered: dict[str, date] = {}
    if settings.warehouse.is_file():
        import duckdb

        from flows.warehouse.errors import explained

        with explained(settings.warehouse), duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            covered = covered_days(connection)
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
        lack = lacks(source, settings)
        state = "off" if settings.sources and name not in settings.sources else f"needs {lack}" if lack else "on"
        known_of_it = yields.pop(name, {"health": "never asked"})
        states.append({"source": name, "kind": source.kind, "state": state, "checked_on": source.checked_on, **known_of_it})
    return states + [
        {"source": name, "kind": ", ".join(row["kinds"] or []), "state": "imported", "checked_on": None, **row}
        for name, row in sorted(yields.items())
    ]
