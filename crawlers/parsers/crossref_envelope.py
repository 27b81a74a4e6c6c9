"""The envelope around Crossref's works: a list with its cursor, one work, or an error (api.crossref.org, "API response formats")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crawlers.parsers.json_reading import list_at, map_at, read_json, text_at, texts_at, value_at, whole_at
from crawlers.rejects import UnreadableError


@dataclass(frozen=True, slots=True)
class WorksPage:
    """One answer: the records as they came, how many the query has in all, and where it goes on."""

    works: tuple[Any, ...]
    total: int | None
    next_cursor: str


def read_page(body: bytes) -> WorksPage:
    """Return what one answer of `/works` holds.

    Raises UnreadableError: those of `read_json`, source_error for an error envelope, unknown_format for anything else.
    """
    answer = read_json(body)
    status = text_at(answer, "status")
    if status in {"failed", "error"}:
        raise UnreadableError("source_error", _complaint(answer) or f"the answer has the status {status!r}")
    message = map_at(answer, "message")
    match text_at(answer, "message-type"):
        case "work-list" if isinstance(message.get("items"), list):
            works = tuple(message["items"])
            return WorksPage(works, whole_at(message, "total-results"), text_at(message, "next-cursor"))
        case "work" if message:
            return WorksPage((message,), 1, "")
    raise UnreadableError("unknown_format", "the answer is neither a list of works nor a work")


def _complaint(answer: Any) -> str:
    """Errors come as a list of maps (validation), one map (an exception inside the server) or a sentence."""
    said = list_at(answer, "message")
    sentences = [
        ": ".join(part for part in (text_at(one, "type"), text_at(one, "message")) if part) for one in said if isinstance(one, dict)
    ]
    return "; ".join([*sentences, *texts_at(answer, "message"), text_at(value_at(answer, "message"), "description")]).strip("; ")[:300]
