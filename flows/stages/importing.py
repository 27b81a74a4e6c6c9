"""Import: a corpus already held in files enters through the same stages as what is crawled."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from crawlers.records import Document, Reject
from flows.forgotten import forgotten_ids
from flows.import_columns import REQUIRED, read_row
from flows.ledger import transaction
from flows.stages.documents import DocumentRows, store
from flows.stages.parse import reject_id
from flows.warehouse.tables import append
from flows.worlds import is_simulated

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from flows.ledger import Run

BATCH = 20_000
"""Rows a transaction: large enough for bulk speed, small enough that an interruption loses little work."""

LONGEST_CELL = 16 * 2**20
"""Characters in one CSV cell; Python's own limit of 131,072 is too small for a full text."""

SURPLUS = "\0surplus"
"""Key under which the csv module puts cells beyond the header; no column can be called so."""


Row = dict[str, Any] | str
"""One row of a file by column, or the sentence that says why it is none."""


class ImportRefused(Exception):
    """A file cannot be imported at all; the message is one sentence naming the file."""


def import_files(run: Run, files: Sequence[Path | IO[bytes]], *, source: str | None, today: date) -> list[Reject]:
    """Read the files into core.documents; a row that is no document becomes a reject.

    `source`, when given, stands in for the column of that name. Raises ImportRefused, before anything is stored, when a schema is wrong.
    Importing the same file again changes nothing.
    """
    readers = [(file, _open(file, source)) for file in files]
    forgotten = forgotten_ids(run.settings)
    fetched_at = run.now()  # one time for all rows, so that only what a row says of itself decides which version is the later
    rejects: list[Reject] = []
    count = 0
    for file, batches in readers:
        name, place = _name(file), str(file.absolute()) if isinstance(file, Path) else "-"
        position = 0
        for batch in batches:
            rows = DocumentRows(simulated=is_simulated(run.connection), forgotten=forgotten)
            refused: list[Reject] = []
            for row in batch:
                position += 1
                item = _read(row, position, source, today)
                if isinstance(item, Document):
                    rows.add(item, capture_id=None, fetched_at=fetched_at)
                else:
                    refused.append(item)
            with transaction(run.connection):
                count += store(run.connection, rows, run.run_id)
                _store_rejects(run, name, place, refused)
            rejects.extend(refused)
            run.say(f"imported {position} rows of {name}")
    run.rows["import"] = count
    return rejects


def _read(row: Row, position: int, source: str | None, today: date) -> Document | Reject:
    if isinstance(row, str):
        return Reject(source or "import", position, None, "not_a_row", f"row {position}: {row}")
    return read_row({**row, "source": source} if source else row, position, today)


def _store_rejects(run: Run, name: str, place: str, rejects: Sequence[Reject]) -> None:
    rows = {
        key: {
            "reject_id": key,
            "source": reject.source,
            "capture_id": None,
            "position": reject.position,
            "record_id": reject.record_id,
            "reason": reject.reason,
            "detail": f"{name}: {reject.detail}",
            "rejected_at": run.now(),
        }
        for reject in rejects
        for key in [reject_id(reject.source, place, reject.position, reject.reason)]
    }
    run.connection.execute("DELETE FROM raw.rejects WHERE reject_id IN (SELECT unnest(?::VARCHAR[]))", [list(rows)])
    append(run.connection, "raw.rejects", list(rows.values()), run.run_id)


def _name(file: Path | IO[bytes]) -> str:
    return file.name if isinstance(file, Path) else "standard input"


def _open(file: Path | IO[bytes], source: str | None) -> Iterator[list[Row]]:
    """Check a file's columns at once and give its rows in batches later."""
    name = _name(file)
    required = [column for column in REQUIRED if not (source and column == "source")]
    if not isinstance(file, Path) or file.suffix in {".jsonl", ".ndjson", ".json"}:
        return _json_lines(file, required)
    if not file.is_file():
        raise ImportRefused(f"{file} is not a file.")
    if file.suffix not in {".parquet", ".csv"}:
        raise ImportRefused(f"{name}: only .parquet, .jsonl and .csv files can be imported.")
    if file.suffix == ".csv":
        return _csv_rows(file, name, required)
    return _parquet_rows(file, name, required)


def _parquet_rows(file: Path, name: str, required: Sequence[str]) -> Iterator[list[Row]]:
    import pyarrow as pa
    import pyarrow.parquet

    try:
        table = pa.parquet.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise ImportRefused(f"{name} cannot be read as parquet: {str(error).splitlines()[0].rstrip('.')}.") from None
    _require_columns(name, table.schema_arrow.names, required)
    _check_types(name, table.schema_arrow)

    def batches() -> Iterator[list[Row]]:
        try:
            for batch in table.iter_batches(BATCH):
                yield batch.to_pylist()
        except (pa.ArrowException, OSError) as error:
            raise ImportRefused(
                f"{name} is broken inside: {str(error).splitlines()[0].rstrip('.')}; what came before it was kept."
            ) from None

    return batches()


def _csv_rows(file: Path, name: str, required: Sequence[str]) -> Iterator[list[Row]]:
    """Every cell as text: a title such as `2024` must not become a number. A row with cells too many is refused like any bad row."""
    csv.field_size_limit(LONGEST_CELL)
    handle = file.open(encoding="utf-8-sig", errors="replace", newline="")
    reader = csv.DictReader(handle, restkey=SURPLUS)
    try:
        _require_columns(name, reader.fieldnames or [], required)
    except csv.Error as error:
        raise ImportRefused(f"{name} cannot be read as csv: {error}.") from None

    def rows() -> Iterator[Row]:
        try:
            for row in reader:
                yield "the row has more cells than the header." if SURPLUS in row else row
        except csv.Error as error:
            raise ImportRefused(f"{name}, line {reader.line_num}: {error}; what came before it was kept.") from None
        finally:
            handle.close()

    return _batched(rows())


def _batched(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _require_columns(name: str, columns: Sequence[str], required: Sequence[str]) -> None:
    missing = [column for column in required if column not in columns]
    if missing:
        raise ImportRefused(f"{name} has no column {missing[0]}; required are {', '.join(REQUIRED)}.")


def _check_types(name: str, schema: Any) -> None:
    import pyarrow as pa

    for column in ("title", "abstract", "kind"):
        if not (pa.types.is_string(schema.field(column).type) or pa.types.is_large_string(schema.field(column).type)):
            raise ImportRefused(f"{name}: column {column} holds {schema.field(column).type}, not text.")
    published = schema.field("published").type
    if not (
        pa.types.is_date(published)
        or pa.types.is_timestamp(published)
        or pa.types.is_string(published)
        or pa.types.is_large_string(published)
    ):
        raise ImportRefused(f"{name}: column published holds {published}, not a date.")


def _json_lines(file: Path | IO[bytes], required: Sequence[str]) -> Iterator[list[Row]]:
    """JSON objects, one a line. A line that is none, or that lacks a required key, becomes the sentence that refuses it."""
    handle = io.TextIOWrapper(file.open("rb") if isinstance(file, Path) else file, encoding="utf-8", errors="replace", newline="\n")

    def rows() -> Iterator[Row]:
        for line in handle:
            if line.strip():
                yield _json_row(line, required)

    return _batched(rows())


def _json_row(line: str, required: Sequence[str]) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        return "the line is no JSON object."
    missing = [column for column in required if column not in row]
    return f"column {missing[0]} is missing." if missing else row


def last_available_on(connection: DuckDBPyConnection, today: date) -> date:
    """The last day, not after today, on which any document became available; today when there is none."""
    found = connection.execute("SELECT max(available_on) FROM core.documents WHERE available_on <= ?", [today]).fetchall()[0][0]
    return found or today
