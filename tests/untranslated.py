"""What of a page in Chinese is English: three Latin words in a row outside of names, titles, code and what says that it is English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser

SENTENCE = re.compile(r"[A-Za-z][\w'’-]*(?:[ ,;:]+[A-Za-z][\w'’-]*){2,}")
OWN_WORDS = {"bdi", "code", "pre", "style"}
"""Elements that hold names, titles and code."""
SAID = ("aria-label", "alt", "title")
"""Attributes that are read out."""
VOID = {"meta", "link", "img", "br", "hr", "input"}


class _Words(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[bool] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.said += [told[name] or "" for name in SAID if name in told]
        if tag not in VOID:
            self._open.append(tag in OWN_WORDS or not (told.get("lang") or "zh").startswith("zh"))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.said.append(data)


def english_sentences(page: str, names: Iterable[str]) -> list[str]:
    """The English of a page in Chinese, but for the `names` of technologies that have no Chinese one."""
    found: list[str] = []
    longest_first = sorted(names, key=len, reverse=True)
    for text in _Words(page).said:
        for name in longest_first:
            text = text.replace(name, "")
        found += SENTENCE.findall(text)
    return found
