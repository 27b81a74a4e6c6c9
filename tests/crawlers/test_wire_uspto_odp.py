"""The Open Data Portal's parser and spider against every recorded answer. The recordings are private; without them this is skipped."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from crawlers.landing import read_body
from crawlers.reading import parse
from crawlers.records import Window
from crawlers.run import crawl
from crawlers.sources import load_sources

WIRE = Path(__file__).resolve().parents[2].parent / "shared" / "wire" / "uspto_odp"
NO_HITS = WIRE / "test_get_transactions_00.json"
PATH = "/api/v1/patent/applications/search"
DAY = Window(date(2024, 5, 22), date(2024, 5, 22))

pytestmark = [pytest.mark.real, pytest.mark.skipif(not WIRE.is_dir(), reason="the recorded responses do not lie beside the project")]

# Answers that describe no publication: (rejects, why); nothing else may be rejected.
EXPLAINED: dict[str, tuple[int, str]] = {
    "test_get_continuity_data_00.json": (1, "parents and children of an application, without the application"),
    "prod_get_patent_continuity.json": (1, "the same in production"),
    "prod_get_patent_assignment.json": (1, "who sold it to whom"),
    "test_get_app_biblio_from_search_result_00.json": (1, "only the number was asked for"),
    "test_get_app_biblio_from_search_result_02.json": (1, "only the number was asked for"),
    "test_get_documents_00.json": (1, "papers of the file"),
    "prod_search_bulk_products.json": (1, "a list of products"),
    "prod_search_petitions.json": (1, "decisions on petitions"),
}


def facts() -> list[Any]:
    return [json.loads(line) for line in (WIRE / "recordings.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_portal_yields_what_the_index_states() -> None:
    rejected = {}
    for one in facts():
        file, expect = one["file"], one.get("expect") or {}
        parsed = parse("uspto_odp", (WIRE / file).read_bytes(), one.get("url", ""), one.get("headers"))
        if parsed.rejects:
            assert {each.reason for each in parsed.rejects} == {"not_a_document"}, file
            rejected[file] = len(parsed.rejects)
        described = [document.source_id for document in parsed.documents]
        if "records" in expect:
            named = described + [each.record_id for each in parsed.rejects]
            assert (len(named), named[0], named[-1]) == (expect["records"], expect["first_app"], expect["last_app"]), file
        for document in parsed.documents:
            assert document.title, file
            assert document.actors, file
            assert document.extras["dates"]["filed"], file
    assert rejected == {file: count for file, (count, _) in EXPLAINED.items()}


def test_a_walk_of_the_recorded_search_ends_with_its_25_records(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    """The recording is one page of 70,188: with that total it would be split, so the total is that of the page."""
    whole = (WIRE / "test_get_search_00.json").read_bytes()
    assert b'"count":70188' in whole
    cut = json.loads(whole)
    halves = [json.dumps({"count": 25, "patentBag": cut["patentBag"][part]}).encode() for part in (slice(20), slice(20, None))]
    source = replace(load_sources({"uspto_odp": f"{(server := scripted_server()).url}{PATH}"})["uspto_odp"], queries=("q",))
    for field, replies in (("earliestPublicationDate", halves), ("grantDate", [reply(NO_HITS.read_bytes(), 404)])):
        for offset, one in zip((0, 20), replies, strict=False):
            asked = {"q": "q", "rangeFilters": f"applicationMetaData.{field} {DAY.from_on}:{DAY.to_on}"}
            asked |= {"sort": "applicationMetaData.filingDate asc", "offset": str(offset), "limit": "100"}
            server.on(f"{PATH}?{urlencode(asked)}", one)
    report = crawl(source, DAY, tmp_path, user_agent="observatory/0.1", allow_hosts=("127.0.0.1",), fast=True)
    found = [one.source_id for capture in report.captures for one in parse("uspto_odp", read_body(tmp_path, capture)).documents]
    assert (report.complete, report.problems, len(report.captures)) == (True, (), 3)
    assert (len(found), len(set(found)), found[0], found[-1]) == (25, 25, "90019500", "18580037")
