"""A published snapshot for the tests of the explorer, with as much hostile text in it as its pages can show."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from injections import FORMULAS, XSS

from flows.warehouse.connection import open_writer
from flows.warehouse.publish import LINK, publish
from flows.warehouse.schema import migrate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WORLDS = (Path(__file__).parent / "flows" / "test_report_world.sql", Path(__file__).with_name("explorer_world.sql"))
HOSTILE = Path(__file__).with_name("explorer_hostile.sql")

# Every fifth text, so that each page of a table still holds some of each class; the slow tests take all.
SAMPLE = (*XSS[::5], *FORMULAS[::5])


def publish_world(
    folder: Path, snapshot_id: str = "2026-11-22-a1b2c3", *, is_simulated: bool = True, hostile: tuple[str, ...] = SAMPLE
) -> Path:
    """Publish the world into `folder`; the link to it. Every hostile text is a title, an abstract, an actor, an id and a link."""
    warehouse = folder / "warehouse.duckdb"
    with open_writer(warehouse) as connection:
        migrate(connection, datetime(2026, 11, 22))
        for world in WORLDS:
            connection.execute(world.read_text(encoding="utf-8"))
        add_hostile(connection, hostile)
        connection.execute("UPDATE core.documents SET is_simulated = ?", [is_simulated])
        publish(connection, folder / "published", snapshot_id, published_at=datetime(2026, 11, 22, 3))
    warehouse.unlink()
    return folder / "published" / LINK


def add_hostile(connection: DuckDBPyConnection, hostile: tuple[str, ...]) -> None:
    """Documents of technology t01 and topic K1 whose every text is hostile, and technologies and topics of such names."""
    texts = (*hostile, "x" * 10_000)
    connection.execute(
        "CREATE TEMP TABLE hostile AS "
        "SELECT unnest(range(len($texts))) AS number, unnest($texts) AS text, 'hostile:' || left(text, 200) AS id",
        {"texts": list(texts)},
    )
    connection.execute(HOSTILE.read_text(encoding="utf-8"))
