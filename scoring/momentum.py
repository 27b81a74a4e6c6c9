"""Field momentum: what happens around a candidate, in the works of those it is named together with.

Three bases, the first that is known for a candidate counts:
  1. neighbour entrants: share of authors who first appear in the corpus in the recent window, over the neighbours'
  works; 2. code growth: growth of the classification codes of the candidate's own works;
  3. neighbour vitality.
Each is centred on its stream and given as a robust z over the ranked candidates, so that the bases can stand in one
list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags, identity, vstack

from scoring.emergence import centre_and_scale
from scoring.excess import Excess, prepare_excess
from scoring.growth import estimate_growth
from scoring.periods import BASELINE_QUARTERS, RECENT_YEARS, ages, recent_mask, stream_matrix
from scoring.records import STREAMS, Corpus, Floats

SHARED_WORKS = 2
KNOWN_SHARE = 0.5  # of the neighbours' weight, or of the candidate's recent works, that a basis must know to speak
ROWS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Basis:
    """One basis for the candidates that use it: `kernel` (t, T) averages `excess` over neighbours; `rows` (t,) are
    those candidates; `centre` and `scale` turn it into a robust z."""

    kernel: csr_matrix
    excess: Excess
    rows: npt.NDArray[np.int64]
    centre: float
    scale: float


@dataclass(frozen=True, slots=True)
class _Offer:
    """A basis before it is chosen: `known` (t,) candidates it could speak for, `kernel` (t, T or t)."""

    kernel: csr_matrix
    known: npt.NDArray[np.bool_]
    excess: Excess


@dataclass(frozen=True, slots=True)
class FieldMomentum:
    """Field momentum, ready for any weights of the works. Who is whose neighbour, and how near, stays as it is in the
    data."""

    candidate_count: int
    bases: tuple[Basis, ...]

    def at(self, weights: Floats) -> Floats:
        """(T, B) field momentum under each of B weightings (W, B) of the works; NaN where no basis is known."""
        momentum = np.full((self.candidate_count, weights.shape[1]), np.nan)
        for basis in self.bases:
            around = basis.kernel @ np.nan_to_num(basis.excess.at(weights))
            momentum[basis.rows] = (around - basis.centre) / basis.scale
        return momentum

    def of(self, rows: npt.NDArray[np.int64]) -> FieldMomentum:
        """The same for the candidates in `rows` only, in that order."""
        place = np.full(self.candidate_count, -1)
        place[rows] = np.arange(len(rows))
        bases = []
        for basis in self.bases:
            kept = place[basis.rows] >= 0
            kernel, excess = _thinned(basis.kernel[np.flatnonzero(kept)], basis.excess)
            bases.append(replace(basis, kernel=kernel, excess=excess, rows=place[basis.rows[kept]]))
        return FieldMomentum(len(rows), tuple(bases))


def prepare_momentum(corpus: Corpus, vitality: Excess, is_ranked: npt.NDArray[np.bool_]) -> FieldMomentum:
    """Choose a basis for every candidate. `is_ranked` (T,) are the candidates whose spread makes the z."""
    everyone = np.arange(len(is_ranked))
    ones = np.ones((len(corpus.work_ids), 1))
    is_open = np.ones(len(is_ranked), dtype=bool)
    bases = []
    for offer in _offers(corpus, vitality, everyone, corpus.incidence):
        rows = np.flatnonzero(offer.known & is_open)
        if len(rows):
            bases.append(Basis(offer.kernel[rows], offer.excess, rows, *_scale_of(offer, ones, is_ranked)))
        is_open &= ~offer.known
    return FieldMomentum(len(is_ranked), tuple(bases))


def momentum_without(
    corpus: Corpus, vitality: Excess, is_ranked: npt.NDArray[np.bool_], reduced: Sequence[tuple[npt.NDArray[np.int64], csr_matrix]]
) -> list[Floats]:
    """(t,) field momentum of some candidates (t,), had they been named only in the works of a reduced incidence (t, W).

    The others, and the centre and scale of the z, stay as they are, so that the figure compares with theirs.
    """
    ones = np.ones((len(corpus.work_ids), 1))
    scales = [
        _scale_of(offer, ones, is_ranked) if offer.known.any() else (0.0, 1.0)
        for offer in _offers(corpus, vitality, np.arange(len(is_ranked)), corpus.incidence)
    ]
    figures = []
    for rows, incidence in reduced:
        momentum = np.full(len(rows), np.nan)
        for offer, (centre, scale) in zip(_offers(corpus, vitality, rows, incidence), scales, strict=True):
            taken = offer.known & np.isnan(momentum)
            momentum[taken] = (_values(offer, ones)[taken] - centre) / scale
        figures.append(momentum)
    return figures


def _offers(corpus: Corpus, vitality: Excess, rows: npt.NDArray[np.int64], incidence: csr_matrix) -> tuple[_Offer, ...]:
    """The three bases, first the one that counts first, for the candidates in `rows` (t,) as named in `incidence` (t, W)."""
    near = neighbours(corpus, rows, incidence)
    entrants, growth = author_entrants(corpus), code_growth(corpus)
    own = replace(growth, incidence=incidence.astype(np.float64)[:, np.flatnonzero(growth.is_used)].tocsr())
    recent = recent_mask(corpus.work_day, corpus.as_of).astype(np.float64)
    coded_works = np.diff(own.incidence.indptr)
    is_coded = (coded_works > 0) & (coded_works >= KNOWN_SHARE * (incidence.astype(np.float64) @ recent))
    return (
        _Offer(*_average_over(near, entrants.has_works()), entrants),
        _Offer(identity(len(rows), format="csr"), is_coded, own),
        _Offer(*_average_over(near, vitality.has_works()), vitality),
    )


def _values(offer: _Offer, ones: Floats) -> Floats:
    return np.asarray(offer.kernel @ np.nan_to_num(offer.excess.at(ones))[:, 0])


def _scale_of(offer: _Offer, ones: Floats, is_ranked: npt.NDArray[np.bool_]) -> tuple[float, float]:
    values = _values(offer, ones)
    return centre_and_scale(values[offer.known & is_ranked] if (offer.known & is_ranked).any() else values[offer.known])


def neighbours(corpus: Corpus, rows: npt.NDArray[np.int64] | None = None, incidence: csr_matrix | None = None) -> csr_matrix:
    """(t, T) cosine of the recent works of two candidates that share at least 2 of them and no word of their names.

    Of all candidates, or of those in `rows` (t,) as named in `incidence` (t, W).
    """
    chosen = np.arange(len(corpus.candidate_ids)) if rows is None else rows
    recent = np.flatnonzero(recent_mask(corpus.work_day, corpus.as_of))
    named = corpus.incidence[:, recent].astype(np.float64).tocsr()
    own = named if incidence is None else incidence[:, recent].astype(np.float64).tocsr()
    vocabulary = {word: column for column, word in enumerate(sorted(set().union(*corpus.words)))}
    columns = [vocabulary[word] for words in corpus.words for word in words]
    bounds = np.concatenate([[0], np.cumsum([len(words) for words in corpus.words])])
    words = csr_matrix((np.ones(len(columns)), columns, bounds), shape=(len(corpus.words), len(vocabulary)))
    blocks = []
    for start in range(0, len(chosen), ROWS_AT_ONCE):  # in blocks: the full product of 5,000 candidates can be dense
        part = slice(start, start + ROWS_AT_ONCE)
        shared = (own[part] @ named.T).tocsr()
        shared.data[shared.data < SHARED_WORKS] = 0
        shared.eliminate_zeros()
        row, column = shared.nonzero()
        one = chosen[part][row]
        in_common = np.asarray(words[one].multiply(words[column]).sum(axis=1)).ravel()
        # A candidate shares a word with itself, unless it has none: its own column goes in either case.
        shared.data[(in_common > 0) | (one == column)] = 0
        shared.eliminate_zeros()
        blocks.append(_inverse_length(own[part]) @ shared @ _inverse_length(named))
    return vstack(blocks, format="csr") if blocks else csr_matrix((0, named.shape[0]))


def _inverse_length(named: csr_matrix) -> csr_matrix:
    length = np.sqrt(np.diff(named.indptr))
    return diags(np.divide(1.0, length, out=np.zeros_like(length), where=length > 0))


def author_entrants(corpus: Corpus) -> Excess:
    """Share of a recent work's authors who first appear in the corpus in the recent window, for works with authors.

    Averaged work by work, so that one paper of a thousand authors counts once.
    """
    authors = corpus.authors.astype(np.float64).tocsc()
    age = ages(corpus.work_day, corpus.as_of)
    oldest = np.zeros(authors.shape[1])
    present = np.diff(authors.indptr) > 0
    if present.any():
        oldest[present] = np.maximum.reduceat(age[authors.indices], authors.indptr[:-1][present])
    count = np.asarray(authors.sum(axis=1)).ravel()
    newcomers = authors @ (oldest < RECENT_YEARS).astype(np.float64)
    share = np.divide(newcomers, count, out=np.zeros_like(count), where=count > 0)
    return prepare_excess(corpus, share, recent_mask(corpus.work_day, corpus.as_of) & (count > 0))


def code_growth(corpus: Corpus) -> Excess:
    """Mean shrunk growth of the codes of a recent work (two years against up to five before), for works with codes."""
    recent = recent_mask(corpus.work_day, corpus.as_of)
    baseline = ~recent & (ages(corpus.work_day, corpus.as_of) < RECENT_YEARS + BASELINE_QUARTERS / 4)
    codes = corpus.codes.astype(np.float64).tocsr()
    streams = stream_matrix(corpus.work_stream)
    now, before = (_counts(streams, codes, used) for used in (recent, baseline))
    offered_now, offered_before = (np.asarray(streams @ used.astype(np.float64)) for used in (recent, baseline))
    growth = estimate_growth(now, before, offered_now, offered_before, np.ones(len(STREAMS)))
    count = np.diff(codes.indptr).astype(np.float64)
    mean = np.divide(codes @ np.nan_to_num(growth.mean), count, out=np.zeros_like(count), where=count > 0)
    return prepare_excess(corpus, mean, recent & (count > 0))


def _counts(streams: csr_matrix, codes: csr_matrix, used: npt.NDArray[np.bool_]) -> Floats:
    return np.asarray((streams.multiply(used[None, :].astype(np.float64)).tocsr() @ codes).toarray(), dtype=np.float64)


def _average_over(near: csr_matrix, speaks: npt.NDArray[np.bool_]) -> tuple[csr_matrix, npt.NDArray[np.bool_]]:
    """Rows of `near` as averaging weights over the neighbours that speak, and the candidates where those hold enough
    weight."""
    speaking = (near @ diags(speaks.astype(np.float64))).tocsr()
    heard, total = (np.asarray(matrix.sum(axis=1)).ravel() for matrix in (speaking, near))
    known = (heard > 0) & (heard >= KNOWN_SHARE * total)
    return (diags(np.divide(1.0, heard, out=np.zeros_like(heard), where=heard > 0)) @ speaking).tocsr(), known


def _thinned(kernel: csr_matrix, excess: Excess) -> tuple[csr_matrix, Excess]:
    """Kernel and excess without the neighbours that nobody asks for."""
    used = np.unique(kernel.indices)
    return kernel[:, used].tocsr(), excess.of(used)
