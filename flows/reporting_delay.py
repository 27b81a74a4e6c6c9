"""The series by quarter of publication, with what its last quarters will still gain."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from flows.warehouse.reads import load_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DAYS_IN_MONTH = 30.4375
SHOWN_QUARTERS = 12
EDGE_QUARTERS = 2
"""The last complete quarters, which are corrected; the running one is left out."""


def published_series(connection: DuckDBPyConnection, as_of: date) -> list[dict[str, Any]]:
    """Works of the technology in the temporary table named_pairs by quarter of publication and stream, the running quarter left out.

    The two last complete quarters carry the share of their works that is available by now, as the stream's own delays tell it,
    and what is to be expected in the end (`expected_works`, with its variance); the others are whole.
    """
    reported = _reported_by_stream(connection, as_of)
    rows = connection.execute(load_sql("explained_published"), {"as_of": as_of}).fetchall()
    edge = [_quarter_before(as_of, back) for back in range(1, EDGE_QUARTERS + 1)]
    series = []
    for quarter_on, stream, works in rows:
        if quarter_on > edge[0] or quarter_on < _quarter_before(as_of, SHOWN_QUARTERS):
            continue
        series.append({"quarter_on": quarter_on, "stream": stream, "works": works, **_expected(works, quarter_on, reported[stream], as_of)})
    return series


def _expected(works: int, quarter_on: date, reported: Any, as_of: date) -> dict[str, float | None]:
    from scoring.delay import correct_edge

    if quarter_on < _quarter_before(as_of, EDGE_QUARTERS):
        return {"reported_share": 1.0, "expected_works": float(works), "expected_variance": 0.0}
    months = ((as_of - quarter_on).days - 45) / DAYS_IN_MONTH
    corrected = correct_edge(np.array([float(works)]), np.array([months]), reported)
    names = {"reported_share": corrected.reported_share, "expected_works": corrected.expected, "expected_variance": corrected.variance}
    return {name: None if np.isnan(figure[0]) else float(figure[0]) for name, figure in names.items()}


def _reported_by_stream(connection: DuckDBPyConnection, as_of: date) -> dict[str, Any]:
    from scoring.delay import estimate_reported
    from scoring.records import STREAMS

    cells = connection.execute(load_sql("reporting_delays"), {"as_of": as_of}).fetchnumpy()
    stream = np.asarray(cells["stream"])
    return {
        name: estimate_reported(
            *(np.asarray(cells[column])[stream == name].astype(np.int64) for column in ("delay", "month_limit", "works"))
        )
        for name in STREAMS
    }


def _quarter_before(as_of: date, back: int) -> date:
    """First day of the quarter that is the `back`-th complete one before the end of `as_of`, 1 = the last."""
    day = as_of + timedelta(days=1)
    months = day.year * 12 + (day.month - 1) // 3 * 3 - 3 * back
    return date(months // 12, months % 12 + 1, 1)
