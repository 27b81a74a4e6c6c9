"""What PubMed says about other records: retractions, corrections, updates, and the preprint or journal version of a paper.

The kinds of link are those of the DTD (CommentsCorrections/@RefType, dtd.nlm.nih.gov/ncbi/pubmed); comments and reprints are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from crawlers.parsers.paper_identifiers import bare_doi
from crawlers.parsers.xml_reading import child, children, text
from crawlers.records import State

PREPRINT = "Preprint"  # the publication type of a preprint's own record
_RELATIONS = {
    "RetractionIn": "is-retracted-by",
    "RetractionOf": "retracts",
    "PartialRetractionIn": "is-partly-retracted-by",
    "PartialRetractionOf": "partly-retracts",
    "RetractedandRepublishedIn": "is-retracted-and-republished-in",
    "RetractedandRepublishedFrom": "retracts-and-republishes",
    "CorrectedandRepublishedIn": "is-corrected-and-republished-in",
    "CorrectedandRepublishedFrom": "corrects-and-republishes",
    "ErratumIn": "is-corrected-by",
    "ErratumFor": "corrects",
    "ExpressionOfConcernIn": "has-expression-of-concern",
    "ExpressionOfConcernFor": "is-expression-of-concern-for",
    "RepublishedIn": "is-republished-in",
    "RepublishedFrom": "republishes",
    "UpdateIn": "is-updated-by",
    "UpdateOf": "updates",
}
_RETRACTED_BY = frozenset({"RetractionIn", "RetractedandRepublishedIn"})
_PREPRINT_SERVERS = re.compile(r"\b(?:bioRxiv|medRxiv|arXiv|ArXiv|Res Sq|Research Square|ChemRxiv|SSRN|Preprints?\b)", re.IGNORECASE)
_STATES: tuple[tuple[re.Pattern[str], State], ...] = (
    (re.compile(r"\W*retracted\b\s*(?:article)?\s*[:\]]", re.IGNORECASE), "retracted"),
    (re.compile(r"\W*withdrawn\b\s*(?:article)?\s*[:\]]", re.IGNORECASE), "withdrawn"),
)


def links_of(citation: Any, types: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield one map a link: relation, pmid and doi as far as they are given, source as the record writes it.

    `types` are the record's own publication types: for a preprint an update is its journal version.
    """
    for node in children(child(citation, "CommentsCorrectionsList"), "CommentsCorrections"):
        kind = node.get("RefType", "")
        if kind not in _RELATIONS:
            continue
        source = text(child(node, "RefSource"))
        found = {
            "relation": _relation(kind, source, types),
            "pmid": text(child(node, "PMID")),
            "doi": bare_doi(source).rstrip(".,;"),
            "source": source,
        }
        yield {name: value for name, value in found.items() if value}


def _relation(kind: str, source: str, types: Sequence[str]) -> str:
    if kind == "UpdateIn" and PREPRINT in types:
        return "is-preprint-of"
    if kind == "UpdateOf" and PREPRINT not in types and _PREPRINT_SERVERS.match(source):
        return "has-preprint"
    return _RELATIONS[kind]


def state_of(citation: Any, title: str, types: Sequence[str]) -> State:
    """Return whether a record still stands, by its links, its publication types and the mark publishers put before a title."""
    kinds = {node.get("RefType") for node in children(child(citation, "CommentsCorrectionsList"), "CommentsCorrections")}
    if kinds & _RETRACTED_BY or "Retracted Publication" in types:
        return "retracted"
    return next((state for pattern, state in _STATES if pattern.match(title)), "live")
