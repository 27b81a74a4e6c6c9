"""Identifiers of one work in one spelling: what a record says it is, and which other record it says it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

# Strongest first. `relation`: one record names the other as its preprint or journal version.
REASONS = ("doi", "arxiv", "pmid", "pmcid", "openalex", "s2", "family", "application", "relation", "url")

_ARXIV = re.compile(r"(?:arxiv[:./]\s*|abs/)?((?:[a-z-]+(?:\.[a-z]{2})?/\d{7})|\d{4}\.\d{4,5})(?:v\d+)?$", re.I)
_OF_PAPERS = ("doi", "arxiv", "pmid", "pmcid")
# The words of Crossref's relation types, and those the parsers give to the links of other sources.
_SAME_WORK = re.compile(r"(?:is-|has-)?(?:preprint|manuscript|version|published|identical|same)(?:-(?:of|as|in|to))?")
_TAKES_BACK = ("retracts", "retracts-and-republishes", "withdraws")


def identifier_keys(kind: str, identifiers: Mapping[str, str]) -> list[tuple[str, str]]:
    """(reason, key) for every identifier that names one work, sorted.

    An address names a work of the news only, and only where it leads below the front page.
    """
    found = {key for scheme, value in identifiers.items() if (key := _key(scheme, value))}
    return sorted(key for key in found if key[0] != "url" or kind == "news")


def relation_keys(identifiers: Mapping[str, str], relations: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(`relation`, key): what the record is called itself, and what it calls its preprint or journal version; the two meet."""
    own = [_of_paper(identifiers)]
    linked = [_of_paper(relation) for relation in relations if _SAME_WORK.fullmatch(str(relation.get("relation", "")))]
    return sorted({("relation", f"{scheme}:{value}") for keys in (*own, *linked) for scheme, value in keys})


def retraction_keys(relations: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(`retracts`, key) for what a notice takes back, in the spelling of `relation_keys`."""
    targets = [_of_paper(relation) for relation in relations if relation.get("relation") in _TAKES_BACK]
    return sorted({("retracts", f"{scheme}:{value}") for keys in targets for scheme, value in keys})


def _of_paper(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = (_key(scheme, said[scheme]) for scheme in _OF_PAPERS if isinstance(said.get(scheme), str))
    return [key for key in found if key]


def _key(scheme: str, value: str) -> tuple[str, str] | None:
    """Scheme and value in one spelling; None for what names no work."""
    text = value.strip().lower()
    if scheme == "doi":
        text = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", text)
        # arXiv registers every preprint with DataCite: such a DOI is the arXiv number in other clothes.
        arxiv = re.fullmatch(r"10\.48550/arxiv\.(.+)", text)
        scheme, text = ("arxiv", arxiv[1]) if arxiv else (scheme, text)
    if scheme == "arxiv":
        number = _ARXIV.search(text)
        text = number[1] if number else text
    if scheme == "url":
        text = re.sub(r"^https?://(?:www\.)?|#.*$", "", text).rstrip("/")
        text = text if "/" in text or "?" in text else ""
    return (scheme, text) if text and scheme in REASONS else None
