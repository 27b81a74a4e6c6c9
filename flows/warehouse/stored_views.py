"""Views that a snapshot answers from a table. A snapshot never changes, so what they cost is paid once, when it is published.

`signals.judgements` puts the components of every technology and day side by side, `marts.evidence` orders the documents of every
technology. Most questions want few of these rows, and name them by a query (`as_of = (SELECT ...)`) or a join; neither reaches below a
GROUP BY or a window, so that each question would compute everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.warehouse.reads import list_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class StoredView:
    """A view, the table its rows are stored in, and their order: what questions narrow comes first."""

    schema: str
    view: str
    table: str
    order: str


STORED = (
    StoredView("signals", "judgements", "signals.stored_judgements", "level, as_of, rank NULLS LAST, technology_id"),
    StoredView("marts", "evidence", "core.stored_evidence", "technology_id, evidence_rank"),
)
TABLES = tuple(stored.table for stored in STORED)


def store_views(connection: DuckDBPyConnection, snapshot: str) -> None:
    """Store the rows of STORED in the attached database `snapshot`, and let its views read them.

    A warehouse made from such a file gets the computing views back with its first migration.
    """
    warehouse = connection.execute("SELECT current_database()").fetchall()[0][0]
    texts = list_sql("views")
    for stored in STORED:
        name = f"{stored.schema}.{stored.view}"
        connection.execute(f"CREATE TABLE {snapshot}.{stored.table} AS FROM {name} ORDER BY {stored.order}")
        connection.execute(f"COMMENT ON TABLE {snapshot}.{stored.table} IS 'The rows of {name}, in published files only.'")
        connection.execute(f"USE {snapshot}")  # the names in a view are looked up where it stands
        try:
            connection.execute(f"CREATE OR REPLACE VIEW {name} AS FROM {stored.table}")
            _, *comments = connection.extract_statements(texts[stored.view])
            for comment in comments:
                connection.execute(comment)
        finally:
            connection.execute(f'USE "{warehouse}"')
