"""One test for each trap of OpenAlex, Semantic Scholar and the Lens, on invented answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.parsers.openalex import abstract_text
from crawlers.parsers.paper_identifiers import paper_identifiers
from crawlers.reading import parse
from crawlers.records import Document
from crawlers.spiders.openalex import is_spent

FIXTURES = Path(__file__).parent / "fixtures"
WORK = {"id": "https://openalex.org/W1", "title": "T", "publication_date": "2026-10-14"}


def fixture(name: str) -> dict[str, Document]:
    found = parse(name.partition("-")[0], (FIXTURES / name / "input.json").read_bytes())
    return {one.source_id: one for one in found.documents}


def read(source: str, value: Any, url: str = "") -> tuple[list[Document], list[str]]:
    parsed = parse(source, json.dumps(value).encode(), url)
    return list(parsed.documents), [one.reason for one in parsed.rejects]


def work(**facts: Any) -> Document:
    ((document,), _) = read("openalex", {"meta": {}, "results": [WORK | facts]})
    return document


@given(words=st.lists(st.sampled_from(["a", "glass", "ion", "<i>x</i>"]), max_size=30), gap=st.integers(1, 50))
def test_openalex_inverted_index_is_ordered_by_position_over_gaps(words: list[str], gap: int) -> None:
    index: dict[str, list[int]] = {}
    for position, word in enumerate(words):
        index.setdefault(word, []).append(position * gap)
    shuffled = {word: list(reversed(positions)) for word, positions in sorted(index.items(), reverse=True)}
    assert abstract_text(shuffled) == " ".join(words)


def test_openalex_null_title_doi_and_abstract() -> None:
    found = fixture("openalex-page")
    assert (found["W7000000002"].title, "doi" in found["W7000000002"].identifiers) == ("", False)
    assert (found["W7000000003"].title, found["W7000000003"].abstract) == ("", "")


def test_openalex_doi_prefix_and_case() -> None:
    for said in ("https://doi.org/10.5555/ABC", "http://dx.doi.org/10.5555/Abc", "doi:10.5555/abc", "10.5555/ABC"):
        assert work(doi=said).identifiers["doi"] == "10.5555/abc"


def test_openalex_merged_id_leads_to_the_work_that_took_it_over() -> None:
    documents, _ = read("openalex", WORK, "https://api.openalex.org/works/W99?select=id,title")
    assert (documents[0].source_id, documents[0].extras["merged_id"]) == ("W1", "W99")
    documents, _ = read("openalex", WORK, "https://api.openalex.org/works/w1")
    assert "merged_id" not in documents[0].extras


def test_openalex_retracted_flag() -> None:
    assert [work(is_retracted=flag).state for flag in (True, False, None)] == ["retracted", "live", "live"]


def test_openalex_paratext_is_no_document_and_xpac_is_flagged() -> None:
    found = fixture("openalex-page")
    assert "W7000000004" not in found
    assert [one.source_id for one in found.values() if one.extras.get("is_xpac")] == ["W7000000002"]


def test_openalex_first_of_a_month_is_not_taken_for_a_day() -> None:
    dated = [work(publication_date=said, created_date=None) for said in ("2025-01-01", "2025-06-01", "2025-06-02")]
    assert [(one.date_precision, str(one.available_on)) for one in dated] == [
        ("year", "2025-12-31"),
        ("month", "2025-06-30"),
        ("day", "2025-06-02"),
    ]
    ahead = work(publication_date="2027-02-01", created_date="2026-11-18T00:00:00")
    assert (str(ahead.published_on), str(ahead.available_on)) == ("2027-02-01", "2026-11-18")


def test_openalex_countries_come_from_authorships_and_their_institutions() -> None:
    actors = [(one.role, one.name, one.country) for one in fixture("openalex-page")["W7000000001"].actors]
    assert actors[:2] == [("author", "Mei Lin", "CN"), ("author", "J. Doe", "CN")]
    assert actors[2:] == [("organisation", "Invented University", "CN"), ("organisation", "Institut für Beispiele", "DE")]


@pytest.mark.parametrize(
    ("budget", "is_gone"),
    [
        ({"Remaining": 0.0}, True),
        ({"Remaining": 5000.0, "Remaining-USD": 0.5, "Cost-Required-USD": 0.0001}, False),
        ({"Remaining": None, "Remaining-USD": 0.0005, "Cost-Required-USD": 0.001}, True),
        ({}, False),
    ],
)
def test_openalex_429_is_a_spent_budget_only_when_the_headers_say_so(budget: dict[str, float | None], is_gone: bool) -> None:
    assert is_spent(budget) is is_gone


@pytest.mark.parametrize("source", ["openalex", "semanticscholar", "lens"])
@pytest.mark.parametrize(
    "body",
    [{"error": "Invalid filter", "message": "Unknown"}, {"message": "Too Many Requests", "code": "429"}, {"errors": [{"message": "x"}]}],
)
def test_an_error_body_is_a_reject_whatever_the_status(source: str, body: Any) -> None:
    assert read(source, body) == ([], ["source_error"])


def test_s2_null_entries_in_a_batch_keep_their_place() -> None:
    parsed = parse("semanticscholar", b'[null,{"paperId":"p","title":"T"},null]')
    assert [one.source_id for one in parsed.documents] == ["p"]
    assert [(one.position, one.reason) for one in parsed.rejects] == [(0, "not_a_document"), (2, "not_a_document")]


def test_s2_null_abstract_and_year_without_date() -> None:
    one = fixture("semanticscholar-batch")["a" * 40]
    assert (one.abstract, str(one.published_on), one.date_precision, str(one.available_on)) == ("", "2026-01-01", "year", "2026-12-31")


def test_s2_authors_and_citations_are_no_documents() -> None:
    assert read("semanticscholar", {"authorId": "1", "name": "N"}) == ([], ["not_a_document"])
    assert read("semanticscholar", {"offset": 0, "data": [{"citingPaper": {"paperId": "p", "title": "T"}}]}) == ([], ["not_a_document"])
    assert read("semanticscholar", {"total": 0, "offset": 0}) == ([], [])


def test_s2_retractions_are_seen_in_titles() -> None:
    assert [one.state for one in fixture("semanticscholar-bulk").values()] == ["retracted"]


def test_an_arxiv_doi_says_the_arxiv_number() -> None:
    assert paper_identifiers(doi="10.48550/arXiv.2611.00007v2")["arxiv"] == "2611.00007"
    assert paper_identifiers(doi="10.5555/x", arxiv="hep-th/0703166v1") == {"doi": "10.5555/x", "arxiv": "hep-th/0703166"}


def test_lens_bom_and_missing_biblio_parts() -> None:
    assert (FIXTURES / "lens-page" / "input.json").read_bytes().startswith(b"\xef\xbb\xbf{")
    found = fixture("lens-page")
    assert [(one.title, one.identifiers["publication"]) for one in found.values()] == [
        ("Solid-state battery", "EP9999901A1"),
        ("", "JP2026599902A"),
        ("一种机器人", "CN299999903U"),
    ]


def test_lens_families_are_numbered_by_the_lens_and_applications_as_in_docdb() -> None:
    one = fixture("lens-page")["100-000-000-000-001"]
    assert (one.identifiers["family"], one.identifiers["application"]) == ("lens:299999901", "docdb:EP.25999901.A")


def test_lens_records_one_a_line_are_read_and_a_cut_line_is_one_reject() -> None:
    line = b'{"lens_id":"1-2","jurisdiction":"US","doc_number":"1","kind":"B2","date_published":"2026-10-06"}'
    parsed = parse("lens", b"\xef\xbb\xbf" + b"\n".join([line, line[:40], line.replace(b"1-2", b"1-3")]))
    assert [one.source_id for one in parsed.documents] == ["1-2", "1-3"]
    assert [(one.position, one.reason) for one in parsed.rejects] == [(1, "truncated")]


def test_more_than_any_page_has_is_refused_before_it_takes_seconds() -> None:
    many = b'{"lens_id":"1"}\n' * 20_001
    assert [one.reason for one in parse("lens", many).rejects] == ["too_large"]
    assert [one.reason for one in parse("semanticscholar", b"[null" + b",null" * 20_000 + b"]").rejects] == ["too_large"]
    index = b'{"id":"W1","title":"T","abstract_inverted_index":{"a":[0' + b",1" * 500_000 + b"]}}"
    assert [one.reason for one in parse("openalex", index).rejects] == ["too_large"]
