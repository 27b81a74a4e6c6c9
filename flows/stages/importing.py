"""Import: a corpus already held in files enters through the same stages as what is crawled."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from crawlers.records import Document, Reject
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


class ImportRefused(Exception):
    """A file cannot be imported at all; the message is one sentence naming the file."""


def import_files(run: Run, files: Sequence[Path | IO[bytes]], *, source: str | None, today: date) -> list[Reject]:
    """Read the files into core.documents; a row that is no document becomes a reject.

    `source`, when given, stands in for the column of that name. Raises ImportRefused, before anything is stored, when a schema is wrong.
    Importing the same file again changes nothing.
    """
    readers = [(_name(file), _open(file, source)) for file in files]
    rejects: list[Reject] = []
    count = 0
    for name, batches in readers:
        position = 0
        for batch in batches:
            rows = DocumentRows(simulated=is_simulated(run.connection))
            refused: list[Reject] = []
            for row in batch:
                position += 1
                item = read_row({**row, "source": source} if source else row, position, today)
                if isinstance(item, Document):
                    rows.add(item, capture_id=None, fetched_at=run.now())
                else:
                    refused.append(item)
            with transaction(run.connection):
                count += store(run.connection, rows, run.run_id)
                _store_rejects(run, name, refused)
            rejects.extend(refused)
            run.say(f"imported {position} rows of {name}")
    run.rows["import"] = count
    return rejects


def _store_rejects(run: Run, name: str, rejects: Sequence[Reject]) -> None:
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
        for key in [reject_id(reject.source, name, reject.position, reject.reason)]
    }
    run.connection.execute("DELETE FROM raw.rejects WHERE reject_id IN (SELECT unnest(?::VARCHAR[]))", [list(rows)])
    append(run.connection, "raw.rejects", list(rows.values()), run.run_id)


def _name(file: Path | IO[bytes]) -> str:
    return file.name if isinstance(file, Path) else "standard input"


def _open(file: Path | IO[bytes], source: str | None) -> Iterator[list[dict[str, Any]]]:
    """Check a file's columns at once and give its rows in batches later."""
    name = _name(file)
    required = [column for column in REQUIRED if not (source and column == "source")]
    if not isinstance(file, Path) or file.suffix in {".jsonl", ".ndjson", ".json"}:
        return _json_lines(file, name)
    if not file.is_file():
        raise ImportRefused(f"{file} is not a file.")
    if file.suffix not in {".parquet", ".csv"}:
        raise ImportRefused(f"{name}: only .parquet, .jsonl and .csv files can be imported.")
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    try:
        table = pa.parquet.ParquetFile(file) if file.suffix == ".parquet" else pa.csv.open_csv(file, convert_options=_csv_options(file))
        schema = table.schema_arrow if file.suffix == ".parquet" else table.schema
    except (pa.ArrowInvalid, OSError) as error:
        raise ImportRefused(f"{name} cannot be read as {file.suffix[1:]}: {str(error).splitlines()[0].rstrip('.')}.") from None
    missing = [column for column in required if column not in schema.names]
    if missing:
        raise ImportRefused(f"{name} has no column {missing[0]}; required are {', '.join(REQUIRED)}.")
    _check_types(name, schema)
    return (batch.to_pylist() for batch in (table.iter_batches(BATCH) if file.suffix == ".parquet" else table))


def _csv_options(file: Path) -> Any:
    """Every cell of a CSV file as text: a title such as `2024` must not become a number, nor 1e5 a float."""
    import csv

    import pyarrow as pa
    import pyarrow.csv

    with file.open(encoding="utf-8", errors="replace", newline="") as handle:
        header = next(csv.reader(handle), [])
    return pa.csv.ConvertOptions(column_types={column: pa.string() for column in header}, strings_can_be_null=False)


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


def _json_lines(file: Path | IO[bytes], name: str) -> Iterator[list[dict[str, Any]]]:
    """JSON objects, one a line. A line that is none becomes a row that `read_row` refuses by its missing columns."""
    handle = io.TextIOWrapper(file.open("rb") if isinstance(file, Path) else file, encoding="utf-8", errors="replace")
    batch: list[dict[str, Any]] = []
    for line in handle:
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = None
        batch.append(row if isinstance(row, dict) else {"source": name, "id": None, "title": None})
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def last_available_on(connection: DuckDBPyConnection, today: date) -> date:
    """The last day, not after today, on which any document became available; today when there is none."""
    found = connection.execute("SELECT max(available_on) FROM core.documents WHERE available_on <= ?", [today]).fetchall()[0][0]
    return found or today
