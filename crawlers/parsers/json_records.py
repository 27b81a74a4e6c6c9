"""What the parsers of JSON sources share: every record of an answer becomes one document or one reject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crawlers.parsers.json_reading import read_json, text_at, value_at
from crawlers.records import Document, Parsed, Reject
from crawlers.rejects import UnreadableError, reject

MAX_PIECES = 500_000  # values and containers; a page of a hundred richly described works has 70,000
MAX_RECORDS = 20_000  # a page of any source has a thousand at most


def read_values(body: bytes) -> Any:
    """Return the value in `body`, or the list of its values when each line is one (JSON Lines, as bulk downloads are written).

    An unreadable line stands in the list as its UnreadableError, which `read_each` turns into a reject.
    Raises UnreadableError as `read_json` does, and too_large for more than a parser can take apart in seconds.
    """
    if sum(map(body.count, (b",", b"[", b"{"))) > MAX_PIECES:
        raise UnreadableError("too_large", f"the response has {len(body)} bytes, more than can be read safely")
    try:
        return read_json(body)
    except UnreadableError as error:
        lines = body.splitlines()
        if error.reason not in {"not_json", "truncated"} or len(lines) < 2 or not isinstance(_line(lines[0]), dict):
            raise
    if len(lines) > MAX_RECORDS:
        raise _too_many(len(lines))
    return [_line(line) for line in lines if line.strip()]


def _line(line: bytes) -> Any:
    try:
        return read_json(line)
    except UnreadableError as error:
        return error


def _too_many(count: int) -> UnreadableError:
    """The reason (too_large) to leave a response alone that has more records than any page."""
    return UnreadableError("too_large", f"the response has {count} records, more than any page has")


def read_each(source: str, records: Sequence[Any], read: Callable[[dict[str, Any]], Document], id_field: str) -> Parsed:
    """Return what `read` makes of each record, in order; `id_field` names the record in a reject.

    A record that is no map (null stands for "unknown here" in lists) is `not_a_document`; more than MAX_RECORDS are one reject.
    """
    if len(records) > MAX_RECORDS:
        return Parsed(rejects=(reject(source, 0, _too_many(len(records))),))
    documents: list[Document] = []
    rejects: list[Reject] = []
    for position, record in enumerate(records):
        try:
            if isinstance(record, UnreadableError):
                raise record
            if not isinstance(record, dict):
                raise UnreadableError("not_a_document", "the entry is null" if record is None else "the entry is no record")
            documents.append(read(record))
        except UnreadableError as error:
            rejects.append(reject(source, position, error, text_at(record, id_field) or None))
    return Parsed(tuple(documents), tuple(rejects))


def refuse_error(value: Any) -> None:
    """Raise UnreadableError (source_error) for an error envelope: `error`, `errors` or `message` and none of a record's fields."""
    said = [_sentence(value_at(value, name)) for name in ("error", "errors", "message", "msg")]
    if words := ": ".join(one for one in said if one):
        raise UnreadableError("source_error", words[:300])


def _sentence(said: Any) -> str:
    if isinstance(said, list):
        return "; ".join(one for one in map(_sentence, said[:5]) if one)
    if isinstance(said, dict):
        return text_at(said, "message") or text_at(said, "error") or ", ".join(sorted(map(str, said)))[:100]
    return text_at({"said": said}, "said")
