"""Tables for spreadsheets: CSV in which no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula; the full-width signs are those of East Asian editions.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Comma-separated lines under a line of names. What a spreadsheet would run gets a leading apostrophe, names too."""
    sink = io.StringIO()
    # Only a writer that ends lines with both quotes a field that holds either (RFC 4180); the carriage return at the end is taken off
    # again for the tools of a pipe.
    writer = csv.writer(sink, lineterminator="\r\n")
    lines = []
    for row in (names, *rows):
        writer.writerow([inert(value) for value in row])
        lines.append(sink.getvalue().removesuffix("\r\n") + "\n")
        sink.seek(0)
        sink.truncate()
    return "".join(lines)


def inert(value: object) -> object:
    """A cell that no spreadsheet takes for a formula; numbers and days stay what they are."""
    if isinstance(value, list | tuple):
        value = ", ".join(str(item) for item in value)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
