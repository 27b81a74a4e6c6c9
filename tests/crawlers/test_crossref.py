"""Crossref: its traps by name, and walks of the real spider over loopback."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawlers.landing import read_body
from crawlers.reading import parse
from crawlers.records import CrawlReport, Document, Window
from crawlers.run import crawl
from crawlers.sources import Source, load_sources
from crawlers.spiders.crossref import arguments_of, seconds_between

WINDOW = Window(date(2031, 5, 1), date(2031, 5, 4))
AGENT = "observatory/0.1 (+mailto:crawl@example.org)"


def work(**facts: Any) -> dict[str, Any]:
    return {"DOI": "10.5555/a", "type": "journal-article", "title": ["A title"], **facts}


def page(*works: Any, total: int, cursor: str = "same==") -> bytes:
    message = {"total-results": total, "items": list(works), "next-cursor": cursor}
    return json.dumps({"status": "ok", "message-type": "work-list", "message": message}).encode()


def read(**facts: Any) -> Document:
    (document,) = parse("crossref", page(work(**facts), total=1)).documents
    return document


@pytest.mark.parametrize(
    ("parts", "on", "precision"),
    [
        ([[2031, 5, 20]], date(2031, 5, 20), "day"),
        ([[2031, 5]], date(2031, 5, 1), "month"),
        ([[2031]], date(2031, 1, 1), "year"),
        ([["2031", "05"]], date(2031, 5, 1), "month"),
        ([[2031, 5, None]], date(2031, 5, 1), "month"),
        ([[2031, 0]], date(2031, 1, 1), "year"),
        ([2031, 5], date(2031, 5, 1), "month"),
        ([[None]], None, "day"),
        ([[]], None, "day"),
        ([[2031, 2, 30]], None, "day"),
        ([[0]], None, "day"),
        ({"year": 2031}, None, "day"),
        (None, None, "day"),
    ],
)
def test_date_parts_of_one_to_three_numbers_or_null(parts: Any, on: date | None, precision: str) -> None:
    document = read(issued={"date-parts": parts})
    assert (document.published_on, document.date_precision) == (on, precision)


def test_issued_online_and_created_are_not_mixed() -> None:
    document = read(
        issued={"date-parts": [[2031, 9]]}, created={"date-parts": [[2031, 5, 22]]}, **{"published-online": {"date-parts": [[2031, 5, 20]]}}
    )
    assert (document.published_on, document.date_precision) == (date(2031, 9, 1), "month")
    assert document.available_on == date(2031, 5, 20)
    assert document.extras["dates"] == {"issued": "2031-09", "published-online": "2031-05-20", "created": "2031-05-22"}


def test_a_month_is_known_at_its_end_unless_the_doi_was_there_before() -> None:
    issued = {"date-parts": [[2031, 2]]}
    assert read(issued=issued).available_on == date(2031, 2, 28)
    assert read(issued=issued, created={"date-parts": [[2031, 2, 9]]}).available_on == date(2031, 2, 9)


def test_a_publication_in_the_future_is_available_since_its_doi_was_registered() -> None:
    document = read(issued={"date-parts": [[2032, 1, 1]]}, created={"date-parts": [[2031, 3, 3]]})
    assert (document.published_on, document.available_on) == (date(2032, 1, 1), date(2031, 3, 3))


def test_the_same_doi_in_other_case_is_one_document() -> None:
    first, second = parse("crossref", page(work(DOI="10.5555/ABC"), work(DOI="https://doi.org/10.5555/abc"), total=2)).documents
    assert first.document_id == second.document_id == "crossref:10.5555/abc"
    assert first.identifiers == {"doi": "10.5555/abc"}


@pytest.mark.parametrize("kind", ["component", "peer-review", "journal-issue", "grant"])
def test_what_is_no_work_of_its_own_is_skipped(kind: str) -> None:
    parsed = parse("crossref", page(work(type=kind), work(), total=2))
    assert [(one.position, one.reason, one.record_id) for one in parsed.rejects] == [(0, "not_a_document", "10.5555/a")]
    assert len(parsed.documents) == 1


@pytest.mark.parametrize("title", [[], [""], None, ["<i> </i>"], [None]])
def test_a_work_without_title_is_a_reject(title: Any) -> None:
    parsed = parse("crossref", page(work(title=title), total=1))
    assert [one.reason for one in parsed.rejects] == ["no_title"]


def test_several_titles_are_kept() -> None:
    document = read(title=["", "Granat", "Garnet &amp;amp; glass"])
    assert (document.title, document.extras["other_titles"]) == ("Granat", ["Garnet & glass"])


def test_a_preprint_names_its_journal_version() -> None:
    relation = {"is-preprint-of": [{"id-type": "doi", "id": "10.5555/JOURNAL", "asserted-by": "subject"}]}
    document = read(type="posted-content", posted={"date-parts": [[2031, 1, 4]]}, relation=relation)
    assert document.extras["relations"] == [{"relation": "is-preprint-of", "doi": "10.5555/journal"}]
    assert document.published_on == date(2031, 1, 4)


def test_a_notice_names_what_it_is_about_and_stands_itself() -> None:
    notice = {"DOI": "10.5555/B", "type": "retraction", "updated": {"date-parts": [[2031, 2, 3]]}, "source": "publisher"}
    document = read(title=["Retraction: B"], **{"update-to": [notice, {"type": "correction"}]})
    assert document.state == "live"
    assert document.extras["relations"] == [
        {"relation": "retracts", "doi": "10.5555/b", "type": "retraction", "on": "2031-02-03", "said_by": "publisher"}
    ]


@pytest.mark.parametrize(
    ("field", "update", "state"),
    [
        ("updated-by", {"DOI": "10.5555/n", "type": "retraction"}, "retracted"),
        ("updated-by", {"DOI": "10.5555/n", "type": "withdrawal"}, "withdrawn"),
        ("updated-by", {"DOI": "10.5555/n", "type": "erratum"}, "live"),
        ("update-to", {"DOI": "10.5555/A", "type": "withdrawal"}, "withdrawn"),
        ("update-to", {"DOI": "10.5555/n", "type": "withdrawal"}, "live"),
    ],
)
def test_an_update_says_whether_the_work_stands(field: str, update: dict[str, str], state: str) -> None:
    assert read(**{field: [update]}).state == state


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"Resource not found.", "not_json"),
        (b'{"status":"failed","message-type":"validation-failure","message":[{"type":"x","message":"y"}]}', "source_error"),
        (b'{"status":"error","message-type":"exception","message":{"description":"broken"}}', "source_error"),
        (b'{"status":"ok","message-type":"member-list","message":{"items":[]}}', "unknown_format"),
        (b"[]", "unknown_format"),
        (b"7", "unknown_format"),
        (page(work(), total=1)[:-20], "truncated"),
    ],
)
def test_an_answer_without_works_is_one_reject(body: bytes, reason: str) -> None:
    parsed = parse("crossref", body)
    assert (parsed.documents, [one.reason for one in parsed.rejects]) == ((), [reason])


def test_an_honest_empty_page_is_no_fault() -> None:
    assert parse("crossref", page(total=0)) == parse("crossref", page(total=0, cursor=""))
    assert parse("crossref", page(total=0)).rejects == ()


def test_the_days_stand_in_the_filter_of_a_query() -> None:
    assert arguments_of("query.title=solid+state&filter=type:journal-article", WINDOW) == {
        "query.title": "solid state",
        "filter": "from-created-date:2031-05-01,until-created-date:2031-05-04,type:journal-article",
    }
    assert arguments_of("filter=from-update-date:{from},until-update-date:{to}", WINDOW)["filter"] == (
        "from-update-date:2031-05-01,until-update-date:2031-05-04"
    )


@pytest.mark.parametrize(
    ("limit", "interval", "seconds"),
    [("5", "1s", 0.2), ("1", "2s", 2.0), ("50", "1", 0.02), ("0", "1s", 0.0), ("", "", 0.0), ("x", "1s", 0.0), ("1", "9999s", 60.0)],
)
def test_the_pace_of_the_header_is_understood(limit: str, interval: str, seconds: float) -> None:
    assert seconds_between(limit, interval) == seconds


def source_at(server: Any, *queries: str) -> Source:
    return replace(load_sources({"crossref": f"{server.url}/works"})["crossref"], queries=queries or ("filter=has-abstract:true",))


def gather(source: Source, root: Path, window: Window = WINDOW) -> CrawlReport:
    return crawl(source, window, root, user_agent=AGENT, allow_hosts=["127.0.0.1"], fast=True)


def asked(server: Any) -> list[dict[str, str]]:
    targets = [urlsplit(one.target) for one in server.asked]
    return [{name: values[0] for name, values in parse_qs(one.query).items()} for one in targets if one.path == "/works"]


def gathered(root: Path, report: CrawlReport) -> list[str]:
    return [one.source_id for capture in report.captures for one in parse("crossref", read_body(root, capture)).documents]


def works(*numbers: int) -> list[dict[str, Any]]:
    return [work(DOI=f"10.5555/{number}") for number in numbers]


def test_an_unchanging_cursor_is_followed_to_the_empty_page(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    server = scripted_server()
    pace = {"x-rate-limit-limit": "4", "x-rate-limit-interval": "1s"}
    pages = [page(*works(1, 2), total=5), page(*works(3, 4), total=5), page(*works(5), total=5), page(total=5)]
    server.in_order("/works", *(reply(one, headers=pace) for one in pages))
    report = gather(source_at(server), tmp_path)
    assert (report.complete, report.problems, report.behind) == (True, (), ())
    assert gathered(tmp_path, report) == [f"10.5555/{number}" for number in range(1, 6)]
    assert [one["cursor"] for one in asked(server)] == ["*", "same==", "same==", "same=="]
    assert asked(server)[0]["filter"] == "from-created-date:2031-05-01,until-created-date:2031-05-04,has-abstract:true"
    assert not any("mailto" in one for one in asked(server)), "the address belongs in the User-Agent"
    times = [one.at for one in server.asked if one.target.startswith("/works")]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert all(gap >= 0.24 for gap in gaps), "faster than the header asks"


def test_a_walk_that_ends_too_early_leaves_its_query_behind(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.in_order("/works", page(*works(1, 2), total=500), page(total=500))
    report = gather(source_at(server), tmp_path)
    assert report.behind == ("filter=has-abstract:true",)
    assert "after 2 of 500 records" in report.problems[0]
    assert len(report.captures) == 2


def test_a_server_that_repeats_a_page_does_not_hold_the_spider(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.in_order("/works", page(*works(1, 2), total=50))
    report = gather(source_at(server), tmp_path)
    assert not report.complete
    assert "repeats the page before it" in report.problems[0]
    assert len(asked(server)) == 2


def test_a_dead_cursor_is_replaced_once(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    server = scripted_server()
    dead = reply(b'{"status":"failed","message":[{"type":"cursor-invalid","message":"Cursor specified but it is invalid"}]}', 404)
    first, second = page(*works(1, 2), total=3), page(*works(3), total=3, cursor="other==")
    server.in_order("/works", first, dead, first, second, page(total=3))
    report = gather(source_at(server), tmp_path)
    assert (report.complete, report.problems) == (True, ())
    assert [one["cursor"] for one in asked(server)] == ["*", "same==", "*", "same==", "other=="]
    assert sorted(set(gathered(tmp_path, report))) == ["10.5555/1", "10.5555/2", "10.5555/3"]


def test_one_refused_query_does_not_stop_the_other(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    server = scripted_server()
    error = b'{"status":"failed","message":[{"type":"filter-not-available","message":"Filter x is not available"}]}'
    server.in_order("/works", reply(error, 400), page(*works(1), total=1), page(total=1))
    report = gather(source_at(server, "filter=x:y", "filter=has-abstract:true"), tmp_path)
    assert (report.complete, report.behind) == (True, ("filter=x:y",))
    assert "Filter x is not available" in report.problems[0]
    assert gathered(tmp_path, report) == ["10.5555/1"]
