"""What a Crossref record says about other works, and whether the work still stands.

`update-to` stands in a notice and names the work it is about, `updated-by` in that work; `relation` holds all other links, each
by a name of Crossref's relations schema (crossref.org/documentation/schema-library/markup-guide-metadata-segments/relationships).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawlers.parsers.crossref_dates import read_point
from crawlers.parsers.json_reading import list_at, map_at, text_at, value_at
from crawlers.parsers.paper_identifiers import bare_doi
from crawlers.parsers.title_marks import state_in_title
from crawlers.records import State
from crawlers.text import fold

MAX_LINKS = 200
_UPDATES = {  # kind of update -> (what the notice does, what happened to the work)
    "retraction": ("retracts", "is-retracted-by"),
    "partial_retraction": ("partly-retracts", "is-partly-retracted-by"),
    "withdrawal": ("withdraws", "is-withdrawn-by"),
    "removal": ("withdraws", "is-withdrawn-by"),
    "correction": ("corrects", "is-corrected-by"),
    "corrigendum": ("corrects", "is-corrected-by"),
    "erratum": ("corrects", "is-corrected-by"),
    "expression_of_concern": ("is-expression-of-concern-for", "has-expression-of-concern"),
}
_OTHER_UPDATE = ("updates", "is-updated-by")  # addendum, clarification, new_edition, new_version
_ENDS: dict[str, State] = {"is-retracted-by": "retracted", "is-withdrawn-by": "withdrawn"}


def links_of(work: dict[str, Any]) -> list[dict[str, str]]:
    """Return one map a link: relation, the other work (doi, or `id` with `id_type`), the kind of update and its day, as far as given."""
    links = [*_updates(work, "update-to", 0), *_updates(work, "updated-by", 1), *_relations(work)]
    return links[:MAX_LINKS]


def state_of(work: dict[str, Any], title: str) -> State:
    """Return whether the work still stands, by its updates (a notice may be the work itself) and the mark before its title."""
    doi = bare_doi(text_at(work, "DOI"))
    ends = [_ENDS.get(one["relation"]) for one in _updates(work, "updated-by", 1)]
    for one in _updates(work, "update-to", 1):
        if one["doi"] == doi:
            ends.append(_ENDS.get(one["relation"]))
    if "retracted" in ends:
        return "retracted"
    return "withdrawn" if "withdrawn" in ends else state_in_title(title)


def _updates(work: dict[str, Any], field: str, side: int) -> Iterator[dict[str, str]]:
    for one in list_at(work, field):
        kind = text_at(one, "type")
        doi = bare_doi(text_at(one, "DOI"))
        if not doi:
            continue
        on = read_point(value_at(one, "updated"))
        facts = {
            "relation": _UPDATES.get(kind.lower().replace("-", "_").replace(" ", "_"), _OTHER_UPDATE)[side],
            "doi": doi,
            "type": kind,
            "on": on.on.isoformat() if on else "",
            "said_by": text_at(one, "source"),
        }
        yield {name: value for name, value in facts.items() if value}


def _relations(work: dict[str, Any]) -> Iterator[dict[str, str]]:
    for name in map_at(work, "relation"):
        relation = fold(name)[:100]
        for one in list_at(work, "relation", name):
            other, kind = text_at(one, "id"), text_at(one, "id-type").lower()
            doi = bare_doi(other) if kind in {"doi", ""} else ""
            if doi:
                yield {"relation": relation, "doi": doi}
            elif other:
                yield {"relation": relation, "id": other[:500], "id_type": kind}
