"""Taking one record out of landed responses, whatever their format, and leaving every other record as it was."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from html import unescape
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree, html

from crawlers.landing import Manifest, list_windows, read_body, read_manifest, write_manifest
from crawlers.parsers.json_reading import read_json
from crawlers.reading import parse
from crawlers.records import Capture, Document, Parsed, Window
from crawlers.rejects import UnreadableError, is_of_whole_body

TAKEN_DOWN = 451  # "unavailable for legal reasons": the status of a capture of which nothing is kept
_SMALLEST_NEEDLE = 6
_MOST_CUTS = 3000  # tried of one kind; each costs one reading of the response
_PARTIAL = "*.partial"

Note = Callable[[Capture, bool], None]
"""Told of each response written anew, as it is now, and whether its other documents are still in it."""

Read = Callable[[bytes], Parsed]


def is_taken_down(capture: Capture) -> bool:
    """Whether all that this capture held was taken out of the landing."""
    return capture.status == TAKEN_DOWN and capture.size == 0


def take_down(root: Path, source: str, document_ids: Collection[str], note: Note, *, titles: Collection[str] = ()) -> None:
    """Take the documents out of everything landed of a source; unfinished crawls of it are deleted, to be repeated whole.

    Where a record cannot be cut out of its response, nothing of the response is kept; nor of one that is damaged, for nobody can say what
    it holds, nor of one that could not be read where an id or one of the `titles` stands in it. Raises ValueError for a
    damaged manifest, OSError when the disk fails.
    """
    for folder in (root / source).glob(_PARTIAL):
        shutil.rmtree(folder)
    for window in list_windows(root, source):
        take_down_window(root, source, window, document_ids, note, titles=titles)


def take_down_window(
    root: Path, source: str, window: Window, document_ids: Collection[str], note: Note, *, titles: Collection[str] = ()
) -> None:
    """As `take_down`, in one finished window. Bodies are written under new names first, then the manifest, so that a crash in between
    leaves the window whole, and the old ones are deleted last."""
    manifest = read_manifest(root, source, window)
    if manifest is None:
        return
    changed: dict[str, Capture] = {}
    for capture in manifest.captures:
        if is_taken_down(capture) or not (root / capture.path).exists():
            continue
        fresh, is_cut = _reduced(root, capture, document_ids, titles)
        if fresh is not None:
            changed[capture.capture_id] = _store(root, capture, fresh)
            note(changed[capture.capture_id], is_cut)
    if changed:
        write_manifest(root, replace(manifest, captures=tuple(changed.get(one.capture_id, one) for one in manifest.captures)))
        for capture in manifest.captures:
            if capture.capture_id in changed:
                (root / capture.path).unlink(missing_ok=True)
    _remove_strays(root, manifest, window)


def _reduced(root: Path, capture: Capture, document_ids: Collection[str], titles: Collection[str]) -> tuple[bytes | None, bool]:
    """As `without_records`; nothing is kept of a damaged response, for nobody can say what it holds."""
    try:
        body = read_body(root, capture)
    except ValueError:
        return b"", False
    return without_records(capture.source, body, capture.url, capture.headers, document_ids, titles)


def _store(root: Path, capture: Capture, body: bytes) -> Capture:
    """The capture with another body. Its id stays: what is delivered again with the old bytes is known by it, and not stored."""
    sha256 = hashlib.sha256(body).hexdigest()
    stem = capture.path.removesuffix(".gz").partition("~")[0]
    path = f"{stem}~{sha256[:8]}.gz"
    with (root / path).open("wb") as file:
        file.write(gzip.compress(body, mtime=0))
    status = TAKEN_DOWN if not body else capture.status
    return replace(capture, sha256=sha256, size=len(body), path=path, status=status)


def _remove_strays(root: Path, manifest: Manifest, window: Window) -> None:
    """Bodies that no manifest names: an earlier try was killed before it could delete them."""
    current = read_manifest(root, manifest.source, window) or manifest
    named = {root / capture.path for capture in current.captures}
    for path in (root / manifest.source / window.key).glob("*.gz"):
        if path not in named:
            path.unlink()


def without_records(
    source: str, body: bytes, url: str, headers: dict[str, str], document_ids: Collection[str], titles: Collection[str] = ()
) -> tuple[bytes | None, bool]:
    """The response without those documents, and whether the others are all still in it.

    (None, True) where it holds none of them; (b"", False) where they cannot be cut out without harm to others, or stand in what could not
    be read; (b"", True) where nothing else was in it.
    """

    def read(content: bytes) -> Parsed:
        return parse(source, content, url=url, headers=headers)

    held = read(body).documents
    is_held = any(one.document_id in document_ids for one in held)
    if is_held and all(one.document_id in document_ids for one in held):
        return b"", True
    while unwanted := next((one for one in read(body).documents if one.document_id in document_ids), None):
        cut = _without(body, unwanted, read)
        if cut is None:
            return b"", False
        body = cut
    for reject in read(body).rejects:
        is_it = f"{source}:{reject.record_id}" in document_ids or reject.reason == "bad_archive"  # what is packed cannot be searched
        if is_it or (is_of_whole_body(reject) and _may_hold(body, document_ids, titles)):
            return b"", False
    return (body if is_held else None), True


def _may_hold(body: bytes, document_ids: Collection[str], titles: Collection[str]) -> bool:
    """Whether one of the ids or titles stands in the response, whatever its format."""
    ids = [one.partition(":")[2] for one in document_ids]
    needles = _usable((*titles, *ids, *(one.rpartition("/")[2] for one in ids)))
    if not needles:
        return False
    contents = [body]
    if zipfile.is_zipfile(io.BytesIO(body)):
        try:
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                contents = [archive.read(info) for info in archive.infolist()]
        except (zipfile.BadZipFile, zlib.error, RuntimeError):  # the last where a member wants a password: it may
            return True
    return any(_names_it(content.decode("utf-8", "replace"), needles) for content in contents)


def _without(body: bytes, unwanted: Document, read: Read) -> bytes | None:
    """The body without one document: of all cuts around a place that names it, the smallest that takes out it alone.

    A cut that only makes its record unreadable, such as one of its title, would leave the rest of the text there.
    """
    before = read(body)
    wanted = list(before.documents)
    wanted.remove(unwanted)
    for needles in (_needles(unwanted), ()):  # at the places that name it, else at every place
        for cuts in (_json_cuts, _packed_cuts, _chunk_cuts, _xml_cuts, _html_cuts):
            for candidate in islice(cuts(body, needles), _MOST_CUTS):
                after = read(candidate)
                if list(after.documents) == wanted and len(after.rejects) <= len(before.rejects):
                    return candidate
    return None


def _needles(document: Document) -> tuple[str, ...]:
    """What tells the place of a record: its title, its identity at the source, its address; letters and digits only."""
    return _usable(
        (document.title, document.source_id, document.source_id.rpartition("/")[2], document.url or "", *document.identifiers.values())
    )


def _usable(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for text in texts if len(one := _bare(text)[:80]) >= _SMALLEST_NEEDLE))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _names_it(text: str, needles: tuple[str, ...]) -> bool:
    if not needles:
        return True
    said = {_bare(text), _bare(re.sub("<[^<>]*>", "", unescape(text)))}
    return any(needle in one for needle in needles for one in said)


def _json_cuts(body: bytes, needles: tuple[str, ...]) -> Iterator[bytes]:
    """The response without an entry of a list, the innermost first."""
    try:
        tree = read_json(body)
    except UnreadableError:
        return
    for holder, place in _entries(tree, needles):
        entry = holder.pop(place)
        yield json.dumps(tree, ensure_ascii=False).encode()
        holder.insert(place, entry)


def _entries(node: Any, needles: tuple[str, ...]) -> list[tuple[list[Any], int]]:
    """(list, place) of each entry of a list in which a text names the record, inner ones before outer ones."""
    found: list[tuple[list[Any], int]] = []
    for place, child in list(enumerate(node)) if isinstance(node, list) else list((node if isinstance(node, dict) else {}).items()):
        inner = _entries(child, needles) if isinstance(child, list | dict) else []
        found.extend(inner)
        if isinstance(node, list) and (inner or _names_it(json.dumps(child, ensure_ascii=False), needles)):
            found.append((node, place))
    return found


def _xml_cuts(body: bytes, needles: tuple[str, ...]) -> Iterator[bytes]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root is not None:
        encoding = root.getroottree().docinfo.encoding or "utf-8"
        yield from _tree_cuts(root, needles, lambda: _written(root, encoding))


def _html_cuts(body: bytes, needles: tuple[str, ...]) -> Iterator[bytes]:
    try:
        root = html.document_fromstring(body)
    except (etree.ParserError, ValueError):
        return
    yield from _tree_cuts(root, needles, lambda: _written(root, "utf-8", method="html"))


def _written(root: Any, encoding: str, method: str = "xml") -> bytes:
    content = etree.tostring(root.getroottree(), xml_declaration=method == "xml", encoding=encoding, method=method)
    return content if isinstance(content, bytes) else content.encode()


def _tree_cuts(root: Any, needles: tuple[str, ...], write: Callable[[], bytes]) -> Iterator[bytes]:
    """The tree without an element that names the record in its text or attributes, going outwards from the innermost."""
    tried = set()
    for leaf in [node for node in root.iter() if isinstance(node.tag, str) and _says(node, needles)]:
        node = leaf
        while (holder := node.getparent()) is not None:
            if node not in tried:
                tried.add(node)
                place = holder.index(node)
                holder.remove(node)
                yield write()
                holder.insert(place, node)
            node = holder


def _says(node: Any, needles: tuple[str, ...]) -> bool:
    own = [*node.attrib.values(), node.text or "", "".join(node.itertext()) if len(node) and not len(node[0]) else ""]
    return any(_names_it(text, needles) for text in own)


def _chunk_cuts(body: bytes, needles: tuple[str, ...]) -> Iterator[bytes]:
    """One of several documents written one behind the other (weekly files of patents, JSON Lines)."""
    for start in (rb"(?=<\?xml )", rb"(?=<!DOCTYPE )", rb"(?m)(?=^PATN\s)", rb"(?m)(?=^\{)"):
        chunks = re.split(start, body)
        if len(chunks) > 1 + (not chunks[0].strip()):
            for place, chunk in enumerate(chunks):
                if _names_it(chunk.decode("utf-8", "replace"), needles):
                    yield b"".join(chunks[:place] + chunks[place + 1 :])


def _packed_cuts(body: bytes, needles: tuple[str, ...]) -> Iterator[bytes]:
    """A ZIP archive with one of its members cut."""
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        members = [(info, archive.read(info)) for info in archive.infolist()]
    for place, (info, content) in enumerate(members):
        for candidate in _chunk_cuts(content, needles):
            yield _zipped([*members[:place], (info, candidate), *members[place + 1 :]])
        if _names_it(content.decode("utf-8", "replace"), needles):
            yield _zipped([*members[:place], *members[place + 1 :]])


def _zipped(members: list[tuple[zipfile.ZipInfo, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in members:
            archive.writestr(info, content, compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
