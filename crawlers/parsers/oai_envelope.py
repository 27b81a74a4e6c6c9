"""The envelope every OAI-PMH 2.0 response shares (openarchives.org/OAI/openarchivesprotocol.html): errors, records, token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crawlers.parsers.xml_reading import below, child, children, local, read_xml, text
from crawlers.rejects import UnreadableError

LIST_VERBS = ("ListRecords", "GetRecord", "ListIdentifiers")


@dataclass(frozen=True, slots=True)
class Envelope:
    """One response. `errors` are (code, message); `token` is None when no further page exists; `records` are elements."""

    errors: tuple[tuple[str, str], ...]
    records: tuple[Any, ...]
    token: str | None


def read_envelope(body: bytes) -> Envelope:
    """Return the envelope in `body`; raises UnreadableError when it is no OAI-PMH response.

    Headers of ListIdentifiers describe no work and are not among the records. The token is as the server wrote it: it
    must be url-encoded once more when it is sent.
    """
    root = read_xml(body)
    if local(root) != "OAI-PMH":
        raise UnreadableError("unknown_format", f"an OAI-PMH response was due, not <{local(root)}>"[:200])
    errors = tuple((error.get("code", ""), text(error)) for error in children(root, "error"))
    lists = [node for node in root if local(node) in LIST_VERBS]
    records = tuple(record for node in lists for record in children(node, "record"))
    tokens = [text(node) for node in below(root, "resumptionToken")]
    return Envelope(errors, records, next((token for token in tokens if token), None))


def header_of(record: Any) -> tuple[str, str, bool, tuple[str, ...]]:
    """Return (identifier, datestamp, is_deleted, sets) of one record; identifier and datestamp '' where missing."""
    header = child(record, "header")
    is_deleted = header is not None and header.get("status") == "deleted"
    sets = tuple(text(node) for node in children(header, "setSpec"))
    return text(child(header, "identifier")), text(child(header, "datestamp")), is_deleted, sets
