"""The teacher of the termhood model: kernel ridge regression on what is known of a term and on its sentence vector.

It needs vectors and all its labelled terms to answer, so it does not ship; `nlp.train_termhood` has the small model learn
what it says. On names that it did not learn it is far ahead of any linear model, for single words above all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

RIDGE = 0.3
"""Chosen, as the kernels and their weights were, by leaving one label out; the labels held out for the test had no say."""
CLOSENESS = 2.0
"""Two names count as alike by exp(-CLOSENESS (1 - cosine)) of their sentence vectors."""
COMPARED_AT_ONCE = 2000
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Teacher:
    """What was learned of n labelled terms: a coefficient each, and how ridge scores become log-odds (Platt's scaling).

    `left_out` are the log-odds of each labelled term by a teacher that did not see its label, shape (n,).
    """

    coefficients: Numbers
    mean: float
    slope: float
    intercept: float
    left_out: Numbers

    def log_odds(self, alike: npt.NDArray[np.float32]) -> Numbers:
        """Log-odds that terms name technologies, by how alike they are to the n labelled ones: shape (terms, n)."""
        return np.asarray(self.slope * (alike @ self.coefficients + self.mean) + self.intercept)


def learn_teacher(alike: npt.NDArray[np.float32], labels: Numbers) -> Teacher:
    """A teacher of n terms with these labels (1 = technology, 0 = none), by how alike they are: shape (n, n)."""
    from scipy.linalg import cho_factor, cho_solve, lapack
    from sklearn.linear_model import LogisticRegression

    factor, is_lower = cho_factor(alike.astype(np.float64) + RIDGE * np.eye(len(labels)), lower=True)
    targets = 2.0 * labels - 1.0
    mean = float(targets.mean())
    coefficients = cho_solve((factor, is_lower), targets - mean)
    inverse, _ = lapack.dpotri(factor, lower=is_lower)
    left_out = targets - coefficients / np.diag(inverse)  # in closed form: Rifkin & Lippert, Notes on regularized least squares (2007)
    calibration = LogisticRegression(C=1e6).fit(left_out[:, None], labels)
    slope, intercept = float(calibration.coef_[0, 0]), float(calibration.intercept_[0])
    return Teacher(coefficients, mean, slope, intercept, slope * left_out + intercept)


def compare(features: Any, vectors: npt.NDArray[np.float32], places: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """How alike each term is to those in `places`, shape (terms, places): by words, company and statistics, and by meaning.

    `features` is a sparse matrix (terms, features), `vectors` the terms' unit vectors (terms, dimension).
    """
    others, other_vectors = features[places].T, vectors[places].T
    scale = float(features.multiply(features).sum(axis=1).mean())
    alike = np.empty((len(vectors), len(places)), np.float32)
    for start in range(0, len(vectors), COMPARED_AT_ONCE):
        part = slice(start, start + COMPARED_AT_ONCE)
        by_words = np.asarray((features[part] @ others).todense()) / scale
        alike[part] = by_words + np.exp(CLOSENESS * (vectors[part] @ other_vectors - 1.0))
    return alike
