"""The practice archive is the world its truth table describes, is always the same, and can be served."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from statistics import fmean

import pytest

from crawlers.replay.corpus import Record
from crawlers.replay.practice import PRACTICE_SEED, PRACTICE_TODAY, Truth, World, digest, make_world, truth_csv
from crawlers.replay.practice_names import singularise
from crawlers.replay.practice_timeline import quarter_of
from crawlers.replay.practice_vocabulary import TRACKS, read_vocabulary
from crawlers.replay.server import ReplayServer, split_servable

HERE = Path(__file__).resolve().parents[2] / "data" / "practice"
RECENT_FROM = date(2023, 10, 1)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world()


@pytest.fixture(scope="module")
def works(world: World) -> dict[str, list[Record]]:
    """The first versions of the records that name each planted technology."""
    by_id: dict[str, Record] = {}
    for record in world.records:
        if record.id not in by_id or record.updated is None:
            by_id[record.id] = record
    found: dict[str, list[Record]] = defaultdict(list)
    for name, record_id in world.planted:
        found[name].append(by_id[record_id])
    return found


def test_the_truth_and_digest_in_data_are_current(world: World) -> None:
    hint = "run `python -m crawlers.replay.practice --write data/practice`"
    assert (HERE / "truth.csv").read_text(encoding="utf-8") == truth_csv(world.truth), hint
    assert (HERE / "DIGEST").read_text(encoding="utf-8").strip() == digest(world.records), hint


def test_equal_seeds_give_equal_worlds_and_others_do_not(world: World) -> None:
    assert make_world(PRACTICE_SEED) == world
    assert digest(make_world(PRACTICE_SEED + 1).records) != digest(world.records)


def test_size_span_streams_and_languages(world: World) -> None:
    count = len(world.records)
    days = [record.published for record in world.records if record.published]
    kinds = Counter(record.kind for record in world.records)
    assert 4200 <= count <= 4600
    assert (min(days).year, max(days)) == (2018, PRACTICE_TODAY)
    assert 0.45 <= kinds["paper"] / count <= 0.60
    assert 0.15 <= kinds["patent"] / count <= 0.25
    assert 0.20 <= kinds["news"] / count <= 0.30
    assert 0.12 <= sum(record.lang == "zh" for record in world.records) / count <= 0.18
    assert all(record.published and record.published.weekday() == 1 for record in world.records if record.kind == "patent")
    assert all(record.extras["simulated"] and record.licence == "simulated" for record in world.records)
    lengths = sorted(len(record.abstract.split()) for record in world.records if record.lang == "en")
    assert lengths[len(lengths) // 50] >= 30
    assert lengths[-len(lengths) // 50] <= 95


def test_every_track_has_its_kinds(world: World) -> None:
    count = Counter((row.track, row.kind) for row in world.truth)
    for track in TRACKS:
        assert count[track, "emerging"] >= 2
        assert count[track, "early industrialisation"] in (1, 2)
        assert (count[track, "mature"], count[track, "fading"]) == (2, 1)
    kinds = Counter(row.kind for row in world.truth)
    assert kinds["hype"] >= 4
    assert kinds["one-organisation"] >= 4
    assert kinds["boilerplate"] == 10


def test_emerging_technologies_have_evidence_enough(world: World, works: dict[str, list[Record]]) -> None:
    for row in world.truth:
        if row.kind != "emerging":
            continue
        records = works[row.technology]
        days = [record.published for record in records if record.published]
        assert 30 <= len(records) <= 65, row
        assert min(days) == row.birth_on
        assert date(2022, 1, 1) <= row.birth_on <= date(2024, 6, 30)
        assert sum(day >= RECENT_FROM for day in days) >= 20
        assert len({quarter_of(day) for day in days}) >= 5
        assert len({name for record in records for name in record.orgs + record.assignees}) >= 5
        assert min(row.papers, row.patents, row.news) >= 5
        assert sum(day > date(2024, 9, 30) for day in days) > sum(date(2023, 9, 30) < day <= date(2024, 9, 30) for day in days)


def test_only_the_right_reason_keeps_the_others_out(world: World, works: dict[str, list[Record]]) -> None:
    for row in world.truth:
        records = works[row.technology]
        recent = sum(record.published is None or record.published >= RECENT_FROM for record in records)
        if row.kind == "hype":
            assert {record.kind for record in records} == {"news"}
            assert recent >= 20
        elif row.kind == "one-organisation":
            assert len({name for record in records for name in record.orgs + record.assignees}) == 1
            assert recent >= 15
        elif row.kind == "fading":
            assert recent < len(records) / 4
        elif row.kind == "mature":
            assert 0.15 <= recent / len(records) <= 0.45


def names_term(record: Record, term: str) -> bool:
    text = f"{record.title} {record.abstract}".lower()
    return term in text or singularise(term) in text


def english_terms(track: str) -> list[str]:
    return [term for kind in ("things", "methods", "properties", "settings") for term in read_vocabulary().terms[track][kind]]


def test_young_fields_have_newcomers_and_a_company_of_terms(world: World, works: dict[str, list[Record]]) -> None:
    first: dict[str, date] = {}
    written = [record for record in world.records if record.kind != "news" and record.published]
    for record in written:
        for author in record.authors:
            first[author] = min(first.get(author, PRACTICE_TODAY), record.published or PRACTICE_TODAY)
    growing = {row.technology for row in world.truth if row.kind in ("emerging", "early industrialisation")}
    young = {record_id for name, record_id in world.planted if name in growing}

    def newcomers(records: list[Record]) -> float:
        recent = [record for record in records if record.published and record.published >= RECENT_FROM and record.kind != "news"]
        return fmean(fmean(first[author] >= RECENT_FROM for author in record.authors) for record in recent)

    def company_share(row: Truth) -> float:
        uses = [sum(names_term(record, term) for record in works[row.technology]) for term in english_terms(row.track)]
        return sum(sorted(uses)[-8:]) / sum(uses)

    assert newcomers([record for record in written if record.id not in young]) < 0.25
    settled = [row for row in world.truth if row.kind in ("mature", "fading")]
    for row in (row for row in world.truth if row.kind == "emerging"):
        assert newcomers(works[row.technology]) > 0.6, row.technology
        assert company_share(row) > 0.5 > max(map(company_share, settled)), row.technology


def test_ordinary_terms_are_frequent_and_old(world: World, works: dict[str, list[Record]]) -> None:
    """Those in the company of a young field too: else they would rank with it."""

    def youth(records: list[Record]) -> float:
        return fmean(1 / (1 + (PRACTICE_TODAY - record.published).days / 365.25) for record in records if record.published)

    youngest = min(youth(works[row.technology]) for row in world.truth if row.kind == "emerging")
    english = [record for record in world.records if record.lang == "en"]
    for term in {term for track in TRACKS for term in english_terms(track)}:
        naming = [record for record in english if names_term(record, term)]
        assert len(naming) >= 30, term
        assert youth(naming) < youngest - 0.05, term


def test_the_texts_name_what_the_truth_says(world: World, works: dict[str, list[Record]]) -> None:
    for technology in read_vocabulary().technologies:
        spellings = [technology.name, technology.name_zh, *technology.aliases]
        loose = "|".join(re.escape(name).replace(r"\-", "[- ]").replace(r"\ ", "[- ]").removesuffix("y") for name in spellings)
        named = sum(bool(re.search(loose, f"{record.title} {record.abstract}", re.IGNORECASE)) for record in works[technology.name])
        assert named == len(works[technology.name]), technology.name
        chinese = [record for record in works[technology.name] if record.lang == "zh"]
        assert all(technology.name_zh in f"{record.title}{record.abstract}" for record in chinese)
    bracketed = [record for record in world.records if record.lang == "zh" and "（" in record.abstract]
    assert len(bracketed) >= 150


def test_empty_phrases_rise_everywhere_and_stay_out_of_titles(world: World) -> None:
    for formula in (one for one in read_vocabulary().formulas if one.is_rising):
        carriers = [record for record in world.records if formula.name in record.abstract]
        assert min(record.published for record in carriers if record.published).year >= 2021
        assert sum(record.published is None or record.published >= RECENT_FROM for record in carriers) > len(carriers) / 2
        assert sum(formula.name in record.title for record in world.records) < len(carriers) / 10


def test_the_maturity_wording_itself_does_not_rise(world: World) -> None:
    """Else "laboratory prototype" would be an unplanted riser."""
    prototype = [record.published for record in world.records if record.published and "prototype" in record.abstract]
    early = sum(date(2020, 10, 1) <= day < date(2022, 10, 1) for day in prototype)
    late = sum(day >= RECENT_FROM for day in prototype)
    assert late < 1.5 * early


def test_distractors_are_there(world: World) -> None:
    news = [record for record in world.records if record.kind == "news"]
    versions = Counter(record.id for record in world.records)
    assert sum(record.published is None for record in news) == 5
    assert sum(count > 1 for count in Counter((record.title, record.abstract) for record in news).values()) >= 12
    assert sum(count == 2 for count in versions.values()) == 22
    assert sum("withdrawn" in str(record.extras.get("comments")) for record in world.records) == 2
    assert sum("continuation_of" in record.extras for record in world.records) == 8


def test_the_whole_world_can_be_served(world: World) -> None:
    servable, refused = split_servable(world.records)
    assert refused == []
    with ReplayServer(servable, PRACTICE_TODAY) as server:
        assert {feed.lang for feed in server.feeds()} == {"en", "zh"}
