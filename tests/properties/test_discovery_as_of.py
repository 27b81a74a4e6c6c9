"""The law of as-of for discovery: later documents and another order of delivery change no technology."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from flows.warehouse.reads import load_sql
from flows.warehouse.schema import migrate
from flows.warehouse.tables import append
from nlp.records import Technology, Text
from nlp.technologies import discover
from nlp.terms import Pipeline, load_pipeline, read

AS_OF = date(2015, 6, 30)
NOON = datetime.fromisoformat("2025-10-01T12:00")
SUBJECTS = (
    ("brain-computer interface (BCI)", "cs.HC"),
    ("BCI", "cs.HC"),
    ("Brain Computer Interfaces", "q-bio.NC"),
    ("mobile robots", "cs.RO"),
    ("convolutional neural networks", "cs.CV"),
    ("block chain ledger", "cs.CR"),
    ("blockchain ledgers", "cs.CR"),
    ("energy of samples", "physics.gen-ph"),
)

Row = dict[str, Any]


@st.composite
def deliveries(draw: st.DrawFn) -> list[Row]:
    """Documents around AS_OF: some are later versions of an earlier one, some tell of another's work."""
    rows: list[Row] = []
    for number in range(draw(st.integers(12, 45))):
        subject, code = draw(st.sampled_from(SUBJECTS))
        day = AS_OF + timedelta(days=draw(st.integers(-1500, 300)))
        of = draw(st.integers(0, number - 1)) if number and draw(st.integers(0, 3)) == 0 else None
        title = f"On {subject}" if draw(st.booleans()) else "On matters"
        abstract = f"Here {subject} are studied, as said before. " * 2
        rows.append({"number": number, "day": day, "title": title, "abstract": abstract, "code": code, "of": of})
    return [row | {"work": work_of(row, rows)} for row in rows]


def work_of(row: Row, rows: Sequence[Row]) -> str:
    """The work of the row's document, the same for all its versions, whichever of them were delivered and in which order."""
    document = rows[row["of"]] if row["of"] is not None and row["number"] % 2 == 0 else row
    tells_of_another = document["number"] % 2 and document["of"] is not None
    return f"W{document['of'] if tells_of_another else document['number']}"


def technologies_at(rows: Sequence[Row], pipeline: Pipeline) -> list[Technology]:
    """Through the tables, as a night would: documents, works, codes, readings, then the two reads at AS_OF."""
    connection = duckdb.connect()
    try:
        migrate(connection, NOON)
        texts = [Text(f"v{row['number']}", "paper", row["title"], row["abstract"], "en") for row in rows]
        # An even number that tells of another is its next version, an odd one another document of the same work.
        versions = {row["number"]: row["of"] for row in rows if row["of"] is not None and row["number"] % 2 == 0}
        days = {row["number"]: row["day"] for row in rows}
        superseded = {old: min(days[new] for new, of in versions.items() if of == old) for old in set(versions.values()) if old in days}
        documents = {row["number"]: f"d{versions.get(row['number'], row['number'])}" for row in rows}
        append(
            connection,
            "core.documents",
            [
                {
                    "document_id": documents[row["number"]], "version_id": f"v{row['number']}", "source": "test", "kind": "paper",
                    "source_id": str(row["number"]), "title": row["title"], "abstract": row["abstract"], "lang": "en",
                    "available_on": row["day"], "date_precision": "day", "superseded_on": superseded.get(row["number"]),
                    "state": "live", "identifiers": {}, "is_simulated": True, "fetched_at": NOON,
                }
                for row in rows
            ],
            "run",
        )  # fmt: skip
        works = {documents[row["number"]]: row["work"] for row in rows}
        append(connection, "core.works", [{"document_id": one, "work_id": work, "reason": "first"} for one, work in works.items()], "run")
        codes = [{"version_id": f"v{row['number']}", "position": 0, "scheme": "arxiv", "code": row["code"]} for row in rows]
        append(connection, "core.codes", codes, "run")
        for reading in read(texts, pipeline):
            for table, items in (("core.term_mentions", reading.mentions), ("core.term_aliases", reading.aliases)):
                found = [{"version_id": reading.version_id, **{name: getattr(item, name) for name in item.__slots__}} for item in items]
                append(connection, table, found, "run")
        statistics, aliases = (connection.execute(load_sql(name), {"as_of": AS_OF}).df() for name in ("term_statistics", "term_aliases"))
        return discover(statistics, aliases, as_of=AS_OF, taxonomy_names=None)
    finally:
        connection.close()


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return load_pipeline()


# No shrinking: each try is a whole night, and a counterexample of forty rows says enough.
@settings(max_examples=12, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(rows=deliveries(), seed=st.integers(0, 1000))
def test_later_documents_and_another_order_change_no_technology(rows: list[Row], seed: int, pipeline: Pipeline) -> None:
    known_then = technologies_at([row for row in rows if row["day"] <= AS_OF], pipeline)
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order of delivery, no secret
    changed = set(technologies_at(shuffled, pipeline)) ^ set(known_then)
    assert not changed


def test_the_world_of_this_test_holds_technologies(pipeline: Pipeline) -> None:
    rows = [
        {
            "number": number,
            "day": AS_OF - timedelta(days=40 * number),
            "title": f"On {subject}",
            "abstract": "",
            "code": code,
            "of": None,
            "work": f"W{number}",
        }
        for number, (subject, code) in enumerate(SUBJECTS[:5] * 6)
    ]
    keys = {technology.term_keys[0] for technology in technologies_at(rows, pipeline)}
    assert {"brain computer interface", "mobile robot", "convolutional neural network"} <= keys
