"""Scores of the six tracks for a text, each with the reasons a person can check.

The signals of `nlp.track_signals` are added in log-odds with learned weights. Each text is scored by itself. `none` is a
real answer: no track reaches the threshold. A text that is nothing but a name of the taxonomy gets the tracks of that name.
With vectors of the sentence model the whole text's meaning counts too; scores with and without vectors have a combiner
each, calibrated by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nlp.bilingual import load_table
from nlp.codes import load_codes
from nlp.lexicon import Lexicon, LexiconMatch
from nlp.records import TRACKS, Evidence, Text, Track, TrackScore
from nlp.taxonomy import Entry, Taxonomy, load_taxonomy
from nlp.track_model import Combiner, Numbers, TrackModel, load_model
from nlp.track_signals import (
    CODES,
    HAS_CODES,
    MEANING,
    NAMES,
    SIZE,
    Signals,
    count_names,
    name_alone,
    name_columns,
    names_alone,
    read_signals,
)

SCORE_FLOOR = 0.1  # below this a track is not worth a row
NAME_SCORE = 0.95  # of a track whose name is all that a text says
SHOWN_TERMS, SHOWN_WORDS, SHOWN_CODES = 3, 2, 2
DEFINITION_WORDS = 8


class TrackScorer:
    """Reads texts against the tracks. `revision` changes whenever the same text could get another score; `encoder_name`
    names the sentence model whose vectors `score` takes."""

    def __init__(self, taxonomy: Taxonomy | None = None, *, model: TrackModel | None = None) -> None:
        taxonomy = load_taxonomy() if taxonomy is None else taxonomy
        self._lexicon = Lexicon(taxonomy)
        self._names = names_alone(taxonomy)
        self._codes = load_codes()
        self._model = load_model() if model is None else model
        self._definitions = {item.track: " ".join(item.definition.split()[:DEFINITION_WORDS]) for item in taxonomy.tracks}
        learned = json.dumps(dict(self._model.provenance), sort_keys=True, default=str)
        self._feature_names = self._model.vocabulary.names()
        self.revision = hashlib.sha256(f"{taxonomy.digest}\n{learned}\n{load_table().digest}".encode()).hexdigest()[:16]
        self.encoder_name = str(self._model.provenance.get("encoder", ""))

    def score(self, texts: Sequence[Text], vectors: npt.NDArray[np.float32] | None = None) -> list[TrackScore]:
        """Every track of every text whose score or code score reaches SCORE_FLOOR, in the order of texts and TRACKS.

        `vectors`: unit rows, shape (len(texts), d), that the encoder called `encoder_name` made of `track_signals.sentence_of`.

        Raises:
            ValueError: the vectors do not fit the texts or the model.
        """
        found: list[TrackScore] = []
        meanings = self._meanings(len(texts), vectors)
        combiner = self._model.by_words if vectors is None else self._model.by_meaning
        for number, text in enumerate(texts):
            entry = name_alone(text, self._names)
            if entry is not None:
                found.extend(_score_name(text, entry))
                continue
            meaning = None if meanings is None else meanings[number]
            signals = read_signals(text, self._lexicon, self._codes, self._model, meaning)
            similarities = None if vectors is None else self._model.definitions @ vectors[number]
            found.extend(self._score_one(text, signals, combiner, similarities))
        return found

    def signals(self, text: Text) -> Signals:
        """What `score` weighs of one text when it has no vector."""
        return read_signals(text, self._lexicon, self._codes, self._model, None)

    def _meanings(self, text_count: int, vectors: npt.NDArray[np.float32] | None) -> Numbers | None:
        if vectors is None:
            return None
        dimension = len(self._model.perceptron.hidden)
        if vectors.shape != (text_count, dimension):
            raise ValueError(f"vectors of shape {vectors.shape} do not fit {text_count} texts and a model of {dimension} dimensions")
        return self._model.perceptron.read(vectors)

    def _score_one(
        self, text: Text, signals: Signals, combiner: Combiner, similarities: npt.NDArray[np.float32] | None
    ) -> list[TrackScore]:
        scores = 1.0 / (1.0 + np.exp(-(signals.row @ combiner.weights + combiner.bias)))
        found: list[TrackScore] = []
        for place, track in enumerate(TRACKS):
            code_score = None if signals.codes is None else signals.codes.scores.get(track, 0.0)
            score = round(float(scores[place]), 6)
            if max(score, code_score or 0.0) < SCORE_FLOOR:
                continue
            shown = self._reasons(track, signals, combiner.weights[:, place])
            if similarities is not None:
                share = float(signals.row[MEANING] @ combiner.weights[MEANING, place])
                reason = f"reads like: {self._definitions[track]} ... (similarity {similarities[place]:.2f})"
                shown.append((Evidence("definition", reason, 0.0), share))
            found.append(TrackScore(text.version_id, track, score, score >= combiner.threshold, code_score, _shares(shown)))
        return found

    def _reasons(self, track: Track, signals: Signals, weights: Numbers) -> list[tuple[Evidence, float]]:
        """Names, words and codes with what each adds to the log-odds of one track."""
        matches = [match for match in signals.matches if track in match.entry.tracks]
        per_name = np.log1p(count_names(signals.matches)) / np.maximum(count_names(signals.matches), 1.0) * weights[NAMES]
        terms = sorted(
            ((_name_reason(match), float(sum(per_name[column] for column in name_columns(match)))) for match in matches),
            key=lambda pair: -pair[1],
        )
        per_word = signals.values * (self._model.words[signals.places] @ weights[: 2 * SIZE])
        strongest = np.argsort(-per_word, kind="stable")[:SHOWN_WORDS]
        words = [(Evidence("term", f"word: {self._feature_names[signals.places[row]]}", 0.0), float(per_word[row])) for row in strongest]
        codes: list[tuple[Evidence, float]] = []
        if signals.codes is not None:
            reasons = signals.codes.reasons.get(track, ())[:SHOWN_CODES]
            share = float(signals.row[CODES] @ weights[CODES] + weights[HAS_CODES]) / max(len(reasons), 1)
            codes = [(Evidence("code", f"{meaning.code}: {meaning.title}", 0.0), share) for meaning in reasons]
        return [*terms[:SHOWN_TERMS], *words, *codes]


def _score_name(text: Text, entry: Entry) -> list[TrackScore]:
    """The tracks of the name that is all of a text."""
    reason = (Evidence("term", f"the text is a name of the taxonomy: {entry.name}", 1.0),)
    return [TrackScore(text.version_id, track, NAME_SCORE, True, None, reason) for track in TRACKS if track in entry.tracks]


def _name_reason(match: LexiconMatch) -> Evidence:
    where = "title" if match.is_in_title else "abstract"
    return Evidence("term", f"{match.surface} in the {where}: {match.entry.name}", 0.0)


def _shares(shown: Sequence[tuple[Evidence, float]]) -> tuple[Evidence, ...]:
    """The reasons that speak for a track, the strongest first; their weights sum to 1."""
    speaking = sorted(((evidence, share) for evidence, share in shown if share > 0.0), key=lambda pair: -pair[1])
    total = sum(share for _, share in speaking)
    return tuple(Evidence(evidence.reason, evidence.text, round(share / total, 4)) for evidence, share in speaking)
