"""What an archive answers to one request, before faults and HTTP are added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Answer:
    """A response body with its type. `changed_on` becomes Last-Modified (midnight UTC); None where nothing dates it."""

    body: bytes
    content_type: str
    changed_on: date | None = None
    status: int = 200


XML = "text/xml; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
JSON = "application/json"
ZIP = "application/zip"
TEXT = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"


def not_found(path: str) -> Answer:
    """404 in words."""
    return Answer(f"Nothing is archived at {path}.\n".encode(), TEXT, status=404)
