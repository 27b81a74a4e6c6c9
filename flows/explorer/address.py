"""What the address of a page asks for. Every filter lives there, and one that cannot be meant is refused in a sentence."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from starlette.datastructures import QueryParams

TEXT_LENGTH = 400
MAX_PAGE = 10_000


class Refused(Exception):
    """A page that cannot be shown: the HTTP status, a heading and one sentence for the reader."""

    def __init__(self, status: int, heading: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.heading, self.sentence = status, heading, sentence


class Address:
    """The parameters of one request, each asked for by name; `finish` refuses what nobody asked for.

    `is_foreign` = a page of somebody else led here, as the browser says: what costs time is then not done unasked.
    """

    def __init__(self, parameters: QueryParams, *, is_foreign: bool = False) -> None:
        self.is_foreign = is_foreign
        self._given: dict[str, str] = {}
        for name, value in parameters.multi_items():
            if not value.strip():
                continue  # a form sends its empty fields too
            if name in self._given and self._given[name] != value:
                raise Refused(400, "This address says two things", f"It gives {_quoted(name)} twice, with different values.")
            self._given[name] = value
        self._asked: list[str] = []

    def text(self, name: str, limit: int = TEXT_LENGTH) -> str:
        """A text of at most `limit` characters, '' when not given. Raises Refused for control characters and longer texts."""
        value = self._take(name)
        if value is None:
            return ""
        if len(value) > limit:
            raise Refused(400, "That is too long", f"{_quoted(name)} may have {limit:,} characters here, and this has {len(value):,}.")
        if any(unicodedata.category(sign) in ("Cc", "Cs", "Cn") and sign not in "\t\n\r" for sign in value):
            raise Refused(400, "That cannot be read", f"{_quoted(name)} holds characters that belong to no text.")
        return value.strip()

    def choice(self, name: str, allowed: Sequence[str]) -> str | None:
        """One of `allowed`, None when not given. Raises Refused for anything else."""
        value = self._take(name)
        if value is None or value in allowed:
            return value
        raise Refused(400, f"There is no such {name.replace('_', ' ')}", f"{_quoted(value)} is not one of {', '.join(allowed)}.")

    def day(self, name: str) -> date | None:
        """A day written as 2024-01-31, None when not given. Raises Refused otherwise."""
        value = self._take(name)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Refused(400, "That is not a day", f"{_quoted(value)} is not a day; write it as 2024-01-31.") from None

    def page(self) -> int:
        """Number of the page of a long table, from 1. Raises Refused for what counts no page."""
        value = self._take("page")
        if value is None:
            return 1
        if value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= MAX_PAGE:
            return int(value)
        raise Refused(400, "That is not a page number", f"{_quoted(value)} is not a number from 1 to {MAX_PAGE:,}.")

    def finish(self) -> None:
        """Raise Refused for a parameter that the page does not know: a filter silently ignored is worse than none."""
        for name in self._given:
            if name not in self._asked:
                near = difflib.get_close_matches(name, self._asked, n=1)
                hint = f"did you mean {near[0]}?" if near else f"it knows {', '.join(self._asked) or 'none'}."
                raise Refused(400, "This page knows no such filter", f"{_quoted(name)} means nothing here; {hint}")

    def _take(self, name: str) -> str | None:
        self._asked.append(name)
        return self._given.get(name)


def with_changes(given: Mapping[str, object], **changes: object) -> dict[str, str]:
    """The parameters of an address with some of them changed; None and '' leave one out."""
    merged = {**given, **changes}
    return {name: str(value) for name, value in merged.items() if value not in (None, "")}


def _quoted(text: str) -> str:
    shown = text if len(text) <= 60 else text[:59] + "…"
    return f"“{shown}”"
