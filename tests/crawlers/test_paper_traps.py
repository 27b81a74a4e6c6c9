"""What misleads readers of PubMed, bioRxiv and arXiv, one test a trap, on the invented answers of the goldens."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crawlers.dates import DatePoint
from crawlers.parsers.biorxiv import first_posted
from crawlers.parsers.pubmed_links import links_of, state_of
from crawlers.parsers.xml_reading import read_xml
from crawlers.reading import parse
from crawlers.records import Document, State

FIXTURES = Path(__file__).parent / "fixtures"


def documents(case: str) -> list[Document]:
    body = next((FIXTURES / case).glob("input.*")).read_bytes()
    return list(parse(case.partition("-")[0], body).documents)


def article() -> Document:
    return documents("pubmed-articles")[0]


def test_pubmed_labelled_parts_make_one_abstract() -> None:
    assert article().abstract == "BACKGROUND: Gas is hard to store. METHODS: We measured x twice. It holds."


def test_pubmed_inline_markup_leaves_its_text() -> None:
    assert article().title == "Storing CO2 in Imaginaria & its kin at 10-3 bar."


def test_pubmed_collective_authors_are_authors_and_wrong_names_are_not() -> None:
    assert [one.name for one in article().actors if one.role == "author"] == ["Erika Muster Jr", "The Imaginaria Consortium"]


def test_pubmed_version_of_a_pmid_is_no_part_of_it() -> None:
    assert (article().source_id, article().extras["pmid_version"]) == ("90000001", "2")


def test_pubmed_doi_is_the_valid_one_of_the_record_and_not_of_a_reference() -> None:
    assert article().identifiers["doi"] == "10.5555/jic.2024.7"


def test_pubmed_books_and_chapters_are_documents() -> None:
    chapter, book, *_ = documents("pubmed-books_and_deletions")
    assert (chapter.title, chapter.extras["book"]) == ("Chapter on storage", "Handbook of Imaginaria")
    assert book.title == "A whole book"


def test_pubmed_deleted_citations_are_documents_in_that_state() -> None:
    assert [one.source_id for one in documents("pubmed-books_and_deletions") if one.state == "deleted"] == ["90000103", "90000104"]


@pytest.mark.parametrize(
    ("kind", "source", "types", "relation", "state"),
    [
        ("RetractionIn", "J. 2025", [], "is-retracted-by", "retracted"),
        ("RetractionOf", "J. 2025", [], "retracts", "live"),
        ("PartialRetractionIn", "J. 2025", [], "is-partly-retracted-by", "live"),
        ("ErratumFor", "J. 2025", [], "corrects", "live"),
        ("UpdateIn", "J. 2025", ["Preprint"], "is-preprint-of", "live"),
        ("UpdateOf", "medRxiv. 2024", [], "has-preprint", "live"),
        ("UpdateOf", "Cochrane Database. 2020", [], "updates", "live"),
        ("CommentIn", "J. 2025", [], None, "live"),
    ],
)
def test_pubmed_comments_and_corrections_say_what_happened(
    kind: str, source: str, types: list[str], relation: str | None, state: State
) -> None:
    links = f'<CommentsCorrections RefType="{kind}"><RefSource>{source}</RefSource></CommentsCorrections>'
    citation = read_xml(f"<A><CommentsCorrectionsList>{links}</CommentsCorrectionsList></A>".encode())
    assert [one["relation"] for one in links_of(citation, types)] == ([relation] if relation else [])
    assert state_of(citation, "A title", types) == state


def test_pubmed_marks_of_publishers_before_a_title() -> None:
    nothing = read_xml(b"<A/>")
    titles = ["WITHDRAWN: A title", "RETRACTED ARTICLE: A title", "Retracted papers: a survey"]
    assert [state_of(nothing, title, []) for title in titles] == ["withdrawn", "retracted", "live"]


def test_biorxiv_rows_are_versions_of_one_document() -> None:
    first, second, _ = documents("biorxiv-versions")
    assert first.document_id == second.document_id
    assert [str(one.updated_on) for one in (first, second)] == ["2026-08-02", "2026-08-29"]


def test_biorxiv_first_day_of_a_revised_preprint_comes_from_its_doi() -> None:
    august = DatePoint(date(2026, 8, 29))
    assert first_posted("10.64898/2026.07.31.900001", august, 2) == (DatePoint(date(2026, 7, 31)), date(2026, 8, 7))
    assert first_posted("10.1101/123456", august, 2) == (august, august.on)
    assert first_posted("10.64898/2026.07.31.900001", DatePoint(date(2026, 8, 2)), 1) == (DatePoint(date(2026, 8, 2)), date(2026, 8, 2))


def test_biorxiv_na_is_nothing() -> None:
    first, _, withdrawn = documents("biorxiv-versions")
    assert "relations" not in first.extras
    assert "funder" not in first.extras
    assert (withdrawn.actors, withdrawn.codes, withdrawn.state) == ((), (), "withdrawn")


def test_biorxiv_doi_prefix_is_the_new_or_the_old_one() -> None:
    assert {one.identifiers["doi"].partition("/")[0] for one in documents("biorxiv-versions")} == {"10.64898", "10.1101"}


def test_biorxiv_journal_version_is_linked_and_not_merged() -> None:
    (one,) = documents("biorxiv-journal_links")
    assert one.identifiers == {"doi": "10.1101/2025.09.17.900003"}
    assert one.extras["relations"] == [{"relation": "is-preprint-of", "doi": "10.5555/jic.2026.5", "on": "2026-06-01"}]


def test_arxiv_ids_old_and_new_lose_their_version() -> None:
    new, old, _ = documents("arxiv_api-papers")
    assert [(one.source_id, one.extras["version"]) for one in (new, old)] == [("2403.90001", 3), ("hep-th/9901002", 1)]


def test_arxiv_published_is_the_first_version_and_updated_the_latest() -> None:
    new = documents("arxiv_api-papers")[0]
    assert (str(new.published_on), str(new.updated_on)) == ("2024-03-25", "2025-05-24")


def test_arxiv_withdrawn_papers_stay_and_an_earlier_version_is_no_paper() -> None:
    assert [one.state for one in documents("arxiv_api-papers")] == ["live", "withdrawn", "live"]


def test_arxiv_titles_and_abstracts_are_unwrapped() -> None:
    new = documents("arxiv_api-papers")[0]
    assert (new.title, new.abstract) == ("A title that is wrapped over two lines", "An abstract that is wrapped too.")


def test_arxiv_error_feed_is_a_reject_but_a_paper_called_error_is_none() -> None:
    assert documents("arxiv_api-error") == []
    assert documents("arxiv_api-papers")[2].title == "Error"


def test_arxiv_doi_is_the_journals_and_the_preprints_stands_beside_it() -> None:
    new = documents("arxiv_api-papers")[0]
    assert (new.identifiers["doi"], new.extras["preprint_doi"]) == ("10.5555/jinv.2024.7", "10.48550/arxiv.2403.90001")
