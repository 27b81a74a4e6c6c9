"""Semantic Scholar's recorded answers, read and walked. Their index states nothing, so what comes out of each stands here.

Most were asked for with a single field: a paper of which only the id and a count are told names nothing and is a reject.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawlers.landing import read_body
from crawlers.reading import parse
from crawlers.records import Window
from crawlers.run import crawl
from crawlers.sources import load_sources

WIRE = Path(__file__).resolve().parents[2].parent / "shared" / "wire" / "semanticscholar"
BULK = "test_search_paper_bulk_retrieval"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not WIRE.is_dir(), reason="the recorded responses do not lie beside the project"),
]

# file -> (documents, rejects, the reason of all rejects)
NOTHING_NAMED, NO_WORK, ERROR = "no_title", "not_a_document", "source_error"
COMES_OUT: dict[str, tuple[int, int, str]] = {
    "error_429.json": (0, 1, ERROR),
    "test_bad_query_parameters_00.json": (0, 1, ERROR),
    "test_not_found_00.json": (0, 1, ERROR),
    "test_not_found_01.json": (0, 1, ERROR),
    "test_empty_paginated_results_00.json": (0, 0, ""),
    "test_get_authors_not_found_warning_00.json": (0, 4, NO_WORK),  # a null and three authors
    "test_get_authors_return_not_found_00.json": (0, 4, NO_WORK),
    "test_get_paper_00.json": (1, 0, ""),
    "test_get_papers_00.json": (0, 3, NOTHING_NAMED),  # fields=authors
    "test_get_papers_not_found_warning_00.json": (3, 1, NO_WORK),  # a null
    "test_search_paper_00.json": (100, 0, ""),
    f"{BULK}_00.json": (1000, 0, ""),
    f"{BULK}_next_page_01.json": (1000, 0, ""),
    f"{BULK}_sorted_results_asc_00.json": (0, 1000, NOTHING_NAMED),  # fields=citationCount, here and below
    f"{BULK}_sorted_results_asc_01.json": (0, 1000, NOTHING_NAMED),
    f"{BULK}_sorted_results_asc_02.json": (0, 1000, NOTHING_NAMED),
    f"{BULK}_sorted_results_asc_03.json": (0, 27, NOTHING_NAMED),
    f"{BULK}_sorted_results_default_order_00.json": (0, 1000, NOTHING_NAMED),
    f"{BULK}_sorted_results_default_order_01.json": (0, 1000, NOTHING_NAMED),
    f"{BULK}_sorted_results_default_order_02.json": (0, 674, NOTHING_NAMED),
    f"{BULK}_sorted_results_desc_00.json": (0, 1000, NOTHING_NAMED),
    f"{BULK}_sorted_results_desc_01.json": (0, 1000, NOTHING_NAMED),
    f"{BULK}_sorted_results_desc_02.json": (0, 1000, NOTHING_NAMED),
    f"{BULK}_sorted_results_desc_03.json": (0, 27, NOTHING_NAMED),
    "test_search_paper_fields_of_study_00.json": (0, 100, NOTHING_NAMED),  # fields=s2FieldsOfStudy
    "test_search_paper_match_title_00.json": (1, 0, ""),
    "test_search_paper_min_citation_count_00.json": (0, 70, NOTHING_NAMED),  # fields=citationCount
    "test_search_paper_next_page_00.json": (100, 0, ""),
    "test_search_paper_next_page_01.json": (100, 0, ""),
    "test_search_paper_open_access_pdf_00.json": (0, 100, NOTHING_NAMED),  # fields=openAccessPdf
    "test_search_paper_publication_date_or_year_00.json": (77, 0, ""),
    "test_search_paper_publication_date_or_year_01.json": (79, 0, ""),
    **{f"test_search_paper_publication_date_or_year_0{number}.json": (100, 0, "") for number in range(2, 9)},
    "test_search_paper_publication_types_00.json": (0, 100, NOTHING_NAMED),  # fields=publicationTypes
    "test_search_paper_publication_types_01.json": (0, 100, NOTHING_NAMED),
    "test_search_paper_sync_from_running_loop_00.json": (100, 0, ""),
    "test_search_paper_traversing_results_00.json": (89, 0, ""),
    "test_search_paper_venue_00.json": (0, 100, NOTHING_NAMED),  # fields=venue
    "test_search_paper_with_relevance_and_sort_00.json": (100, 0, ""),
    "test_search_paper_year_00.json": (0, 21, NOTHING_NAMED),  # fields=year
    "test_search_paper_year_range_00.json": (0, 47, NOTHING_NAMED),
}


def files() -> list[str]:
    return [json.loads(line)["file"] for line in (WIRE / "recordings.jsonl").read_text(encoding="utf-8").splitlines()]


def test_each_recorded_answer_gives_what_stands_in_the_table() -> None:
    assert set(files()) == set(COMES_OUT)
    assert len(COMES_OUT) == 47
    for file, (document_count, reject_count, reason) in COMES_OUT.items():
        parsed = parse("semanticscholar", (WIRE / file).read_bytes())
        assert (len(parsed.documents), len(parsed.rejects)) == (document_count, reject_count), file
        assert {one.reason for one in parsed.rejects} <= {reason}, file


def test_every_entry_of_an_answer_is_a_document_or_a_reject_in_its_place() -> None:
    for file in files():
        answer = json.loads((WIRE / file).read_bytes())
        entries = answer if isinstance(answer, list) else answer.get("data", [])
        parsed = parse("semanticscholar", (WIRE / file).read_bytes())
        if entries:
            assert len(parsed.documents) + len(parsed.rejects) == len(entries), file
            named = [one.get("paperId") for one in entries if one and one.get("title")]
            assert [one.source_id for one in parsed.documents] == named, file


def test_a_whole_record_is_read_whole() -> None:
    first, second, third = parse("semanticscholar", (WIRE / "test_get_papers_not_found_warning_00.json").read_bytes()).documents
    assert first.identifiers == {"doi": "10.2139/ssrn.288970", "s2": "c31c87c591a25c64fbaa82e8ac6a81831b6ac7ce"}
    assert (str(first.published_on), first.date_precision, [one.name for one in first.actors][1]) == ("2001-10-01", "day", "E. Duflo")
    assert str(second.published_on) == "2013-04-10"
    assert (str(third.published_on), third.date_precision, str(third.available_on)) == ("2023-01-01", "year", "2023-12-31")


@pytest.mark.parametrize(("walk", "page_count", "total"), [("asc", 4, 3027), ("desc", 4, 3027), ("default_order", 3, 2674)])
def test_the_recorded_pages_are_walked_to_their_end(walk: str, page_count: int, total: int, tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    pages = [(WIRE / f"{BULK}_sorted_results_{walk}_0{number}.json").read_bytes() for number in range(page_count)]
    server.in_order("/bulk", *pages)
    source = replace(load_sources({"semanticscholar": f"{server.url}/bulk"})["semanticscholar"], queries=("kubernetes",))
    window = Window(date(2014, 1, 1), date(2025, 12, 31))
    report = crawl(source, window, tmp_path, user_agent="t/1", allow_hosts=["127.0.0.1"], fast=True)
    assert (report.complete, report.problems) == (True, ())
    assert [read_body(tmp_path, one) for one in report.captures] == pages
    walked = [one.record_id for page in pages for one in parse("semanticscholar", page).rejects]
    assert len(walked) == total
    tokens = [json.loads(page).get("token") for page in pages]
    asked = [one.target.partition("&token=")[2] or None for one in server.asked if one.target != "/robots.txt"]
    assert asked == [None, *tokens[:-1]]
