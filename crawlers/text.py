"""Text as a reader sees it: markup, entities, control characters and odd spaces taken out. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import nh3

# Controls other than white space, byte-order marks, zero-width and direction marks, lone surrogates, non-characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
# Only names HTML knows count as tags: a title such as "Vec<T> in depth" is text and must keep its brackets.
_NAMES = (
    r"(?:a|abbr|article|aside|audio|b|big|blockquote|body|br|center|cite|code|dd|del|details|div|dl|dt|em|embed|figcaption|figure"
    r"|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|math|meta|nav|object|ol|option"
    r"|p|pre|q|s|samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|textarea|tfoot"
    r"|th|thead|time|tr|tt|u|ul|var|video)\b"
)
_TAG = re.compile(rf"</?{_NAMES}[^<>]*>", re.IGNORECASE)
_STRAY = re.compile(rf"<(?!/?{_NAMES}|!--)", re.IGNORECASE)
_BLOCK = re.compile(r"(?=</?(?:p|br|div|li|ul|ol|h[1-6]|td|th|tr|table|blockquote|section|article|figure|figcaption|hr|dd|dt)\b)", re.I)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);", re.IGNORECASE)
_ROUNDS = 3  # feeds escape twice, a few thrice; more would be an attempt to smuggle


def fold(text: str | None) -> str:
    """Return `text` without invisible characters, every run of white space folded into one space; None gives ''."""
    if not text:
        return ""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def plain(markup: str | None) -> str:
    """Return the visible text of HTML that may be escaped several times over ('&amp;lt;b&amp;gt;' -> '')."""
    text = markup or ""
    for _ in range(_ROUNDS):
        before = text
        if _TAG.search(text):
            text = nh3.clean(_STRAY.sub("&lt;", _BLOCK.sub(" ", text)), tags=set())
        if _ENTITY.search(text):
            text = html.unescape(text)
        if text == before:
            break
    return fold(text)


def named_header(headers: Mapping[str, str] | None, name: str) -> str | None:
    """Return one HTTP header by its name in any case, or None."""
    return next((value for key, value in (headers or {}).items() if key.lower() == name), None)
