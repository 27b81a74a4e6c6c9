"""EPO Open Patent Services 3.2: publications of all offices with their bibliographic data (DOCDB), CN, JP, KR and WO among them.

What describes a publication is an exchange document. A search or family answer without bibliographic data is a list of
numbers; full text, register and number-service answers describe no publication either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawlers.parsers.epo_ops_envelope import NO_HITS, docdb_number, fault_of, number_of_exchange, references_of, search_page
from crawlers.parsers.epo_ops_record import SOURCE, read_exchange
from crawlers.parsers.xml_reading import below, child, children, local, read_xml
from crawlers.records import Document, Parsed, Reject
from crawlers.rejects import UnreadableError, reject

_COMPANIONS = {  # known, and no publication of their own
    "standardization": "a number of the number service",
    "fulltext-documents": "claims or a description",
    "fulltext-inquiry": "a list of what full text there is",
    "document-inquiry": "a list of what images there are",
    "register-documents": "an entry of the European Patent Register",
    "register-search": "a search of the European Patent Register",
    "legal": "legal events",
}

MAX_RECORDS = 10_000  # a page has a hundred, the largest families a few thousand members
MAX_ELEMENTS = 300_000  # a page of a hundred has some 60,000; this many take about two seconds


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the publications of one response, and a reject for every number that stands there without a description.

    An answer without hits (`SERVER.EntityNotFound`, or a total of 0) is empty and no fault; other faults are rejects.
    """
    try:
        if body.count(b"</") + body.count(b"/>") > MAX_ELEMENTS:
            raise UnreadableError("too_large", f"the answer has more than {MAX_ELEMENTS} elements")
        return _read(read_xml(body))
    except UnreadableError as error:
        return Parsed(rejects=(reject(SOURCE, 0, error),))


def _read(root: Any) -> Parsed:
    if fault := fault_of(root):
        code, message = fault
        if code == NO_HITS:
            return Parsed()
        raise UnreadableError("source_error", f"{code or 'no code'}: {message}"[:300])
    family = next(iter(below(root, "patent-family")), None)
    if family is not None:
        return _read_family(family)
    described = _bounded(below(root, "exchange-document"))
    if described:
        return _collected([_read_one(node, position) for position, node in enumerate(described)])
    page = search_page(root)
    if page is not None:
        references = _bounded(references_of(next(iter(below(root, "biblio-search")))))
        return _collected([_bare(node, position) for position, node in enumerate(references)])
    if local(root) != "world-patent-data":
        raise UnreadableError("unknown_format", f"an answer of OPS was due, not <{local(root)}>"[:200])
    known = next((local(node) for node in root if local(node) in _COMPANIONS), None)
    if known is None:
        raise UnreadableError("unknown_format", "the answer holds neither publications nor anything else we know")
    raise UnreadableError("not_a_document", f"<{known}> is {_COMPANIONS[known]}, no publication")


def _read_family(family: Any) -> Parsed:
    """Members of one INPADOC family; those with bibliographic data are documents and say which family they were found in."""
    asked = child(family, "publication-reference")
    name = docdb_number(asked) if asked is not None else ""
    found: list[Document | Reject] = []
    for member in _bounded(children(family, "family-member")):
        described = child(member, "exchange-document")
        if described is None:
            found.append(_bare(child(member, "publication-reference"), len(found)))
        else:
            found.append(_read_one(described, len(found), name))
    return _collected(found)


def _bounded(records: list[Any]) -> list[Any]:
    if len(records) > MAX_RECORDS:
        raise UnreadableError("too_large", f"the answer has {len(records)} records, more than OPS ever sends")
    return records


def _read_one(node: Any, position: int, inpadoc_family: str = "") -> Document | Reject:
    try:
        return read_exchange(node, inpadoc_family)
    except UnreadableError as error:
        return reject(SOURCE, position, error, ".".join(number_of_exchange(node)).strip(".") or None)


def _bare(reference: Any, position: int) -> Reject:
    number = docdb_number(reference) if reference is not None else ""
    detail = f"{number or 'a reference'} stands here without bibliographic data"
    return reject(SOURCE, position, UnreadableError("not_a_document", detail), number or None)


def _collected(found: list[Document | Reject]) -> Parsed:
    return Parsed(
        tuple(one for one in found if isinstance(one, Document)),
        tuple(one for one in found if isinstance(one, Reject)),
    )
