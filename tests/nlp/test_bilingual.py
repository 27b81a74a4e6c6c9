"""Chinese read as English words: the table that ships, and how one is learned."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from nlp.bilingual import TABLE_PATH, PhraseTable, english_of, load_table, match_in_both, read_as_english, read_glossary
from nlp.bilingual_learning import Pair, learn_phrases, sentences
from nlp.lexicon import Lexicon
from nlp.records import Text
from nlp.taxonomy import load_taxonomy

NOUNS = {"机器人": "robot", "卫星": "satellite", "电池": "battery", "疫苗": "vaccine", "合金": "alloy"}
KINDS = {"新型": "modern", "小型": "small", "国产": "domestic", "高效": "efficient"}


def _pairs() -> list[Pair]:
    return [Pair(f"The {KINDS[kind]} {NOUNS[noun]}", "", f"{kind}{noun}", "") for kind, noun in product(KINDS, NOUNS)] * 3


def test_phrases_are_learned_from_pairs_in_any_order() -> None:
    phrases = learn_phrases(list(sentences(_pairs())))
    assert {noun: phrases[noun] for noun in NOUNS} == NOUNS
    assert phrases["小型卫星"] == "small satellite"
    assert learn_phrases(list(sentences(reversed(_pairs())))) == phrases


def test_sentences_are_paired_only_where_both_sides_have_as_many() -> None:
    fits = Pair("A title", "First robots. Second satellites.", "标题", "第一机器人。第二卫星。")
    does_not = Pair("A title", "First robots. Second satellites.", "标题", "第一机器人第二卫星。")
    assert [len(list(sentences([pair]))) for pair in (fits, does_not)] == [3, 1]


def test_the_longest_phrase_speaks_and_what_is_unknown_is_silent() -> None:
    table = PhraseTable({"神经网络": "neural network", "图神经网络": "graph neural networks", "卫星": "satellite"}, "", {})
    assert table.to_english("图神经网络") == "graph neural networks"
    assert table.to_english("用GNN做卫星的神经网络") == "GNN satellite neural network"
    assert table.covers("卫星神经网络")
    assert not table.covers("卫星饕餮")


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("固态电池", "solid state battery"),
        ("钙钛矿太阳能电池", "perovskite solar cell"),
        ("载人飞船", "manned spacecraft"),
        ("基因编辑", "gene editing"),
        ("强化学习", "reinforcement learning"),
        ("联邦学习与大语言模型", "federated learning large language model"),
    ],
)
def test_the_table_that_ships_knows_all_six_tracks(chinese: str, english: str) -> None:
    assert english_of(chinese) == english


def test_english_is_left_as_it_is() -> None:
    text = Text("v1", "paper", "Graph neural networks", "We study them.", "en")
    assert read_as_english(text) is text
    assert english_of("Graph neural networks") == "Graph neural networks"


def test_a_weak_chinese_name_gives_way_to_its_sense_in_english() -> None:
    lexicon = Lexicon(load_taxonomy())
    names = {match.entry.name for match in match_in_both(Text("v1", "paper", "基于变压器的语言模型", "", "zh"), lexicon)}
    assert "electric motor" in {match.entry.name for match in lexicon.match(Text("v1", "paper", "基于变压器的语言模型", "", "zh"))}
    assert "electric motor" not in names
    assert "natural language processing" in names


def test_a_glossary_with_a_word_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_text("a: 合金=alloy\nb: 合金=metal\n", encoding="utf-8")
    with pytest.raises(ValueError, match="合金=metal"):
        read_glossary(path)


def test_the_phrases_are_small_and_say_where_they_come_from() -> None:
    assert TABLE_PATH.stat().st_size <= 5_000_000
    assert load_table().provenance["command"]
    assert load_table().provenance["inputs"]
