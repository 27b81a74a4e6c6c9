"""What tells of the same work, and that tomorrow's documents do not change yesterday's verdict."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.duplicates import Candidate, group, keys, work_id

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
    assert 0.8 <= (rows["b"].similarity or 0) < 1
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


@st.composite
def documents(draw: st.DrawFn) -> list[Candidate]:
    words = ABSTRACT.split()
    found = []
    for number in range(draw(st.integers(2, 9))):
        cut = draw(st.integers(0, 6))
        text = " ".join(words[cut:] + words[:cut]) if draw(st.booleans()) else " ".join(reversed(words))
        day = draw(st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2020, 1, 4))))
        values = st.sampled_from(["10.1/a", "10.1/b", "2001.00001"])
        identifiers = draw(st.dictionaries(st.sampled_from(["doi", "arxiv"]), values, max_size=2))
        found.append(candidate(f"d{number}", "Graphene", text, day=day, **identifiers))
    return found


@settings(max_examples=60, deadline=None)
@given(documents(), st.dates(date(2020, 1, 1), date(2020, 1, 4)), st.randoms(use_true_random=False))
def test_later_documents_and_their_order_never_change_earlier_ones(all_of_them: list[Candidate], as_of: date, random: object) -> None:
    early = [one for one in all_of_them if one.available_on is not None and one.available_on <= as_of]
    shuffled = sorted(all_of_them, key=lambda _: random.random())  # type: ignore[attr-defined]
    later = {row.document_id: row for row in group(shuffled)}
    assert [later[row.document_id] for row in group(early)] == group(early)
    order = {one.document_id: (one.available_on or date.max, one.document_id) for one in all_of_them}
    for row in later.values():
        assert row.linked_to_document_id is None or order[row.linked_to_document_id] < order[row.document_id]
        assert row.work_id == work_id(row.linked_to_document_id or row.document_id)
