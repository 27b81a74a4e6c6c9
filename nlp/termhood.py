"""How likely a counted term is to name a technology: a linear model over its words, its company and its statistics.

Learned by `nlp.train_termhood` from hand labels; numpy only at scoring time. Names that its teacher was asked about are known
by heart: for them a correction is stored. Features and names are hashed, so the file holds no words.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

import numpy as np
import numpy.typing as npt

MODEL_PATH = Path(__file__).with_name("termhood_weights.npz")
BUCKETS = 2**18
SURE_MARGIN = 1.0
"""Log-odds above the threshold from which the model is sure of a term."""
Company = Mapping[str, Mapping[str, float]]


class CountedTerm(Protocol):
    """What the model needs to know of a term; `terminology.Term` has it."""

    @property
    def key(self) -> str: ...
    @property
    def surface(self) -> str: ...
    @property
    def works(self) -> int: ...
    @property
    def title_share(self) -> float | None: ...
    @property
    def is_read_in_abstracts(self) -> bool: ...
    @property
    def acronym_share(self) -> float: ...
    @property
    def code_divergence(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class TermhoodModel:
    """Weights of the hashed features, shape (BUCKETS,), and the log-odds of a term without any.

    `single_threshold` and `threshold` are the least log-odds that pass for one word and for several: single common words
    need the stronger proof. `names` are the hashes of the terms known by heart, in order, `corrections` what to add for each.
    """

    weights: npt.NDArray[np.float32]
    bias: float
    single_threshold: float
    threshold: float
    provenance: dict[str, Any]
    names: npt.NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    corrections: npt.NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))

    def passes(self, key: str, log_odds: float) -> bool:
        """Whether a term with that score is taken for a technology."""
        return log_odds >= (self.threshold if " " in key else self.single_threshold)

    def is_sure(self, key: str, log_odds: float) -> bool:
        """Whether a term with that score passes with room to spare."""
        return self.passes(key, log_odds - SURE_MARGIN)

    def correction(self, key: str) -> float:
        """What is to be added to the log-odds of a term known by heart; 0 for any other."""
        name = hash_name(key)
        place = int(np.searchsorted(self.names, name))
        return float(self.corrections[place]) if place < len(self.names) and self.names[place] == name else 0.0

    def log_odds(self, features: Iterable[tuple[str, float]]) -> float:
        """Log-odds that a term with these features names a technology."""
        return self.bias + sum(float(self.weights[bucket(name)]) * value for name, value in features)


def bucket(name: str) -> int:
    """The place of a feature among the weights."""
    return crc32(name.encode()) % BUCKETS


def hash_name(key: str) -> np.uint64:
    """What a term key is known by: eight bytes of its BLAKE2b digest."""
    return np.uint64(int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big"))


def find_company(terms: Mapping[str, CountedTerm]) -> tuple[Company, Company]:
    """For each term the words right behind it and right before it in longer terms, with the share of its works that have them.

    "kalman filter" is followed by "algorithm", "dark matter" by "halo": the company tells a method from an object of science.
    """
    behind: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    before: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for key, term in terms.items():
        words = key.split()
        for place in range(1, len(words)):
            shorter = terms.get(" ".join(words[:place]))
            if shorter is not None:
                behind[shorter.key][words[place]] += term.works / shorter.works
            shorter = terms.get(" ".join(words[place:]))
            if shorter is not None:
                before[shorter.key][words[place - 1]] += term.works / shorter.works
    return behind, before


def describe(
    term: CountedTerm, behind: Mapping[str, float], before: Mapping[str, float], *, is_explained: bool
) -> Iterator[tuple[str, float]]:
    """The features of a term as (name, value): its words, its company, its statistics, and whether authors give it an acronym."""
    yield from _of_words(term.key)
    yield "explained", float(is_explained)
    for word, share in behind.items():
        yield f"behind {word}", 2.0 * math.sqrt(min(1.0, share))
    for word, share in before.items():
        yield f"before {word}", math.sqrt(min(1.0, share))
    yield "behind", min(2.0, sum(behind.values()))
    yield "before", min(2.0, sum(before.values()))
    yield "works", math.log(term.works) / 3.0
    yield "abstracts", float(term.is_read_in_abstracts)
    yield "title", 3.0 * (term.title_share or 0.0)
    yield "acronym", term.acronym_share
    yield "capital", float(term.surface[:1].isupper())
    yield ("codes", term.code_divergence) if term.code_divergence is not None else ("no codes", 1.0)


@lru_cache(maxsize=200_000)
def _of_words(key: str) -> tuple[tuple[str, float], ...]:
    """The head, its endings, the pair it closes and the words before: what kind of thing the words name."""
    *modifiers, head = key.split()
    features = [(f"head {head}", 1.0), (f"words {len(modifiers) + 1}", 1.0)]
    features += [(f"word {word}", 1.0) for word in modifiers]
    features += [(f"ending {head[-length:]}", 0.5) for length in (2, 3, 4, 5)]
    if modifiers:
        features.append((f"pair {modifiers[-1]} {head}", 0.7))
    else:
        features += [(f"single ending {head[-length:]}", 0.5) for length in (2, 3, 4)]
    return tuple(features)


def describe_terms(
    terms: Mapping[str, CountedTerm], keys: Iterable[str], explained: Set[str]
) -> Iterator[tuple[str, Iterator[tuple[str, float]]]]:
    """Each key with its features. `terms` are all terms counted at one day, `explained` those with an acronym."""
    behind, before = find_company(terms)
    nothing: dict[str, float] = {}
    for key in keys:
        yield key, describe(terms[key], behind.get(key, nothing), before.get(key, nothing), is_explained=key in explained)


def score_terms(terms: Mapping[str, CountedTerm], keys: Iterable[str], explained: Set[str], model: TermhoodModel) -> dict[str, float]:
    """Log-odds by key, for the arguments of `describe_terms`."""
    return {key: model.log_odds(features) + model.correction(key) for key, features in describe_terms(terms, keys, explained)}


@lru_cache(maxsize=1)
def load_model() -> TermhoodModel:
    """The weights that ship with the package."""
    with np.load(MODEL_PATH, allow_pickle=False) as stored:
        weights, names, corrections = stored["weights"].astype(np.float32), stored["names"], stored["corrections"].astype(np.float32)
        provenance = json.loads(str(stored["provenance"]))
    bias, single_threshold, threshold = (provenance[name] for name in ("bias", "single_threshold", "threshold"))
    return TermhoodModel(weights, bias, single_threshold, threshold, provenance, names, corrections)


def save_model(model: TermhoodModel, path: Path = MODEL_PATH) -> None:
    """Write the weights in half precision, with their provenance as JSON."""
    numbers = {"bias": model.bias, "single_threshold": model.single_threshold, "threshold": model.threshold}
    provenance = {**model.provenance, **numbers}
    np.savez_compressed(
        path,
        weights=model.weights.astype(np.float16),
        names=model.names,
        corrections=model.corrections.astype(np.float16),
        provenance=np.array(json.dumps(provenance, sort_keys=True)),
    )
