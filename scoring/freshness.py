"""Freshness: how much of a candidate was written in the last months, where one team counts once and few works count little.

Vitality with three changes, chosen on arXiv papers at cut-offs up to 2011 and on conference papers, then held against arXiv
papers at cut-offs from 2012 to 2014: works lose half of their say in half a year, a team that publishes in series weighs no more
than one that publishes once, and what rests on few independent works is drawn towards the stream's mean.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from scoring.excess import Excess, divide, prepare_excess
from scoring.periods import ages
from scoring.records import Corpus, Floats

HALF_LIFE_YEARS = 0.5
PRIOR_SHARE = 1 / 8  # of the median independent works of the ranked; a share, so that doubling all counts keeps every order
ROWS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Freshness:
    """Freshness, ready for any weights of the works. Which works are one team's, and the prior, stay as they are in the data.

    excess: the figure per work; its incidence (T, W) holds the independence of each work
    prior:  independent works that stand at the stream's mean
    """

    excess: Excess
    prior: float

    def at(self, weights: Floats) -> Floats:
        """(T, B) freshness under each of B weightings (W, B) of the works; ones give the point value. NaN without works."""
        return np.asarray(self.excess.at(weights) * self._trust(weights[self.excess.is_used]))

    def of(self, rows: npt.NDArray[np.int64]) -> Freshness:
        """The same for the candidates in `rows` only."""
        return replace(self, excess=self.excess.of(rows))

    def variance(self) -> Floats:
        """(T,) sampling variance of the point value, the prior counting as known. No work weighs more than 1, so it errs on the
        side of caution."""
        return np.asarray(self.excess.variance() * self._trust(np.ones((self.excess.incidence.shape[1], 1)))[:, 0] ** 2)

    def _trust(self, used: Floats) -> Floats:
        held = self.excess.incidence @ used
        return divide(held, held + self.prior, 0.0)


def prepare_freshness(corpus: Corpus, is_ranked: npt.NDArray[np.bool_]) -> Freshness:
    """Freshness of every candidate, over its works i of age a_i (years) and independence w_i:

        sum w_i (2^(-a_i / 0.5) - the same mean over the whole stream) / (sum w_i + k)

    k is an eighth of the median of sum w_i over the candidates in `is_ranked` (T,), over all that have works where none is ranked.
    """
    figure = 0.5 ** (ages(corpus.work_day, corpus.as_of) / HALF_LIFE_YEARS)
    excess = prepare_excess(corpus, figure, np.ones(len(corpus.work_ids), dtype=bool))
    independent = independence(excess.incidence, corpus.authors)
    held = np.asarray(independent.sum(axis=1)).ravel()
    reference = held[is_ranked] if is_ranked.any() else held[held > 0]
    prior = PRIOR_SHARE * float(np.median(reference)) if len(reference) else 0.0
    return Freshness(replace(excess, incidence=independent), prior)


def independence(incidence: csr_matrix, authors: csr_matrix) -> csr_matrix:
    """(T, W) weight of each work for each candidate that it names: 1 over the mean, over the work's authors, of the candidate's
    works that they wrote, this one included. 1 where nobody is known to have written it.

    The works of a team that always publishes together so add up to one work.
    """
    wrote, named = authors.tocsr(), incidence.tocsr()
    row = np.repeat(np.arange(named.shape[0], dtype=np.int64), np.diff(named.indptr))
    weights = np.ones(len(row))
    for start in range(0, named.shape[0], ROWS_AT_ONCE):  # in blocks: every pair of candidate and work has all its authors
        pairs = slice(named.indptr[start], named.indptr[min(start + ROWS_AT_ONCE, named.shape[0])])
        works = named.indices[pairs]
        team = np.diff(wrote.indptr)[works]
        pair = np.repeat(np.arange(len(works)), team)
        place = np.arange(len(pair)) - np.repeat(np.cumsum(team) - team, team) + wrote.indptr[works][pair]
        together = row[pairs][pair] * np.int64(wrote.shape[1]) + wrote.indices[place]
        _, number, written = np.unique(together, return_inverse=True, return_counts=True)
        total = np.bincount(pair, weights=written[number], minlength=len(works))
        weights[pairs] = np.divide(team, total, out=np.ones(len(works)), where=team > 0)
    return csr_matrix((weights, named.indices, named.indptr), shape=named.shape)
