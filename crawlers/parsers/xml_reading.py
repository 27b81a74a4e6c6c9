"""XML from strangers: no network, no DTD, no entity expansion, and a reason instead of an exception."""

from __future__ import annotations

import html
import re
from typing import Any

from lxml import etree

from crawlers.rejects import UnreadableError
from crawlers.text import fold

_HTML_PAGE = re.compile(rb"\s*(?:<!--(?:(?!-->).)*+-->\s*)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_REFERENCE = re.compile(r"&[\w.:-]+;")  # an entity left unexpanded is a text piece of its own
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")
_TRUNCATED = {"ERR_TAG_NOT_FINISHED", "ERR_CDATA_NOT_FINISHED", "ERR_COMMENT_NOT_FINISHED", "ERR_PI_NOT_FINISHED"}
_ENCODING = {"ERR_INVALID_ENCODING", "ERR_UNKNOWN_ENCODING", "ERR_UNSUPPORTED_ENCODING"}


def is_web_page(body: bytes) -> bool:
    """Whether `body` begins as HTML does: what consent, login and error pages send in place of data."""
    return _HTML_PAGE.match(body[:4096].removeprefix(b"\xef\xbb\xbf")) is not None


def refuse_unlikely(body: bytes) -> None:
    """Raise UnreadableError for a body that cannot be XML at all: empty, a web page, full of NULs."""
    if not body.strip():
        raise UnreadableError("empty_body", "the response has no content")
    if is_web_page(body):
        raise UnreadableError("html_page", "the response is a web page, not data")
    if b"\x00" in body and not body.startswith(_UTF16_MARKS):
        raise UnreadableError("not_xml", "the response contains NUL bytes")


def read_xml(body: bytes) -> Any:
    """Return the root element of `body`.

    Raises UnreadableError (empty_body, html_page, truncated, bad_encoding, not_xml). Entities stay unexpanded nodes.
    """
    refuse_unlikely(body)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        raise _explain(error, parser, body.lstrip()) from None
    except (ValueError, LookupError) as error:  # an encoding nobody knows
        raise UnreadableError("bad_encoding", fold(str(error))[:200]) from None
    if root is None:
        raise UnreadableError("not_xml", "the response has no root element")
    return root


def _explain(error: Any, parser: Any, body: bytes) -> UnreadableError:
    kinds = {entry.type_name for entry in parser.error_log}  # the error's own log holds those of earlier documents too
    detail = fold(error.msg)[:200]
    if kinds & _ENCODING:
        return UnreadableError("bad_encoding", detail)
    # An error behind the last character is a cut, whatever its kind; the same in the middle is a fault of the writer.
    last_line = body[body.rfind(b"\n") + 1 :].decode("utf-8", errors="ignore")
    line, column = error.position
    is_at_end = line == body.count(b"\n") + 1 and column > len(last_line)
    if kinds & _TRUNCATED or is_at_end:
        return UnreadableError("truncated", f"the response ends too early: {detail}")
    return UnreadableError("not_xml", detail)


def local(element: Any) -> str:
    """Return the tag of `element` without its namespace; '' for comments, instructions and entities."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: Any, *path: str) -> Any:
    """Return the first descendant along `path` of local names, or None."""
    for name in path:
        if element is None:
            return None
        element = next((node for node in element if local(node) == name), None)
    return element


def children(element: Any, name: str) -> list[Any]:
    """Return the direct children called `name`, in order; none for a missing element."""
    return [] if element is None else [node for node in element if local(node) == name]


def below(element: Any, *names: str) -> list[Any]:
    """Return every descendant whose local name is among `names`, in document order."""
    return [] if element is None else [node for node in element.iter() if local(node) in names]


def text(element: Any) -> str:
    """Return all text of `element`, folded. Entities every reader of HTML knows (&aring;) become their character, others ''."""
    if element is None:
        return ""
    return fold("".join(_expanded(piece) for piece in element.itertext()))


def _expanded(piece: str) -> str:
    if not _REFERENCE.fullmatch(piece):
        return piece
    character = html.unescape(piece)
    return "" if character == piece else character
