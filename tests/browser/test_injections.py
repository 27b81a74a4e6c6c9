"""The whole list of hostile texts (R10) through report, e-mail, explorer and exports, in Chromium: nothing runs, nothing is written."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from urllib.request import urlopen

import duckdb
import pytest
from explorer_world import WORLDS, add_hostile, publish_world
from injections import FORMULAS, SQL, XSS
from markdown_it import MarkdownIt
from served_explorer import serving

from flows.explorer.app import FAMILIES
from flows.reports.weekly import read_week, write_report
from flows.reports.weeks import IsoWeek
from flows.spreadsheets import FORMULA_STARTS
from flows.warehouse.schema import migrate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TEXTS = (*XSS, *FORMULAS, *SQL)
ECHOES = (
    "/search?q={}",
    "/ranking?words={}",
    "/technology?name={}",
    "/actor?key={}",
    "/document?id={}",
    "/compare?first={}&second=t01",
    "/topic?id={}",
    "/{}",
    "/ranking?{}=1",
    "/data/{}.csv",
)
LISTS = (
    "/",
    "/ranking?list=weak+signals",
    "/topics",
    "/topic?id=K1",
    "/search?q=alert",
    "/search?q=owned",
    "/sources",
    "/compare?first=h1&second=h2",
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Watched:
    """A page on which nothing may happen: every dialog, message, error and request elsewhere is kept in `happened`."""

    def __init__(self, page: Page, own: str) -> None:
        self.page, self.own = page, own
        self.happened: list[str] = []
        page.on("dialog", lambda dialog: (self.happened.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: self.happened.append(f"error {error}"))
        page.on("console", lambda message: self._hear(message.text))
        page.on("request", lambda request: self._see(request.url))

    def look(self, address: str) -> None:
        """Open an address, every `details` with it, and keep what happened."""
        self.page.goto(address)
        self.page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        if self.page.title() == "owned":
            self.happened.append(f"renamed {address}")

    def _hear(self, text: str) -> None:
        if "Failed to load resource" not in text:  # a calm refusal (404) is told to the console too
            self.happened.append(f"console {text}")

    def _see(self, address: str) -> None:
        if not address.startswith((self.own, "data:,", "cid:")):
            self.happened.append(f"request {address}")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_world(tmp_path_factory.mktemp("injections"), hostile=TEXTS)


@pytest.fixture(scope="module")
def address(published: Path) -> Iterator[str]:
    with serving(published) as opened:
        yield opened


def test_nothing_runs_in_the_explorer(browser: Browser, address: str, published: Path) -> None:
    before = hashlib.sha256(published.read_bytes()).digest()
    with browser.new_page() as page:
        watched = Watched(page, address)
        for number, text in enumerate(TEXTS):
            watched.look(f"{address}/document?id={quote('hostile:' + text[:200], safe='')}")
            watched.look(f"{address}/technology?id=h{number}")
            watched.look(address + ECHOES[number % len(ECHOES)].format(quote(text, safe="")))
        for path in (*LISTS, *(f"/technology?id=t01&page={number}" for number in range(1, 16))):
            watched.look(address + path)
        assert watched.happened == []
    assert hashlib.sha256(published.read_bytes()).digest() == before


def test_no_file_holds_a_formula_and_none_is_broken(address: str, published: Path) -> None:
    import pyarrow.parquet as pq

    before = hashlib.sha256(published.read_bytes()).digest()
    arguments = {
        "technology": "id=t01",
        "topic": "id=K1",
        "actor": f"key={quote(XSS[0], safe='')}",
        "document": f"id={quote('hostile:' + XSS[0], safe='')}",
        "compare": "first=h1&second=h2",
        "search": "q=1",
        "ranking": "list=weak+signals",
    }
    cells = formulas = 0
    for family in FAMILIES:
        for spec in family.tables:
            asked = f"{address}/data/{spec.name}.{{}}?{arguments.get(family.path.strip('/'), '')}"
            content = {form: urlopen(asked.format(form)).read() for form in ("csv", "json", "parquet")}  # noqa: S310 - our own server
            rows = list(csv.reader(io.StringIO(content["csv"].decode(), newline="")))
            assert len(rows) - 1 == len(json.loads(content["json"])) == pq.read_table(io.BytesIO(content["parquet"])).num_rows, spec.name
            cells += sum(len(row) for row in rows)
            formulas += sum(cell.startswith(FORMULA_STARTS) and not _is_number(cell) for row in rows for cell in row)
    assert (formulas, cells > 10_000) == (0, True)
    assert hashlib.sha256(published.read_bytes()).digest() == before


def test_nothing_runs_in_the_report_its_email_or_its_markdown(browser: Browser, tmp_path: Path) -> None:
    permissive = MarkdownIt("commonmark", {"html": True})  # renders HTML in the text, and links to whatever they name
    permissive.validateLink = lambda _: True  # type: ignore[method-assign]
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        migrate(connection, datetime(2026, 11, 22))
        for world in WORLDS:
            connection.execute(world.read_text(encoding="utf-8"))
        add_hostile(connection, TEXTS)
        connection.execute("UPDATE core.documents SET is_simulated = true")
        # Each part of the report shows its first few: so the first places get hostile names in turn, a report for each turn.
        for turn in range(0, len(TEXTS), 34):
            connection.execute(
                """
                WITH texts AS (SELECT unnest($texts::VARCHAR[]) AS text, 'h' || (unnest(range(len($texts))) + $turn) AS technology_id),
                places AS (SELECT technology_id, row_number() OVER (ORDER BY technology_id) AS place FROM core.technologies
                           WHERE technology_id LIKE 't%'),
                named AS (SELECT technology_id, row_number() OVER () AS place, text FROM texts)
                UPDATE signals.emergence SET name = left(named.text, 500) FROM places JOIN named USING (place)
                WHERE emergence.technology_id = places.technology_id
                """,
                {"texts": list(TEXTS[turn : turn + 34]), "turn": turn},
            )
            connection.execute("UPDATE core.documents SET title = $text, url = $text WHERE document_id LIKE 't%'", {"text": TEXTS[turn]})
            files = write_report(read_week(connection, IsoWeek(2026, 47)), tmp_path / str(turn))
            rendered = files.markdown.with_suffix(".rendered.html")
            rendered.write_text(permissive.render(files.markdown.read_text(encoding="utf-8")), encoding="utf-8")
            for shown in (files.html, files.email_html, rendered):
                with browser.new_page() as page:
                    watched = Watched(page, shown.parent.as_uri())
                    watched.look(shown.as_uri())
                    addresses = page.evaluate("[...document.querySelectorAll('[href], [src]')].map(one => one.href || one.src)")
                    assert watched.happened == [], turn
                    assert [one for one in addresses if not one.startswith(("https://", "http://", "file:", "cid:", "data:,"))] == []


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
