"""Traces of a text outside the tables: reports, pages, logs, Prefect's own file. What is found is taken out."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

PLACEHOLDER = "[taken down]"
FEWEST_WORDS = 4
"""A shorter text is no quotation: its words stand in others' texts too."""

_GAP = r"(?:[\W_]|&\#?\w+;|<[^<>]*>|\\u[0-9a-f]{4}|\\n)+"
_TEXT_FILES = frozenset({".html", ".md", ".txt", ".json", ".jsonl", ".csv", ".svg", ".eml", ".log"})
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s+")


class Quotations:
    """Finds texts, whole or by the sentence, however a page breaks, marks or escapes them."""

    def __init__(self, texts: Iterable[str]) -> None:
        wholes = [text for text in texts if text.strip()]
        parts = {part for text in wholes for part in (text, *_SENTENCE_END.split(text))}
        patterns = [_pattern(part) for part in sorted(parts, key=lambda part: (-len(part), part))]
        self._patterns = [re.compile(pattern, re.IGNORECASE) for pattern in patterns if pattern]

    def without(self, text: str) -> str:
        """The text with every quotation replaced."""
        for pattern in self._patterns:
            text = pattern.sub(PLACEHOLDER, text)
        return text


def _pattern(text: str) -> str | None:
    words = re.findall(r"[^\W_]+", text)
    is_quotable = len(words) >= FEWEST_WORDS or sum(len(word) for word in words if not word.isascii()) >= FEWEST_WORDS
    return _GAP.join(re.escape(word) for word in words) if is_quotable else None


def clean_files(roots: Sequence[Path], quotations: Quotations, addresses: Sequence[str]) -> list[Path]:
    """Take the quotations out of every text file below the roots; returns the files changed.

    A file that gives an address of the document is deleted where nothing could be taken out of it: what it says is too short to tell.
    """
    changed = []
    for path in _files(roots):
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        cleaned = quotations.without(text)
        if cleaned != text:
            part = path.with_name(f".{path.name}.new")
            part.write_text(cleaned, encoding="utf-8", errors="surrogateescape")
            part.chmod(path.stat().st_mode)
            part.replace(path)
        elif any(address in text for address in addresses):
            path.unlink()
        else:
            continue
        changed.append(path)
    return changed


def _files(roots: Sequence[Path]) -> Iterator[Path]:
    for root in roots:
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.suffix in _TEXT_FILES:
                yield path


def clean_sqlite(path: Path, texts: Sequence[str]) -> bool:
    """Replace the texts in every text column of an SQLite file; True when any was there. Raises sqlite3.Error."""
    wanted = {form for text in texts for form in (text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]) if form}
    is_found = False
    with closing(sqlite3.connect(path, timeout=60.0)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        for table in tables:
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")') if row[2].upper() in _TEXTUAL]
            for column in columns:
                for form in wanted:
                    changed = connection.execute(
                        f'UPDATE "{table}" SET "{column}" = replace("{column}", ?, ?) WHERE instr("{column}", ?)', (form, PLACEHOLDER, form)
                    )
                    is_found = is_found or changed.rowcount > 0
        connection.commit()
        if is_found:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return is_found


_TEXTUAL = frozenset({"TEXT", "JSON", "VARCHAR", "CHAR", "CLOB"})
