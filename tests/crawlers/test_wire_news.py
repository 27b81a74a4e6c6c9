"""The feeds in JSON that were recorded. Their index states nothing, so they are held against their own items."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawlers.reading import parse

WIRE = Path(__file__).resolve().parents[2].parent / "shared" / "wire" / "feeds_json"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not WIRE.is_dir(), reason="the recorded responses do not lie beside the project"),
]

# Not feeds: what a library made of two of them.
NO_FEEDS = {"jsonfeed_example_1.serde.json", "jsonfeed_spec_1.serde.json"}


def test_feeds_in_json_yield_their_items() -> None:
    files = [json.loads(line)["file"] for line in (WIRE / "recordings.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(files) == 5
    for file in files:
        body = (WIRE / file).read_bytes()
        parsed = parse("feeds_json", body)
        if file in NO_FEEDS:
            assert (parsed.documents, [one.reason for one in parsed.rejects]) == ((), ["unknown_format"])
            continue
        items = json.loads(body)["items"]
        assert parsed.rejects == ()
        assert [one.source_id for one in parsed.documents] == [one["id"] for one in items], file
        assert [one.url for one in parsed.documents] == [one["url"] for one in items], file
        assert [one.extras["published_raw"] for one in parsed.documents] == [one["date_published"] for one in items], file
        assert all(one.title and one.abstract and one.published_on and one.actors for one in parsed.documents), file
