"""Web pages from strangers as an element tree of bounded size and depth. Nothing outside the page is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawlers.rejects import UnreadableError
from crawlers.text import fold

MAX_PAGE_BYTES = 4 * 1024 * 1024
MAX_ELEMENTS = 25_000
MAX_DEPTH = 200  # real pages stay below 60; the extraction's work grows with it
MAX_TAG_CHARACTERS = 64 * 1024
_HIDDEN_TAGS = frozenset({"script", "style", "template", "noscript", "svg", "iframe", "select"})
_NOT_TEXT = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|svg)\b(?![^>]{0,300}ld\+json).*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_LONG_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{MAX_TAG_CHARACTERS}}}")
_OPENING = re.compile(r"<[a-zA-Z]")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def read_tree(text: str) -> Any:
    """Return the root element of a page, without comments, styles and scripts other than JSON-LD.

    Raises UnreadableError: too_large beyond the limits of this module, unknown_format where there is no element at all.
    """
    from lxml import etree, html

    markup = _NOT_TEXT.sub(" ", _UNREADABLE.sub(" ", text))
    if _LONG_TAG.search(markup):
        raise UnreadableError("too_large", f"the page holds a tag of more than {MAX_TAG_CHARACTERS} characters")
    if sum(1 for _ in _OPENING.finditer(markup)) > MAX_ELEMENTS:
        raise UnreadableError("too_large", f"the page has more than {MAX_ELEMENTS} elements")
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        root = html.document_fromstring(markup.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError("unknown_format", f"no web page can be read: {fold(str(error))[:150]}") from None
    if root is None or not isinstance(root.tag, str):
        raise UnreadableError("unknown_format", "the response holds no element of a web page")
    _refuse_deep(root)
    return root


def _refuse_deep(root: Any) -> None:
    depth, level = 0, [root]
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise UnreadableError("too_large", f"the page is nested more than {MAX_DEPTH} deep")
        level = [child for element in level for child in element]


def _pieces(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _HIDDEN_TAGS:
        return
    if element.text:
        yield element.text
    for child in element:
        yield from _pieces(child)
        if child.tail:
            yield child.tail


def shown_pieces(root: Any) -> tuple[str, ...]:
    """Return the pieces of text a reader of the page sees, folded, in order: one for each run between two tags."""
    body = root.find("body")
    return tuple(piece for one in _pieces(body if body is not None else root) if (piece := fold(one)))


def visible_text(element: Any) -> str:
    """Return the text a reader sees below `element`, folded; '' for None."""
    return fold(" ".join(_pieces(element))) if element is not None else ""


def metas(root: Any) -> dict[str, str]:
    """Return the page's meta tags: lower-case name, property, itemprop or http-equiv to content; the first of a name counts."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        content = fold(element.get("content"))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                found.setdefault(name, content)
    return found
