"""The Lens's recorded answer, read and walked. The recordings are private; without them this is skipped."""

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

WIRE = Path(__file__).resolve().parents[2].parent / "shared" / "wire" / "lens"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not WIRE.is_dir(), reason="the recorded responses do not lie beside the project"),
]


def test_the_lens_yields_what_the_index_states(tmp_path: Path, scripted_server: Any) -> None:
    (facts,) = (json.loads(line) for line in (WIRE / "recordings.jsonl").read_text(encoding="utf-8").splitlines())
    body = (WIRE / facts["file"]).read_bytes()
    parsed = parse("lens", body, facts["url"], facts["headers"])
    (one,) = parsed.documents
    assert (len(parsed.documents), len(parsed.rejects)) == (facts["expect"]["records"], 0)
    assert one.source_id == facts["expect"]["first"]
    assert (one.identifiers["publication"], str(one.published_on), one.lang) == ("EP2471949A1", "2012-07-04", "en")
    assert one.title.startswith("Method for the identification")
    assert [(actor.role, actor.country) for actor in one.actors] == [("assignee", "ES")] + [("inventor", "ES")] * 5
    assert [code.code for code in one.codes] == ["C12Q1/6881", "C12Q2600/156", "A61K35/14", "C12Q1/68"]
    assert one.extras["owners"] == ["PROGENIKA BIOPHARMA, S.A."]

    server = scripted_server()
    server.in_order("/patent/search", body)
    source = replace(load_sources({"lens": f"{server.url}/patent/search"})["lens"], queries=("lens_id:031-156-664-516-153",))
    window = Window(date(2012, 7, 1), date(2012, 7, 31))
    report = crawl(source, window, tmp_path, user_agent="t/1", allow_hosts=["127.0.0.1"], fast=True)
    assert (report.complete, [read_body(tmp_path, capture) for capture in report.captures]) == (True, [body])
