"""The small fixed vocabulary of why a record could not be read."""

from __future__ import annotations

from typing import Literal, get_args

from crawlers.records import Parsed, Reject
from crawlers.text import fold

Reason = Literal[
    "empty_body",  # nothing but white space
    "html_page",  # a web page where data was due: a consent page, an error page, a login
    "not_xml",  # neither well-formed nor cut off
    "not_json",  # the same of JSON
    "truncated",  # well-formed as far as it goes, then it ends
    "bad_encoding",  # bytes that are not in the character set they claim
    "bad_archive",  # a zip file that cannot be opened or read to its end
    "too_large",  # beyond the limit that keeps memory bounded
    "unknown_format",  # readable, but not in a format this parser knows
    "not_a_document",  # known, but describes no published work
    "oai_error",  # an OAI-PMH error envelope
    "source_error",  # the source answered with an error message of its own
    "bad_date",  # a record whose only date is impossible
    "no_identifier",  # a record nobody could refer to
    "no_title",  # a record that names nothing
    "no_title_and_link",  # a feed entry with neither
]
REASONS: tuple[str, ...] = get_args(Reason)
_OF_WHOLE_BODIES: frozenset[str] = frozenset(
    {"empty_body", "html_page", "not_xml", "not_json", "truncated", "bad_encoding", "bad_archive", "unknown_format"}
)


class UnreadableError(Exception):
    """Raised inside parsers for a body or record that cannot be read; becomes one `Reject`."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason: Reason = reason
        self.detail = fold(detail) or "no explanation was given"


def reject(source: str, position: int, error: UnreadableError, record_id: str | None = None) -> Reject:
    """Return the row that keeps `error` in the record; `position` counts the records of the response from 0."""
    return Reject(source, position, record_id, error.reason, error.detail)


def is_of_whole_body(reject: Reject) -> bool:
    """Whether it tells of a response, or of all of it from some place on, and not of one record."""
    return reject.reason in _OF_WHOLE_BODIES


def is_unreadable(parsed: Parsed) -> bool:
    """Whether nothing of a response could be read, so that it may as well not have arrived."""
    return not parsed.documents and any(is_of_whole_body(one) for one in parsed.rejects)
