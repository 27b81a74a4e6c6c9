"""Learns the numbers of the track model from weak labels. Pure: texts and labels in, a TrackModel out.

Weak labels come from classification codes and from names the lexicon finds; where the two leave it open, the text is
left out for that track. The combiner and the threshold are then set on a few hundred texts labelled by hand.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from nlp.codes import CodeReading, CodeTable
from nlp.lexicon import Lexicon, LexiconMatch
from nlp.records import TRACKS, Text, Track
from nlp.track_model import TrackModel, features, tokens
from nlp.tracks import read_signals

FEATURE_COUNT = 50_000
MINIMUM_DOCUMENT_COUNT = 6
PER_HEADING = 4_000  # at most so many texts of one source and first code, so that no archive drowns the others
REGULARISATION = 3.0
SHORT_WEIGHT = 0.5  # titles alone and news say less, and are labelled less surely
CODE_SAYS_YES, CODE_IS_SILENT = 0.5, 0.12
THRESHOLDS = np.round(np.arange(0.2, 0.71, 0.025), 3)


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text labelled by hand: tracks it must get, and tracks it may get (a superset)."""

    text: Text
    required: frozenset[Track]
    allowed: frozenset[Track]

    @property
    def is_held_out(self) -> bool:
        """Half of the texts, by a hash of their identifier, are never used to set a number."""
        return unit_hash(f"half:{self.text.version_id}") >= 0.5


def unit_hash(text: str) -> float:
    """A number in [0, 1) that depends on the text only: sampling without a random generator."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48


def sample_texts(texts: Sequence[tuple[str, Text]]) -> list[Text]:
    """At most PER_HEADING of (source, text) pairs per source and first code, chosen and ordered by hash."""
    groups: dict[tuple[str, str], list[Text]] = {}
    for source, text in texts:
        heading = text.codes[0][1] if text.codes else ""
        groups.setdefault((source, heading), []).append(text)
    chosen = [
        text
        for group in groups.values()
        for text in sorted(group, key=lambda text: (unit_hash(text.version_id), text.version_id))[:PER_HEADING]
    ]
    return sorted(chosen, key=lambda text: (unit_hash(text.version_id), text.version_id, text.title))


def weak_labels(matches: Sequence[LexiconMatch], codes: CodeReading | None) -> npt.NDArray[np.int8]:
    """1 (belongs), 0 (does not) or -1 (open) for each track, from the codes and the names found in one text."""
    labels = np.zeros(len(TRACKS), dtype=np.int8)
    for row, track in enumerate(TRACKS):
        speaking = [match for match in matches if track in match.entry.tracks]
        named = [match for match in speaking if not match.entry.is_weak]
        is_about = any(match.is_in_title for match in named) or len(named) >= 2
        code_score = 0.0 if codes is None else codes.scores.get(track, 0.0)
        if code_score >= CODE_SAYS_YES:
            labels[row] = 1
        elif code_score >= CODE_IS_SILENT:
            labels[row] = 1 if is_about else -1
        elif codes is not None:
            labels[row] = -1 if is_about else 0
        elif is_about:
            labels[row] = 1
        else:
            labels[row] = -1 if speaking else 0
    return labels


def learn_words(texts: Sequence[Text], lexicon: Lexicon, codes: CodeTable) -> TrackModel:
    """Fit one logistic regression per track on words and pairs; the combiner is left at zero for `learn_combiner`."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    word_lists: list[list[str]] = []
    labels: list[npt.NDArray[np.int8]] = []
    weights: list[float] = []
    for number, text in enumerate(texts):
        label = weak_labels(lexicon.match(text), codes.read(text.codes))
        title = tokens(text.title)
        if text.abstract:
            word_lists.append(title + tokens(text.abstract))
            labels.append(label)
            weights.append(1.0)
        # Half of the abstracts are shown once more as bare titles, and all patents, so that titles alone work too.
        if not text.abstract or text.kind == "patent" or number % 2:
            word_lists.append(title)
            labels.append(label)
            weights.append(1.0 if text.kind != "news" and not text.abstract else SHORT_WEIGHT)
    vocabulary, idf = _vocabulary(word_lists)
    rows = [_row(words, vocabulary, idf) for words in word_lists]
    matrix = csr_matrix(
        (
            np.concatenate([values for _, values in rows]),
            np.concatenate([columns for columns, _ in rows]),
            np.cumsum([0, *(len(columns) for columns, _ in rows)]),
        ),
        shape=(len(rows), len(vocabulary)),
    )
    targets, sample_weights = np.array(labels), np.array(weights)
    coefficients = np.zeros((len(vocabulary), len(TRACKS)), dtype=np.float32)
    bias = np.zeros(len(TRACKS), dtype=np.float32)
    for row in range(len(TRACKS)):
        is_known = targets[:, row] >= 0
        regression = LogisticRegression(C=REGULARISATION, solver="liblinear", random_state=0, tol=1e-3)
        regression.fit(matrix[is_known], targets[is_known, row], sample_weight=sample_weights[is_known])
        coefficients[:, row] = regression.coef_[0]
        bias[row] = regression.intercept_[0]
    return TrackModel(vocabulary, idf, coefficients, bias, np.zeros(6), 0.5, {})


def learn_combiner(model: TrackModel, labelled: Sequence[LabelledText], lexicon: Lexicon, codes: CodeTable) -> TrackModel:
    """Set the weights of the three readings and the threshold on hand-labelled texts (pass the tuning half only).

    The threshold is the one whose macro-F1 over the six tracks and `none`, averaged with its neighbours within .05, is
    highest: `none` is an answer like the others, and the plain maximum of a few hundred texts is a matter of luck.
    """
    from sklearn.linear_model import LogisticRegression

    columns = np.stack([_columns(item.text, model, lexicon, codes) for item in labelled])
    required, allowed = membership(labelled)
    is_clear = required | ~allowed
    regression = LogisticRegression(C=1.0).fit(columns[is_clear], required[is_clear])
    combiner = np.append(regression.coef_[0], regression.intercept_[0])
    scores = regression.predict_proba(columns.reshape(-1, columns.shape[2]))[:, 1].reshape(required.shape)
    quality = np.array(
        [
            np.mean([*track_f1(scores >= threshold, required, allowed), none_f1(scores >= threshold, required, allowed)])
            for threshold in THRESHOLDS
        ]
    )
    padded = np.pad(quality, 2, mode="edge")
    smooth = np.convolve(padded, np.ones(5) / 5, mode="valid")
    return replace(model, combiner=combiner, threshold=float(THRESHOLDS[int(smooth.argmax())]))


def membership(labelled: Sequence[LabelledText]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Required and allowed tracks as two tables of shape (texts, 6)."""
    required = np.array([[track in item.required for track in TRACKS] for item in labelled])
    allowed = np.array([[track in item.allowed for track in TRACKS] for item in labelled])
    return required, allowed


def track_f1(given: npt.NDArray[np.bool_], required: npt.NDArray[np.bool_], allowed: npt.NDArray[np.bool_]) -> list[float]:
    """F1 per track: a missed track counts only when both coders gave it, a given one only when neither did."""
    found = []
    for row in range(given.shape[1]):
        hits = int((given[:, row] & required[:, row]).sum())
        misses = int((~given[:, row] & required[:, row]).sum())
        surplus = int((given[:, row] & ~allowed[:, row]).sum())
        found.append(2 * hits / max(2 * hits + misses + surplus, 1))
    return found


def none_f1(given: npt.NDArray[np.bool_], required: npt.NDArray[np.bool_], allowed: npt.NDArray[np.bool_]) -> float:
    """F1 of the answer `none`: right where neither coder gave a track, wrong where both gave one."""
    is_none, is_some, is_silent = ~allowed.any(axis=1), required.any(axis=1), ~given.any(axis=1)
    hits, misses, surplus = int((is_none & is_silent).sum()), int((is_none & ~is_silent).sum()), int((is_some & is_silent).sum())
    return 2 * hits / max(2 * hits + misses + surplus, 1)


def _columns(text: Text, model: TrackModel, lexicon: Lexicon, codes: CodeTable) -> npt.NDArray[np.float64]:
    return read_signals(text, lexicon.match(text), model, codes.read(text.codes)).columns()


def _vocabulary(word_lists: Sequence[Sequence[str]]) -> tuple[dict[str, int], npt.NDArray[np.float32]]:
    """The most frequent features in alphabetical order, with smoothed inverse document frequency."""
    counts: Counter[str] = Counter()
    for words in word_lists:
        counts.update(set(features(words)))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:FEATURE_COUNT]
    kept = sorted(feature for feature, count in ordered if count >= MINIMUM_DOCUMENT_COUNT)
    idf = np.array([np.log((1 + len(word_lists)) / (1 + counts[feature])) + 1.0 for feature in kept], dtype=np.float32)
    return {feature: number for number, feature in enumerate(kept)}, idf


def _row(
    words: Sequence[str], vocabulary: dict[str, int], idf: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    counts = Counter(vocabulary[feature] for feature in features(words) if feature in vocabulary)
    columns = np.array(sorted(counts), dtype=np.int32)
    values = np.array([1.0 + np.log(counts[column]) for column in columns.tolist()], dtype=np.float32) * idf[columns]
    length = float(np.linalg.norm(values))
    return columns, values if length == 0.0 else (values / length).astype(np.float32)
