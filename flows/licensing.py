"""What a published file must leave out: abstracts whose source or licence does not let them be passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def withheld_licences(connection: DuckDBPyConnection) -> list[tuple[str, str | None]]:
    """(source, licence line) of the documents held whose abstracts must stay here, sorted.

    A source that is not in the register was imported by the user, who knows what may be done with it; simulated texts are our own.
    """
    from crawlers.licences import may_pass_on
    from crawlers.sources import load_sources

    register = load_sources()
    held = connection.execute(
        "SELECT DISTINCT source, licence FROM core.documents WHERE NOT is_simulated AND abstract <> '' ORDER BY ALL NULLS FIRST"
    ).fetchall()
    return [(source, licence) for source, licence in held if source in register and not may_pass_on(register[source].texts, licence)]
