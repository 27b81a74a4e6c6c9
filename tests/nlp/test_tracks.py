"""Tracks of texts: names, words and codes, in English and Chinese, with reasons."""

from __future__ import annotations

import numpy as np
import pytest

from nlp.codes import load_codes
from nlp.lexicon import Lexicon
from nlp.records import TRACKS, Text, TrackScore
from nlp.taxonomy import load_taxonomy, with_entries
from nlp.track_learning import Lessons, learn, name_headlines, teach_again, weak_labels
from nlp.track_measures import LabelledText, calibration_error, confusion, macro_interval, none_f1, track_f1, worst_errors
from nlp.track_model import load_model
from nlp.track_signals import sentence_of
from nlp.tracks import TrackScorer


@pytest.fixture(scope="module")
def scorer() -> TrackScorer:
    return TrackScorer()


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(load_taxonomy())


def _text(title: str, abstract: str = "", codes: tuple[tuple[str, str], ...] = (), lang: str = "en") -> Text:
    return Text("v1", "paper", title, abstract, lang, codes)


def _assigned(scores: list[TrackScore]) -> set[str]:
    return {score.track for score in scores if score.is_assigned}


@pytest.mark.parametrize(
    ("title", "track"),
    [
        ("Selective laser melting of steel parts: process window and defects", "manufacturing"),
        ("Federated learning of large language models over edge networks", "information"),
        ("Fracture toughness of refractory high-entropy alloys", "materials"),
        ("Sodium-ion batteries with layered oxide cathodes", "energy"),
        ("Autonomous underwater vehicle for seafloor mapping", "space"),
        ("CRISPR base editing in hematopoietic stem cells", "health"),
        ("首个人形机器人中试线投产", "manufacturing"),
        ("我国可重复使用火箭成功发射卫星", "space"),
        ("6G网络空天地一体化试验完成", "information"),
        ("脑机接口临床试验启动", "health"),
    ],
)
def test_a_title_alone_gives_its_track_with_a_reason(scorer: TrackScorer, title: str, track: str) -> None:
    found = {score.track: score for score in scorer.score([_text(title)])}
    assert found[track].is_assigned
    assert found[track].code_score is None
    assert found[track].evidence[0].text
    assert sum(evidence.weight for evidence in found[track].evidence) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("title", ["Bank reports record profit", "Chile elects a new president", "银行发布年报利润增长", ""])
def test_none_is_an_answer(scorer: TrackScorer, title: str) -> None:
    assert _assigned(scorer.score([_text(title)])) == set()


@pytest.mark.parametrize(
    ("title", "tracks"),
    [
        ("超导体", {"materials"}),
        ("采矿车", {"space"}),
        ("Web3.0", {"information"}),
        ("  Tunnel boring machines ", {"space"}),
        ("Thin-Film Solar Cell", {"energy", "materials"}),
    ],
)
def test_a_name_of_the_taxonomy_alone_gets_the_tracks_of_its_entry(scorer: TrackScorer, title: str, tracks: set[str]) -> None:
    assert _assigned(scorer.score([_text(title)])) == _assigned(scorer.score([_text("", title)])) == tracks


def test_a_name_alone_yields_to_codes_and_to_a_taxonomy_of_the_user(scorer: TrackScorer) -> None:
    coded = scorer.score([_text("Icebreaker", codes=(("cpc", "A61B5/00"), ("cpc", "A61K31/00")))])
    assert not any("is a name of" in reason.text for score in coded for reason in score.evidence)
    own = with_entries(load_taxonomy(), [{"name": "warp coil", "zh": "曲率线圈", "tracks": ["health"]}])
    assert _assigned(TrackScorer(own).score([_text("曲率线圈")])) == {"health"}
    assert "health" not in _assigned(scorer.score([_text("曲率线圈")]))


def test_a_text_of_two_tracks_gets_both(scorer: TrackScorer) -> None:
    text = _text("Thin-film perovskite solar cells", "Halide perovskite thin films raise the efficiency of photovoltaic modules.")
    assert _assigned(scorer.score([text])) == {"energy", "materials"}


def test_each_text_is_scored_by_itself(scorer: TrackScorer) -> None:
    texts = [_text("Quantum error correction with surface codes"), _text("Wind turbine control"), _text("A poem")]
    together = scorer.score(texts)
    apart = [score for text in texts for score in scorer.score([text])]
    assert together == apart


def test_code_score_comes_from_codes_alone(scorer: TrackScorer) -> None:
    codes = (("cpc", "H01M 10/0525"), ("cpc", "Y02E60/10"))
    by_title = {}
    for title in ("Battery cell", "Method and apparatus"):
        by_title[title] = {score.track: score.code_score for score in scorer.score([_text(title, codes=codes)])}
    assert by_title["Battery cell"]["energy"] == by_title["Method and apparatus"]["energy"] == 0.9
    reasons = [e for s in scorer.score([_text("Method", codes=codes)]) if s.track == "energy" for e in s.evidence]
    assert "H01M: batteries and fuel cells" in {evidence.text for evidence in reasons if evidence.reason == "code"}


def test_codes_match_by_longest_whole_prefix() -> None:
    table = load_codes()
    assert table.meaning("cpc", "G06N10/40").code == "G06N10"  # type: ignore[union-attr]
    assert table.meaning("ipc", "G06N 100/00").code == "G06"  # type: ignore[union-attr]
    assert table.meaning("arxiv", "math.AG").strengths == ()  # type: ignore[union-attr]
    assert table.meaning("uspc", "244/171.1").title == "aeronautics and astronautics"  # type: ignore[union-attr]
    assert table.read([("category", "Startups")]) is None
    one_of_three = table.read([("cpc", "B64U10/13"), ("cpc", "A47B1/00"), ("cpc", "A47C1/00")])
    assert one_of_three is not None
    assert one_of_three.scores["space"] == pytest.approx(0.6)


def test_a_sentence_vector_moves_the_score_and_is_a_reason(scorer: TrackScorer) -> None:
    text, definitions = _text("Sodium-ion batteries for grid storage"), load_model().definitions
    scores = {}
    for meaning in ("energy", "health"):
        found = {score.track: score for score in scorer.score([text], definitions[[TRACKS.index(meaning)]])}
        assert any(reason.reason == "definition" and "reads like" in reason.text for reason in found[meaning].evidence)
        scores[meaning] = found["energy"].score if "energy" in found else 0.0
    assert scores["energy"] > scores["health"]
    with pytest.raises(ValueError, match="do not fit"):
        scorer.score([text], np.zeros((2, 6), dtype=np.float32))


def test_the_lexicon_folds_hyphens_plurals_and_case_and_prefers_the_longer_name(lexicon: Lexicon) -> None:
    for title in ("Brain–computer interface", "BRAIN COMPUTER INTERFACES", "a brain-computer interface's use"):
        assert "brain-computer interfaces" in {match.entry.name for match in lexicon.match(_text(title))}
    names = {match.entry.name for match in lexicon.match(_text("基于大语言模型的容错量子计算"))}
    assert "fault-tolerant universal quantum computing" in names
    assert "quantum computing" not in names


def test_weak_labels_leave_open_what_codes_and_names_leave_open(lexicon: Lexicon) -> None:
    table = load_codes()
    robot_vision = _text("Grasping objects", codes=(("arxiv", "cs.RO"),))
    labels = dict(zip(TRACKS, weak_labels(lexicon.match(robot_vision), table.read(robot_vision.codes)), strict=True))
    assert (labels["manufacturing"], labels["information"], labels["health"]) == (1, -1, 0)


def test_the_measure_forgives_what_the_coders_leave_open() -> None:
    required = np.array([[True, False], [False, False], [False, False]])
    allowed = np.array([[True, True], [False, False], [False, True]])
    exact = np.array([[True, True], [False, False], [False, False]])
    assert track_f1(exact, required, allowed)[0] == 1.0
    assert none_f1(exact, required, allowed) == 1.0
    assert none_f1(np.ones((3, 2), dtype=bool), required, allowed) == 0.0


def test_a_missed_track_is_confused_with_what_was_given_instead() -> None:
    required = np.zeros((3, 6), dtype=bool)
    allowed, given = required.copy(), required.copy()
    required[0, 0] = allowed[0, 0] = given[0, 1] = given[1, 2] = True
    assert confusion(given, required, allowed) == {("manufacturing", "information"): 1, ("none", "materials"): 1, ("none", "none"): 1}
    scores = np.where(given, 0.9, 0.2)
    assert [fault[:2] for fault in worst_errors(scores, given, required, allowed, 2)] == [(0, 1), (1, 2)]


def test_calibration_compares_what_was_said_with_what_is_true() -> None:
    required = np.array([[True], [False], [False], [False]])
    said = np.full((4, 1), 0.25)
    assert calibration_error(said, required, required) == pytest.approx(0.0)
    assert calibration_error(said + 0.5, required, required) == pytest.approx(0.5)


def test_an_interval_holds_the_figure_and_narrows_with_more_texts() -> None:
    marks = np.random.default_rng(1).random((400, 6)) < 0.3
    given = marks ^ (np.random.default_rng(2).random((400, 6)) < 0.1)
    few, many = (macro_interval(given[:size], marks[:size], marks[:size]) for size in (40, 400))
    assert many[0] < np.mean(track_f1(given, marks, marks)) < many[1]
    assert many[1] - many[0] < few[1] - few[0]


def test_half_of_the_labels_are_held_out_for_good() -> None:
    texts = [Text(f"d{n}", "paper", "", "", "en") for n in range(400)]
    held = {draw: sum(LabelledText(text, *(frozenset(),) * 3, draw).is_held_out for text in texts) for draw in ("", "fresh", "uncertain")}
    assert 150 < held[""] == held["fresh"] < 250
    assert held["uncertain"] == 0


def test_headlines_for_learning_name_every_clear_spelling_once() -> None:
    made = name_headlines(load_taxonomy())
    assert len({item.text.title.casefold() for item in made}) == len(made) > 1_000
    assert not any(item.is_held_out for item in made)
    assert {item.required for item in made if item.text.version_id == "taxonomy:perovskite solar cell"} == {
        frozenset({"energy", "materials"})
    }


def test_new_labels_can_teach_without_learning_all_anew() -> None:
    labelled = [LabelledText(_numbered(track, title), *(frozenset({track}),) * 3) for track, title in SUBJECTS.items()] * 5
    axes = np.eye(len(TRACKS), load_model().definitions.shape[1], dtype=np.float32)
    vectors = {sentence_of(item.text): axes[TRACKS.index(next(iter(item.likely)))] for item in labelled}
    texts = [item.text for item in labelled]
    again = teach_again(load_model(), Lessons((), texts, labelled, vectors))
    assert again.by_meaning is load_model().by_meaning
    assert np.array_equal(again.words[:, : len(TRACKS)], load_model().words[:, : len(TRACKS)])
    assert not np.array_equal(again.words[:, len(TRACKS) :], load_model().words[:, len(TRACKS) :])


SUBJECTS = {
    "manufacturing": "additive manufacturing of brackets",
    "information": "quantum computing with qubits",
    "materials": "graphene sheets",
    "energy": "perovskite solar cells",
    "space": "communication satellites in orbit",
    "health": "gene therapy of blindness",
}


def test_learning_twice_gives_the_same_numbers_and_reads_new_texts(lexicon: Lexicon) -> None:
    labelled = [
        LabelledText(_numbered(f"{track}{n}", f"{title} {n}th report"), *(frozenset({track}),) * 3)
        for track, title in SUBJECTS.items()
        for n in range(10)
    ]
    texts = [item.text for item in labelled]
    axes = np.eye(len(TRACKS), 8, dtype=np.float32)
    vectors = {sentence_of(item.text): axes[TRACKS.index(next(iter(item.likely)))] for item in labelled}
    lessons = Lessons(texts, texts, labelled, vectors)
    first, second = (learn(lessons, lexicon, load_codes(), axes) for _ in range(2))
    assert np.array_equal(first.words, second.words)
    assert np.array_equal(first.by_meaning.weights, second.by_meaning.weights)
    scorer = TrackScorer(model=first)
    new = [_numbered("a", "Brackets by additive manufacturing"), _numbered("b", "A poem")]
    with_meaning = {(score.version_id, score.track) for score in scorer.score(new, axes[[0, 3]]) if score.is_assigned}
    assert ("a", "manufacturing") in with_meaning
    words_alone = {(score.version_id, score.track) for score in scorer.score(new) if score.is_assigned}
    assert words_alone == {("a", "manufacturing")}


def _numbered(identifier: str, title: str) -> Text:
    return Text(identifier, "news", title, "", "en")
