"""How good topics are: coherence and diversity of their words, and how much they leave out. Pure counting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt


def npmi_coherence(word_lists: Sequence[Sequence[str]], columns: dict[str, int], presence: Any) -> float:
    """Mean over topics of the mean NPMI of all pairs of a topic's words, -1 to 1.

    Normalised pointwise mutual information (Bouma 2009) with whole documents as the window, as in Roeder et al. 2015;
    words that never meet count -1, and words that all documents share count 0. `presence` is a sparse matrix (documents,
    words) of zeros and ones, `columns` the place of every word in it.

    Raises:
        ValueError: no topic has two words.
        KeyError: a word has no column.
    """
    documents = presence.shape[0]
    scores = []
    for words in word_lists:
        if len(words) < 2:
            continue
        part = presence[:, [columns[word] for word in words]].astype(np.float64)
        together = (part.T @ part).toarray() / documents
        pairs = combinations(range(len(words)), 2)
        scores.append(float(np.mean([_npmi(together[one, two], together[one, one], together[two, two]) for one, two in pairs])))
    if not scores:
        raise ValueError("coherence needs a topic with two words")
    return float(np.mean(scores))


def _npmi(joint: float, one: float, two: float) -> float:
    if joint == 0.0:
        return -1.0
    if joint == 1.0:
        return 0.0
    return math.log(joint / (one * two)) / -math.log(joint)


def diversity(word_lists: Sequence[Sequence[str]]) -> float:
    """Share of distinct words among the words of all topics, 0 to 1 (Dieng et al. 2020).

    Raises:
        ValueError: there are no words.
    """
    words = [word for words in word_lists for word in words]
    if not words:
        raise ValueError("diversity needs words")
    return len(set(words)) / len(words)


def outlier_share(positions: npt.NDArray[np.int64]) -> float:
    """Share of documents in no topic (position -1), 0 to 1; 0 without documents."""
    return float((positions < 0).mean()) if len(positions) else 0.0


def kept_share(before: Sequence[str | None], after: Sequence[str | None]) -> float:
    """Share of documents that have the same topic identifier, or none, before and after a refit, 0 to 1.

    Raises:
        ValueError: the two differ in length, or are empty.
    """
    if len(before) != len(after) or not before:
        raise ValueError(f"{len(before)} documents before and {len(after)} after cannot be compared")
    return sum(one == two for one, two in zip(before, after, strict=True)) / len(before)
