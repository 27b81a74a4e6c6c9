"""From counted terms to technologies: what is kept, what is one, what it is called."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nlp.curation import read_act
from nlp.records import Technology
from nlp.technologies import discover, technology_id
from nlp.termhood import BUCKETS, TermhoodModel, bucket

AS_OF = date(2020, 12, 31)


@pytest.fixture(autouse=True)
def weights(monkeypatch: pytest.MonkeyPatch) -> np.ndarray[Any, Any]:
    """A learned model that lets everything pass, so that the rules are tested; a test may teach it to refuse."""
    found = np.zeros(BUCKETS, np.float32)
    monkeypatch.setattr("nlp.technologies.load_model", lambda: TermhoodModel(found, 0.0, 0.0, 0.0, {}))
    return found


def row(
    key: str, works: int = 50, *, title: float = 0.4, divergence: float | None = 1.5, acronym: float = 0.0, **more: Any
) -> dict[str, Any]:
    recent = works // 2
    return {
        "term_key": key, "surface": key, "works": works, "title_works": int(title * works), "recent_works": recent,
        "recent_title_works": int(title * recent), "abstract_works": works, "abstract_title_works": int(title * works),
        "recent_abstract_works": recent, "recent_abstract_title_works": int(title * recent), "first_on": date(2015, 1, 1),
        "first_document_id": "d", "acronym_share": acronym, "code_divergence": divergence, "code_entropy": 4.1, **more,
    }  # fmt: skip


def alias(short: str, long: str, works: int, pattern: str = "acronym") -> dict[str, Any]:
    surfaces = {"alias_surface": short.upper(), "term_surface": long}
    return {"alias_key": short, "term_key": long, "pattern": pattern, "works": works, **surfaces}


def found(
    rows: list[dict[str, Any]], aliases: list[dict[str, Any]] | None = None, names: Any = None, acts: Any = (), use_model: bool = True
) -> dict[str, Technology]:
    told = pd.DataFrame(aliases or [], columns=["alias_key", "term_key", "pattern", "works", "alias_surface", "term_surface"])
    technologies = discover(pd.DataFrame(rows), told, as_of=AS_OF, taxonomy_names=names, acts=acts, use_model=use_model)
    return {technology.term_keys[0]: technology for technology in technologies}


BACKGROUND = [row("graphene nanoribbon", 60), row("quantum memory", 40)]


@pytest.mark.parametrize(
    "boilerplate",
    [
        row("numerical scheme", title=0.02),  # no title speaks of it
        row("metal sample", divergence=0.2),  # in every field alike
        row("cooling", title=0.15),  # a single word needs more
        row("data"),
        row("france"),
        row("quantum mechanical"),  # waits for its noun
        row("dynamic system model", title=0.12),  # general words only
        row("spectrum of graphene"),  # no acronym vouches for "of"
        row("ieee", acronym=1.0),
        row("rare thing", 4),
    ],
    ids=lambda one: one["term_key"],
)
def test_boilerplate_is_left_out(boilerplate: dict[str, Any]) -> None:
    assert set(found([*BACKGROUND, boilerplate])) == {"graphene nanoribbon", "quantum memory"}


def test_words_inside_hyphens_break_no_term() -> None:
    hyphened = row("self driving car", surface="self-driving cars")
    assert set(found([*BACKGROUND, hyphened, row("driving car")])) == {*found(BACKGROUND), "self driving car"}


def test_where_the_learned_model_is_sure_half_the_titles_are_enough(weights: np.ndarray[Any, Any]) -> None:
    rows = [*BACKGROUND, row("plasma antenna", title=0.08), row("plasma torch", title=0.08), row("plasma lamp", title=0.0)]
    weights[bucket("head antenna")], weights[bucket("head torch")], weights[bucket("head lamp")] = 1.5, 0.5, 1.5
    assert set(found(rows)) == {*found(BACKGROUND), "plasma antenna"}
    assert set(found(rows, use_model=False)) == set(found(BACKGROUND))


def test_without_codes_and_abstracts_the_other_rules_still_judge() -> None:
    counts = ("abstract_works", "abstract_title_works", "recent_abstract_works", "recent_abstract_title_works")
    bare: dict[str, Any] = {"divergence": None, "code_entropy": None, **dict.fromkeys(counts, 0)}
    assert set(found([row(key, **bare) for key in ("cargo drone", "low latency", "landing")])) == {"cargo drone"}


def test_an_acronym_vouches_for_its_term_and_is_one_with_it() -> None:
    rows = [*BACKGROUND, row("brain computer interface", 40, title=0.02), row("bci", 30, title=0.02, acronym=1.0, surface="BCI")]
    assert "brain computer interface" not in found(rows)
    technology = found(rows, [alias("bci", "brain computer interface", 12)])["brain computer interface"]
    assert technology.term_keys == ("brain computer interface", "bci")
    assert technology.aliases == ("BCI",)
    assert technology.technology_id == technology_id("brain computer interface")


def test_an_acronym_says_nothing_of_a_formula_with_its_letters() -> None:
    rows = [*BACKGROUND, row("gan", 40, surface="GaN", acronym=1.0), row("generative adversarial network", 30)]
    told = alias("gan", "generative adversarial network", 9)
    assert "gan" in found(rows, [told])
    rows[-2]["surface"] = "GAN"
    assert found(rows, [told])["generative adversarial network"].term_keys == ("generative adversarial network", "gan")
    gallium = alias("gan", "gallium nitride", 3) | {"alias_surface": "GaN"}
    rows[-2:] = [row("gan", 40, surface="GaN", acronym=1.0), row("gallium nitride", 30), row("generative adversarial network", 30)]
    assert found(rows, [told, gallium])["gallium nitride"].term_keys == ("gallium nitride", "gan")


def test_names_that_differ_by_a_stated_acronym_are_one() -> None:
    rows = [*BACKGROUND, row("bidirectional lstm", 20), row("bidirectional long short term memory", 22), row("lstm", 30, acronym=1.0)]
    rows.append(row("long short term memory", 60))
    told = alias("lstm", "long short term memory", 9)
    together = found(rows, [told])["bidirectional long short term memory"]
    assert together.term_keys == ("bidirectional long short term memory", "bidirectional lstm")
    assert "bidirectional lstm" in found(rows)


def test_an_acronym_of_many_meanings_is_none() -> None:
    rows = [*BACKGROUND, row("gp", acronym=1.0)]
    meanings = [alias("gp", "gaussian process", 4), alias("gp", "genetic programming", 4), alias("gp", "general practitioner", 4)]
    assert "gp" in found(rows)
    assert "gp" not in found(rows, meanings)


def test_fragments_and_discoverers_go_with_what_they_stand_for() -> None:
    rows = [
        *BACKGROUND,
        row("key distribution", 50), row("quantum key distribution", 45),
        row("majorana", 50, surface="Majorana"), row("majorana fermion", 30, surface="Majorana fermions"),
        row("kinect", 50, surface="Kinect"),
    ]  # fmt: skip
    technologies = found(rows)
    assert {"quantum key distribution", "majorana fermion", "kinect"} <= set(technologies)
    assert not {"key distribution", "majorana"} & set(technologies)
    assert technologies["majorana fermion"].name == "Majorana fermions"


def test_spellings_apart_and_together_are_one_and_titles_lose_their_capitals() -> None:
    rows = [row("block chain", 8), row("blockchain", 60, surface="Blockchain"), row("blockchain ledger", surface="blockchain ledgers")]
    technology = found(rows)["blockchain"]
    assert technology.term_keys == ("blockchain", "block chain")
    assert technology.name == "blockchain"


def test_the_better_known_acronym_is_the_name_but_never_the_id() -> None:
    long = "clustered regularly interspaced repeat"
    technology = found([row(long, 6), row("crispr", 90, acronym=1.0, surface="CRISPR")], [alias("crispr", long, 9)])[long]
    assert technology.name == "CRISPR"


def test_chinese_and_english_are_one_when_texts_say_so_or_the_taxonomy_labels_both() -> None:
    rows = [row("brain computer interface"), row("脑机接口"), row("quantum computing"), row("量子计算"), row("安全")]
    assert set(found(rows)) == {"brain computer interface", "脑机接口", "quantum computing", "量子计算"}
    stated = [alias("脑机接口", "brain computer interface", 3, "bilingual")]
    label = ("quantum computing", "量子计算")
    technologies = found(rows, stated, {"quantum computing": label, "量子计算": label, "nuclear fusion": ("nuclear fusion", "核聚变")})
    assert set(technologies) == {"brain computer interface", "quantum computing"}
    assert technologies["brain computer interface"].name_zh == "脑机接口"
    assert technologies["brain computer interface"].taxonomy_name is None
    assert technologies["quantum computing"].taxonomy_name == "quantum computing"


def test_the_taxonomy_discovers_nothing() -> None:
    rows = [*BACKGROUND, row("industrial internet", title=0.01), row("工业互联网")]
    label = ("industrial internet", "工业互联网")
    technology = found(rows, names={"industrial internet": label, "工业互联网": label})["工业互联网"]
    assert technology.term_keys == ("工业互联网",)


def test_statistics_of_another_day_are_refused() -> None:
    with pytest.raises(ValueError, match="of another day"):
        found([row("graphene nanoribbon", first_on=date(2021, 1, 1))])


def test_no_terms_give_no_technologies() -> None:
    assert found([row("graphene nanoribbon", 2)]) == {}


def test_what_the_learned_model_refuses_is_left_out_unless_a_person_said_otherwise(weights: np.ndarray[Any, Any]) -> None:
    weights[bucket("head nanoribbon")] = -1.0
    assert set(found(BACKGROUND)) == {"quantum memory"}
    said = {"number": 1, "at": datetime(2025, 1, 1), "act": "accept", "reason": "it is", "technology": "graphene nanoribbon"}
    assert set(found(BACKGROUND, acts=[read_act(said)])) == {"graphene nanoribbon", "quantum memory"}


def test_a_person_s_acts_go_before_the_rules_and_keep_identities() -> None:
    rows = [*BACKGROUND, row("numerical scheme", title=0.02), row("energy level")]
    said = [
        ("merge", {"technology": "numerical scheme", "into": "quantum memory"}),
        ("rename", {"technology": "graphene nanoribbon", "name": "GNR", "name_zh": "石墨烯纳米带"}),
    ]
    at = datetime(2025, 1, 1)
    acts = [read_act({"number": number, "at": at, "act": act, "reason": "x", **more}) for number, (act, more) in enumerate(said, start=1)]
    technologies = found(rows, acts=acts)
    assert technologies["quantum memory"].term_keys == ("quantum memory", "numerical scheme")
    renamed = technologies["graphene nanoribbon"]
    assert (renamed.name, renamed.name_zh, renamed.aliases) == ("GNR", "石墨烯纳米带", ("graphene nanoribbon",))
    assert renamed.technology_id == technology_id("graphene nanoribbon")


def test_a_merge_into_what_is_not_known_yet_has_its_id_from_the_start() -> None:
    act = {"number": 1, "at": datetime(2025, 1, 1), "act": "merge", "reason": "x", "technology": "quantum memory", "into": "photon storage"}
    assert found(BACKGROUND, acts=[read_act(act)])["quantum memory"].technology_id == technology_id("photon storage")
