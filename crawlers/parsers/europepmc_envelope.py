"""The envelope around Europe PMC's results (europepmc.org/RestfulWebService): a page with its cursor, one record, or an error.

Errors come in HTTP 200 as `{"errCode": 404, "errMsg": "..."}`.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from crawlers.parsers.json_reading import list_at, map_at, read_json, text_at, value_at, whole_at
from crawlers.rejects import UnreadableError


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One answer: the records as they came, how many the query has in all, and where it goes on ('' for nowhere)."""

    records: tuple[Any, ...]
    total: int | None
    next_cursor: str


def read_page(body: bytes) -> ResultPage:
    """Return what one answer holds.

    Raises UnreadableError: those of `read_json`, source_error for an error in HTTP 200, unknown_format for anything else.
    """
    answer = read_json(_unpacked(body))
    if "errCode" in map_at(answer) or "errMsg" in map_at(answer):
        raise UnreadableError("source_error", f"{text_at(answer, 'errCode')}: {text_at(answer, 'errMsg')}".strip(": ")[:300])
    if not isinstance(answer, dict):
        raise UnreadableError("unknown_format", "the answer is no page of results")
    if saved := [one["full"] for one in answer.values() if isinstance(one, dict) and isinstance(one.get("full"), dict)]:
        return ResultPage(tuple(saved), len(saved), "")  # as pygetpapers keeps them: identifier -> {full: record}
    total = whole_at(answer, "hitCount")
    results = value_at(answer, "resultList", "result")
    if results is None and isinstance(answer.get("result"), dict):
        return ResultPage((answer["result"],), 1, "")  # /article/{source}/{id}
    if results is None and total != 0:
        raise UnreadableError("unknown_format", "the answer has no list of results")
    return ResultPage(tuple(list_at(answer, "resultList", "result")), total, text_at(answer, "nextCursorMark"))


def _unpacked(body: bytes) -> bytes:
    """Recorders of web traffic keep a body with foreign characters as base64; the server itself never sends it so."""
    if not body.lstrip().startswith(b"ey"):  # base64 of '{"'
        return body
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error:
        return body
