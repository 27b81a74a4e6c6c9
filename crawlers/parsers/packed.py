"""Bodies that are packed with gzip by themselves, as sitemaps and saved pages are: unpacked within a limit. Pure."""

from __future__ import annotations

import zlib

from crawlers.rejects import UnreadableError

_PACKED = b"\x1f\x8b"


def unpacked(body: bytes, limit: int) -> bytes:
    """Return `body`, unpacked where it is packed. Raises UnreadableError: bad_archive, or too_large above `limit` bytes."""
    if not body.startswith(_PACKED):
        return body
    unpacking = zlib.decompressobj(wbits=31)
    try:
        whole = unpacking.decompress(body, limit + 1)
    except zlib.error as error:
        raise UnreadableError("bad_archive", f"the packed response cannot be opened: {error}") from None
    if len(whole) > limit:
        raise UnreadableError("too_large", f"the response has more than {limit} bytes when it is unpacked")
    if not unpacking.eof:
        raise UnreadableError("bad_archive", "the packed response ends too early")
    return whole
