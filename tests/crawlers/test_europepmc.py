"""Europe PMC: its traps by name, and walks of the real spider over loopback."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawlers.landing import read_body
from crawlers.reading import parse
from crawlers.records import CrawlReport, Document, Window
from crawlers.run import crawl
from crawlers.sources import Source, load_sources

WINDOW = Window(date(2031, 5, 1), date(2031, 5, 4))
AGENT = "observatory/0.1 (+mailto:crawl@example.org)"


def row(number: int = 1, **facts: Any) -> dict[str, Any]:
    return {"id": str(number), "source": "MED", "pmid": str(number), "title": "A title", **facts}


def page(*rows: Any, total: int, cursor: str = "") -> bytes:
    more = {"nextCursorMark": cursor, "nextPageUrl": f"https://example.org/search?query=A B&cursorMark={cursor}"} if cursor else {}
    return json.dumps({"version": "6.9", "hitCount": total, **more, "resultList": {"result": list(rows)}}).encode()


def read(**facts: Any) -> Document:
    (document,) = parse("europepmc", page(row(**facts), total=1)).documents
    return document


def test_rows_of_one_paper_stay_apart_and_share_their_identifiers() -> None:
    rows = [
        row(7, pmcid="PMC9", doi="10.5555/A"),
        {"id": "PMC9", "source": "PMC", "pmcid": "PMC9", "doi": "https://doi.org/10.5555/a", "title": "A title"},
        {"id": "PPR3", "source": "PPR", "doi": "10.5555/pre", "title": "A title"},
    ]
    documents = parse("europepmc", page(*rows, total=3)).documents
    assert [one.source_id for one in documents] == ["MED/7", "PMC/PMC9", "PPR/PPR3"]
    assert [one.identifiers.get("doi") for one in documents] == ["10.5555/a", "10.5555/a", "10.5555/pre"]


def test_a_preprint_names_its_journal_version_with_how_the_link_was_made() -> None:
    link = {"id": "7", "source": "MED", "type": "Preprint of", "note": "Link created based on a title-first author match"}
    document = read(commentCorrectionList={"commentCorrection": link})
    assert document.extras["relations"] == [{"relation": "is-preprint-of", "pmid": "7", "note": link["note"]}]


def test_italics_and_headings_in_abstracts() -> None:
    document = read(title="The <i>E. coli</i> silk.", abstractText="<h4>Aim</h4>H<sub>2</sub>O &lt; 3.<h4>Results</h4>Good.")
    assert (document.title, document.abstract) == ("The E. coli silk.", "Aim: H2O < 3. Results: Good.")


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"pubTypeList": {"pubType": ["Journal Article", "Retracted Publication"]}}, "retracted"),
        ({"pubType": "journal article; retracted publication"}, "retracted"),
        ({"commentCorrectionList": {"commentCorrection": {"id": "2", "source": "MED", "type": "Retraction in"}}}, "retracted"),
        ({"pubTypeList": {"pubType": "Preprint withdrawal"}}, "withdrawn"),
        ({"title": "WITHDRAWN: Memory in stones"}, "withdrawn"),
        ({"pubTypeList": {"pubType": ["Retraction of Publication"]}, "title": "Retraction: A title"}, "live"),
        ({"commentCorrectionList": {"commentCorrection": [{"id": "2", "source": "MED", "type": "Erratum in"}, "x", None]}}, "live"),
    ],
)
def test_types_and_links_say_whether_the_work_stands(facts: dict[str, Any], state: str) -> None:
    assert read(**facts).state == state


@pytest.mark.parametrize(
    ("facts", "published", "available"),
    [
        ({"firstPublicationDate": "2031-05-20"}, (date(2031, 5, 20), "day"), date(2031, 5, 20)),
        ({"firstPublicationDate": "2031-05-20", "firstIndexDate": "2031-04-02"}, (date(2031, 5, 20), "day"), date(2031, 4, 2)),
        (
            {"firstPublicationDate": "2031-05-01", "journalInfo": {"printPublicationDate": "2031-05-01", "dateOfPublication": "2031 May"}},
            (date(2031, 5, 1), "month"),
            date(2031, 5, 31),
        ),
        (
            {
                "firstPublicationDate": "2031-05-01",
                "journalInfo": {"printPublicationDate": "2031-05-01", "dateOfPublication": "2031 May 1"},
            },
            (date(2031, 5, 1), "day"),
            date(2031, 5, 1),
        ),
        (
            {"firstPublicationDate": "2031-01-01", "journalInfo": {"printPublicationDate": "2031-01-01", "dateOfPublication": "2031"}},
            (date(2031, 1, 1), "year"),
            date(2031, 12, 31),
        ),
        (
            {
                "firstPublicationDate": "2031-05-01",
                "electronicPublicationDate": "2031-05-01",
                "journalInfo": {"printPublicationDate": "2031-05-01", "dateOfPublication": "2031 May"},
            },
            (date(2031, 5, 1), "day"),
            date(2031, 5, 1),
        ),
        ({"pubYear": "2031"}, (date(2031, 1, 1), "year"), date(2031, 12, 31)),
        ({"pubYear": "0000", "firstPublicationDate": "2031-02-30"}, (None, "day"), None),
        ({"journalInfo": "lost", "firstPublicationDate": 7}, (None, "day"), None),
    ],
)
def test_a_printed_issue_is_dated_no_finer_than_it_says(facts: dict[str, Any], published: Any, available: date | None) -> None:
    document = read(**facts)
    assert (document.published_on, document.date_precision) == published
    assert document.available_on == available


def test_the_day_of_filing_of_a_patent_is_not_taken_for_its_publication() -> None:
    details = {"application": {"applicationNumber": "WO2031EP1", "applicationDate": "2031-03-10"}}
    patent = {"id": "WO1", "source": "PAT", "title": "A", "pubYear": "2031", "firstPublicationDate": "2031-03-10", "patentDetails": details}
    (document,) = parse("europepmc_patents", page(patent, total=1)).documents
    assert (document.kind, document.published_on, document.available_on) == ("patent", None, None)
    (document,) = parse("europepmc_patents", page({**patent, "firstIndexDate": "2031-10-02"}, total=1)).documents
    assert document.available_on == date(2031, 10, 2)


def test_the_day_of_priority_of_a_patent_is_not_taken_for_its_publication() -> None:
    details = {"application": {"applicationDate": "2031-03-10"}, "priorityList": {"priority": {"priorityDate": "2030-03-12"}}}
    patent = {"id": "WO1", "source": "PAT", "title": "A", "firstPublicationDate": "2030-03-12", "patentDetails": details}
    (document,) = parse("europepmc_patents", page(patent, total=1)).documents
    assert (document.published_on, document.available_on) == (None, None)
    (document,) = parse("europepmc_patents", page({**patent, "firstPublicationDate": "2031-09-18"}, total=1)).documents
    assert document.available_on == date(2031, 9, 18)


def test_an_address_of_mail_is_no_part_of_an_organisation() -> None:
    place = {"affiliation": "Institute of Cells, Bergen, Norway. Electronic address: ada.q@cells.example.org."}
    author = {"fullName": "Q A", "authorAffiliationDetailsList": {"authorAffiliation": place}}
    assert [one.name for one in read(authorList={"author": author}).actors] == ["Q A", "Institute of Cells, Bergen, Norway."]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"errCode":404,"errMsg":"Invalid page size provided."}', "source_error"),
        (b"This API is temporarily unavailable due to maintenance.", "not_json"),
        (b'{"version":"6.9"}', "unknown_format"),
        (b"[{}]", "unknown_format"),
        (b'{"hitCount":3,"resultList":{"result":[nul', "truncated"),
    ],
)
def test_an_error_in_200_is_one_reject(body: bytes, reason: str) -> None:
    parsed = parse("europepmc", body)
    assert (parsed.documents, [one.reason for one in parsed.rejects]) == ((), [reason])


@pytest.mark.parametrize("body", [page(total=0), b'{"version":"6.9","hitCount":0,"request":{}}'])
def test_no_hits_are_no_fault(body: bytes) -> None:
    assert parse("europepmc", body).rejects == ()


def test_a_body_kept_as_base64_reads_like_the_plain_one() -> None:
    assert parse("europepmc", base64.encodebytes(page(row(), total=1))) == parse("europepmc", page(row(), total=1))


def source_at(server: Any, name: str = "europepmc", *queries: str) -> Source:
    return replace(load_sources({name: f"{server.url}/search"})[name], queries=queries or ("SRC:MED",))


def gather(source: Source, root: Path) -> CrawlReport:
    return crawl(source, WINDOW, root, user_agent=AGENT, allow_hosts=["127.0.0.1"], fast=True)


def asked(server: Any) -> list[dict[str, str]]:
    targets = [urlsplit(one.target) for one in server.asked]
    return [{name: values[0] for name, values in parse_qs(one.query).items()} for one in targets if one.path == "/search"]


def test_a_walk_ends_where_the_cursor_repeats_and_follows_no_address_with_spaces(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.in_order("/search", page(row(1), row(2), total=3, cursor="b=="), page(row(3), total=3, cursor="b=="), page(total=3))
    report = gather(source_at(server), tmp_path)
    assert (report.complete, report.problems) == (True, ())
    assert [one["cursorMark"] for one in asked(server)] == ["*", "b=="]
    assert asked(server)[0]["query"] == "(SRC:MED) AND FIRST_IDATE:[2031-05-01 TO 2031-05-04]"
    found = [one.source_id for capture in report.captures for one in parse("europepmc", read_body(tmp_path, capture)).documents]
    assert found == ["MED/1", "MED/2", "MED/3"]


def test_patents_are_asked_for_by_days_of_their_own(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    server.in_order("/search", page(total=0))
    query = load_sources()["europepmc_patents"].queries[0]
    assert gather(source_at(server, "europepmc_patents", query), tmp_path).complete
    assert asked(server)[0]["query"] == ("SRC:PAT AND (FIRST_IDATE:[2031-05-01 TO 2031-05-04] OR FIRST_PDATE:[2031-05-01 TO 2031-05-04])")


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b'{"errCode":404,"errMsg":"No search criteria provided."}', 200, "No search criteria provided"),
        (b"", 200, "empty_body"),
        (b"<html>consent</html>", 200, "html_page"),
        (b"This API is temporarily unavailable due to maintenance.", 503, "answered 503"),
    ],
    ids=["error in 200", "empty", "web page", "text in 503"],
)
def test_an_error_leaves_the_query_behind(tmp_path: Path, scripted_server: Any, reply: Any, body: bytes, status: int, said: str) -> None:
    server = scripted_server()
    server.in_order("/search", reply(body, status, {"Content-Type": "text/plain"}))
    report = gather(source_at(server), tmp_path)
    assert (report.complete, report.behind) == (False, ("SRC:MED",))
    assert said in report.problems[0]
