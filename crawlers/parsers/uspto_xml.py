"""The weekly full text of the US patent office: many documents glued into one file, plain or zipped, of four generations."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any

from crawlers.parsers.patent_record import SOURCE, PatentFacts, to_document
from crawlers.parsers.uspto_greenbook import read_greenbook
from crawlers.parsers.uspto_redbook import read_pap, read_redbook
from crawlers.parsers.uspto_sgml import read_patdoc
from crawlers.parsers.xml_reading import local, read_xml, refuse_unlikely
from crawlers.records import Document, Parsed, Reject
from crawlers.rejects import UnreadableError, reject

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024  # the largest real one, a sequence listing, is below 30 MB
MAX_FILE_BYTES = 4 * 1024 * 1024 * 1024  # a week unpacks to under 1 GB: more is a decompression bomb
_READABLE = (".xml", ".sgm", ".sgml", ".txt", ".dat", ".greenbook")
_LINE_LIMIT = 1024 * 1024

# A document begins with its XML declaration, or, in the files that have none, with its DOCTYPE or the tag PATN.
_BEGINS = re.compile(rb"(?=<\?xml[ \t])")
_DOCTYPE = re.compile(rb"\s*<!DOCTYPE\s")
_PATN = re.compile(rb"PATN\s*$")
_APS_FILE_HEAD = re.compile(rb"\s*HHHHHT")

_COMPANIONS = {"sequence-cwu", "CPCMasterClassificationFile"}  # known, and no publication of their own
_READERS: dict[str, Callable[[Any], PatentFacts]] = {
    "us-patent-grant": read_redbook,
    "us-patent-application": read_redbook,
    "patent-application-publication": read_pap,
    "PATDOC": read_patdoc,
}


MAX_REJECTS = 10_000
"""A weekly file holds fewer records than this: more broken ones are an attack on memory, not a file."""


def parse(body: bytes, *, url: str = "", headers: Mapping[str, str] | None = None) -> Parsed:  # noqa: ARG001
    """Return the patents of one file. A product listing of the Open Data Portal (JSON) names files, so it holds none."""
    if body[:200].lstrip().startswith(b"{") and b'"bulkDataProductBag"' in body:
        return Parsed()
    found = list(read_file(io.BytesIO(body)))
    return Parsed(
        tuple(one for one in found if isinstance(one, Document)),
        tuple(one for one in found if isinstance(one, Reject)),
    )


def read_file(file: IO[bytes]) -> Iterator[Document | Reject]:
    """Yield every document of a weekly file in order, and a reject for each that cannot be read; memory holds one at a time.

    `file` is seekable and holds a zip archive or the concatenated text itself.
    """
    start = file.read(4)
    file.seek(0)
    position = refused = 0
    try:
        lines = _unzipped(file) if start == b"PK\x03\x04" else iter(lambda: file.readline(_LINE_LIMIT), b"")
        for piece in split(lines):
            item = _read_one(piece, position)
            refused += isinstance(item, Reject)
            if refused > MAX_REJECTS:
                raise UnreadableError("too_large", f"more than {MAX_REJECTS} records of the file cannot be read: it is no weekly file")
            yield item
            position += 1
    except UnreadableError as error:
        yield reject(SOURCE, position, error)
        return
    if position == 0:
        yield reject(SOURCE, 0, UnreadableError("empty_body", "the response has no content"))


def split(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the documents of a glued file. Raises UnreadableError (too_large) rather than hold an endless one."""
    held: list[bytes] = []
    size = 0
    has_root = False  # so that a DOCTYPE right after its own declaration does not begin another document
    for line in lines:
        for part in _BEGINS.split(line) if b"<?xml" in line else (line,):
            begins = part.startswith(b"<?xml") or _PATN.match(part) or (has_root and _DOCTYPE.match(part))
            if begins and any(one.strip() for one in held):
                yield b"".join(held)
            if begins:
                held, size, has_root = [], 0, False
            if _APS_FILE_HEAD.match(part):
                continue
            held.append(part)
            size += len(part)
            has_root = has_root or bool(re.search(rb"<[A-Za-z]", part))
            if size > MAX_DOCUMENT_BYTES:
                raise UnreadableError("too_large", f"a document goes beyond {MAX_DOCUMENT_BYTES} bytes")
    if any(one.strip() for one in held):
        yield b"".join(held)


def _unzipped(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of every readable member, so far as a bounded amount is unpacked."""
    total = 0
    try:
        with zipfile.ZipFile(file) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(_READABLE)]
            if not names:
                raise UnreadableError("unknown_format", "the archive holds no readable file")
            for name in names:
                with archive.open(name) as member:
                    while line := member.readline(_LINE_LIMIT):
                        total += len(line)
                        if total > MAX_FILE_BYTES:
                            raise UnreadableError("too_large", f"the archive unpacks to more than {MAX_FILE_BYTES} bytes")
                        yield line
                    yield b"\n"
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise UnreadableError("bad_archive", f"the archive cannot be read to its end: {error}"[:200]) from None


def _read_one(piece: bytes, position: int) -> Document | Reject:
    try:
        if _PATN.match(piece.partition(b"\n")[0] + b"\n"):
            return to_document(read_greenbook(piece.decode("utf-8", errors="replace")))
        refuse_unlikely(piece)
        root = read_xml(piece)
        reader = _READERS.get(local(root))
        if reader is None and local(root) in _COMPANIONS:
            raise UnreadableError("not_a_document", f"<{local(root)}> describes no publication")
        if reader is None:
            raise UnreadableError("unknown_format", f"<{local(root)}> is no patent format we know"[:200])
        return to_document(reader(root))
    except UnreadableError as error:
        return reject(SOURCE, position, error)
