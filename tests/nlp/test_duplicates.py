"""What tells of the same work, and that tomorrow's documents do not change yesterday's verdict."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.duplicates import Membership, group, keys, work_id
from nlp.retelling import Candidate

ABSTRACT = (
    "We report the growth of large graphene crystals on copper foil by chemical vapour deposition and show that the mobility of carriers "
    "reaches values close to those of exfoliated flakes when hydrogen is supplied during cooling"
)
DAY = date(2020, 1, 1)


def candidate(name: str, title: str, abstract: str = "", *, kind: str = "paper", day: date | None = DAY, **identifiers: str) -> Candidate:
    return Candidate(name, kind, day, title, abstract, keys(name, kind, title, abstract, identifiers))


def works(*documents: Candidate) -> dict[str, str]:
    return {row.document_id: row.work_id for row in group(documents)}


def test_identifiers_meet_in_their_many_clothes() -> None:
    found = works(
        candidate("a", "Graphene growth", arxiv="1405.7135v2"),
        candidate("b", "On growing graphene", doi="https://doi.org/10.48550/arXiv.1405.7135"),
        candidate("c", "Growth of graphene on foil", doi="10.1000/XYZ", arxiv="arXiv:1405.7135"),
        candidate("d", "A journal version under another title", doi="10.1000/xyz"),
    )
    assert set(found.values()) == {work_id("a")}


def test_an_edited_abstract_is_the_same_work_and_a_new_one_is_not() -> None:
    first = candidate("a", "Graphene crystals", ABSTRACT)
    edited = candidate("b", "Graphene crystals", ABSTRACT.replace("reaches values", "attains values"))
    other = candidate("c", "Graphene crystals", "Catalytic hydrogen evolution on nickel foam is studied in alkaline media " * 3)
    rows = {row.document_id: row for row in group([first, edited, other])}
    assert rows["b"].linked_to_document_id == "a"
    assert rows["b"].reason == "near"
    assert 0.7 <= (rows["b"].similarity or 0) < 1
    assert rows["b"].linked_on == DAY
    assert rows["c"].linked_to_document_id is None


def test_titles_alone_join_only_when_distinctive_and_never_for_patents() -> None:
    long_title = "Automatic generation of warehouse schedules from drone footage"
    assert len(set(works(candidate("a", long_title), candidate("b", long_title.upper())).values())) == 1
    assert len(set(works(candidate("a", "Quantum computing"), candidate("b", "Quantum computing")).values())) == 2
    assert len(set(works(candidate("a", long_title, kind="patent"), candidate("b", long_title, kind="patent")).values())) == 2
    assert len(set(works(candidate("a", long_title), candidate("b", long_title, kind="news")).values())) == 2


def test_chinese_copies_meet() -> None:
    text = "本文提出一种面向脑机接口的深度学习方法，在公开数据集上验证了其有效性，并讨论了局限。"
    copies = (candidate("a", "脑机接口的深度学习方法", text), candidate("b", "脑机接口的深度学习方法", text + "谢谢"))
    assert len(set(works(*copies).values())) == 1


def test_a_document_without_an_id_is_refused() -> None:
    with pytest.raises(ValueError, match="without an id"):
        keys("", "paper", "t", "a", {})


def test_a_cut_copy_under_another_title_is_found() -> None:
    cut = " ".join(f"(Reuters) - {ABSTRACT}".split()[:24]) + " ..."
    next_day = DAY + timedelta(days=1)
    rows = group([candidate("a", "Graphene crystals", ABSTRACT), candidate("b", "Carriers as fast as in flakes", cut, day=next_day)])
    assert (rows[1].linked_to_document_id, rows[1].reason, rows[1].linked_on) == ("a", "near", next_day)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Robust control of flexible arms in space, part I", "Robust control of flexible arms in space, part II"),
        ("On the campaign trail in the far country, May 2020", "On the campaign trail in the far country, June 2020"),
    ],
)
def test_parts_and_issues_that_open_alike_are_works_of_their_own(one: str, other: str) -> None:
    assert len(set(works(candidate("a", one, ABSTRACT), candidate("b", other, ABSTRACT[: len(ABSTRACT) * 9 // 10])).values())) == 2


def test_a_column_is_not_a_story_told_twice() -> None:
    title = "Letters to the editor about science"
    found = [candidate(f"outlet:{week}", title, kind="news", day=DAY + timedelta(days=7 * week)) for week in range(3)]
    assert len(set(works(*found).values())) == 3
    assert len(set(works(found[0], candidate("wire:1", title, kind="news", day=DAY + timedelta(days=1))).values())) == 1


def test_a_title_alone_needs_one_author_in_common_and_no_years_between() -> None:
    title = "Introduction to the special issue on learning machines"
    first = replace(candidate("a:1", title, ABSTRACT), people=("ada lovelace", "c babbage"))
    same = replace(candidate("b:1", title), people=("a lovelace",))
    assert len(set(works(first, same).values())) == 1
    assert len(set(works(first, replace(same, people=("g boole",))).values())) == 2
    assert len(set(works(first, replace(same, available_on=date(2024, 1, 1))).values())) == 2


def test_a_record_that_knows_both_names_ties_two_works_into_one_from_its_day_on() -> None:
    preprint = candidate("arxiv:1", "A preprint", arxiv="2001.00001")
    journal = candidate("crossref:1", "Its journal version", doi="10.1/a", day=DAY + timedelta(days=10))
    both = candidate("openalex:1", "The work", doi="10.1/a", arxiv="2001.00001", day=DAY + timedelta(days=20))
    rows = {row.document_id: row for row in group([both, journal, preprint])}
    assert {row.work_id for row in rows.values()} == {work_id("arxiv:1")}
    assert rows["crossref:1"].linked_on == rows["openalex:1"].linked_on == DAY + timedelta(days=20)
    assert set(roots_at(rows.values(), DAY + timedelta(days=19)).values()) == {"arxiv:1", "crossref:1", "openalex:1"}


def test_an_undated_record_joins_a_work_and_ties_none_together() -> None:
    first, second = candidate("arxiv:1", "A", arxiv="2001.00001"), candidate("crossref:1", "B", doi="10.1/a")
    found = works(first, second, candidate("openalex:1", "C", day=None, doi="10.1/a", arxiv="2001.00001"))
    assert found["openalex:1"] == found["crossref:1"] != found["arxiv:1"]


def test_a_name_that_a_later_version_adds_counts_from_that_day() -> None:
    preprint = replace(candidate("arxiv:1", "A preprint"), learned=((DAY + timedelta(days=90), "doi", "paper:10.1/a"),))
    journal = candidate("crossref:1", "Its journal version", doi="10.1/a", day=DAY + timedelta(days=30))
    (_, row) = group([preprint, journal])
    assert (row.linked_to_document_id, row.reason, row.linked_on) == ("arxiv:1", "doi", DAY + timedelta(days=90))


def test_a_preprint_that_names_its_journal_version_is_linked_by_that_relation() -> None:
    relation = {"relation": "is-preprint-of", "doi": "10.1/A"}
    preprint = Candidate("biorxiv:1", "paper", DAY, "T", "", keys("biorxiv:1", "paper", "T", "", {"doi": "10.1101/1"}, [relation]))
    correction = {**relation, "relation": "corrects"}
    corrected = Candidate("crossref:2", "paper", DAY, "E", "", keys("crossref:2", "paper", "E", "", {}, [correction]))
    rows = {row.document_id: row for row in group([preprint, corrected, candidate("crossref:1", "U", doi="10.1/a")])}
    assert (rows["crossref:1"].linked_to_document_id, rows["crossref:1"].reason) == ("biorxiv:1", "relation")
    assert rows["crossref:2"].linked_to_document_id is None


def test_the_name_of_a_volume_is_the_name_of_no_work_in_it() -> None:
    other = "Catalytic hydrogen evolution on nickel foam is studied in alkaline media with a rotating electrode over many hours of work"
    first = candidate("arxiv:1", "Graphene", ABSTRACT, doi="10.1/volume")
    second = candidate("arxiv:2", "Nickel foam", other, doi="10.1/volume")
    assert len(set(works(first, second).values())) == 2
    assert len(set(works(first, replace(second, document_id="crossref:2")).values())) == 1


def test_numbers_of_different_registers_never_meet() -> None:
    first = candidate("a:1", "T", pmid="123")
    assert len(set(works(first, candidate("b:1", "U", openalex="123"), candidate("c:1", "V", s2="123")).values())) == 3
    assert len(set(works(first, candidate("b:1", "U", pmid="123")).values())) == 1


def test_an_address_names_a_story_but_a_front_page_does_not() -> None:
    first = candidate("a:1", "T", kind="news", url="https://www.example.org/story/1#top")
    assert len(set(works(first, candidate("b:1", "U", kind="news", url="http://example.org/story/1/")).values())) == 1
    front = (candidate(f"{name}:1", name, kind="news", url="https://example.org/") for name in "ab")
    assert len(set(works(*front).values())) == 2


def test_what_a_person_keeps_apart_stays_apart_whoever_else_is_linked() -> None:
    found = [candidate(f"{name}:1", name, doi="10.1/a") for name in "abc"]
    rows = {row.document_id: row for row in group(found, [("b:1", "a:1")])}
    assert rows["b:1"].linked_to_document_id is None
    assert rows["c:1"].linked_to_document_id == "a:1"


def test_a_notice_names_what_it_takes_back_and_joins_nothing() -> None:
    relation = {"relation": "retracts", "doi": "10.1/A", "on": "2020-02-02"}
    found = keys("crossref:9", "paper", "Retraction", "", {"doi": "10.1/n"}, [relation])
    assert [key for key in found if key[0] == "retracts"] == [("retracts", "paper:doi:10.1/a")]
    assert ("relation", "paper:doi:10.1/a") in keys("crossref:1", "paper", "T", "", {"doi": "10.1/a"})
    assert ("relation", "paper:doi:10.1/a") not in found


def roots_at(rows: Iterable[Membership], day: date) -> dict[str, str]:
    """First document of the work of each, by the links known on that day."""
    links = {row.document_id: row.linked_to_document_id for row in rows if row.linked_on is not None and row.linked_on <= day}
    found = {}
    for row in rows:
        name = row.document_id
        while (to := links.get(name)) is not None:
            name = to
        found[row.document_id] = name
    return found


@st.composite
def documents(draw: st.DrawFn) -> list[Candidate]:
    words = ABSTRACT.split()
    days = st.dates(date(2020, 1, 1), date(2020, 1, 6))
    names = st.tuples(st.sampled_from(["doi", "arxiv"]), st.sampled_from(["10.1/a", "10.1/b", "2001.00001"]))
    found = []
    for number in range(draw(st.integers(2, 9))):
        cut = draw(st.integers(0, 6))
        text = " ".join(words[cut:] + words[:cut]) if draw(st.booleans()) else " ".join(reversed(words))
        day, said = draw(st.one_of(st.none(), days)), dict(draw(st.lists(names, max_size=2)))
        one = candidate(f"{draw(st.sampled_from('ab'))}:{number}", "Graphene", text, day=day, **said)
        learned = tuple((draw(days), reason, f"paper:{key}") for reason, key in draw(st.lists(names, max_size=1)))
        found.append(replace(one, learned=learned))
    return found


@settings(max_examples=150, deadline=None)
@given(documents(), st.dates(date(2020, 1, 1), date(2020, 1, 6)), st.integers(0, 1000), st.booleans())
def test_later_documents_and_their_order_never_change_earlier_ones(found: list[Candidate], as_of: date, seed: int, has_apart: bool) -> None:
    apart = [(found[0].document_id, found[-1].document_id)] if has_apart else []
    early = [
        replace(one, learned=tuple(learned for learned in one.learned if learned[0] <= as_of))
        for one in found
        if one.available_on is not None and one.available_on <= as_of
    ]
    shuffled = random.Random(seed).sample(found, len(found))  # noqa: S311 - an order, no secret
    later = group(shuffled, apart)
    assert later == group(found, apart)
    known = {row.document_id for row in group(early, apart)}
    assert {name: root for name, root in roots_at(later, as_of).items() if name in known} == roots_at(group(early, apart), as_of)
    final = roots_at([replace(row, linked_on=row.linked_on or as_of) if row.linked_to_document_id else row for row in later], date.max)
    assert all(row.work_id == work_id(final[row.document_id]) for row in later)
    assert all(final[one] != final[other] for one, other in apart if one != other)
