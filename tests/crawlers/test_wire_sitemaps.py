"""The sitemap reader against every recorded sitemap. The recordings are private; without them this is skipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawlers.parsers.sitemap_entries import Sitemap, read_sitemap
from crawlers.reading import parse
from crawlers.rejects import UnreadableError

WIRE = Path(__file__).resolve().parents[2].parent / "shared" / "wire" / "sitemaps"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not WIRE.is_dir(), reason="the recorded sitemaps do not lie beside the project"),
]

# Where our number of addresses differs from the index's number of <loc>, and why. Nothing else may differ.
EXPLAINED = {
    "hebdenbridgetimes-articles-sitemap.xml": (74, "74 pages; the other 94 <loc> are addresses of their pictures"),
    "sitemap.index.xml": (15, "the addresses stand in <sitemap> without <loc>"),
    "sitemap.txt": (2, "a list of addresses in text has no <loc>"),
}


def read(body: bytes) -> Sitemap | None:
    try:
        return read_sitemap(body)
    except UnreadableError:
        return None


def test_sitemaps_yield_what_the_index_states() -> None:
    files = [json.loads(line) for line in (WIRE / "recordings.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(files) == 7
    different = set()
    for facts in files:
        file, expect = facts["file"], facts["expect"]
        sitemap, parsed = read((WIRE / file).read_bytes()), parse("sitemaps", (WIRE / file).read_bytes())
        count = len(sitemap.entries) if sitemap else 0
        if count != expect["loc"]:
            different.add((file, count))
        assert len(parsed.documents) == expect["news"], file
        assert [str(one.published_on) for one in parsed.documents] == expect["publication_date"], file
        assert [one.reason for one in parsed.rejects] == (["unknown_format"] if file == "atom.xml" else []), file
    assert different == {(file, count) for file, (count, _) in EXPLAINED.items()}
