"""The replayed OAI-PMH archive: every record exactly once, in arXiv's own envelope, tokens and errors."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawlers.parsers.arxiv_oai import parse
from crawlers.replay.corpus import Record
from crawlers.replay.wire_arxiv_oai import PaperArchive

TODAY = date(2024, 3, 31)
ADDRESS = "http://127.0.0.1:1/oai"
OAI = "{http://www.openarchives.org/OAI/2.0/}"


def paper(number: int, day: date, **changes: Any) -> Record:
    values: dict[str, Any] = {
        "source": "arxiv",
        "kind": "paper",
        "id": f"arxiv:2403.{number:05d}",
        "title": f"On <b> & {number}",
        "abstract": "Line one.\nLine two & more.",
        "published": day,
        "authors": ("Ada van Lovelace", "Plato"),
        "orgs": ("Lab & Sons, Bonn", "Second Lab"),
        "categories": ("cs.LG", "quant-ph"),
        "licence": "simulated",
    }
    return Record(**(values | changes))


def ask(archive: PaperArchive, query: str, today: date = TODAY) -> bytes:
    return archive.answer(parse_qsl(query, keep_blank_values=True), ADDRESS, today).body


def error_of(body: bytes) -> str | None:
    found = etree.fromstring(body).find(f"{OAI}error")
    return None if found is None else found.get("code")


def walk(archive: PaperArchive, query: str, today: date = TODAY) -> list[bytes]:
    pages = []
    while True:
        pages.append(ask(archive, query, today))
        token = etree.fromstring(pages[-1]).findtext(f".//{OAI}resumptionToken")
        if not token:
            return pages
        query = urlencode({"verb": "ListRecords", "resumptionToken": token})


def test_a_record_survives_the_wire() -> None:
    original = paper(1, date(2024, 3, 1), updated=date(2024, 3, 2), extras={"comments": "9 pages", "doi": "10.1/x"})
    parsed = parse(ask(PaperArchive([original]), "verb=ListRecords&metadataPrefix=arXiv"))
    (document,) = parsed.documents
    assert parsed.rejects == ()
    assert (document.source_id, document.title, document.published_on) == ("2403.00001", original.title, original.published)
    assert document.abstract.split() == original.abstract.split()
    assert [actor.name for actor in document.actors if actor.role == "author"] == ["Ada van Lovelace", "Plato"]
    assert [actor.name for actor in document.actors if actor.role == "organisation"] == list(original.orgs)
    assert [code.code for code in document.codes] == ["cs.LG", "quant-ph"]
    assert (document.updated_on, document.licence) == (original.updated, "simulated")


@given(
    days=st.lists(st.integers(0, 6), max_size=40),
    page_size=st.integers(1, 9),
    window=st.tuples(st.integers(0, 6), st.integers(0, 6)).map(sorted),
)
def test_a_walk_meets_every_record_of_the_window_once(days: list[int], page_size: int, window: list[int]) -> None:
    start = date(2024, 3, 1)
    papers = [paper(number, start + timedelta(days=day)) for number, day in enumerate(days)]
    first, last = (start + timedelta(days=edge) for edge in window)
    due = Counter(one.id.removeprefix("arxiv:") for one in papers if one.published and first <= one.published <= last)
    pages = walk(PaperArchive(papers, page_size=page_size), f"verb=ListRecords&metadataPrefix=arXiv&from={first}&until={last}")
    assert Counter(document.source_id for page in pages for document in parse(page).documents) == due
    assert all(len(parse(page).documents) <= page_size for page in pages)
    assert (error_of(pages[0]) == "noRecordsMatch") == (not due)


def test_the_token_has_arxivs_own_form() -> None:
    papers = [paper(number, date(2024, 3, 1 + number // 4)) for number in range(8)]
    first = ask(PaperArchive(papers, page_size=3), "verb=ListRecords&metadataPrefix=arXiv&from=2024-03-01&until=2024-03-09")
    token = etree.fromstring(first).find(f".//{OAI}resumptionToken")
    assert token is not None
    assert token.text == "verb%3DListRecords%26metadataPrefix%3DarXiv%26from%3D2024-03-01%26until%3D2024-03-09%26skip%3D3"
    assert token.get("expirationDate") == "2024-04-01T00:00:00Z"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("verb=Nope", "badVerb"),
        ("", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=nope", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=arXiv&from=2005-09-15", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&from=2024-04-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&until=2024-04-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&from=2024-03-09&until=2024-03-08", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&from=20240301", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&set=nonexistent", "badArgument"),
        ("verb=ListRecords&resumptionToken=garbage", "badResumptionToken"),
        ("verb=ListRecords&metadataPrefix=arXiv&from=2010-01-01&until=2010-01-02", "noRecordsMatch"),
        ("verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:9999.99999", "idDoesNotExist"),
    ],
)
def test_errors_are_those_of_the_protocol(query: str, code: str) -> None:
    assert error_of(ask(PaperArchive([paper(1, date(2024, 3, 1))]), query)) == code


def test_sets_choose_by_group_archive_and_category() -> None:
    archive = PaperArchive([paper(1, date(2024, 3, 1)), paper(2, date(2024, 3, 1), categories=("cond-mat.soft",))])
    for wanted, ids in [("cs", ["2403.00001"]), ("cs:cs:LG", ["2403.00001"]), ("physics:cond-mat", ["2403.00002"]), ("cs:cs:L", [])]:
        body = ask(archive, f"verb=ListRecords&metadataPrefix=arXiv&set={wanted}")
        assert [document.source_id for document in parse(body).documents] == ids


def test_nothing_of_the_future_is_shown_and_a_new_version_replaces_the_old() -> None:
    old = paper(1, date(2024, 3, 1), available_on=date(2024, 3, 1))
    new = paper(1, date(2024, 3, 1), title="Second version", updated=date(2024, 3, 20), available_on=date(2024, 3, 20))
    archive = PaperArchive([new, old, paper(2, date(2024, 4, 1))])
    query = "verb=ListRecords&metadataPrefix=arXiv"
    assert error_of(ask(archive, query, date(2024, 2, 29))) == "noRecordsMatch"
    assert [document.title for document in parse(ask(archive, query, date(2024, 3, 19))).documents] == [old.title]
    (document,) = parse(ask(archive, query)).documents
    assert (document.title, document.updated_on) == ("Second version", date(2024, 3, 20))
    assert b"<datestamp>2024-03-20</datestamp>" in ask(archive, query)


def test_a_month_is_public_when_it_is_over() -> None:
    archive = PaperArchive([paper(1, date(2024, 2, 1), date_precision="month")])
    assert b"<datestamp>2024-02-29</datestamp>" in ask(archive, "verb=ListIdentifiers&metadataPrefix=arXiv")
    assert error_of(ask(archive, "verb=ListRecords&metadataPrefix=arXiv", date(2024, 2, 28))) == "noRecordsMatch"


def test_a_record_without_publication_date_has_no_created() -> None:
    archive = PaperArchive([paper(1, date(2024, 3, 1), published=None, available_on=date(2024, 3, 1))])
    assert b"<created>" not in ask(archive, "verb=ListRecords&metadataPrefix=arXiv")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"published": None}, "no date"),
        ({"categories": ("Deep learning",)}, "space"),
        ({"authors": ()}, "no author"),
    ],
)
def test_what_the_format_cannot_carry_is_refused_by_name(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=rf"arxiv:2403\.00001.*{reason}"):
        PaperArchive([paper(1, date(2024, 3, 1), **changes)])
