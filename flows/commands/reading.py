"""Commands that read texts and write nothing: parse, classify."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.door import FAILED, PARTIAL, USAGE, complain, explained, say


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the door."""
    app.command()(parse)
    app.command()(classify)


def parse(
    source: Annotated[str, typer.Argument(help="Source whose format the files have, such as arxiv_oai, uspto_xml, feeds.")],
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Saved responses (.gz is unpacked); - reads standard input.")],
) -> None:
    """Read saved responses: documents as JSONL (import columns) on stdout, rejects as JSONL on stderr."""
    with explained():
        from crawlers.reading import parse as parse_body
        from flows.import_columns import to_columns

        rejected = False
        for name in files:
            body = _read(name)
            try:
                parsed = parse_body(source, body)
            except ValueError as error:
                complain(str(error))
                raise typer.Exit(USAGE) from None
            for document in parsed.documents:
                typer.echo(json.dumps(to_columns(document), ensure_ascii=False))
            for reject in parsed.rejects:
                rejected = True
                typer.echo(json.dumps({"file": name, **asdict(reject)}, ensure_ascii=False), err=True)
    if rejected:
        raise typer.Exit(PARTIAL)


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    path = Path(name)
    if path.is_dir() or not path.exists():
        complain(f"{name} is not a file.")
        raise typer.Exit(FAILED)
    body = path.read_bytes()
    if path.suffix == ".gz":
        try:
            return gzip.decompress(body)
        except (OSError, EOFError, zlib.error):
            complain(f"{name} is not a whole gzip file.")
            raise typer.Exit(FAILED) from None
    return body


def classify(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="JSONL of {id, title, text}; - reads standard input.")] = "-",
) -> None:
    """Place your own texts in the six tracks and name their technologies: JSONL in, JSONL out."""
    with explained():
        from flows.classify import classify_texts
        from flows.curation import taxonomy_in_force

        rows: list[dict[str, Any]] = []
        refused = 0
        for number, line in enumerate(_read(file).decode("utf-8", errors="replace").split("\n"), start=1):
            if not line.strip():
                continue
            row = _row(line)
            if row is None:
                refused += 1
                complain(f"line {number} is not a JSON object with id and title or text.")
            else:
                rows.append(row)
        settings = context.obj.settings()
        taxonomy = taxonomy_in_force(settings)
        for result in classify_texts(rows, settings.models, taxonomy=taxonomy, threads=settings.threads, say=say):
            typer.echo(json.dumps(result, ensure_ascii=False))
    if refused:
        raise typer.Exit(PARTIAL)


def _row(line: str) -> dict[str, Any] | None:
    """One text, or None; an empty text is one too, in no track."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or "id" not in row:
        return None
    if not row.keys() & {"title", "text"} or not all(isinstance(row.get(key), str | None) for key in ("title", "text")):
        return None
    return row
