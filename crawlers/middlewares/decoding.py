"""Content-Encoding undone within limits: a body that unfolds too far is refused, one that was cut is never taken for whole.

Scrapy's own decoder returns what a cut or damaged body still yields, which would let a window advance over a hole. Pure.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Sequence

import brotli  # type: ignore[import-untyped]
from backports import zstd

MOST_LAYERS = 3
_STEP_BYTES = 128 * 1024
_WINDOW_LOG = 23  # RFC 9659: a zstd body for the web needs no window beyond 8 MiB
_GZIP_MARK = b"\x1f\x8b"
_ZSTD_MARKS = (b"\x28\xb5\x2f\xfd", *(bytes([0x50 + low]) + b"\x2a\x4d\x18" for low in range(16)))  # RFC 8878, sections 3.1.1 and 3.1.2
_ARCHIVES = (b"PK\x03\x04", b"%PDF")
_TEXT_STARTS = (b"<", b"{", b"[")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_TEXT_BYTES = 64  # fewer cannot be told from a cut body


class CutBodyError(ValueError):
    """The body ends too early or is damaged inside."""


class TooLargeError(ValueError):
    """The body unfolds to more bytes, or through more layers, than allowed."""


def decoded(body: bytes, encodings: Sequence[str], max_bytes: int) -> tuple[bytes, tuple[str, ...]]:
    """Return the body without its encodings, and those that were left because nobody here knows them.

    `encodings` are the tokens of Content-Encoding in the order in which they were applied (RFC 9110, section 8.4). An
    encoding that was announced but not applied, as the first bytes show, is passed over: servers do announce falsely.
    Raises CutBodyError and TooLargeError; `max_bytes` bounds every layer, the memory used is that and a constant.
    """
    waiting = [one.strip().lower() for one in encodings if one.strip()]
    if len(waiting) > MOST_LAYERS:
        raise TooLargeError(f"{len(waiting)} content encodings lie on top of each other")
    while waiting and (waiting[-1] == "identity" or waiting[-1] in _DECODERS):
        name = waiting.pop()
        if body and name != "identity":
            body = _decode(body, name, max_bytes)
    return body, tuple(waiting)


def _decode(body: bytes, name: str, max_bytes: int) -> bytes:
    unfolded = bytearray()
    try:
        for piece in _DECODERS[name](body):
            unfolded += piece
            if len(unfolded) > max_bytes:
                unfolded.clear()  # the error may live on with this frame
                raise TooLargeError(f"{len(body)} bytes of {name} unfold to more than {max_bytes}")
    except (zlib.error, brotli.error, zstd.ZstdError, CutBodyError) as error:
        if not unfolded and _looks_plain(body, name):
            return body
        raise CutBodyError(f"the {name} body is cut or damaged: {error}") from None
    return bytes(unfolded)


def _looks_plain(body: bytes, name: str) -> bool:
    """Gzip and zstd begin with a mark of their own; the others are taken for applied unless the body begins like a document."""
    if name in {"gzip", "x-gzip"}:
        return len(body) >= len(_GZIP_MARK) and not body.startswith(_GZIP_MARK)
    if name == "zstd":
        return len(body) >= len(_ZSTD_MARKS[0]) and not body.startswith(_ZSTD_MARKS)
    begin = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1024]
    is_text = len(begin) >= _TEXT_BYTES and begin.startswith(_TEXT_STARTS) and not _CONTROL.search(begin)
    return is_text or begin.startswith(_ARCHIVES)


def _gunzip(body: bytes) -> Iterator[bytes]:
    """Unfold every member (RFC 1952, section 2.2); what follows the last and is none is ignored, as browsers do."""
    rest = body
    while rest.startswith(_GZIP_MARK) or rest is body:
        member = zlib.decompressobj(wbits=31)
        yield from _inflated(member, rest)
        rest = member.unused_data


def _inflate(body: bytes) -> Iterator[bytes]:
    """Unfold zlib data (RFC 1950), or the bare deflate data that some servers send under the same name."""
    try:
        zlib.decompressobj().decompress(body, _STEP_BYTES)
        wrapping = zlib.MAX_WBITS
    except zlib.error:
        wrapping = -zlib.MAX_WBITS
    yield from _inflated(zlib.decompressobj(wbits=wrapping), body)


def _inflated(decoder: zlib._Decompress, body: bytes) -> Iterator[bytes]:
    while not decoder.eof:
        piece = decoder.decompress(body, _STEP_BYTES)
        body = decoder.unconsumed_tail
        if not piece and not body and not decoder.eof:
            raise CutBodyError("it ends too early")
        yield piece


def _unbrotli(body: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    piece = decoder.process(body, output_buffer_limit=_STEP_BYTES)
    yield piece
    while not decoder.is_finished():
        piece = decoder.process(b"", output_buffer_limit=_STEP_BYTES)
        if not piece and not decoder.is_finished():
            raise CutBodyError("it ends too early")
        yield piece


def _unzstd(body: bytes) -> Iterator[bytes]:
    """Unfold every frame (RFC 8878, section 3.1)."""
    rest = body
    while rest:
        frame = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})
        fed = rest
        while not frame.eof:
            piece = frame.decompress(fed, _STEP_BYTES)
            fed = b""
            if not piece and frame.needs_input and not frame.eof:
                raise CutBodyError("it ends too early")
            yield piece
        rest = frame.unused_data


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
