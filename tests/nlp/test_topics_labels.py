"""What topics are called, and how good their words are."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from nlp.topic_labels import WeightedTerm, choose_keywords, choose_phrases, complete, label_of
from nlp.topic_quality import diversity, kept_share, npmi_coherence, outlier_share
from nlp.topic_terms import phrase_table, word_table


def _phrase(key: str, weight: float, coverage: float = 0.2) -> WeightedTerm:
    return WeightedTerm(key, key, weight, coverage)


def test_a_label_is_made_of_phrases_that_do_not_repeat_each_other() -> None:
    candidates = [
        _phrase("virtual reality", 1.0),
        _phrase("vr", 1.9),
        _phrase("augmented reality", 0.9),
        _phrase("hand tracking", 0.8),
        _phrase("headset", 1.2),
        _phrase("rare device", 5.0, coverage=0.01),
        _phrase("computer", 0.2),
    ]
    assert choose_phrases(candidates, ["reality", "headset", "hand"]) == ("virtual reality", "hand tracking", "headset")
    assert choose_phrases(candidates, ["reality"]) == ("virtual reality",)  # what holds no keyword may be about anything


def test_a_keyword_is_read_in_many_of_the_documents() -> None:
    common = [_phrase(f"word{number}", 1.0 + number / 100, 0.3) for number in range(12)]
    chosen = choose_keywords([_phrase("rare", 9.0, 0.02), *common])
    assert [one.key for one in chosen] == [f"word{number}" for number in range(11, 1, -1)]
    assert choose_keywords([_phrase("rare", 9.0, 0.02), *common[:3]])[0].key == "rare"  # too few words to choose


def test_a_word_read_only_inside_a_longer_term_gives_way_to_it() -> None:
    candidates = [_phrase("recurrent", 9.0, 0.3), _phrase("recurrent network", 1.0, 0.25), _phrase("network", 2.5, 0.9)]
    assert choose_phrases(candidates, [])[0] == "network"  # mostly read elsewhere, so it stands by itself
    assert "recurrent" not in choose_phrases(candidates, [])


def test_no_two_topics_are_called_the_same_while_words_are_left() -> None:
    phrases = ("a", "b", "c", "d")
    assert label_of(phrases) == "a, b, c"
    assert label_of(phrases, {"a, b, c"}) == "a, b, c, d"
    assert label_of(("a",), {"a"}) == "a"


def test_a_cut_phrase_gets_its_missing_word_back() -> None:
    texts = ["Next-generation sequencing works. The next generation sequencing era."] * 3 + ["lower bit error rate, the bit error rate"] * 3
    assert complete("generation sequencing", texts) == "next generation sequencing"
    assert complete("bit error", texts) == "bit error rate"
    assert complete("sequencing era", texts) == "sequencing era"


def test_words_and_phrases_are_those_of_the_subject_in_both_languages() -> None:
    texts = ["Sodium-ion batteries: the method uses 300 sodium-ion batteries", "A sodium-ion battery with two electrodes"] * 2
    words = word_table(texts, smallest=2)
    assert words.documents[0] == ("battery", "sodium-ion")
    assert set(words.names) == {"battery", "sodium-ion", "electrode"}
    assert phrase_table(texts, smallest=2).names["sodium ion battery"].lower() in ("sodium-ion batteries", "sodium-ion battery")
    assert not any(key.startswith("two ") for key in phrase_table(texts, smallest=2).names)
    chinese = phrase_table(["人形机器人的运动控制", "人形机器人进入工厂"], smallest=2)
    assert "人形机器人" in chinese.names
    assert "机器人" in word_table(["人形机器人的运动控制", "机器人进入工厂"], smallest=2).names


def test_npmi_is_one_for_words_that_only_meet_and_minus_one_for_words_that_never_do() -> None:
    presence = csr_matrix(np.array([[1, 1, 0, 1], [1, 1, 0, 1], [0, 0, 1, 1], [0, 0, 1, 1]]))
    columns = {"a": 0, "b": 1, "c": 2, "d": 3}
    assert npmi_coherence([["a", "b"]], columns, presence) == pytest.approx(1.0)
    assert npmi_coherence([["a", "c"]], columns, presence) == -1.0
    assert npmi_coherence([["a", "d"]], columns, presence) == pytest.approx(0.0)
    assert npmi_coherence([["a", "b", "c"], ["a"]], columns, presence) == pytest.approx(-1 / 3)
    with pytest.raises(ValueError, match="two words"):
        npmi_coherence([["a"]], columns, presence)


def test_shares_are_what_they_say() -> None:
    assert diversity([["a", "b"], ["b", "c"]]) == 0.75
    assert outlier_share(np.array([-1, 0, 1, -1])) == 0.5
    assert kept_share(["K1", None, "K2"], ["K1", None, "K3"]) == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="cannot be compared"):
        kept_share(["K1"], [])
