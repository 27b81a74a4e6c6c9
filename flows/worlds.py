"""Simulated and real documents never share a warehouse: a ranking of both would mean nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class WorldMismatch(Exception):
    """The data folder holds the other world; the message is one sentence."""


def enter_world(connection: DuckDBPyConnection, *, simulated: bool) -> None:
    """Mark an empty warehouse as simulated or real, or make sure that it already is what is wanted. Raises WorldMismatch."""
    wanted = "simulated" if simulated else "real"
    found = connection.execute("SELECT value FROM meta.facts WHERE key = 'world'").fetchall()
    if not found:
        connection.execute("INSERT INTO meta.facts (key, value) VALUES ('world', ?)", [wanted])
    elif found[0][0] != wanted and not connection.execute("SELECT 1 FROM core.documents LIMIT 1").fetchall():
        connection.execute("UPDATE meta.facts SET value = ? WHERE key = 'world'", [wanted])
    elif found[0][0] != wanted:
        raise WorldMismatch(
            f"This data folder holds {found[0][0]} documents and {wanted} ones must not be mixed in: "
            "choose another with `observatory --data-dir FOLDER ...`."
        )


def is_simulated(connection: DuckDBPyConnection) -> bool:
    """True when this warehouse was entered as the simulated world."""
    return connection.execute("SELECT value FROM meta.facts WHERE key = 'world'").fetchall() == [("simulated",)]
