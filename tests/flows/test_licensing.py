"""What may not be passed on is never written into a published file; what is judged from it stays the same."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from crawlers.licences import Texts, may_pass_on
from flows.licensing import withheld_licences
from flows.warehouse.connection import open_reader, open_writer
from flows.warehouse.publish import LINK, publish

SECRET = "A lead that only its outlet may print, of which a good eighty characters are shown to nobody but us."
OTHER = "Une version en une autre langue."


@pytest.mark.parametrize(
    ("texts", "licence", "expected"),
    [
        ("open", None, True),
        ("closed", "CC BY 4.0", False),
        ("by_record", "cc_by", True),
        ("by_record", "cc by-sa", True),
        ("by_record", "CC0", True),
        ("by_record", "https://creativecommons.org/licenses/by/4.0/", True),
        ("by_record", "http://creativecommons.org/licenses/by-nc-nd/4.0/", False),
        ("by_record", "cc_by_nc", False),
        ("by_record", "cc-by-nd", False),
        ("by_record", "cc_no", False),
        ("by_record", "https://www.elsevier.com/tdm/userlicense/1.0/", False),
        ("by_record", None, False),
    ],
)
def test_a_licence_is_open_only_when_it_says_so(texts: Texts, licence: str | None, expected: bool) -> None:
    assert may_pass_on(texts, licence) is expected


def test_the_published_file_has_title_and_link_but_not_the_text(warehouse_world: Path, tmp_path: Path) -> None:
    published = tmp_path / "p"
    with open_writer(warehouse_world) as connection:
        connection.execute("UPDATE core.documents SET is_simulated = false")
        connection.execute(
            """
            UPDATE core.documents SET abstract = $text, extras = {'other_abstracts': [$other], 'guid': 'g'}::JSON
            WHERE document_id = 'feeds:2'
            """,
            {"text": SECRET, "other": OTHER},
        )
        withheld = withheld_licences(connection)
        assert withheld == [("feeds", None)]
        publish(connection, published, "night-1", published_at=datetime(2024, 1, 24, 3), withheld=withheld)
        assert connection.execute("SELECT abstract FROM core.documents WHERE document_id = 'feeds:2'").fetchall() == [(SECRET,)]
    with open_reader(published / LINK) as reader:
        rows = reader.execute(
            "SELECT title, url, abstract, extras::VARCHAR, is_text_withheld FROM marts.documents ORDER BY document_id"
        ).fetchall()
        lengths = reader.execute("SELECT abstract_length FROM core.withheld_texts").fetchall()
    assert ("A battery story", "http://x/v3", "", '{"guid":"g"}', True) in rows
    assert [row[4] for row in rows].count(True) == 1
    assert lengths == [(len(SECRET),)]
    for path in published.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes()


def test_terms_are_counted_the_same_with_and_without_the_texts(warehouse_world: Path, tmp_path: Path) -> None:
    from flows.warehouse.reads import load_sql

    with open_writer(warehouse_world) as connection:
        connection.execute("UPDATE core.documents SET abstract = $text, is_simulated = false", {"text": SECRET})
        connection.execute(
            """
            INSERT INTO core.documents
            SELECT documents.* REPLACE ('feeds:n' || n AS document_id, 'n' || n AS version_id)
            FROM core.documents AS documents, range(8) AS r(n) WHERE document_id = 'feeds:2'
            """
        )
        connection.execute("INSERT INTO core.works SELECT 'Wn' || n, 'feeds:n' || n, NULL, 'first', NULL, 'r', NULL FROM range(8) AS r(n)")
        connection.execute(
            "INSERT INTO core.term_mentions SELECT 'n' || n, 'solid state', 'Solid state', 1, n < 3, false, 'r' FROM range(8) AS r(n)"
        )
        expected = connection.execute(load_sql("term_statistics"), {"as_of": datetime(2024, 1, 24).date()}).fetchall()
        publish(connection, tmp_path / "p", "night-1", withheld=withheld_licences(connection))
    with open_reader(tmp_path / "p" / LINK) as reader:
        assert reader.execute(load_sql("term_statistics"), {"as_of": datetime(2024, 1, 24).date()}).fetchall() == expected
    assert expected
