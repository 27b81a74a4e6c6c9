"""JSON from strangers: bounded in size and depth, without NaN or endless numbers, and a reason instead of an exception."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from crawlers.parsers.xml_reading import is_web_page
from crawlers.rejects import UnreadableError
from crawlers.text import fold

MAX_BYTES = 64 * 1024 * 1024
MAX_PIECES = 4_000_000  # values and containers: a page of a thousand richly described papers has about 300,000
MAX_DEPTH = 100  # containers within containers; the deepest source has 15
MAX_DIGITS = 18  # whole numbers that fit 64 bits
_BROKEN_SHARE = 0.05  # in text of another character set nearly every foreign character is broken UTF-8
_UTF8_MARK = "\ufeff"
_CUT_VALUE = re.compile(r"(?:-?\d*[.eE]?[+-]?\d*|t|tr|tru|f|fa|fal|fals|n|nu|nul|\\?u[0-9a-fA-F]{0,3}|\\)")


def read_json(body: bytes) -> Any:
    """Return the value in `body`: maps, lists, text, numbers, True, False, None.

    Control characters inside strings are let through (the getters below take them out); NaN and Infinity become None; a number
    beyond 64 bits stays the text it was written as. A few broken characters are replaced by U+FFFD.
    Raises UnreadableError (empty_body, html_page, too_large, bad_encoding, truncated, not_json).
    """
    if len(body) > MAX_BYTES or sum(map(body.count, (b",", b"[", b"{"))) > MAX_PIECES:
        raise UnreadableError("too_large", f"the response has {len(body)} bytes, more than can be read safely")
    if not body.strip():
        raise UnreadableError("empty_body", "the response has no content")
    if is_web_page(body):
        raise UnreadableError("html_page", "the response is a web page, not data")
    text = _decode(body).lstrip(_UTF8_MARK + " \t\r\n")
    try:
        value = json.loads(text, strict=False, parse_int=_whole, parse_float=_fraction, parse_constant=_no_number)
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        raise _explain(error, text) from None
    _refuse_deep(value)
    return value


def _decode(body: bytes) -> str:
    encoding = json.detect_encoding(body)
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        text = body.decode(encoding, errors="replace")
    broken = text.rstrip("\ufffd").count("\ufffd")  # at the end: cut within a character, which is said as a cut
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    if broken > max(1.0, foreign * _BROKEN_SHARE):
        raise UnreadableError("bad_encoding", f"the response is not {encoding}: {broken} of {foreign} foreign characters are broken")
    return text


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else digits


def _fraction(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) else digits


def _no_number(_: str) -> None:
    return None


def _too_deep() -> UnreadableError:
    return UnreadableError("too_large", f"the response is nested more than {MAX_DEPTH} deep")


def _refuse_deep(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        below = (node.values() if type(node) is dict else node for node in level if type(node) in (dict, list))
        level = [child for children in below for child in children if type(child) in (dict, list)]
        if not level:
            return
    raise _too_deep()


def _explain(error: json.JSONDecodeError, text: str) -> UnreadableError:
    rest = text[error.pos :].strip(" \t\r\n\ufffd")
    is_cut = not rest or error.msg.startswith("Unterminated string") or _CUT_VALUE.fullmatch(rest)
    detail = fold(f"{error.msg} at character {error.pos}")
    if not text.startswith(("{", "[")):
        return UnreadableError("not_json", f"the response is no JSON but begins with: {fold(text[:80])}")
    if is_cut:
        return UnreadableError("truncated", f"the response ends too early: {detail}")
    return UnreadableError("not_json", detail)


def value_at(record: Any, *path: str | int) -> Any:
    """Return what stands at `path` (names of maps, positions in lists), None where anything on the way is missing or of another type."""
    for step in path:
        if isinstance(step, str):
            record = record.get(step) if isinstance(record, dict) else None
        else:
            record = record[step] if isinstance(record, list) and -len(record) <= step < len(record) else None
    return record


def text_at(record: Any, *path: str | int) -> str:
    """Return the text or number at `path`, folded; '' for anything else."""
    value = value_at(record, *path)
    if isinstance(value, str):
        return fold(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def whole_at(record: Any, *path: str | int) -> int | None:
    """Return the whole number at `path`, also when it is written as text ('50'); None for anything else."""
    value = value_at(record, *path)
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(rf"\s*-?[0-9]{{1,{MAX_DIGITS}}}\s*", value):
        return int(value)
    return value if isinstance(value, int) else None


def list_at(record: Any, *path: str | int) -> list[Any]:
    """Return the list at `path`; a lone value counts as a list of one, as sources shorten them; [] where there is none."""
    value = value_at(record, *path)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def texts_at(record: Any, *path: str | int) -> list[str]:
    """Return the texts of the list at `path`, folded, without the empty ones."""
    return [text for one in list_at(record, *path) if (text := text_at(one))]


def map_at(record: Any, *path: str | int) -> dict[str, Any]:
    """Return the map at `path`, {} for anything else."""
    value = value_at(record, *path)
    return value if isinstance(value, dict) else {}
