"""The envelope of OpenAlex's answers: a list page with its cursor, one work, or an error (developers.openalex.org/api-reference)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crawlers.parsers.json_reading import list_at, map_at, text_at, value_at, whole_at
from crawlers.parsers.json_records import read_values, refuse_error
from crawlers.rejects import UnreadableError


@dataclass(frozen=True, slots=True)
class WorksPage:
    """`total` counts the works of the whole query; an empty `cursor` ends the walk. A lone work has neither."""

    works: tuple[Any, ...]
    total: int | None
    cursor: str
    is_list: bool


def read_page(body: bytes) -> WorksPage:
    """Return the works of an answer. Raises UnreadableError: source_error, not_a_document, unknown_format and what JSON can suffer from."""
    value = read_values(body)
    results = value_at(value, "results")
    if isinstance(results, list):
        if not results and list_at(value, "group_by"):
            raise UnreadableError("not_a_document", "the answer counts works by group and lists none")
        cursor = text_at(value, "meta", "next_cursor")
        return WorksPage(tuple(results), whole_at(value, "meta", "count"), cursor, is_list=True)
    if isinstance(value, list):
        return WorksPage(tuple(value), None, "", is_list=False)
    if saved := map_at(value, "total_json_output"):  # the works of a query by DOI, as the client pygetpapers keeps them
        return WorksPage(tuple(saved.values()), None, "", is_list=False)
    if text_at(value, "id") or text_at(value, "doi"):
        return WorksPage((value,), None, "", is_list=False)
    refuse_error(value)
    raise UnreadableError("unknown_format", "the answer is neither a list of works nor a work")
