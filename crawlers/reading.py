"""From saved responses to documents: one door to the parsers of all sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from crawlers.parsers import (
    articles,
    arxiv_api,
    arxiv_oai,
    biorxiv,
    crossref,
    epo_ops,
    europepmc,
    feeds,
    gdelt,
    hackernews,
    lens,
    ministries,
    openalex,
    pubmed,
    semanticscholar,
    sitemaps,
    uspto_odp,
    uspto_xml,
)
from crawlers.records import Parsed
from crawlers.sources import known


class Parse(Protocol):
    """A parser of one source: pure, never raises for bad bytes."""

    def __call__(self, body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed: ...


PARSERS: dict[str, Parse] = {
    "arxiv_oai": arxiv_oai.parse,
    "pubmed": pubmed.parse,
    "biorxiv": biorxiv.parse,
    "crossref": crossref.parse,
    "europepmc": europepmc.parse,
    "europepmc_patents": europepmc.parse_patents,
    "arxiv_api": arxiv_api.parse,
    "epo_ops": epo_ops.parse,
    "uspto_odp": uspto_odp.parse,
    "uspto_xml": uspto_xml.parse,
    "openalex": openalex.parse,
    "semanticscholar": semanticscholar.parse,
    "lens": lens.parse,
    "feeds": feeds.parse,
    "feeds_json": feeds.parse,  # the same source: an outlet may write its feed in JSON
    "gdelt": gdelt.parse,
    "hackernews": hackernews.parse,
    "sitemaps": sitemaps.parse,
    "ministries": ministries.parse,
    **dict.fromkeys(
        ("articles", "articles_benchmark", "articles_chinese", "articles_fundus", "articles_mediacloud", "articles_trafilatura"),
        articles.parse,
    ),  # no source of its own: pages saved by whatever means
}


def parse(source: str, body: bytes, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:
    """Return what one response of `source` holds. Raises ValueError, with a suggestion, for a source nobody can parse."""
    return PARSERS[known(source, PARSERS)](body, url=url, headers=headers)
