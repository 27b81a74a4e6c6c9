"""Titles and abstracts written in JATS, MathML or HTML, escaped once or several times over, as a reader sees them. Pure, linear.

JATS: jats.nlm.nih.gov/publishing/tag-library; Crossref allows it in abstracts (crossref.org/documentation/schema-library/
markup-guide-metadata-segments/abstracts), Europe PMC writes HTML headings.
"""

from __future__ import annotations

import re
from itertools import pairwise

from crawlers.text import fold, plain

MAX_CHARACTERS = 400_000  # the longest real abstracts have 30,000; more is a full text or an attack
_ROUNDS = 3  # escaped twice is common, thrice has been seen
_NAMES = (
    "abstract|alternatives|annotation|annotation-xml|bold|break|caption|disp-formula|disp-quote|ext-link|fig|graphic|h[1-6]|inline-formula"
    "|inline-graphic|italic|label|list|list-item|m(?:ath|i|n|o|row|sub|sup|subsup|frac|sqrt|root|text|space|over|under|underover|style"
    "|fenced|table|tr|td|stack|padded|phantom|error|multiscripts|prescripts|menclose|s)|monospace|named-content|overline|p|roman"
    "|sans-serif|sc|sec|semantics|styled-content|sub|sup|tex-math|title|trans-abstract|underline|uri|xref"
)
_TAG = re.compile(rf"<(/?)(?:(?:jats\d?|mml|m|ns\d)\s*:\s*([a-z][\w-]*)|({_NAMES})(?![\w-]))([^<>]*)>", re.IGNORECASE)
_HEADINGS = frozenset({"title", "label", "h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    {"abstract", "trans-abstract", "sec", "p", "list", "list-item", "disp-formula", "disp-quote", "break", "fig", "caption"}
)
_SKIPPED = frozenset({"annotation", "annotation-xml", "tex-math", "graphic", "inline-graphic"})  # a formula said a second time
_OWN_NAME = re.compile(r"(?:abstract|summary|résumé|resumé|resumo|resumen|zusammenfassung|摘要|要旨|요약)\W*", re.IGNORECASE)
_LEADING_NAME = re.compile(r"^(?:abstract|摘要)\s*[:：.—–]\s*", re.IGNORECASE)
_TEX = re.compile(r"\$\$?([^$]*)\$\$?")


def clean_title(markup: str | None) -> str:
    """Return the visible text of a title: no tags, no entities, one line.

    Of a formula given as MathML and as TeX one form stays. `<` that opens no tag of JATS, MathML or HTML is text.
    """
    text = (markup or "")[:MAX_CHARACTERS]
    for _ in range(_ROUNDS):
        text = plain(_without_tags(text))
        if not _TAG.search(text):
            break
    return text


def clean_abstract(markup: str | None) -> str:
    """Return the visible text of an abstract, as `clean_title` does; headings become `Heading: `, the abstract's own name goes."""
    return _LEADING_NAME.sub("", clean_title(markup), count=1)


def _without_tags(text: str) -> str:
    """Take out JATS and MathML and make headings of headings; other markup stays."""
    tags = list(_TAG.finditer(text))
    if not tags:
        return text
    has_math = any(_name(tag) == "math" for tag in tags)
    pieces = [text[: tags[0].start()]]
    skipping, heading = "", -1
    ends = [*(tag.span() for tag in tags), (len(text), len(text))]
    for tag, ((_, begin), (end, _)) in zip(tags, pairwise(ends), strict=True):
        name, is_end = _name(tag), bool(tag[1])
        between = text[begin:end]
        if skipping:
            if is_end and name == skipping:
                skipping = ""
                pieces.append(between)
            continue
        if name in _SKIPPED and not is_end and not tag[4].endswith("/"):
            if name == "tex-math" and not has_math:
                pieces.append(_tex(between))
            skipping = name
            continue
        if name in _HEADINGS:
            if is_end and heading >= 0:
                pieces[heading:] = [_heading("".join(pieces[heading:]))]
                heading = -1
            elif not is_end:
                pieces.append(" ")
                heading = len(pieces)
        elif name in _BLOCKS:
            pieces.append(" ")
        pieces.append(between)
    return "".join(pieces)


def _name(tag: re.Match[str]) -> str:
    return (tag[2] or tag[3]).lower()


def _heading(text: str) -> str:
    title = fold(text)
    if not title or _OWN_NAME.fullmatch(title):
        return " "
    return f"{title} " if title[-1] in ".:?!。：" else f"{title}: "


def _tex(source: str) -> str:
    """The formula of a TeX document, which wraps it in a preamble and dollars."""
    found = _TEX.search(source)
    return found[1] if found else ""
