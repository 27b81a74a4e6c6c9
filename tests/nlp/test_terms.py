"""The terms, aliases and entities of one text."""

from __future__ import annotations

import pytest

from nlp.records import Mention, Reading, Text
from nlp.spelling import is_acronym
from nlp.terms import Pipeline, load_pipeline, read, term_key


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return load_pipeline()


def reading(pipeline: Pipeline, abstract: str, *, title: str = "", lang: str = "en") -> Reading:
    return next(read([Text("v1", "paper", title, abstract, lang)], pipeline))


def mentions(pipeline: Pipeline, abstract: str, *, title: str = "", lang: str = "en") -> dict[str, Mention]:
    return {mention.term_key: mention for mention in reading(pipeline, abstract, title=title, lang=lang).mentions}


@pytest.mark.parametrize(
    "surfaces",
    [
        ("Brain-Computer Interfaces", "brain computer interface", "Brain–computer interface"),
        ("multi-agent systems", "multi agent system", "Multiagent Systems"),
        ("carbon fibres", "Carbon Fiber"),
        ("polarisation analysers", "polarization analyzer"),
        ("GANs", "GAN"),
        ("data analyses", "data analysis"),
        ("Moore's law", "Moore’s laws"),
        ("6G 网络", "6G网络"),
    ],
)
def test_spellings_of_one_term_share_a_key(surfaces: tuple[str, ...]) -> None:
    assert len({term_key(surface) for surface in surfaces}) == 1


@pytest.mark.parametrize("word", ["physics", "lens", "series", "gas", "promising", "four", "AIDS"])
def test_words_that_only_look_like_variants_stay(word: str) -> None:
    assert term_key(word) == word.lower()


def test_what_is_spelled_like_an_acronym() -> None:
    assert all(map(is_acronym, ["CRISPR", "6G", "mRNA", "GaN", "GANs", "MoS2", "IoT", "eVTOL"]))
    assert not any(map(is_acronym, ["Graphene", "II", "2007", "A", "Kalman", "p53"]))


def test_terms_lie_between_stop_words_and_hyphened_words_stay_whole(pipeline: Pipeline) -> None:
    text = "We propose brain-computer interfaces based on graph neural networks that quickly decode speech in 6G systems."
    found = mentions(pipeline, text)
    assert {"brain computer interface", "graph neural network", "neural network", "6g", "6g system"} <= set(found)
    assert not any("propose" in key or "quickly" in key or key in ("computer interface", "brain", "based", "system") for key in found)
    assert found["6g"].is_acronym
    assert not found["6g system"].is_acronym


def test_fixed_expressions_never_give_terms(pipeline: Pipeline) -> None:
    text = "On the other hand, state-of-the-art methods lack ground truth. A data set of the present invention is large scale."
    found = mentions(pipeline, text)
    assert not {"ground truth", "art method", "data set", "present invention", "large scale", "state of the art"} & set(found)


def test_names_with_of_numbers_and_versions(pipeline: Pipeline) -> None:
    found = mentions(pipeline, "The Internet of Things and systems on chip serve Industry 4.0 after COVID-19; 10 % of 300 samples at 5 nm.")
    assert {"internet of thing", "system on chip", "industry 4.0", "covid 19"} <= set(found)
    assert not any(key[0].isdigit() for key in found)


def test_a_mention_counts_both_parts_and_prefers_the_spelling_of_the_abstract(pipeline: Pipeline) -> None:
    text = "A quantum memory stores light. Quantum memories last."
    mention = mentions(pipeline, text, title="Quantum Memory For Light")["quantum memory"]
    assert (mention.mention_count, mention.is_in_title) == (3, True)
    assert mentions(pipeline, "Our quantum memory works.", title="Quantum Memory")["quantum memory"].surface == "quantum memory"


def test_titles_in_capitals_are_read_as_words(pipeline: Pipeline) -> None:
    assert "unmanned aerial vehicle" in mentions(pipeline, "", title="METHOD OF STEERING AN UNMANNED AERIAL VEHICLE")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("using support vector machines (SVMs) for", ("svm", "support vector machine", "acronym")),
        ("The Internet of Things (IoT) grows", ("iot", "internet of thing", "acronym")),
        ("CRISPR (clustered regularly interspaced short palindromic repeats) works", ("crispr", None, "acronym")),
        ("the electron-energy distribution function (EEDF) is", ("eedf", "electron energy distribution function", "acronym")),
        ("an inverse dynamic identification model (IDIM) of", ("idim", "inverse dynamic identification model", "acronym")),
        ("An Unmanned Aerial Vehicle (Uav) Flies", ("uav", "unmanned aerial vehicle", "acronym")),
        ("a brain-computer interface (脑机接口) is", ("脑机接口", "brain computer interface", "bilingual")),
    ],
)
def test_english_aliases(pipeline: Pipeline, text: str, expected: tuple[str, str | None, str]) -> None:
    found = reading(pipeline, text)
    alias = found.aliases[0]
    assert len(found.aliases) == 1
    assert (alias.alias_key, alias.pattern) == (expected[0], expected[2])
    assert expected[1] is None or alias.term_key == expected[1]
    assert {alias.alias_key, alias.term_key} <= {mention.term_key for mention in found.mentions}


@pytest.mark.parametrize("text", ["as shown (see Fig. 2) here", "the result (p < 0.05) holds", "in a lab (Paris) we", "(SVM) is used"])
def test_brackets_that_explain_nothing(pipeline: Pipeline, text: str) -> None:
    assert reading(pipeline, text).aliases == ()


def test_chinese_terms_and_what_brackets_state(pipeline: Pipeline) -> None:
    text = "本文提出一种脑机接口（brain-computer interface，BCI）方法，利用卷积神经网络（CNN）实现量子计算与6G网络。"
    found = reading(pipeline, text, title="面向脑机接口的深度学习", lang="zh")
    keys = {mention.term_key for mention in found.mentions}
    assert {"脑机接口", "深度学习", "卷积神经网络", "量子计算", "6g网络", "cnn", "brain computer interface"} <= keys
    assert not {"方法", "本文", "提出", "实现", "利用卷积神经网络"} & keys
    assert {(alias.alias_key, alias.term_key, alias.pattern) for alias in found.aliases} == {
        ("脑机接口", "brain computer interface", "bilingual"),
        ("bci", "brain computer interface", "acronym"),
        ("cnn", "卷积神经网络", "acronym"),
    }


def test_an_entity_is_no_term_and_other_languages_give_none(pipeline: Pipeline) -> None:
    found = reading(pipeline, "Stanford University builds quantum memories.")
    assert [entity.surface for entity in found.entities] == ["Stanford University"]
    assert "stanford university" not in {mention.term_key for mention in found.mentions}
    assert reading(pipeline, "Les réseaux de neurones profonds", lang="fr").mentions == ()


def test_a_pipeline_that_is_not_installed_is_named() -> None:
    with pytest.raises(ValueError, match="en_core_web_nowhere is not installed"):
        load_pipeline("en_core_web_nowhere")
