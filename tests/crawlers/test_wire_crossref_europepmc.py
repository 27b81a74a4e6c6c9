"""Crossref and Europe PMC against every recorded response, and every recorded walk by the real spider. Private; without them skipped."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawlers.landing import read_body
from crawlers.parsers.crossref_envelope import read_page as read_works
from crawlers.reading import parse
from crawlers.records import Window
from crawlers.run import crawl
from crawlers.sources import load_sources

WIRE = Path(__file__).resolve().parents[2].parent / "shared" / "wire"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not WIRE.is_dir(), reason="the recorded responses do not lie beside the project"),
]

# Where fewer documents come out than the index counts records, and why. Every one of them is a reject.
NOT_WORKS = "a journal or an issue of one is a container, no work"
EXPLAINED = {
    ("test_workscontainer_with_cursor_00.json", 1): NOT_WORKS,
    ("cr_works_with_cursor_and_progress_bar_01.json", 3): NOT_WORKS,
}
REJECTED = {  # answers without works
    "test_works_bad_id_warn_00.txt": "not_json",
    "cr_works_with_cursor_fails_well_00.json": "source_error",
    "cr_abstract_00.xml": "not_json",  # the deposit's XML, which is never asked for
}
EUROPEPMC = {  # file -> documents, or the reason of its one reject
    **{f"search_page_{number:02d}.txt": 25 for number in range(5)},
    "search_page_05.txt": 14,
    "search_page_00.json": 0,
    "eupmc_results.json": 10,
    "error_in_200_pagesize.json": "source_error",
    "error_in_200_noquery.json": "source_error",
    "error_503_plain.txt": "not_json",
}
EMPTY = b'{"status":"ok","message-type":"work-list","message":{"total-results":0,"items":[],"next-cursor":"x"}}'


def recordings(source: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (WIRE / source / "recordings.jsonl").read_text(encoding="utf-8").splitlines()]


def body_of(source: str, file: str) -> bytes:
    return (WIRE / source / file).read_bytes()


def test_crossref_yields_what_the_index_states() -> None:
    fewer = set()
    for one in recordings("crossref"):
        file, expect = one["file"], one.get("expect") or {}
        parsed = parse("crossref", body_of("crossref", file), one["url"], one["headers"])
        documents, rejects = parsed.documents, parsed.rejects
        if file in REJECTED or "errors" in expect:
            (reject,) = rejects
            assert (documents, reject.reason) == ((), REJECTED.get(file, "source_error")), file
            assert reject.detail.startswith(tuple(expect.get("errors", [""]))), file
        elif expect["message_type"] == "work":
            (document,) = documents
            assert document.source_id == expect["DOI"].lower(), file
            assert (document.extras["type"], document.title) == (expect["type"], expect["title"]), file
            issued = "-".join(f"{part:02d}" for part in expect["issued"][0] if part)
            assert document.extras["dates"].get("issued", "") == issued, file
            assert (bool(document.abstract), bool(document.published_on)) == (expect["has_abstract"], bool(issued)), file
        else:
            page = read_works(body_of("crossref", file))
            assert (page.total, page.next_cursor) == (expect["total_results"], expect.get("next_cursor", "")), file
            assert len(documents) + len(rejects) == expect["items"], file
            assert {reject.reason for reject in rejects} <= {"not_a_document"}, file
            if rejects:
                fewer.add((file, len(rejects)))
            if expect["items"]:
                ends = [one["DOI"].lower() for one in (page.works[0], page.works[-1])]
                assert ends == [expect["first_DOI"].lower(), expect["last_DOI"].lower()], file
                assert sum(bool(document.abstract) for document in documents) == expect["with_abstract"], file
    assert fewer == set(EXPLAINED)


def test_europepmc_yields_what_its_pages_hold() -> None:
    found = {}
    for one in recordings("europepmc"):
        parsed = parse("europepmc", body_of("europepmc", one["file"]))
        found[one["file"]] = parsed.rejects[0].reason if parsed.rejects else len(parsed.documents)
        assert all(document.title and document.published_on for document in parsed.documents), one["file"]
    assert found == EUROPEPMC
    papers = parse("europepmc", body_of("europepmc", "eupmc_results.json")).documents
    assert all(document.abstract and document.identifiers.keys() >= {"doi", "pmid", "pmcid"} for document in papers)


@pytest.mark.parametrize(
    ("stem", "numbers", "records"),
    [
        ("test_cursor_max", (0, 1, 2), 60),
        ("test_cursor_max", (3, 4), 40),
        ("test_workscontainer_with_cursor", (0, 1, 2, 3), 20),
        ("cr_works_with_cursor_and_progress_bar", (0, 1, 2), 90),
    ],
)
def test_a_recorded_walk_of_crossref_is_walked_to_its_end(
    tmp_path: Path, scripted_server: Any, stem: str, numbers: tuple[int, ...], records: int
) -> None:
    server = scripted_server()
    bodies = [body_of("crossref", f"{stem}_{number:02d}.json") for number in numbers]
    server.in_order("/works", *bodies, EMPTY)
    source = replace(load_sources({"crossref": f"{server.url}/works"})["crossref"], queries=("query=widget",))
    days = Window(date(2026, 6, 1), date(2026, 6, 2))
    report = crawl(source, days, tmp_path, user_agent="observatory/0.1", allow_hosts=["127.0.0.1"], fast=True)
    landed = [read_body(tmp_path, capture) for capture in report.captures]
    assert landed == [*bodies, EMPTY]
    parsed = [parse("crossref", body) for body in landed]
    assert sum(len(one.documents) + len(one.rejects) for one in parsed) == records
    assert report.behind == ("query=widget",), "the recording ends before the total it states, and that is said"
    assert len({document.source_id for one in parsed for document in one.documents}) == sum(len(one.documents) for one in parsed)
