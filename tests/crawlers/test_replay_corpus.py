"""Real documents through the replayed wire formats: nothing lost, nothing doubled, nothing changed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest

from crawlers.parsers import arxiv_oai, feeds, uspto_xml
from crawlers.parsers.feed_paging import read_paging
from crawlers.parsers.oai_envelope import read_envelope
from crawlers.records import Document
from crawlers.replay.corpus import Record, read_corpus
from crawlers.replay.server import split_servable
from crawlers.replay.wire_arxiv_oai import PaperArchive, wire_id
from crawlers.replay.wire_feeds import NewsArchive, entry_id
from crawlers.replay.wire_uspto import PatentArchive
from crawlers.replay.wire_uspto_xml import publication_number

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "ci_mini.parquet"
HOST = "http://127.0.0.1:1"
TODAY = date(2025, 12, 31)

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not CORPUS.exists(), reason=f"the private corpus is not beside the project ({CORPUS.name})"),
]


@pytest.fixture(scope="module")
def records() -> list[Record]:
    servable, refused = split_servable(read_corpus([CORPUS]))
    assert len(refused) < 0.1 * len(servable)
    assert all(record.id in reason for record, reason in refused)
    return servable


def words(text: str) -> list[str]:
    """Control characters are left out: the parsers take them away."""
    return "".join(" " if character.isspace() else character for character in text if not "\x7f" <= character <= "\x9f").split()


def compare(found: list[Document], due: dict[str, Record]) -> None:
    by_id = {document.source_id: document for document in found}
    assert len(by_id) == len(found)
    assert by_id.keys() == due.keys()
    for key, record in due.items():
        document = by_id[key]
        assert words(document.title) == words(record.title)
        assert words(document.abstract) == words(record.abstract)
        assert document.published_on == record.published


def test_papers(records: list[Record]) -> None:
    papers = [record for record in records if record.kind == "paper"]
    archive, query, found = PaperArchive(papers, page_size=1000), "verb=ListRecords&metadataPrefix=arXiv", list[Document]()
    while query:
        body = archive.answer(parse_qsl(query), f"{HOST}/oai", TODAY).body
        found += arxiv_oai.parse(body).documents
        token = read_envelope(body).token
        query = urlencode({"verb": "ListRecords", "resumptionToken": token}) if token else ""
    compare(found, {wire_id(paper): paper for paper in papers})


def test_patents(records: list[Record]) -> None:
    patents = [record for record in records if record.kind == "patent" and record.published and record.published.year >= 2019]
    archive = PatentArchive(patents)
    listing = json.loads(archive.listing([], HOST, TODAY).body)
    files = listing["bulkDataProductBag"][0]["productFileBag"]["fileDataBag"]
    bodies = [archive.file(entry["fileDownloadURI"].removeprefix(HOST), TODAY).body for entry in files]
    compare(
        [document for body in bodies for document in uspto_xml.parse(body).documents],
        {"".join("".join(publication_number(patent)).split()): patent for patent in patents},
    )


def test_news(records: list[Record]) -> None:
    news = [record for record in records if record.kind == "news"]
    archive, found = NewsArchive(news, page_size=1), dict[str, Document]()
    for feed in archive.feeds(HOST):
        url: str | None = feed.url
        while url:
            body = archive.answer(url.removeprefix(HOST), HOST, TODAY).body
            found |= {document.source_id: document for document in feeds.parse(body, url=url).documents}
            url = read_paging(body, url).prev_archive
    assert {key: document.published_on for key, document in found.items()} == {entry_id(story): story.published for story in news}
