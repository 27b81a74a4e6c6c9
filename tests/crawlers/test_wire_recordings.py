"""The parsers against every recorded response of the real sources. The recordings are private; without them this is skipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawlers.reading import parse
from crawlers.records import Document, Parsed

WIRE = Path(__file__).resolve().parents[2].parent / "shared" / "wire"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not WIRE.is_dir(), reason="the recorded responses do not lie beside the project"),
]

# Where we differ from what the recordings' index states, and why. Nothing else may differ.
FEEDBURNER = "the outlet's own address (feedburner:origLink), not the counting proxy"
TRACKING = "tracking parameters are taken off"
NOT_AN_ADDRESS = "a tag: or urn: identifier is no address; the entry keeps it as its guid"
NO_BASE = "the saved file does not say where the feed lay, so a relative link has no base"
HTML_TITLE = "markup and entities are taken out of titles"
NEITHER = "neither title nor link: a reject, not a document"
EXPLAINED: dict[tuple[str, str], str] = {
    ("LI_hepth_p00.xml", "records"): "headers of ListIdentifiers describe no work",
    ("atom_example_3.xml", "link"): FEEDBURNER,
    ("encoding.rss", "link"): FEEDBURNER,
    ("TechCrunch.xml", "link"): FEEDBURNER,
    ("rss_2.0_wirecutter.xml", "link"): TRACKING,
    ("heise.atom", "link"): TRACKING,
    ("atom_example_7.xml", "link"): NOT_AN_ADDRESS,
    ("atom_pub_spec_1.xml", "link"): NOT_AN_ADDRESS,
    ("rss-with-relative-urls.xml", "link"): NO_BASE,
    ("rss_0.91_encoding_1.xml", "link"): "host names are written small",
    ("rss_1.0_example_1.xml", "link"): "the link is relative and is resolved against the channel's address",
    ("craigslist.rss", "title"): HTML_TITLE,
    ("google_alerts_atom.xml", "title"): HTML_TITLE,
    ("rss_0.92_spec_1.xml", "entries"): NEITHER,
    ("rss_2.0_ghost_1.xml", "entries"): NEITHER,
    ("incomplete-fields.atom", "entries"): NEITHER,
    ("missing-fields.atom", "entries"): NEITHER,
}
REJECTED = {
    "cpcMaster.xml": ["not_a_document"],
    "rss_0.92_spec_1.xml": ["no_title_and_link"] * 3,
    "rss_2.0_ghost_1.xml": ["no_title_and_link"],
    "incomplete-fields.atom": ["no_title_and_link"],
    "missing-fields.atom": ["no_title_and_link"],
    "rss_2.0_invalid_1.xml": ["truncated"],
    "InvalidDateFormat.xml": ["truncated"],
    "notafeed.html": ["html_page"],
}


def recordings(source: str) -> Iterator[tuple[str, Any, Parsed]]:
    for line in (WIRE / source / "recordings.jsonl").read_text(encoding="utf-8").splitlines():
        facts = json.loads(line)
        body = (WIRE / source / facts["file"]).read_bytes()
        yield facts["file"], facts.get("expect") or {}, parse(source, body, facts.get("url", ""), facts.get("headers"))


def unexplained(found: set[tuple[str, str]], files: set[str]) -> set[tuple[str, str]]:
    """Differences without a reason, and reasons without a difference."""
    return found ^ {key for key in EXPLAINED if key[0] in files}


def bare(identifier: str) -> str:
    return identifier.removeprefix("oai:arXiv.org:")


def test_arxiv_yields_what_the_index_states() -> None:
    found: set[tuple[str, str]] = set()
    files, walked = set(), []
    whole: Any = None
    for file, expect, parsed in recordings("arxiv_oai"):
        files.add(file)
        documents = parsed.documents
        if "records" in expect and len(documents) != expect["records"]:
            found.add((file, "records"))
        if "records" in expect and documents:
            ends = [(one.source_id, one.extras["datestamp"]) for one in (documents[0], documents[-1])]
            stated = [(bare(expect[end]), expect[f"{end}_datestamp"]) for end in ("first", "last")]
            assert ends == stated, file
            assert sum(one.state == "deleted" for one in documents) == expect["deleted"], file
        codes = [one.detail.partition(":")[0] for one in parsed.rejects]
        assert codes == expect.get("errors", []), file
        assert {one.reason for one in parsed.rejects} <= {"oai_error"}, file
        if file.startswith("LR_"):
            walked += [one.source_id for one in documents]
            whole = expect["whole_walk"]
    assert unexplained(found, files) == set()
    assert (len(walked), len(set(walked))) == (whole["records"], whole["unique_ids"])
    assert (walked[0], walked[-1]) == (bare(whole["first"]), bare(whole["last"]))


def test_uspto_yields_what_the_index_states() -> None:
    for file, expect, parsed in recordings("uspto_xml"):
        documents = parsed.documents
        assert [one.reason for one in parsed.rejects] == REJECTED.get(file, []), file
        assert len(documents) == (0 if file in REJECTED else expect.get("documents", 1)), file
        if "publication" in expect:
            country, number, kind, day = expect["publication"]
            (one,) = documents
            assert one.source_id == f"{country}{number}{kind}", file
            assert f"{one.published_on:%Y%m%d}" == day, file
            assert one.title == expect["title"], file
        if "claims" in expect:
            assert documents[0].extras["claims_count"] == expect["claims"], file
        for one in documents:  # the generations whose index says little must still be read in full
            assert one.title, file
            assert one.abstract, file
            assert one.published_on, file
            assert {actor.role for actor in one.actors} >= {"inventor"}, file
            assert {code.scheme for code in one.codes} >= {"ipc"}, file


def feed_differences(file: str, expect: Any, parsed: Parsed) -> set[tuple[str, str]]:
    documents = parsed.documents
    found = set()
    if len(documents) != expect["entries"]:
        found.add((file, "entries"))
    elif documents:
        undated = sum(one.published_on is None for one in documents)
        assert undated == expect["undated"], file
        assert sum("guid" not in one.extras for one in documents) == expect["no_id"], file
        for one, stated in ((documents[0], expect["first"]), (documents[-1], expect["last"])):
            found |= {(file, name) for name in entry_differences(one, stated)}
    return found


def entry_differences(one: Document, stated: Any) -> set[str]:
    ours = {"id": one.extras.get("guid"), "link": one.url, "title": one.title[:100]}
    said = one.extras.get("published_raw") or one.extras.get("updated_raw")
    return {name for name, value in ours.items() if name in stated and stated[name] != value} | (
        {"published"} if stated["published"] != said else set()
    )


def test_feeds_yield_what_the_index_states() -> None:
    found: set[tuple[str, str]] = set()
    files = set()
    for file, expect, parsed in recordings("feeds"):
        files.add(file)
        found |= feed_differences(file, expect, parsed)
        assert [one.reason for one in parsed.rejects] == REJECTED.get(file, []), file
    assert unexplained(found, files) == set()
