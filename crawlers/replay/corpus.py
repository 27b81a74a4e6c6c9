"""The corpus a replay server serves: records in the import columns, and the day each became public."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from crawlers.records import KINDS, Kind, Precision

_REQUIRED = ("source", "kind", "id", "title", "abstract", "published")
_LISTS = ("authors", "assignees", "orgs", "countries", "categories")
_DATES = ("published", "available_on", "updated")
_TEXTS = ("url", "lang", "licence")
_XML_CANNOT_CARRY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a corpus in the import columns.

    Several rows may share an id: they are versions of one document, each public from its own day on.
    """

    source: str
    kind: Kind
    id: str
    title: str
    abstract: str
    published: date | None
    date_precision: Precision = "day"
    available_on: date | None = None
    updated: date | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    lang: str | None = None
    licence: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)

    @property
    def served_on(self) -> date | None:
        """The first day the archive may show the record.

        That is `available_on`, else the last day of the period `published` names; None for an undated record.
        """
        if self.available_on is not None or self.published is None or self.date_precision == "day":
            return self.available_on or self.published
        month = 12 if self.date_precision == "year" else self.published.month
        return date(self.published.year, month, calendar.monthrange(self.published.year, month)[1])


def xml_text(text: str) -> str:
    """`text` without the control characters that no XML document can carry; each becomes a space, as at the sources."""
    return _XML_CANNOT_CARRY.sub(" ", text)


def read_corpus(paths: Iterable[Path]) -> list[Record]:
    """Read Parquet (`.parquet`) and JSON Lines (`.jsonl`) files in the import columns.

    Raises ValueError, one sentence naming file and row, when a column is missing or a value cannot be read.
    """
    records: list[Record] = []
    for path in paths:
        for position, row in enumerate(_rows(path), start=1):
            try:
                records.append(record_from(row))
            except ValueError as error:
                raise ValueError(f"{path.name}, row {position}: {error}") from None
    return records


def record_from(row: Mapping[str, Any]) -> Record:
    """One row of import columns as a record; columns of other names are left to the caller. Raises ValueError."""
    missing = [name for name in _REQUIRED if name not in row]
    if missing:
        raise ValueError(f"the column {missing[0]!r} is missing.")
    if row["kind"] not in KINDS:
        raise ValueError(f"{row['id']!r} has the unknown kind {row['kind']!r}.")
    values: dict[str, Any] = {name: _day(row.get(name), str(row["id"])) for name in _DATES}
    values |= {name: tuple(str(item) for item in row.get(name) or ()) for name in _LISTS}
    values |= {name: row.get(name) or None for name in _TEXTS}
    values |= {name: str(row[name] or "") for name in ("source", "id", "title", "abstract")}
    extras = row.get("extras")
    values["extras"] = json.loads(extras) if isinstance(extras, str) else dict(extras or {})
    return Record(kind=row["kind"], date_precision=cast(Precision, row.get("date_precision") or "day"), **values)


def row_of(record: Record) -> dict[str, Any]:
    """The record as a plain row of import columns, with dates as ISO text: what JSON Lines holds."""
    row = {column.name: getattr(record, column.name) for column in fields(record)}
    for name in _DATES:
        row[name] = row[name].isoformat() if row[name] else None
    for name in _LISTS:
        row[name] = list(row[name])
    return row


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    if path.suffix == ".parquet":
        import pyarrow.parquet as parquet

        for batch in parquet.ParquetFile(path).iter_batches(batch_size=4096):
            yield from batch.to_pylist()
    elif path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())
    else:
        raise ValueError(f"{path.name} is neither .parquet nor .jsonl.")


def _day(value: object, record_id: str) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise ValueError(f"{record_id!r} has the impossible date {value!r}.") from None
