"""Topics of one cut-off, for a back-test of topics: groups of works that name the same technologies, formed from the past only.

The nightly topics know texts up to the day of their fit and therefore cannot be asked about an earlier day. These are made
anew at every cut-off from the works up to it, by the usual way of latent semantic analysis (Deerwester and others, JASIS 1990)
and k-means; what comes later is put to its nearest topic.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

from scoring.records import Corpus, Floats

DIMENSIONS = 50
WORKS_A_TOPIC = 60  # about the size of the clusters that CSET's growth label was made for, at its smaller end
FEWEST, MOST = 2, 400
LEAST_NAMED = 2  # a work that names one technology alone says little of its surroundings
NAME_PARTS = 3


def form_topics(past: Corpus, later: Corpus, *, seed: int) -> tuple[Corpus, Corpus]:
    """The two corpora with topics in the place of their technologies; both must have the same candidates.

    Topics are learned from `past`; a work of either belongs to the topic with the nearest centre, or to none when it names fewer
    than two technologies. With too few works for two topics both come back without candidates.
    """
    learned = _named(past)
    count = min(MOST, len(learned) // WORKS_A_TOPIC)
    if count < FEWEST:
        nobody = np.zeros(0, dtype=np.int64)
        return _with_topics(past, nobody, nobody, ()), _with_topics(later, nobody, nobody, ())
    rarity = np.log(len(past.work_ids) / np.maximum(np.diff(past.incidence.tocsr().indptr), 1))
    axes = _principal_axes(_weighted(past, learned, rarity), seed)
    points = _unit(_weighted(past, learned, rarity) @ axes)
    centres = _centres(points, count, seed)
    arrived = _named(later)
    own, others = (np.argmax(found @ centres.T, axis=1) for found in (points, _unit(_weighted(later, arrived, rarity) @ axes)))
    names = _name_topics(past, learned, own, rarity, count)
    return _with_topics(past, learned, own, names), _with_topics(later, arrived, others, names)


def _named(corpus: Corpus) -> npt.NDArray[np.int64]:
    """Works that name enough technologies to be placed."""
    return np.flatnonzero(np.asarray(corpus.incidence.sum(axis=0)).ravel() >= LEAST_NAMED)


def _weighted(corpus: Corpus, works: npt.NDArray[np.int64], rarity: Floats) -> csr_matrix:
    """(w, T) rows of unit length: which technologies a work names, the rarer the heavier."""
    table = (diags(rarity) @ corpus.incidence.astype(np.float64)).tocsc()[:, works].T.tocsr()
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return (diags(np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)) @ table).tocsr()


def _principal_axes(table: csr_matrix, seed: int) -> Floats:
    """(T, d) right singular vectors of the largest singular values."""
    from scipy.sparse.linalg import svds

    depth = min(DIMENSIONS, min(table.shape) - 1)
    start = np.random.default_rng(seed).standard_normal(min(table.shape))
    _, _, axes = svds(table, k=depth, v0=start)
    return np.asarray(axes.T)


def _centres(points: Floats, count: int, seed: int) -> Floats:
    """(count, d) centres of unit length, by k-means."""
    from sklearn.cluster import MiniBatchKMeans

    model = MiniBatchKMeans(count, n_init=1, batch_size=4096, max_iter=30, random_state=seed % 2**32)
    return _unit(np.asarray(model.fit(points).cluster_centers_))


def _unit(points: Floats) -> Floats:
    length = np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(np.divide(points, length, out=np.zeros_like(points), where=length > 0))


def _name_topics(past: Corpus, works: npt.NDArray[np.int64], topic: npt.NDArray[np.int64], rarity: Floats, count: int) -> tuple[str, ...]:
    """The technologies that stand out most in each topic."""
    members = csr_matrix((np.ones(len(works)), (works, topic)), shape=(len(past.work_ids), count))
    weight = np.asarray((past.incidence.astype(np.float64) @ members).toarray()) * rarity[:, None]
    order = np.argsort(-weight, axis=0, kind="stable")[:NAME_PARTS]
    return tuple(", ".join(past.names[place] for place in order[:, column].tolist()) for column in range(count))


def _with_topics(corpus: Corpus, works: npt.NDArray[np.int64], topic: npt.NDArray[np.int64], names: tuple[str, ...]) -> Corpus:
    shape = (len(names), len(corpus.work_ids))
    return replace(
        corpus,
        candidate_ids=tuple(f"topic {number:03d}" for number in range(len(names))),
        names=names,
        words=tuple(frozenset([f"topic {number:03d}"]) for number in range(len(names))),
        incidence=csr_matrix((np.ones(len(works)), (topic, works)), shape=shape),
    )
