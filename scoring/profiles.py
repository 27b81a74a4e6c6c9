"""What the works of a candidate speak of beside it: TF-IDF over the terms of the works known at the as-of, its own words left out."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix, diags

from scoring.records import Corpus, Readings

COMMON_SHARE = 0.2  # a term of every fifth work tells nothing of what a work is about
RARE_WORKS = 3  # one of fewer works links nothing


def weigh_terms(readings: Readings) -> csr_matrix:
    """(W, V) rows of length 1: ln(W / works that hold the term) for each term of a work; 0 for very rare and common terms.

    A function of the works in `readings` alone, so that a later work changes nothing of an earlier space.
    """
    works = readings.terms.shape[0]
    held = np.asarray(readings.terms.sum(axis=0)).ravel()
    kept = (held >= RARE_WORKS) & (held <= max(COMMON_SHARE * works, RARE_WORKS))
    idf = np.where(kept, np.log(works / np.maximum(held, 1)), 0.0)
    weighted = (readings.terms.astype(np.float64) @ diags(idf)).tocsr()
    weighted.eliminate_zeros()
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return (diags(np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)) @ weighted).tocsr()


def own_terms(corpus: Corpus, readings: Readings) -> csr_matrix:
    """(T, V) 1 where a term shares a word with the names of the candidate: it says nothing of the company the candidate keeps."""
    vocabulary = {word: place for place, word in enumerate(sorted(set().union(*corpus.words)))}

    def table(words: tuple[frozenset[str], ...]) -> csr_matrix:
        known = [[vocabulary[word] for word in each if word in vocabulary] for each in words]
        bounds = np.concatenate([[0], np.cumsum([len(places) for places in known])])
        columns = np.array([place for places in known for place in places], dtype=np.int64)
        return csr_matrix((np.ones(len(columns)), columns, bounds), shape=(len(words), len(vocabulary)))

    shared = (table(corpus.words) @ table(readings.term_words).T).tocsr()
    shared.data[:] = 1.0
    return shared
