"""The right edge of a series by publication, from a table written down by hand."""

from datetime import date, timedelta

import duckdb
import pytest

from flows.reporting_delay import published_series

AS_OF = date(2020, 12, 31)


@pytest.fixture
def connection():
    """Papers of 2018 to 2020, four a day of which one takes 100 days to be available; every one names the technology."""
    with duckdb.connect() as made:
        made.execute("CREATE SCHEMA core")
        made.execute(
            "CREATE TABLE core.documents (document_id VARCHAR, version_id VARCHAR, kind VARCHAR, date_precision VARCHAR, "
            "published_on DATE, available_on DATE)"
        )
        rows = [
            (
                f"d{day}-{n}",
                f"v{day}-{n}",
                "paper",
                "day",
                date(2018, 1, 1) + timedelta(days=day),
                date(2018, 1, 1) + timedelta(days=day + 100 * (n == 0)),
            )
            for day in range(1096)
            for n in range(4)
        ]
        made.executemany(
            "INSERT INTO core.documents VALUES (?, ?, ?, ?, ?, ?)", [row for row in rows if row[5] <= AS_OF + timedelta(days=300)]
        )
        made.execute(
            "CREATE TEMP TABLE named_pairs AS SELECT document_id AS work_id, document_id, version_id "
            "FROM core.documents WHERE available_on <= ?",
            [AS_OF],
        )
        yield made


def test_the_last_two_quarters_are_carried_to_what_they_will_be(connection):
    series = published_series(connection, AS_OF)
    assert [row["quarter_on"] for row in series][-3:] == [date(2020, 4, 1), date(2020, 7, 1), date(2020, 10, 1)]
    whole, before, last = series[-3:]
    assert whole["works"] == whole["expected_works"] == 4 * 91
    assert last["works"] == 3 * 92  # none of the slow ones has come
    assert last["reported_share"] == pytest.approx(0.75, abs=0.01)
    assert last["expected_works"] == pytest.approx(4 * 92, rel=0.02)
    assert before["reported_share"] == pytest.approx(1, abs=0.01)  # its middle lies 138 days back


def test_the_running_quarter_is_left_out(connection):
    series = published_series(connection, date(2020, 11, 15))
    assert series[-1]["quarter_on"] == date(2020, 7, 1)
