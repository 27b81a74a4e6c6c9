"""Which characters the bytes of a page stand for: HTTP header, byte-order mark, meta tag and truth may all differ. Pure.

Order of trust: byte-order mark; escape sequences; bytes that are valid UTF-8 (hardly any other text is); what the header says, then what
the page says, where the bytes allow it; the guess of charset-normalizer. Names are read as browsers read them
(encoding.spec.whatwg.org): GB2312 is GB18030, ISO-8859-1 is windows-1252, Shift_JIS is windows-31J.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_MARKS = (  # the marks of UTF-32 begin with those of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ESCAPES = ((re.compile(rb"\x1b\$\)C"), "iso2022_kr"), (re.compile(rb"\x1b(?:\$[@B]|\([BJ])"), "iso2022_jp_2"))
_AS_BROWSERS_READ = {
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "hz": "gb18030",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252",
    "iso-8859-9": "cp1254", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "big5": "big5hkscs", "x-big5": "big5hkscs", "tis-620": "cp874",
    "windows-874": "cp874", "unicode": "utf-16-le", "x-user-defined": "cp1252",
}  # fmt: skip
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_IN_PAGE = re.compile(rb"<(?:meta\b[^>]{0,400}?charset|\?xml\b[^>]{0,200}?encoding)\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x80-\x9f]")
_NEVER_ON_PAGES = ["iso8859_3", "iso8859_4", "iso8859_10", "iso8859_13", "iso8859_14", "iso8859_16"]
_HEAD_BYTES = 8192  # browsers look at 1,024; many Chinese pages name their set later
_SAMPLE_BYTES = 32768
_TOLERATED_SHARE = 0.02  # a few broken characters do not make a name wrong


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text with the Python codec that was used; `declared` holds the sets header and page named, in that order.

    `broken` counts the characters that could not be read; each stands as U+FFFD in `text`.
    """

    text: str
    encoding: str
    declared: tuple[str, ...]
    broken: int


def decode_page(body: bytes, content_type: str | None = None) -> Decoded:
    """Return the text of a page; `content_type` is its HTTP header. Never fails: what cannot be read is marked."""
    declared = _declared(body, content_type)
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], encoding, declared)
    for pattern, encoding in _ESCAPES:
        if pattern.search(body[:_SAMPLE_BYTES]) and max(body[:_SAMPLE_BYTES]) < 0x80:
            return _decoded(body, encoding, declared)
    if wide := _wide(body):
        return _decoded(body, wide, declared)
    if _broken_share(body, "utf-8") <= _tolerance(body):
        return _decoded(body, "utf-8", declared)
    for name in declared:
        codec = _codec(name)
        if codec and _broken_share(body, codec) <= _TOLERATED_SHARE:
            return _decoded(body, codec, declared)
    return _decoded(body, _guess(body), declared)


def _declared(body: bytes, content_type: str | None) -> tuple[str, ...]:
    named = [match[1] for match in [_IN_HEADER.search((content_type or "")[:500])] if match]
    named += [match[1].decode("ascii", errors="ignore") for match in [_IN_PAGE.search(body[:_HEAD_BYTES])] if match]
    return tuple(dict.fromkeys(name.lower() for name in named))


def _codec(name: str) -> str | None:
    wanted = _AS_BROWSERS_READ.get(name, name)
    try:
        found = codecs.lookup(wanted)
        "".encode(found.name)  # codecs such as `hex` or `zlib` are none of text
    except (LookupError, ValueError, TypeError):
        return None
    # A page whose name could be read byte by byte is not in a wide set, whatever it says.
    return "utf-8" if found.name.startswith(("utf-16", "utf-32")) else found.name


def _wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: most text has a NUL in each of its characters' upper bytes."""
    sample = body[:4096]
    if sample.count(0) < len(sample) // 4:
        return None
    zeros = [sample[start::4].count(0) for start in range(4)]
    most = len(sample) // 4 * 0.7
    if zeros[0] > most and zeros[1] > most:
        return "utf-32-be"
    if zeros[2] > most and zeros[3] > most:
        return "utf-32-le"
    return "utf-16-be" if zeros[0] + zeros[2] > zeros[1] + zeros[3] else "utf-16-le"


def _tolerance(body: bytes) -> float:
    """How much of UTF-8 may be broken: nothing in a short text, a little in a long one that was cut or glued together."""
    return _TOLERATED_SHARE if len(body) > 2000 else 0.0


def _broken_share(body: bytes, encoding: str) -> float:
    """Broken characters per foreign one, 0 when there are only ASCII characters."""
    text = body.decode(encoding, errors="replace")
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    return text.count("\ufffd") / foreign if foreign else 0.0


def _guess(body: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(body[:_SAMPLE_BYTES], cp_exclusion=_NEVER_ON_PAGES).best()
    if best is None:
        return "cp1252"
    encoding = _codec(best.encoding.replace("_", "-")) or "cp1252"
    # The two sets of Central Europe differ in the bytes where windows-1250 has its letters and ISO-8859-2 has controls.
    return "iso8859-2" if encoding == "cp1250" and not _CONTROLS.search(body) else encoding


def _decoded(body: bytes, encoding: str, declared: tuple[str, ...]) -> Decoded:
    text = body.decode(encoding, errors="replace").removeprefix("\ufeff")
    return Decoded(text, codecs.lookup(encoding).name, declared, text.count("\ufffd"))
