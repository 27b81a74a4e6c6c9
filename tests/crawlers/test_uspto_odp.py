"""File wrappers of the Open Data Portal: paging, splitting and messages over loopback, and the traps of the records."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawlers.landing import read_body
from crawlers.parsers.uspto_odp import patent_number, publication_number
from crawlers.reading import parse
from crawlers.records import Document, Parsed, Window
from crawlers.run import crawl
from crawlers.sources import load_sources

PATH = "/api/v1/patent/applications/search"
WEEK = Window(date(2026, 1, 5), date(2026, 1, 11))
NO_HITS = json.dumps({"code": 404, "message": "Not Found", "detailedMessage": "No matching records found, refine your search"}).encode()
FIXTURES = Path(__file__).parent / "fixtures"


def page(total: Any, *numbers: int) -> bytes:
    records = [{"applicationNumberText": str(one), "applicationMetaData": {"inventionTitle": "T"}} for one in numbers]
    return json.dumps({"count": total, "patentFileWrapperDataBag": records}).encode()


def gather(server: Any, root: Path, *queries: str, window: Window = WEEK) -> Any:
    source = replace(load_sources({"uspto_odp": f"{server.url}{PATH}"})["uspto_odp"], queries=queries)
    return crawl(source, window, root, user_agent="observatory/0.1", allow_hosts=("127.0.0.1",), fast=True)


def found(root: Path, report: Any) -> list[str]:
    return [one.source_id for capture in report.captures for one in parse("uspto_odp", read_body(root, capture)).documents]


def portal_holding(server: Any, on_days: dict[str, int]) -> list[dict[str, str]]:
    """Make `server` hold that many grants a day and 150 publications, pages of 60 or fewer; return what it was asked."""
    asked: list[dict[str, str]] = []

    def next_reply(target: str) -> Any:
        said = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        if "rangeFilters" not in said:
            return SimpleNamespace(body=b"", status=404, headers={}, delay=0.0, cut=0)
        asked.append(said)
        field, _, days = said["rangeFilters"].partition(" ")
        first, last = map(date.fromisoformat, days.split(":"))
        whole = 150 if field.endswith("PublicationDate") else 0
        if field.endswith("grantDate"):
            whole = sum(on_days.get((first + timedelta(days=day)).isoformat(), 0) for day in range((last - first).days + 1))
        offset = int(said["offset"])
        start = date.fromisoformat(days[:10]).toordinal() * 100_000 + 10_000_000_000 * len(field)
        last_one = min(whole, offset + min(60, int(said["limit"])))
        body = page(whole, *range(start + offset, start + last_one))
        return SimpleNamespace(body=body if whole else NO_HITS, status=200 if whole else 404, headers={}, delay=0.0, cut=0)

    server.next_reply = next_reply
    return asked


def test_days_of_publication_and_of_grant_are_walked_to_their_end(
    tmp_path: Path, scripted_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USPTO_API_KEY", "k3y")
    server = scripted_server()
    asked = portal_holding(server, {"2026-01-06": 130})
    report = gather(server, tmp_path, "H01M*")
    assert (report.complete, report.problems) == (True, ())
    numbers = found(tmp_path, report)
    assert (len(numbers), len(set(numbers))) == (280, 280)
    assert {one["q"] for one in asked} == {"H01M*"}
    assert sorted((one["rangeFilters"], int(one["offset"])) for one in asked) == [
        *((f"applicationMetaData.earliestPublicationDate {WEEK.from_on}:{WEEK.to_on}", offset) for offset in (0, 60, 120)),
        *((f"applicationMetaData.grantDate {WEEK.from_on}:{WEEK.to_on}", offset) for offset in (0, 60, 120)),
    ]


def test_more_than_can_be_paged_to_is_split_by_days(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    asked = portal_holding(server, {"2026-01-05": 10_001, "2026-01-06": 70, "2026-01-08": 70, "2026-01-11": 70})
    report = gather(server, tmp_path, "H01M*", window=Window(date(2026, 1, 6), date(2026, 1, 11)))
    assert (report.complete, len(asked)) == (True, 3 + 4)
    asked.clear()
    server.replies.clear()
    short = Window(date(2026, 1, 5), date(2026, 1, 6))
    report = gather(server, tmp_path / "over", "H01M*", window=short)
    assert report.behind == ("H01M*",)
    (problem,) = report.problems
    assert "10001 results from 2026-01-05 to 2026-01-05, and 10000 of them could be had" in problem
    ranges = {one["rangeFilters"].partition(" ")[2] for one in asked if "grantDate" in one["rangeFilters"]}
    assert ranges == {"2026-01-05:2026-01-06", "2026-01-05:2026-01-05", "2026-01-06:2026-01-06"}


@pytest.mark.parametrize(
    ("body", "status", "is_complete"),
    [
        (NO_HITS, 404, True),
        (b'{"count": 0, "patentFileWrapperDataBag": []}', 200, True),
        (b'{"message": "Missing Authentication Token"}', 404, False),
        (b'{"code": 400, "error": "Bad Request", "errorDetails": "Invalid request"}', 200, False),
        (b'{"patentFileWrapperDataBag": []}', 200, False),
        (b"<html><body>down</body></html>", 200, False),
        (b"", 200, False),
        (page("2", 18000001)[:-30], 200, False),
        (page("2", 18000001), 200, False),
        (page("1", 18000001), 200, True),
        (b'{"code": 413, "error": "Payload Too Large"}', 413, False),
    ],
    ids=[
        "none",
        "none in 200",
        "no such page",
        "error in 200",
        "no count",
        "web page",
        "empty",
        "cut",
        "one of two",
        "text count",
        "too many",
    ],
)
def test_what_the_answer_says_decides(
    tmp_path: Path, scripted_server: Any, reply: Any, body: bytes, status: int, is_complete: bool
) -> None:
    server = scripted_server()
    server.in_order(PATH, reply(body, status))
    report = gather(server, tmp_path, "H01M*", window=Window(WEEK.from_on, WEEK.from_on))
    assert report.complete is is_complete
    assert bool(report.problems) is not is_complete


def golden(case: str) -> dict[str, Document]:
    return {one.source_id: one for one in parse("uspto_odp", (FIXTURES / f"uspto_odp-{case}" / "input.json").read_bytes()).documents}


def test_filing_publication_and_grant_are_dated_apart() -> None:
    one = golden("search")["18900001"]
    assert (one.published_on, one.available_on, one.updated_on) == (date(2025, 10, 30), date(2025, 10, 30), date(2026, 1, 6))
    dates = {"filed": "2024-03-06", "effective_filing": "2023-07-05", "published": "2025-10-30", "granted": "2026-01-06"}
    assert one.extras["dates"] == dates


def test_inconsistent_types() -> None:
    """Numbers as numbers or text, flags as Y or false, lists of maps or of names, a lone value for a list."""
    one = golden("search")["29900002"]
    assert [actor.name for actor in one.actors] == ["Jun Okada", "Okada KK"]
    assert [(code.scheme, code.code) for code in one.codes] == [("cpc", "D13-103"), ("uspc", "D13/103")]


def test_beta_and_production_host_write_the_same_facts_in_two_shapes() -> None:
    one = golden("beta")["16900001"]
    assert (one.title, one.published_on, one.extras["publication_number"]) == ("LEARNING DEVICE", date(2019, 3, 28), "US20190090001A1")
    assert one.actors[0].country == "JP"


def test_pct_application_numbers_with_slashes() -> None:
    one = golden("search")["PCT/US25/27322"]
    assert one.url == "https://data.uspto.gov/patent-file-wrapper/search/details/PCTUS2527322/application-data"
    assert (one.published_on, one.identifiers) == (date(2025, 10, 30), {})


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("RE049123", "RE49123"),
        ("PP034567", "PP34567"),
        ("D1090002", "D1090002"),
        ("08930553", "8930553"),
        ("12600001", "12600001"),
        ("", ""),
    ],
)
def test_design_plant_and_reissue_numbers_and_zero_padding(written: str, one: str) -> None:
    assert patent_number(written) == one


@pytest.mark.parametrize("written", ["US 2019-0095759 A1", "US20190095759A1", "2019/0095759A1"])
def test_a_publication_number_has_one_spelling(written: str) -> None:
    assert publication_number(written) == "US20190095759A1"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"count": 1, "patentBag": [{"continuityBag": {"parentContinuityBag": []}}]}', "not_a_document"),
        (b'{"count": 1, "patentFileWrapperDataBag": [{"applicationNumberText": "1", "assignmentBag": []}]}', "not_a_document"),
        (b'{"bulkDataProductBag": [], "count": 0}', "not_a_document"),
        (b'{"documentBag": [{"applicationNumberText": "1"}]}', "not_a_document"),
        (b'{"count": 1, "eventDataBag": [{"eventCode": "CCRDY"}]}', "not_a_document"),
        (b'{"error": "Forbidden"}', "source_error"),
        (b"[1, 2]", "unknown_format"),
        (b"{", "truncated"),
    ],
)
def test_what_describes_no_publication_is_a_reject(body: bytes, reason: str) -> None:
    parsed = parse("uspto_odp", body)
    assert (parsed.documents, [one.reason for one in parsed.rejects]) == ((), [reason])


def test_that_nothing_matches_is_no_fault() -> None:
    assert parse("uspto_odp", NO_HITS) == parse("uspto_odp", b'{"count": 0, "patentFileWrapperDataBag": []}') == Parsed()


def test_an_answer_too_large_to_be_read_in_time_is_refused() -> None:
    for body in (b'{"patentBag": [{}%s]}' % (b",{}" * 10_000), b'{"inventorBag": [1%s]}' % (b",1" * 500_001)):
        assert [one.reason for one in parse("uspto_odp", body).rejects] == ["too_large"]
