"""Hostile texts on every page and in every file of the explorer, and the escape list through its console."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from explorer_world import SAMPLE, publish_world
from injections import FORMULAS, SQL, XSS
from starlette.testclient import TestClient

from flows.explorer.app import create_app
from flows.explorer.guard import Door
from flows.explorer.pages.console import Limits
from flows.explorer.snapshots import Snapshots
from flows.spreadsheets import FORMULA_STARTS, inert, write_csv

OWN_SCRIPTS = {"/static/htmx.min.js", "/static/explorer.js"}
FORBIDDEN = {"iframe", "object", "embed", "base", "math", "video", "marquee", "img", "style", "foreignobject", "animate", "use"}


def _escapes() -> list[tuple[str, str]]:
    """The list of tests/flows/test_query_safe.py: one list, two doors."""
    spec = importlib.util.spec_from_file_location("query_safe_list", Path(__file__).with_name("test_query_safe.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.test_everything_else_is_refused_in_one_sentence.pytestmark[0].args[1])


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_world(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def client(published: Path) -> Iterator[TestClient]:
    limits = Limits(seconds=10, memory="300MB")
    with TestClient(create_app(Snapshots(published), Door(), limits), base_url="http://127.0.0.1:8765") as opened:
        yield opened


class Dangers(HTMLParser):
    """Whatever in a page could run: foreign scripts, handlers, script addresses, foreign elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in FORBIDDEN or (tag == "script" and given.get("src") not in OWN_SCRIPTS):
            self.found.append(tag)
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name.startswith(("on", "hx-on")) or name in ("style", "srcdoc"):
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "xlink:href", "formaction") and not re.match(r"(/(?!/)|#|https?://|data:,)", text):
                self.found.append(f"{tag} {name}={text}")


def _pages(client: TestClient) -> list[str]:
    every = [
        "/",
        "/ranking?list=weak+signals",
        "/ranking?list=weak+signals&page=2",
        "/topics",
        "/topic?id=K1",
        "/topic?id=K1&page=2",
        "/sources",
    ]
    every += [f"/technology?id=t01&page={page}" for page in range(1, 5)] + [
        "/technology?id=t16",
        "/technology?id=t33",
        "/compare?first=t16&second=t33",
    ]
    every += [f"/technology?id=h{number}" for number in range(0, len(SAMPLE), 6)]
    documents = [row["document_id"] for row in client.get("/data/evidence.json?id=t01").json() if row["document_id"].startswith("hostile:")]
    every += [f"/document?id={quote(document)}" for document in documents[::6]]
    every += [f"/actor?key={quote(text)}" for text in SAMPLE[::9] if "\x00" not in text]
    return every


def test_no_hostile_text_becomes_an_element_or_a_handler(client: TestClient) -> None:
    assert len(XSS) >= 200
    assert min(len(FORMULAS), len(SQL)) >= 50
    shown = ""
    for address in _pages(client):
        response = client.get(address)
        assert response.status_code in (200, 400), address
        assert Dangers(response.text).found == [], address
        shown += response.text
    assert shown.count("&lt;script&gt;") > 100
    for mark in "\u202e\u202c\x00":
        assert mark not in shown


@pytest.mark.parametrize(
    "parameter",
    [
        "/search?q={}",
        "/ranking?words={}",
        "/technology?name={}",
        "/actor?key={}",
        "/document?id={}",
        "/console?sql={}",
        "/compare?first={}&second=t01",
        "/{}",
        "/ranking?{}=1",
        "/data/{}.csv",
    ],
)
def test_what_an_address_says_back_is_escaped(client: TestClient, parameter: str) -> None:
    # A statement costs a process: the console says back few of them, the other pages all.
    for text in (*XSS[:: 80 if "sql" in parameter else 11], *SQL[:: 28 if "sql" in parameter else 7]):
        response = client.get(parameter.format(quote(text, safe="")))
        assert response.status_code < 500, text
        assert Dangers(response.text).found == [], text


def test_a_name_that_looks_like_sql_finds_nothing(client: TestClient) -> None:
    for text in SQL:
        assert client.get("/data/ranking.json", params={"words": text}).json() == [], text
        assert client.get("/technology", params={"id": text}).status_code == 404, text
        assert client.get("/data/actor-documents.json", params={"key": text}).json() == [], text


@pytest.mark.parametrize(
    "table", ["ranking.csv?list=weak+signals", "evidence.csv?id=t01", "technology-actors.csv?id=t01", "found-documents.csv?q=1"]
)
def test_no_cell_of_a_csv_is_a_formula(client: TestClient, table: str) -> None:
    rows = list(csv.reader(io.StringIO(client.get(f"/data/{table}").text, newline="")))
    assert len(rows) > 30
    assert [cell for row in rows for cell in row if cell.startswith(FORMULA_STARTS)] == []
    assert any(cell.startswith("'") for row in rows for cell in row)


def test_cells_are_defused_and_numbers_kept() -> None:
    assert [inert(text) for text in FORMULAS] == [f"'{text}" for text in FORMULAS]
    assert [inert(value) for value in (-1.5, None, "a=b", ["=1", "b"])] == [-1.5, None, "a=b", "'=1, b"]
    assert write_csv(["=name"], [["-1"]]) == "'=name\n'-1\n"
    assert write_csv(["text"], [["a\rb"]]) == 'text\n"a\rb"\n'


def test_a_column_named_by_a_statement_is_defused_too(client: TestClient) -> None:
    sql = "SELECT '=1+1' AS \"=cmd()\", -5 AS minus, [1.5, NULL] AS list, 'nan'::DOUBLE AS none"
    assert client.get("/data/console.csv", params={"sql": sql}).text.splitlines()[0] == "'=cmd(),minus,list,none"
    answer = json.loads(client.get("/data/console.json", params={"sql": sql}).text)
    assert answer == [{"=cmd()": "=1+1", "minus": -5, "list": [1.5, None], "none": None}]


@pytest.mark.parametrize(("sql", "message"), _escapes())
def test_the_console_refuses_every_escape_and_says_why(client: TestClient, published: Path, sql: str, message: str) -> None:
    if not sql:
        return  # an empty statement is the form itself
    before = hashlib.sha256(published.read_bytes()).digest()
    response = client.get("/console", params={"sql": sql})
    assert response.status_code == 200
    assert re.search(message, unescape(response.text).split('role="status"')[1])
    assert "answer-title" not in response.text
    assert client.get("/data/console.csv", params={"sql": sql}).status_code == 400 if "range(200000000)" not in sql else True
    assert hashlib.sha256(published.read_bytes()).digest() == before


def test_a_statement_ends_with_its_time(published: Path) -> None:
    import time

    with TestClient(create_app(Snapshots(published), Door(), Limits(seconds=1)), base_url="http://127.0.0.1:8765") as client:
        started = time.monotonic()
        response = client.get("/console", params={"sql": "SELECT count(*) FROM range(10000000000) AS a, range(1000) AS b"})
        assert "ended after 1 seconds" in response.text
        assert time.monotonic() - started < 5


def test_a_statement_that_another_site_sends_is_not_run(client: TestClient) -> None:
    for site in ("cross-site", "same-site"):
        response = client.get("/console", params={"sql": "SELECT 41 + 1"}, headers={"Sec-Fetch-Site": site})
        assert "has not been run" in response.text
        assert ">42<" not in response.text
        assert client.get("/data/console.csv", params={"sql": "SELECT 1"}, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert ">42<" in client.get("/console", params={"sql": "SELECT 41 + 1"}, headers={"Sec-Fetch-Site": "same-origin"}).text


def test_the_texts_of_the_pages_hold_no_python_object(client: TestClient) -> None:
    values: list[Any] = [unescape(client.get(address).text) for address in ("/", "/technology?id=t01", "/topic?id=K1", "/sources")]
    assert all(" object at 0x" not in text and "datetime." not in text for text in values)
