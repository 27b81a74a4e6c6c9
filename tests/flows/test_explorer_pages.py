"""The explorer over a small published snapshot: every page, every table in every format, and calm answers to odd questions."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from explorer_world import publish_world
from starlette.testclient import TestClient

from flows.explorer.app import FAMILIES, create_app
from flows.explorer.guard import Door
from flows.explorer.kept_pages import KeptPages
from flows.explorer.snapshots import Snapshots
from flows.warehouse.connection import open_writer
from flows.warehouse.publish import LINK, publish
from flows.warehouse.schema import migrate

ADDRESS = "http://127.0.0.1:8765"
PAGES = {
    "/": "solid-state battery",
    "/ranking": "anion-exchange membrane electrolysis",
    "/ranking?track=energy&stage=scaling&stream=paper&sort=climbed&as_of=2026-11-15": "sodium-ion battery",
    "/ranking?list=weak+signals&words=gravity": "Fewer than 10 works",
    "/technology?id=t01": "What would change the rank",
    "/technology?id=t01&as_of=2026-09-30&stream=patent": "Evidence",
    "/technology?id=t30": "It has no place",
    "/technology?id=t99": "found to be the same as",
    "/topics": "量子计算",
    "/topics?track=space": "No topic of this track",
    "/topic?id=K1": "Lineage",
    "/compare": "Give two names",
    "/compare?first=t01&second=t02": "Their 80 % intervals overlap",
    "/compare?first=SOLID-STATE+battery&second=t28": "do not overlap",
    "/compare/days": "Everything ranked on one of the two days",
    "/compare/days?from=2026-09-30&to=2026-11-22&track=health": "in-vivo base editing",
    "/actor?key=hefei+institute": "Together with",
    "/document?id=t01-2": "The record gives no web address",
    "/document?id=t02-2": "Read it at its source",
    "/sources": "gave up",
    "/search": "Every word must be there",
    "/search?q=pilot+LINE": "opens in Hefei",
    "/search?q=nothingholdsthis": "Nothing holds all of these words",
    "/console": "One reading statement at a time",
    "/console?saved=weak_signals": "As a file",
    "/glossary": "vitality",
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_world(tmp_path_factory.mktemp("explorer"))


@pytest.fixture(scope="module")
def never_judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    with open_writer(folder / "empty.duckdb") as connection:
        migrate(connection, datetime(2026, 11, 22))
        publish(connection, folder / "published", "second-night")
    return folder / "published" / LINK


@pytest.fixture(scope="module")
def client(published: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Snapshots(published), Door()), base_url=ADDRESS) as opened:
        yield opened


@pytest.mark.parametrize("address", PAGES)
def test_a_page_shows_what_it_is_for_and_says_what_it_was_read_from(client: TestClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert PAGES[address] in unescape(response.text)
    assert "2026-11-22-a1b2c3" in response.text
    assert "Simulated data." in response.text
    assert response.text.count("<h1") == 1
    assert "default-src 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("address", [address for address in PAGES if "/glossary" not in address])
def test_every_table_of_a_page_comes_in_three_formats_and_as_a_query_that_gives_it(
    client: TestClient, address: str, published: Path
) -> None:
    links = set(re.findall(r'href="(/data/[a-z-]+\.csv[^"]*)"', client.get(address).text))
    for link in map(unescape, links):
        as_csv, as_json, as_parquet = (client.get(link.replace(".csv", f".{form}", 1)) for form in ("csv", "json", "parquet"))
        assert (as_csv.status_code, as_json.status_code, as_parquet.status_code) == (200, 200, 200), link
        names, *rows = csv.reader(io.StringIO(as_csv.text, newline=""))
        parquet = pq.read_table(io.BytesIO(as_parquet.content))
        assert names == parquet.column_names
        assert len(rows) == len(as_json.json()) == parquet.num_rows
        assert as_csv.headers["x-snapshot-id"] == "2026-11-22-a1b2c3"
        assert 'attachment; filename="simulated-' in as_csv.headers["content-disposition"]


def test_a_file_that_is_only_a_beginning_says_so(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("app", "tables"):
        monkeypatch.setattr(f"flows.explorer.{module}.EXPORT_ROWS", 3)
    response = client.get("/data/ranking.csv")
    assert len(response.text.splitlines()) == 4
    assert response.headers["x-truncated"] == "true"
    assert "first-rows-of-ranking" in response.headers["content-disposition"]


def test_the_query_under_a_table_runs_as_it_stands_and_gives_its_rows(client: TestClient, published: Path, tmp_path: Path) -> None:
    statements = 0
    copy = shutil.copy(published.resolve(), tmp_path / "copy.duckdb")
    with duckdb.connect(str(copy), read_only=True) as connection:
        for address in (
            "/",
            "/ranking?track=energy",
            "/technology?id=t01",
            "/topic?id=K1",
            "/actor?key=hefei+institute",
            "/sources",
            "/search?q=pilot",
        ):
            for text in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", client.get(address).text, flags=re.S):
                connection.execute(unescape(text)).fetchall()
                statements += 1
    assert statements > 25


def test_every_family_is_reached_by_the_pages_above() -> None:
    reached = {re.sub(r"\?.*", "", address) for address in PAGES}
    assert {family.path for family in FAMILIES} <= reached


def test_filters_filter_and_live_in_the_address(client: TestClient) -> None:
    rows = client.get("/data/ranking.json?track=energy&stream=news").json()
    assert [row["technology_id"] for row in rows] == ["t01", "t04", "t19"]
    assert {row["track"] for row in rows} == {"energy"}
    climbed = client.get("/data/ranking.json?sort=climbed").json()
    assert (climbed[0]["technology_id"], climbed[0]["rank_change"]) == ("t04", 17)
    past = client.get("/data/ranking.json?as_of=2026-11-15").json()
    assert (past[0]["technology_id"], past[0]["previous_rank"]) == ("t02", 1)


def test_what_came_after_the_day_is_not_on_its_page(client: TestClient) -> None:
    today, past = (client.get(f"/data/evidence.json?id=t02{day}").json() for day in ("", "&as_of=2026-11-15"))
    assert [row["document_id"] for row in today if row["available_on"] <= "2026-11-15"] == [row["document_id"] for row in past]
    assert 0 < len(past) < len(today)
    for table in ("technology-actors", "technology-regions", "technology-topics"):
        later = client.get(f"/data/{table}.json?id=t01&as_of=2026-09-30").json()
        assert later == []
    assert max(row["quarter_on"] for row in client.get("/data/series.json?id=t01").json()) == "2026-07-01"


def test_each_part_is_moved_alone_through_its_range(client: TestClient) -> None:
    # Every cohort rank of this world is a half, so that a part can give twice what it gives.
    scores = {row["technology_id"]: row["score"] for row in client.get("/data/ranking.json").json()}
    own = scores.pop("t10")
    for part in client.get("/data/what-if.json?id=t10").json():
        assert part["at_most"] == pytest.approx(2 * part["points"])
        for place, points in (("first", 2 * part["points"]), ("middle", part["points"]), ("last", 0)):
            assert part[f"place_if_{place}"] == 1 + sum(score > own - part["points"] + points + 1e-9 for score in scores.values())
    near = client.get("/data/neighbours.json?id=t10").json()
    assert [row["rank"] for row in near] == [7, 8, 9, 11, 12, 13]
    assert near[2]["ahead_by"] == pytest.approx(scores["t09"] - own)
    assert "2.40 points more lead past the place above" in client.get("/technology?id=t10").text


def test_long_tables_have_pages_and_end(client: TestClient) -> None:
    first, second = client.get("/technology?id=t01"), client.get("/technology?id=t01&page=2")
    assert 'rel="next"' in first.text
    assert 'rel="prev"' in second.text
    assert client.get("/technology?id=t01&page=900").status_code == 404


def test_a_name_or_an_alias_leads_to_the_technology(client: TestClient) -> None:
    moved = client.get("/technology?name=Solid-State+BATTERY", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (303, "/technology?id=t01")
    missing = client.get("/technology?name=solid-state+batery")
    assert missing.status_code == 404
    assert "solid-state battery" in missing.text


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/nothing", 404, "There is no such page"),
        ("/../../etc/passwd", 404, "There is no such page"),
        ("/static/../app.py", 404, "There is no such page"),
        ("/static/%2e%2e/app.py", 404, "There is no such page"),
        ("/ranking?trak=energy", 400, "did you mean track?"),
        ("/ranking?track=alchemy", 400, "is not one of manufacturing"),
        ("/ranking?track=energy&track=space", 400, "twice, with different values"),
        ("/ranking?page=0", 400, "is not a number from 1"),
        ("/ranking?page=99999999999999999999999", 400, "is not a number from 1"),
        ("/ranking?page=²", 400, "is not a number from 1"),
        ("/ranking?as_of=yesterday", 400, "write it as 2024-01-31"),
        ("/ranking?as_of=2026-11-18", 404, "2026-11-15 and 2026-11-22"),
        ("/ranking?as_of=1066-10-14", 404, "2026-09-30"),
        ("/ranking?words=" + "x" * 500, 400, "may have 100 characters"),
        ("/ranking?words=%00", 400, "belong to no text"),
        ("/ranking?words=%ff%fe", 200, "No technology meets these filters"),
        ("/technology", 400, "Which technology?"),
        ("/technology?id=%27%3B+DROP+TABLE+x", 404, "No such technology"),
        ("/topic?id=K404", 404, "No such topic"),
        ("/actor?key=nobody", 404, "No such actor"),
        ("/document?id=x", 404, "No such document"),
        ("/compare?first=t01&second=unheard", 404, "No such technology"),
        ("/compare/days?from=2026-11-22&to=2026-11-15", 400, "must come before"),
        ("/console?saved=none", 404, "The saved queries are"),
        ("/console?sql=" + "x" * 8001, 400, "may have 8,000 characters"),
        ("/data/nothing.csv", 404, "The tables are"),
        ("/data/ranking.xlsx", 404, "csv, json, parquet"),
        ("/data/console.csv", 400, "There is no statement"),
        ("/search?q=" + "%25" * 60, 200, "Nothing holds all of these words"),
        ("/" + "x" * 30_000, 414, "too long"),
    ],
)
def test_a_wild_address_gets_a_calm_page_with_the_right_status(client: TestClient, address: str, status: int, sentence: str) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert sentence in unescape(response.text)
    assert "Traceback" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_nothing_published_is_said(tmp_path: Path) -> None:
    with TestClient(create_app(Snapshots(tmp_path / "observatory.duckdb"), Door()), base_url=ADDRESS) as client:
        response = client.get("/")
        assert response.status_code == 503
        assert "observatory scan" in response.text
        (tmp_path / "observatory.duckdb").write_bytes(b"no database" * 1000)
        assert client.get("/ranking").status_code == 503


def test_a_snapshot_that_was_never_judged_gives_calm_pages(never_judged: Path) -> None:
    with TestClient(create_app(Snapshots(never_judged), Door()), base_url=ADDRESS) as client:
        for path in ("/", "/ranking", "/topics", "/compare", "/compare/days", "/search?q=a", "/sources", "/glossary"):
            assert client.get(path).status_code == 200, path
        assert "There is nothing to rank" in client.get("/").text
        assert "was never judged" in client.get("/ranking?as_of=2024-01-01").text


def test_a_snapshot_that_changes_while_browsing_is_noticed(published: Path, never_judged: Path, tmp_path: Path) -> None:
    link = tmp_path / "observatory.duckdb"
    link.symlink_to(shutil.copy(published.resolve(), tmp_path / "first.duckdb"))
    with TestClient(create_app(Snapshots(link), Door()), base_url=ADDRESS) as client:
        assert "2026-11-22-a1b2c3" in client.get("/ranking").text
        (tmp_path / "next").symlink_to(shutil.copy(never_judged.resolve(), tmp_path / "second.duckdb"))
        (tmp_path / "next").replace(link)
        part = client.get("/ranking?track=energy", headers={"HX-Request": "true"})
        assert part.headers["hx-refresh"] == "true"
        changed = client.get("/ranking")
        assert "Your last page was of 2026-11-22-a1b2c3; this one is of second-night" in changed.text
        assert "Simulated data." not in changed.text
        assert "snapshot changed" not in client.get("/ranking").text


def test_a_mistake_of_the_explorer_is_calm_and_keeps_its_headers(
    published: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*given: object, **more: object) -> str:
        raise ZeroDivisionError(given, more)

    monkeypatch.setattr("flows.explorer.app.render", broken)
    with TestClient(create_app(Snapshots(published), Door()), base_url=ADDRESS) as client:
        response = client.get("/ranking")
    assert response.status_code == 500
    assert "ZeroDivisionError" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_days_of_json_and_numbers_are_plain(client: TestClient) -> None:
    row = client.get("/data/history.json?id=t01").json()[0]
    assert date.fromisoformat(row["as_of"]) == date(2026, 11, 22)
    assert row["score"] == 93.6


def test_a_page_asked_twice_is_made_once_and_never_outlives_its_snapshot(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(
        "flows.explorer.app.render", lambda template, **content: made.append(template) or f"<p>{content['facts'].snapshot_id}</p>"
    )
    with TestClient(create_app(Snapshots(published), Door()), base_url=ADDRESS) as client:
        first, again = client.get("/sources").text, client.get("/sources").text
        assert (first, made) == (again, ["sources.html.j2"])
        client.cookies.clear()
        # This page says that the snapshot changed: it is made for this reader, and not kept.
        client.get("/sources", headers={"Cookie": "seen_snapshot=an-older-one"})
        client.get("/console")
        client.get("/console")
    assert made == ["sources.html.j2", "sources.html.j2", "console.html.j2", "console.html.j2"]


def test_pages_kept_stay_within_their_bound(published: Path) -> None:
    kept = KeptPages(most_characters=10)
    with Snapshots(published).view() as view:
        for name in ("/a", "/b", "/c"):
            kept.keep(view, name, "12345")
            kept.keep(view, name, "12345")
        other = replace(view, path=view.path.with_name("another"))
        assert [kept.find(view, name) for name in ("/a", "/b", "/c")] == [None, "12345", "12345"]
        assert kept.find(other, "/b") is None
