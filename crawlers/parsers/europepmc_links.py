"""What a Europe PMC record says about other records, and whether the work still stands.

Links are PubMed's kinds, taken over with their spelling in words ('Retraction in'), and Europe PMC's own between preprints and journal
versions ('Preprint of', 'Preprint in'), which it finds by title and first author and says so in `note`.
"""

from __future__ import annotations

from typing import Any

from crawlers.parsers.json_reading import list_at, text_at, texts_at
from crawlers.parsers.paper_identifiers import bare_doi
from crawlers.parsers.title_marks import state_in_title
from crawlers.records import State

_RELATIONS = {
    "retraction in": "is-retracted-by",
    "retracted in": "is-retracted-by",
    "retraction of": "retracts",
    "partial retraction in": "is-partly-retracted-by",
    "partial retraction of": "partly-retracts",
    "erratum in": "is-corrected-by",
    "erratum for": "corrects",
    "expression of concern in": "has-expression-of-concern",
    "expression of concern for": "is-expression-of-concern-for",
    "update in": "is-updated-by",
    "update of": "updates",
    "preprint of": "is-preprint-of",
    "preprint in": "has-preprint",
}
_SCHEMES = {"MED": "pmid", "PMC": "pmcid"}
_RETRACTED = frozenset({"retracted publication", "retracted article"})
_WITHDRAWN = frozenset({"preprint withdrawal", "preprint removal", "withdrawn publication", "withdrawn preprint"})


def links_of(record: dict[str, Any]) -> list[dict[str, str]]:
    """Return one map a link that matters for the standing or the identity of a work; comments are left out."""
    links = []
    for one in list_at(record, "commentCorrectionList", "commentCorrection"):
        relation = _RELATIONS.get(text_at(one, "type").lower())
        other, source = text_at(one, "id"), text_at(one, "source")
        if relation is None:
            continue
        facts = {
            "relation": relation,
            _SCHEMES.get(source, "europepmc"): other if source in _SCHEMES else f"{source}/{other}".strip("/"),
            "doi": bare_doi(text_at(one, "reference")).rstrip(".,;"),
            "source": text_at(one, "reference"),
            "note": text_at(one, "note"),
        }
        links.append({name: value for name, value in facts.items() if value})
    return links


def state_of(record: dict[str, Any], title: str) -> State:
    """Return whether the work still stands, by its links, its publication types and the mark before its title."""
    types = {one.lower() for one in (*texts_at(record, "pubTypeList", "pubType"), *text_at(record, "pubType").split("; "))}
    is_retracted = any(one["relation"] == "is-retracted-by" for one in links_of(record))
    if is_retracted or types & _RETRACTED:
        return "retracted"
    return "withdrawn" if types & _WITHDRAWN else state_in_title(title)
