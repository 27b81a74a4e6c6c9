"""The register of sources: what each is, how it may be asked, and how politely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from difflib import get_close_matches
from importlib.resources import files
from typing import Any, get_args
from urllib.parse import urlsplit

import yaml

from crawlers.licences import Texts
from crawlers.records import KINDS, Kind


@dataclass(frozen=True, slots=True)
class Feed:
    """One address of an outlet: a feed, a sitemap or a list page, by the source it stands under.

    `lang` is the language the outlet writes in (ISO 639-1), `track` the one it writes about most, None for several.
    """

    name: str
    url: str
    lang: str | None = None
    track: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One source, as `sources.yaml` describes it.

    `texts` says whether its abstracts may be passed on.
    `needs_key` names the environment variable, or the file in the secrets folder, that holds the key. `queries` are in the
    source's own query language; a source that `needs_queries` rests until the user gives some. Sources of one `pace_group`
    share one pace, for their operator counts them together.
    """

    name: str
    kind: Kind
    title: str
    producer: str
    licence: str
    texts: Texts
    terms_url: str
    endpoint: str
    pace_seconds: float
    overlap_days: int
    earliest_on: date
    window_days: int
    needs_key: str | None
    checked_on: date
    reporting_lag_days: int
    feeds: tuple[Feed, ...] = ()
    queries: tuple[str, ...] = ()
    needs_queries: bool = False
    pace_group: str | None = None


_WITH_DEFAULT = frozenset({"feeds", "queries", "needs_queries", "pace_group"})


def load_sources(overrides: Mapping[str, str] | None = None) -> dict[str, Source]:
    """Return every known source by name, in the register's order.

    `overrides` maps a source to another endpoint, such as a replay server on loopback; for a source with a list of feeds the
    endpoint is the address of one (several, separated by spaces) and takes the place of the register's list.
    Raises ValueError, in one sentence, for an unknown name or an address that is not http(s).
    """
    register = yaml.safe_load(files("crawlers").joinpath("sources.yaml").read_text(encoding="utf-8"))
    sources = {name: _read_source(name, facts) for name, facts in register.items()}
    for name, endpoint in (overrides or {}).items():
        sources[known(name, sources)] = _moved(sources[known(name, sources)], endpoint)
    return sources


def known(name: str, names: Mapping[str, Any]) -> str:
    """Return `name` when it is among `names`; raises ValueError with a suggestion otherwise."""
    if name in names:
        return name
    close = get_close_matches(name, list(names), n=1)
    hint = f" Did you mean {close[0]!r}?" if close else f" Known are {', '.join(sorted(names))}."
    raise ValueError(f"There is no source {name!r}.{hint}")


def _read_source(name: str, facts: dict[str, Any]) -> Source:
    missing = {field.name for field in fields(Source)} - {"name"} - _WITH_DEFAULT - set(facts)
    if missing or facts["kind"] not in KINDS:
        raise ValueError(f"The register entry of {name!r} lacks {', '.join(sorted(missing)) or 'a known kind'}.")
    if facts["texts"] not in get_args(Texts):
        raise ValueError(f"The register entry of {name!r} says {facts['texts']!r} of its texts; known are {', '.join(get_args(Texts))}.")
    feeds = tuple(Feed(**one) for one in facts.get("feeds", ()))
    return Source(name=name, **{**facts, "feeds": feeds, "queries": tuple(facts.get("queries", ()))})


def _moved(source: Source, endpoint: str) -> Source:
    addresses = endpoint.split()
    if not addresses or not all(urlsplit(one).scheme in {"http", "https"} and urlsplit(one).hostname for one in addresses):
        raise ValueError(f"The endpoint of {source.name!r} must be an http(s) address, not {endpoint!r}.")
    if source.feeds:
        named = {feed.url: feed for feed in source.feeds}
        feeds = tuple(named.get(one) or Feed(urlsplit(one)._replace(scheme="").geturl().lstrip("/"), one) for one in addresses)
        return replace(source, endpoint=endpoint, feeds=feeds)
    return replace(source, endpoint=endpoint)
