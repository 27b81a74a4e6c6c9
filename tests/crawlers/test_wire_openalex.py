"""OpenAlex's recorded answers, read and walked. The recordings are private; without them this is skipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawlers.landing import read_body
from crawlers.parsers.openalex_envelope import read_page
from crawlers.reading import parse
from crawlers.records import Parsed, Window
from crawlers.run import crawl
from crawlers.sources import load_sources

WIRE = Path(__file__).resolve().parents[2].parent / "shared" / "wire" / "openalex"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not WIRE.is_dir(), reason="the recorded responses do not lie beside the project"),
]

# Where we differ from what the index states, and why. Nothing else may differ.
EXPLAINED = {
    ("test_does_openalex_work_oa-in-openalex2_.json", "doi"): "a selection of fields without the work's id names nothing: a reject",
}
REJECTED = {
    "test_does_openalex_work_not-in-openalex_.html": ["html_page"],
    "test_does_openalex_work_oa-in-openalex2_.json": ["no_identifier"],
    "error_429_budget.json": ["source_error"],
    "error_400_filter.json": ["source_error"],
}
WITHOUT_EXPECTATION = {"openalex-results.json": 10, "work.json": 1, "error_429_budget.json": 0, "error_400_filter.json": 0}


def recordings() -> Iterator[tuple[str, Any, Parsed]]:
    for line in (WIRE / "recordings.jsonl").read_text(encoding="utf-8").splitlines():
        facts = json.loads(line)
        body = (WIRE / facts["file"]).read_bytes()
        yield facts["file"], facts.get("expect") or {}, parse("openalex", body, facts.get("url", ""), facts.get("headers"))


def list_facts(parsed: Parsed) -> dict[str, Any]:
    ids = [f"https://openalex.org/{one.source_id}" for one in parsed.documents] or [None]
    return {
        "results": len(parsed.documents),
        "first": ids[0],
        "last": ids[-1],
        "with_abstract": sum(bool(one.abstract) for one in parsed.documents),
        "null_doi": sum("doi" not in one.identifiers for one in parsed.documents),
        "retracted": sum(one.state == "retracted" for one in parsed.documents),
    }


def work_facts(parsed: Parsed) -> dict[str, Any]:
    if len(parsed.documents) != 1:
        return {}
    (one,) = parsed.documents
    return {
        "id": f"https://openalex.org/{one.source_id}",
        "doi": f"https://doi.org/{one.identifiers['doi']}",
        "publication_date": str(one.published_on),
        "title": one.title,
        "has_abstract": bool(one.abstract),
    }


def test_openalex_yields_what_the_index_states() -> None:
    found: set[tuple[str, str]] = set()
    count = 0
    for file, expect, parsed in recordings():
        count += 1
        ours = list_facts(parsed) if "results" in expect else work_facts(parsed)
        stated = {name: value for name, value in expect.items() if name not in {"meta", "open_access"}}
        found |= {(file, name) for name, value in stated.items() if ours.get(name) != value}
        if "results" in expect:
            page, meta = read_page((WIRE / file).read_bytes()), expect["meta"]
            assert (page.total, page.cursor) == (meta["count"], meta.get("next_cursor") or ""), file
        assert [one.reason for one in parsed.rejects] == REJECTED.get(file, []), file
        assert len(parsed.documents) == WITHOUT_EXPECTATION.get(file, len(parsed.documents)), file
        assert all(one.published_on and one.available_on for one in parsed.documents), file
    assert count == 17
    assert found == set(EXPLAINED)


def test_the_recorded_pages_are_walked_to_their_end(tmp_path: Path, scripted_server: Any) -> None:
    server = scripted_server()
    pages = [(WIRE / f"cursor_page_{number}.json").read_bytes() for number in range(6)]
    server.in_order("/works", *pages)
    source = replace(load_sources({"openalex": f"{server.url}/works"})["openalex"], queries=("type:article",))
    window = Window(date(1900, 1, 1), date(2025, 12, 31))
    report = crawl(source, window, tmp_path, user_agent="t/1", allow_hosts=["127.0.0.1"], fast=True)
    assert (report.complete, report.problems) == (True, ())
    assert [read_body(tmp_path, one) for one in report.captures] == pages
    walked = [one.source_id for page in pages for one in parse("openalex", page).documents]
    assert (len(walked), len(set(walked))) == (50, 50)
