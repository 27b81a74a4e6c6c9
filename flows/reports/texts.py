"""Texts and links of strangers made safe to show: no control or direction marks, a bounded length, only web links."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from urllib.parse import quote, urlsplit

# Not strftime: the words of a report must not depend on the locale of the machine.
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
TITLE_LENGTH = 140
LINK_LENGTH = 2000
# A letter may carry two marks (Vietnamese does); a tower of marks draws over its neighbours.
_MARKS_PER_LETTER = 2
# Characters that would end the angle-bracketed target of a Markdown link, or the attribute of an HTML one.
_LINK_SAFE = "%/:=&?~#+!$,;'@()*[]-._"
_MARKDOWN_SPECIAL = re.compile(r"[\\`*_{}\[\]|~$@]")
# Bare addresses become links in GitHub's dialect; a dash, hash or number that opens a line becomes a list or a heading.
_MARKDOWN_BARE_LINK = re.compile(r"(?i)(?<=\bwww)\.|:(?=//)")
_MARKDOWN_OPENING = re.compile(r"^(?:[-+#=]|\d+[.)])")


def clean_text(text: str, limit: int = TITLE_LENGTH) -> str:
    """One line without control, format or private characters, at most `limit` characters, cut at a word where one is near.

    Direction marks are removed (they can make a line read differently from what it says), spaces of every kind become one.
    """
    kept: list[str] = []
    marks = 0
    # Titles of ten kilobytes exist; nothing behind this can survive the cut below.
    for character in unicodedata.normalize("NFC", text[: limit * 20]):
        category = unicodedata.category(character)
        if category == "Mn":
            marks += 1
            if marks > _MARKS_PER_LETTER:
                continue
        else:
            marks = 0
        if category in ("Zs", "Zl", "Zp") or character in "\t\n\r\v\f":
            kept.append(" ")
        elif category not in ("Cc", "Cf", "Cs", "Co", "Cn"):
            kept.append(character)
    line = " ".join("".join(kept).split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    word = cut.rfind(" ")
    return (cut[:word] if word > limit * 0.7 else cut).rstrip(" ,;:.-") + "…"


def safe_link(url: str | None) -> str | None:
    """`url` when it is a plain web address (http or https, with a host, without user name), else None."""
    if url is None or len(url) > LINK_LENGTH or any(ord(character) <= 32 for character in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or "\\" in url:
        return None
    return quote(url, safe=_LINK_SAFE)


def markdown_text(text: str) -> str:
    """`text` as Markdown that shows exactly these characters: no markup, no HTML, no table cell, no bare link."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = _MARKDOWN_SPECIAL.sub(r"\\\g<0>", escaped)
    escaped = _MARKDOWN_BARE_LINK.sub(r"\\\g<0>", escaped)
    return _MARKDOWN_OPENING.sub(lambda match: f"{match[0][:-1]}\\{match[0][-1]}", escaped)


def say_day(day: date) -> str:
    """`22 November 2026`: a month's name cannot be mistaken for a day."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
