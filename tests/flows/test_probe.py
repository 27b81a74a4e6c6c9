"""`observatory sources probe` over loopback: one request a source, and a verdict a person can act on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from nights import environment, observatory, served

from crawlers.replay.faults import Fault, FaultPlan, FaultRule
from crawlers.replay.practice import make_world


def test_each_source_is_asked_once_and_judged(tmp_path: Path) -> None:
    with served(make_world().records[::10], datetime.now(UTC).date()) as server:
        done = observatory(environment(server, tmp_path), "sources", "probe", "--json")
        assert done.returncode == 0, done.stdout
        rows = {row["source"]: row for row in json.loads(done.stdout)}
        asked = [request.target for request in server.requests if request.target != "/robots.txt"]
    assert set(rows) == {"arxiv_oai", "uspto_xml", "feeds"}
    assert all(row["verdict"] == "well" for row in rows.values())
    assert len(asked) == 3
    assert rows["feeds"]["document_count"] > 0
    kept = [path.relative_to(tmp_path / "landing") for path in (tmp_path / "landing").rglob("*") if path.is_file()]
    assert {path.parts[0] for path in kept} == {".turns"}, "a probe keeps nothing but when the host may be asked again"


def test_an_answer_nobody_understands_is_named(tmp_path: Path) -> None:
    faults = FaultPlan((FaultRule("/oai*", Fault("html")),))
    with served(make_world().records[::10], datetime.now(UTC).date(), faults=faults) as server:
        done = observatory(environment(server, tmp_path), "sources", "probe", "--source", "arxiv_oai", "--json")
    assert done.returncode == 3, done.stderr
    (row,) = json.loads(done.stdout)
    assert (row["verdict"], row["status"]) == ("bad", 200)
    assert "html_page" in row["said"]
