"""The linear text model of the tracks: TF-IDF words and word pairs, one weight per track, read from one small file.

Needs numpy only: at scoring time no scikit-learn is loaded, and every word's share of a decision can be named.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

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


def tokens(text: str) -> list[str]:
    """Lower-case Latin words without stop words; hyphens separate."""
    return [word for word in TOKEN.findall(text.lower()) if word not in STOP_WORDS]


def features(words: Sequence[str]) -> Iterable[str]:
    """The words and every pair of neighbours."""
    yield from words
    for left, right in pairwise(words):
        yield f"{left} {right}"


@dataclass(frozen=True, slots=True)
class Contribution:
    """A word or pair of one text and what it added to one track's log-odds."""

    feature: str
    log_odds: float


@dataclass(frozen=True, slots=True)
class TextReading:
    """Log-odds per track (in the order of `records.TRACKS`) and, per track, the features that raised it most."""

    log_odds: npt.NDArray[np.float64]
    strongest: tuple[tuple[Contribution, ...], ...]


@dataclass(frozen=True, slots=True)
class TrackModel:
    """Learned numbers. `weights` (features, 6) and `idf` (features,) belong to `vocabulary`; `combiner` and `threshold` to
    `nlp.tracks`; `provenance` names the command, the digests of what was seen and the measured figures."""

    vocabulary: dict[str, int]
    idf: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    combiner: npt.NDArray[np.float64]
    threshold: float
    provenance: dict[str, object]

    def read(self, words: Sequence[str], strongest_count: int = 3) -> TextReading:
        """Log-odds of each track from the words alone; the bias where no word is known."""
        counts: dict[int, int] = {}
        name_of: dict[int, str] = {}
        for feature in features(words):
            number = self.vocabulary.get(feature)
            if number is not None:
                counts[number] = counts.get(number, 0) + 1
                name_of[number] = feature
        if not counts:
            return TextReading(self.bias.astype(np.float64), ((),) * self.weights.shape[1])
        numbers = np.fromiter(sorted(counts), dtype=np.int64)
        values = np.array([1.0 + math.log(counts[number]) for number in numbers.tolist()]) * self.idf[numbers]
        values /= np.linalg.norm(values)
        shares = values[:, None] * self.weights[numbers]
        order = np.argsort(-shares, axis=0, kind="stable")[:strongest_count]
        strongest = tuple(
            tuple(
                Contribution(name_of[int(numbers[row])], float(shares[row, track])) for row in order[:, track] if shares[row, track] > 0.0
            )
            for track in range(shares.shape[1])
        )
        return TextReading(shares.sum(axis=0) + self.bias, strongest)


def save_model(model: TrackModel, path: Path) -> None:
    """Write the model as one compressed npz without pickled objects; weights are halved to float16."""
    vocabulary = "\n".join(sorted(model.vocabulary, key=model.vocabulary.__getitem__))
    np.savez_compressed(
        path,
        vocabulary=np.frombuffer(vocabulary.encode(), dtype=np.uint8),
        idf=model.idf.astype(np.float16),
        weights=model.weights.astype(np.float16),
        bias=model.bias,
        combiner=model.combiner,
        threshold=np.array(model.threshold),
        provenance=np.frombuffer(json.dumps(model.provenance, sort_keys=True).encode(), dtype=np.uint8),
    )


@lru_cache(maxsize=2)
def load_model(path: Path = MODEL_PATH) -> TrackModel:
    """Read the weights that ship with the package.

    Raises:
        FileNotFoundError: the file is not there (a broken installation).
    """
    with np.load(path, allow_pickle=False) as stored:
        words = stored["vocabulary"].tobytes().decode().split("\n")
        return TrackModel(
            vocabulary={word: number for number, word in enumerate(words)},
            idf=stored["idf"].astype(np.float32),
            weights=stored["weights"].astype(np.float32),
            bias=stored["bias"].astype(np.float32),
            combiner=stored["combiner"].astype(np.float64),
            threshold=float(stored["threshold"]),
            provenance=json.loads(stored["provenance"].tobytes().decode()),
        )
