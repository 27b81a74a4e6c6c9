"""Scores of the six tracks for a text, each with the reasons a person can check.

Three readings are added in log-odds: the lexicon's names, the learned words, and the classification codes where there are
any. Each text is scored by itself. `none` is a real answer: no track reaches the threshold.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp.bilingual import load_table, match_in_both, read_as_english
from nlp.codes import CodeReading, load_codes
from nlp.lexicon import Lexicon, LexiconMatch
from nlp.records import TRACKS, Evidence, Text, Track, TrackScore
from nlp.taxonomy import Taxonomy, load_taxonomy
from nlp.track_model import TextReading, TrackModel, load_model, tokens

SCORE_FLOOR = 0.1  # below this a track is not worth a row
WEAK_PHRASE = 0.35  # what a weak phrase counts beside a technology's own name
TITLE_FACTOR = 1.5  # a name in the title says what the text is about
CODE_LOG_ODDS_LIMIT = math.log(0.95 / 0.05)  # a code never decides alone
SHOWN_TERMS, SHOWN_WORDS, SHOWN_CODES = 3, 2, 2


@dataclass(frozen=True, slots=True)
class Signals:
    """The three readings of one text, before they are weighed. `phrase_weights` is per track in the order of TRACKS."""

    words: TextReading
    matches: tuple[LexiconMatch, ...]
    phrase_weights: npt.NDArray[np.float64]
    codes: CodeReading | None

    def columns(self) -> npt.NDArray[np.float64]:
        """What the combiner weighs, shape (6, 5): word log-odds, phrases (log1p), share of phrases, code log-odds, has codes."""
        rows = np.zeros((len(TRACKS), 5))
        rows[:, 0] = self.words.log_odds
        rows[:, 1] = np.log1p(self.phrase_weights)
        rows[:, 2] = self.phrase_weights / max(self.phrase_weights.sum(), 1e-9)
        if self.codes is not None:
            rows[:, 3] = [_code_log_odds(self.codes.scores.get(track, 0.0)) for track in TRACKS]
            rows[:, 4] = 1.0
        return rows


class TrackScorer:
    """Reads texts against the tracks.

    `definition_vectors`, shape (6, d), are the encoded definition sentences in the order of TRACKS, made by the encoder
    that makes the texts' vectors; with them the nearest definition is named as evidence. It adds nothing to the score
    (measured: no gain), so that a track does not depend on the vector path chosen.
    """

    def __init__(
        self,
        taxonomy: Taxonomy | None = None,
        *,
        model: TrackModel | None = None,
        definition_vectors: npt.NDArray[np.float32] | None = None,
    ) -> None:
        taxonomy = load_taxonomy() if taxonomy is None else taxonomy
        self._lexicon = Lexicon(taxonomy)
        self._codes = load_codes()
        self._model = load_model() if model is None else model
        self._definition_vectors = definition_vectors
        learned = json.dumps(self._model.provenance, sort_keys=True, default=str)
        self.revision = hashlib.sha256(f"{taxonomy.digest}\n{learned}\n{load_table().digest}".encode()).hexdigest()[:16]

    def score(self, texts: Sequence[Text], vectors: npt.NDArray[np.float32] | None = None) -> list[TrackScore]:
        """Every track of every text whose score or code score reaches SCORE_FLOOR, in the order of texts and TRACKS.

        `vectors`: unit rows of the texts, shape (len(texts), d), or None.

        Raises:
            ValueError: vectors and texts, or vectors and definitions, do not fit together.
        """
        nearest = self._nearest_definitions(len(texts), vectors)
        found: list[TrackScore] = []
        for number, text in enumerate(texts):
            found.extend(self._score_one(text, None if nearest is None else nearest[number]))
        return found

    def signals(self, text: Text) -> Signals:
        """The three readings of one text: what `score` weighs and what training learns from."""
        return read_signals(text, match_in_both(text, self._lexicon), self._model, self._codes.read(text.codes))

    def _score_one(self, text: Text, nearest: tuple[int, float] | None) -> list[TrackScore]:
        signals = self.signals(text)
        *weights, bias = self._model.combiner.tolist()
        parts = signals.columns() * np.array(weights)
        scores = 1.0 / (1.0 + np.exp(-(parts.sum(axis=1) + bias)))
        found: list[TrackScore] = []
        for row, track in enumerate(TRACKS):
            code_score = None if signals.codes is None else signals.codes.scores.get(track, 0.0)
            score = round(float(scores[row]), 6)
            if max(score, code_score or 0.0) < SCORE_FLOOR:
                continue
            evidence = _evidence(track, row, signals, parts[row], weights[0])
            if nearest is not None and nearest[0] == row:
                evidence = (*evidence, Evidence("definition", f"nearest definition (similarity {nearest[1]:.2f})", 0.0))
            is_assigned = score >= self._model.threshold
            found.append(TrackScore(text.version_id, track, score, is_assigned, code_score, evidence))
        return found

    def _nearest_definitions(self, text_count: int, vectors: npt.NDArray[np.float32] | None) -> list[tuple[int, float]] | None:
        if vectors is None or self._definition_vectors is None:
            return None
        if vectors.shape != (text_count, self._definition_vectors.shape[1]):
            raise ValueError(
                f"vectors of shape {vectors.shape} do not fit {text_count} texts and definitions of "
                f"{self._definition_vectors.shape[1]} dimensions"
            )
        similarities = vectors @ self._definition_vectors.T
        best = similarities.argmax(axis=1)
        return [(int(row), float(similarities[number, row])) for number, row in enumerate(best)]


def read_signals(text: Text, matches: tuple[LexiconMatch, ...], model: TrackModel, codes: CodeReading | None) -> Signals:
    """Put the readings of one text together. Chinese is read as English words."""
    english = read_as_english(text)
    words = tokens(f"{english.title} . {english.abstract}")
    return Signals(model.read(words, SHOWN_WORDS), matches, weigh_phrases(matches), codes)


def weigh_phrases(matches: Sequence[LexiconMatch]) -> npt.NDArray[np.float64]:
    """Sum of what the matched names count for each track, shape (6,)."""
    weights = np.zeros(len(TRACKS))
    for match in matches:
        for track in match.entry.tracks:
            weights[TRACKS.index(track)] += _phrase_weight(match)
    return weights


def _phrase_weight(match: LexiconMatch) -> float:
    return (WEAK_PHRASE if match.entry.is_weak else 1.0) * (TITLE_FACTOR if match.is_in_title else 1.0)


def _code_log_odds(score: float) -> float:
    limited = min(max(score, 1e-9), 1.0 - 1e-9)
    return max(-CODE_LOG_ODDS_LIMIT, min(CODE_LOG_ODDS_LIMIT, math.log(limited / (1.0 - limited))))


def _evidence(track: Track, row: int, signals: Signals, parts: npt.NDArray[np.float64], word_weight: float) -> tuple[Evidence, ...]:
    """The strongest reasons that speak for one track; weights are shares of the reasons shown and sum to 1."""
    shown: list[tuple[Evidence, float]] = []
    matches = sorted((match for match in signals.matches if track in match.entry.tracks), key=lambda m: -_phrase_weight(m))
    phrase_total = float(signals.phrase_weights[row])
    for match in matches[:SHOWN_TERMS]:
        where = "title" if match.is_in_title else "abstract"
        share = (parts[1] + parts[2]) * _phrase_weight(match) / phrase_total
        shown.append((Evidence("term", f"{match.surface} in the {where}: {match.entry.name}", 0.0), float(share)))
    for contribution in signals.words.strongest[row]:
        share = word_weight * contribution.log_odds
        shown.append((Evidence("term", f"word: {contribution.feature}", 0.0), share))
    if signals.codes is not None:
        reasons = signals.codes.reasons.get(track, ())[:SHOWN_CODES]
        for meaning in reasons:
            share = max(float(parts[3] + parts[4]), 0.0) / len(reasons)
            shown.append((Evidence("code", f"{meaning.code}: {meaning.title}", 0.0), share))
    total = sum(share for _, share in shown) or 1.0
    return tuple(
        Evidence(evidence.reason, evidence.text, round(share / total, 4)) for evidence, share in sorted(shown, key=lambda pair: -pair[1])
    )
