"""What was learned about the tracks, read from one small file: weights of words, a perceptron over sentence vectors, and combiners.

Needs numpy only: at scoring time neither scikit-learn nor torch is loaded, and every word's share of a decision can be named.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MODEL_PATH = Path(__file__).with_name("track_weights.npz")
TOKEN = re.compile(r"[a-z][a-z0-9]*(?:\+\+|#)?|[0-9]+[a-z]+")
# Words that carry grammar or the habits of abstracts and claims, not a subject.
_STOP_TEXT = """
    a about above after all also although an and any are as at be because been being between both but by can could do
    does done during each either for from further had has have having here how however i if in into is it its itself may
    more most much must no nor not of on one only onto or other our over own per said same several shall should show
    shown shows since so some such than that the their them then there therefore therein thereof these they this those
    through thus to toward towards under until up upon us use used uses using very via was we were what when where
    whereby wherein whether which while who whose why will with within without would yet you your paper propose proposed
    present presents presented method methods result results study based approach new novel two three first second
    embodiment embodiments invention includes including include comprising comprises comprise provided provide provides
    least plurality s t d e g et al abstract
"""
STOP_WORDS = frozenset(_STOP_TEXT.split())
Numbers = npt.NDArray[np.float64]


def tokens(text: str) -> list[str]:
    """Lower-case Latin words without stop words; hyphens separate."""
    return [word for word in TOKEN.findall(text.lower()) if word not in STOP_WORDS]


def features(words: Sequence[str]) -> Iterable[str]:
    """The words and every pair of neighbours."""
    yield from words
    for left, right in pairwise(words):
        yield f"{left} {right}"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features a model knows, with their inverse document frequencies, shape (features,)."""

    places: Mapping[str, int]
    idf: npt.NDArray[np.float32]

    def weigh(self, words: Sequence[str]) -> tuple[npt.NDArray[np.int64], Numbers]:
        """Places of the known features of one text in ascending order, and their TF-IDF (log counts) scaled to unit length."""
        counts: dict[int, int] = {}
        for feature in features(words):
            place = self.places.get(feature)
            if place is not None:
                counts[place] = counts.get(place, 0) + 1
        places = np.fromiter(sorted(counts), dtype=np.int64, count=len(counts))
        values = np.array([1.0 + math.log(counts[place]) for place in places.tolist()]) * self.idf[places]
        return places, np.asarray(values / max(float(np.linalg.norm(values)), 1e-12), dtype=np.float64)

    def names(self) -> list[str]:
        """Features in the order of their places."""
        return sorted(self.places, key=self.places.__getitem__)


@dataclass(frozen=True, slots=True)
class Perceptron:
    """One hidden layer (ReLU) over unit sentence vectors; shapes (dimension, hidden), (hidden,), (hidden, 6), (6,)."""

    hidden: npt.NDArray[np.float32]
    hidden_bias: npt.NDArray[np.float32]
    output: npt.NDArray[np.float32]
    output_bias: npt.NDArray[np.float32]

    def read(self, vectors: npt.NDArray[np.float32]) -> Numbers:
        """Log-odds per track, shape (texts, 6)."""
        return np.asarray(np.maximum(vectors @ self.hidden + self.hidden_bias, 0.0) @ self.output + self.output_bias, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Combiner:
    """Weighs the signals of `nlp.tracks`: `weights` (signals, 6), `bias` (6,), and the score from which a track is given."""

    weights: Numbers
    bias: Numbers
    threshold: float


@dataclass(frozen=True, slots=True)
class TrackModel:
    """Learned numbers. `words` (features, 12) and `word_bias` (12,): six columns learned from weak labels, six taught by
    texts labelled by hand. `by_words` combines signals without a sentence vector, `by_meaning` those with one.
    `definitions` (6, dimension) are the encoded definitions of the tracks; `provenance` names the command, the encoder, the
    digests of what was seen and the figures measured."""

    vocabulary: Vocabulary
    words: npt.NDArray[np.float32]
    word_bias: npt.NDArray[np.float32]
    perceptron: Perceptron
    definitions: npt.NDArray[np.float32]
    by_words: Combiner
    by_meaning: Combiner
    provenance: Mapping[str, Any]

    def read_words(self, words: Sequence[str]) -> tuple[npt.NDArray[np.int64], Numbers, Numbers]:
        """Known features of one text, their values, and the twelve log-odds from them (the bias where no word is known)."""
        places, values = self.vocabulary.weigh(words)
        return places, values, values @ self.words[places] + self.word_bias


def save_model(model: TrackModel, path: Path) -> None:
    """Write the model as one compressed npz without pickled objects; the large tables are halved to float16."""
    arrays: dict[str, npt.NDArray[Any]] = {
        "vocabulary": _packed("\n".join(model.vocabulary.names())),
        "idf": model.vocabulary.idf.astype(np.float16),
        "words": model.words.astype(np.float16),
        "word_bias": model.word_bias,
        "hidden": model.perceptron.hidden.astype(np.float16),
        "hidden_bias": model.perceptron.hidden_bias,
        "output": model.perceptron.output,
        "output_bias": model.perceptron.output_bias,
        "definitions": model.definitions.astype(np.float16),
        "provenance": _packed(json.dumps(dict(model.provenance), sort_keys=True)),
    }
    for name, combiner in (("by_words", model.by_words), ("by_meaning", model.by_meaning)):
        arrays |= {f"{name}_weights": combiner.weights, f"{name}_bias": combiner.bias, f"{name}_threshold": np.array(combiner.threshold)}
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


@lru_cache(maxsize=2)
def load_model(path: Path = MODEL_PATH) -> TrackModel:
    """Read the weights that ship with the package.

    Raises:
        FileNotFoundError: the file is not there (a broken installation).
    """
    with np.load(path, allow_pickle=False) as stored:

        def table(name: str) -> npt.NDArray[np.float32]:
            return np.asarray(stored[name], dtype=np.float32)

        def combiner(name: str) -> Combiner:
            return Combiner(stored[f"{name}_weights"], stored[f"{name}_bias"], float(stored[f"{name}_threshold"]))

        known = stored["vocabulary"].tobytes().decode().split("\n")
        return TrackModel(
            vocabulary=Vocabulary({feature: place for place, feature in enumerate(known)}, table("idf")),
            words=table("words"),
            word_bias=table("word_bias"),
            perceptron=Perceptron(table("hidden"), table("hidden_bias"), table("output"), table("output_bias")),
            definitions=table("definitions"),
            by_words=combiner("by_words"),
            by_meaning=combiner("by_meaning"),
            provenance=json.loads(stored["provenance"].tobytes().decode()),
        )


def _packed(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)
