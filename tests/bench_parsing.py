"""Documents a second of every parser, on the recorded responses where they lie beside the project and on the invented ones elsewhere."""

from __future__ import annotations

import time
from pathlib import Path

from rich.table import Table

from crawlers.reading import PARSERS, parse

FIXTURES = Path(__file__).parent / "crawlers" / "fixtures"
WIRE = Path(__file__).resolve().parents[1].parent / "shared" / "wire"
SECONDS = 1.0
"""How long each parser is timed."""


def bodies_of(source: str) -> list[bytes]:
    """Responses that hold at least one document."""
    files = [next(folder.glob("input.*")) for folder in sorted(FIXTURES.glob(f"{source}-*"))]
    if (WIRE / source).is_dir():
        files += [path for path in sorted((WIRE / source).iterdir()) if path.is_file() and path.suffix not in {".md", ".jsonl"}]
    bodies = [path.read_bytes() for path in files]
    return [body for body in bodies if parse(source, body).documents]


def parsing_table() -> Table:
    """Time every parser on its responses, over and over for `SECONDS`."""
    table = Table("parser", "responses", "documents a second", "MB a second", box=None)
    for source in PARSERS:
        bodies = bodies_of(source)
        if not bodies:
            continue
        documents = size = 0
        started = time.perf_counter()
        while (passed := time.perf_counter() - started) < SECONDS:
            for body in bodies:
                documents += len(parse(source, body).documents)
                size += len(body)
            passed = time.perf_counter() - started
        table.add_row(source, str(len(bodies)), f"{documents / passed:,.0f}", f"{size / passed / 1e6:.1f}")
    return table
