"""PubMed, bioRxiv and arXiv against their recorded answers, read and walked. The recordings are private; without them this is skipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawlers.landing import read_body
from crawlers.reading import parse
from crawlers.records import CrawlReport, Parsed, Window
from crawlers.run import crawl
from crawlers.sources import Source, load_sources

WIRE = Path(__file__).resolve().parents[2].parent / "shared" / "wire"
AGENT = "observatory/0.1 (+mailto:crawl@example.org)"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not WIRE.is_dir(), reason="the recorded responses do not lie beside the project"),
]

# The index of PubMed states nothing, so it is stated here: one document of the file's own number, except for these.
PUBMED: dict[str, tuple[list[str], list[str]]] = {
    "pubmed1.xml": (["12091962", "9997"], []),
    "pubmed2.xml": (["11748933", "11700088"], []),
    "epost1.xml": ([], ["not_a_document"]),
    "esearch1.xml": ([], ["not_a_document"]),
    "esearch3.xml": ([], ["not_a_document"]),
    "esummary1.xml": ([], ["not_a_document"]),
    "ft_search_fails_well_entrez_limit2large_00.xml": ([], ["not_a_document"]),
    "ft_search_fails_well_entrez_limit2large_01.html": ([], ["html_page"]),
    "error_in_200_retstart.json": ([], ["source_error"]),
}
NO_ABSTRACT = {"11618220", "38833988", "12091962"}
BIORXIV: dict[str, tuple[list[str], list[str]]] = {
    "details_trimmed.json": (["10.64898/2026.07.31.741992"], []),
    "pubs_trimmed.json": (["10.1101/2025.09.17.676679"], []),
    "notfound.json": ([], []),
    "empty_200.json": ([], ["empty_body"]),
}
# Where we differ from what the index of arXiv's API states, and why. Nothing else may differ.
ARXIV_REJECTS = {
    "id_abc_s0_m100_b79c8dcf6bc3.xml": ["source_error"],  # the one entry is an error, not a paper
    "error_429_rate_exceeded.txt": ["not_xml"],
}


def recordings(source: str) -> Iterator[tuple[str, Any, bytes, Parsed]]:
    for line in (WIRE / source / "recordings.jsonl").read_text(encoding="utf-8").splitlines():
        facts = json.loads(line)
        body = (WIRE / source / facts["file"]).read_bytes()
        yield facts["file"], facts, body, parse(source, body, facts.get("url", ""), facts.get("headers"))


def outcome(parsed: Parsed) -> tuple[list[str], list[str]]:
    return [one.source_id for one in parsed.documents], [one.reason for one in parsed.rejects]


def test_pubmed_gives_one_document_a_record() -> None:
    seen = set()
    for file, _, _, parsed in recordings("pubmed"):
        seen.add(file)
        assert outcome(parsed) == PUBMED.get(file, ([file.removesuffix(".xml")], [])), file
        for one in parsed.documents:
            assert one.title, file
            assert bool(one.abstract) is (one.source_id not in NO_ABSTRACT), file
            assert one.published_on, file
            assert one.available_on, file
            assert one.actors, file
            assert one.identifiers["pmid"] == one.source_id, file
    assert len(seen) == 30
    assert set(PUBMED) <= seen


def test_pubmed_says_how_records_hang_together() -> None:
    (correction,) = parse("pubmed", (WIRE / "pubmed" / "38833988.xml").read_bytes()).documents
    (link,) = correction.extras["relations"]
    assert (link["relation"], link["pmid"], link["doi"]) == ("corrects", "33279609", "10.1016/j.bbamcr.2020.118918")
    (structured,) = parse("pubmed", (WIRE / "pubmed" / "31588070.xml").read_bytes()).documents
    assert [structured.abstract.count(f"{label}: ") for label in ("PURPOSE", "METHODS", "RESULTS", "CONCLUSIONS")] == [1, 1, 1, 1]
    assert (str(structured.published_on), structured.identifiers["pmcid"]) == ("2019-10-05", "PMC7184035")


def test_biorxiv_yields_what_the_index_states() -> None:
    assert {file: outcome(parsed) for file, _, _, parsed in recordings("biorxiv")} == BIORXIV


def test_arxiv_api_yields_what_the_index_states() -> None:
    for file, facts, _, parsed in recordings("arxiv_api"):
        expect, documents = facts["expect"], parsed.documents
        assert [one.reason for one in parsed.rejects] == ARXIV_REJECTS.get(file, []), file
        assert len(documents) + len(parsed.rejects) == expect.get("entries", 1), file
        for one, stated in zip((documents[0], documents[-1]), (expect["first"], expect["last"]), strict=True) if documents else ():
            said = f"http://arxiv.org/abs/{one.source_id}v{one.extras['version']}", one.extras["dates"]
            assert said == (stated["id"], {name: stated[name] for name in ("published", "updated")}), file
            assert stated.get("title", one.title) == one.title, file


def gather(source: Source, root: Path, window: Window) -> tuple[CrawlReport, list[str]]:
    report = crawl(source, window, root, user_agent=AGENT, allow_hosts=("127.0.0.1",), fast=True)
    bodies = (read_body(root, one) for one in report.captures)
    return report, [one.source_id for body in bodies for one in parse(source.name, body).documents]


def query_of(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def test_arxivs_own_server_is_walked_to_its_end(tmp_path: Path, scripted_server: Any) -> None:
    pages = [(facts, body) for file, facts, body, _ in recordings("arxiv_oai") if file.startswith("LR_")]
    whole = pages[0][0]["expect"]["whole_walk"]
    server = scripted_server()
    server.in_order("/oai", *(body for _, body in pages))
    source = load_sources({"arxiv_oai": f"{server.url}/oai"})["arxiv_oai"]
    report, found = gather(source, tmp_path, Window(date(2010, 1, 1), date(2026, 11, 22)))
    assert (report.complete, report.problems, len(report.captures)) == (True, (), len(pages))
    assert (len(found), len(set(found))) == (whole["records"], whole["unique_ids"])
    assert [f"oai:arXiv.org:{one}" for one in (found[0], found[-1])] == [whole["first"], whole["last"]]
    asked = [query_of(one.target) for one in server.asked if one.target.startswith("/oai")]
    assert asked[1:] == [query_of(facts["url"]) for facts, _ in pages[1:]], "each token is url-encoded once more"


def test_arxivs_api_is_walked_to_its_end(tmp_path: Path, scripted_server: Any) -> None:
    pages = [(facts, body) for file, facts, body, _ in recordings("arxiv_api") if file.startswith("q_testing")]
    total = f"totalResults>{pages[0][0]['expect']['totalResults']}<".encode()
    server = scripted_server()
    # Six pages of 214,881 results were recorded: they are walked as if they were all.
    server.in_order("/api/query", *(body.replace(total, b"totalResults>60<") for _, body in pages))
    source = replace(load_sources({"arxiv_api": f"{server.url}/api/query"})["arxiv_api"], queries=("all:testing",))
    report, found = gather(source, tmp_path, Window(date(2020, 1, 1), date(2020, 12, 31)))
    assert (report.complete, report.problems, len(report.captures)) == (True, (), len(pages))
    assert (len(found), len(set(found))) == (60, 60)
    starts = [query_of(one.target)["start"] for one in server.asked if one.target.startswith("/api")]
    assert starts == [[str(number)] for number in range(0, 60, 10)]
