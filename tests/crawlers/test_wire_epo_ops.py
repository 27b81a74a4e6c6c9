"""The EPO parser and spider against every recorded answer of OPS. The recordings are private; without them this is skipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawlers.landing import read_body
from crawlers.reading import parse
from crawlers.records import Parsed, Window
from crawlers.run import crawl
from crawlers.sources import load_sources

WIRE = Path(__file__).resolve().parents[2].parent / "shared" / "wire" / "epo_ops"
SEARCH = "/3.2/rest-services/published-data/search/biblio,abstract"
DAY = Window(date(2024, 5, 22), date(2024, 5, 22))
LAST_OF_TITLE = 80  # the index cuts titles

pytestmark = [pytest.mark.real, pytest.mark.skipif(not WIRE.is_dir(), reason="the recorded responses do not lie beside the project")]

# What the parser rejects, and why; nothing else may be rejected.
BARE = "references without bibliographic data describe no work: each is a reject that names it"
EXPLAINED: dict[str, tuple[str, int, str]] = {
    "TestSearchApi.test_search_00.xml": ("not_a_document", 100, BARE),
    "TestPublished.test_inpadoc_manager_00.xml": ("not_a_document", 100, BARE),
    "TestPublished.test_inpadoc_manager_01.xml": ("not_a_document", 20, BARE),
    "TestPublished.test_can_index_inpadoc_result_00.xml": ("not_a_document", 1, BARE),
    "TestPublished.test_can_index_inpadoc_result_01.xml": ("not_a_document", 1, BARE),
    "search_range_1-25.xml": ("not_a_document", 25, BARE),
    "search_range_26-50.xml": ("not_a_document", 25, BARE),
    "search_range_51-75.xml": ("not_a_document", 25, BARE),
    "search_range_76-100.xml": ("not_a_document", 25, BARE),
    "live2025_search.xml": ("not_a_document", 5, BARE),
    "TestPublished.test_get_family_from_result_01.xml": ("not_a_document", 20, BARE),
    "family_invalid_token_then_ok_02.xml": ("not_a_document", 6, BARE),
    "TestPublished.test_get_claims_from_result_01.xml": ("not_a_document", 1, "claims are no publication of their own"),
    "TestNumberServiceApi.test_docdb_to_epodoc_00.xml": ("not_a_document", 1, "a number is no publication"),
    "TestNumberServiceApi.test_original_to_docdb_pct_00.xml": ("not_a_document", 1, "a number is no publication"),
    "token_response.json": ("not_xml", 1, "the answer to signing in is never landed, let alone read"),
    "family_invalid_token_then_ok_00.xml": ("source_error", 1, "the spider signs in again and asks once more"),
    "error_401_bad_client_06.xml": ("source_error", 1, "the key is wrong"),
    "error_403_quota_00.xml": ("source_error", 1, "the quota is used up"),
    "error_404.xml": ("source_error", 1, "an invented body, unlike the recorded 404 without hits, which is an empty answer"),
    "error_429.xml": ("source_error", 1, "a fault inside 200"),
}


def recordings() -> Iterator[tuple[str, Any, Parsed]]:
    for line in (WIRE / "recordings.jsonl").read_text(encoding="utf-8").splitlines():
        facts = json.loads(line)
        body = (WIRE / facts["file"]).read_bytes()
        yield facts["file"], facts.get("expect") or {}, parse("epo_ops", body, facts.get("url", ""), facts.get("headers"))


def test_ops_yields_what_the_index_states() -> None:
    rejected = {}
    for file, expect, parsed in recordings():
        if parsed.rejects:
            (reason,) = {one.reason for one in parsed.rejects}
            rejected[file] = (reason, len(parsed.rejects))
        named = [one.record_id for one in parsed.rejects]
        assert len(named) == expect.get("references", expect.get("family_members", len(named))), file
        if "references" in expect:
            assert [named[0], named[-1]] == [expect["first"], expect["last"]], file
        documents = parsed.documents
        assert [one.source_id for one in documents] == expect.get("exchange_documents", []), file
        if documents:
            first = documents[0]
            family = expect["family_id"]
            assert first.identifiers.get("family") == (f"docdb:{family}" if family else None), file
            assert {lang: title[:LAST_OF_TITLE] for lang, title in titles(first).items()} == expect["titles"], file
            assert sorted(first.extras.get("abstracts", [first.lang])) == expect["abstract_langs"], file
            assert [f"{first.published_on:%Y%m%d}"] == expect["pub_date"], file
            assert {actor.country for actor in first.actors} <= {"NL", "US", "FI"}, file
    assert rejected == {file: (reason, count) for file, (reason, count, _) in EXPLAINED.items()}


def titles(document: Any) -> dict[str, str]:
    return document.extras.get("titles") or ({document.lang: document.title} if document.title else {})


def walk(server: Any, root: Path, *replies: Any) -> tuple[Any, list[str]]:
    """The report and every publication the landed pages name, in landing order."""
    server.in_order(SEARCH, *replies)
    source = replace(load_sources({"epo_ops": f"{server.url}/3.2/rest-services"})["epo_ops"], queries=("cl=H01M",))
    report = crawl(source, DAY, root, user_agent="observatory/0.1", allow_hosts=("127.0.0.1",), fast=True)
    parsed = [parse("epo_ops", read_body(root, one)) for one in report.captures]
    return report, [str(one.record_id) for page in parsed for one in page.rejects]


def body(name: str, *changes: tuple[bytes, bytes]) -> bytes:
    whole = (WIRE / name).read_bytes()
    for old, new in changes:
        assert old in whole
        whole = whole.replace(old, new)
    return whole


def test_the_walk_of_four_pages_ends_with_all_hundred(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    names = ("1-25", "26-50", "51-75", "76-100")
    report, found = walk(server, tmp_path, *(body(f"search_range_{name}.xml") for name in names))
    assert (report.complete, report.problems, len(report.captures)) == (True, (), 4)
    assert (len(found), len(set(found)), found[0], found[-1]) == (100, 100, "CA.3237865.A1", "WO.2024085310.A1")
    assert [one.target.partition("Range=")[2] for one in server.asked if SEARCH in one.target] == ["1-100", "26-125", "51-150", "76-175"]


def test_the_tesla_walk_ends_with_its_two_pages(tmp_path: Path, scripted_server: Any) -> None:
    """The recording stops after 2 of 4,495: with that total it would be split, so the total is that of the pages there are."""
    pages = [body(f"TestPublished.test_can_index_inpadoc_result_0{number}.xml", (b'"4495"', b'"2"')) for number in (0, 1)]
    report, found = walk(scripted_server(), tmp_path, *pages)
    assert (report.complete, report.problems, found) == (True, (), ["US.2024163973.A1", "MX.2023010407.A"])


def test_the_inpadoc_walk_ends_with_its_page_and_a_capped_total_is_split(tmp_path: Path, scripted_server: Any, reply: Any) -> None:
    whole = body("TestPublished.test_inpadoc_manager_00.xml")
    report, found = walk(scripted_server(), tmp_path / "read", whole.replace(b'"10000"', b'"100"'))
    assert (report.complete, report.problems) == (True, ())
    assert (len(found), len(set(found)), found[0], found[-1]) == (100, 100, "CA.217555.S", "US.11969646.B1")
    none = reply(body("error_404_no_results_31.xml"), 404)
    server = scripted_server()
    report, found = walk(server, tmp_path / "split", whole, none)
    assert (report.complete, report.problems, len(found)) == (True, (), 100)
    assert sum(SEARCH in one.target for one in server.asked) == 1 + len("ABCDEFGH") + 1


def test_the_recorded_dead_token_is_renewed(tmp_path: Path, scripted_server: Any, reply: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPO_OPS_KEY", "key:secret")
    server = scripted_server()
    server.on("/3.2/auth/accesstoken", body("token_response.json"), body("token_response.json", (b"REDACTED", b"ANOTHER")))
    dead = reply(body("family_invalid_token_then_ok_00.xml"), 400)
    report, found = walk(server, tmp_path, dead, body("TestSearchApi.test_search_00.xml", (b'"10000"', b'"100"')))
    assert (report.complete, len(found)) == (True, 100)
    said = [one.headers["authorization"] for one in server.asked if SEARCH in one.target]
    assert said == ["Bearer REDACTED", "Bearer ANOTHER"]
