"""Makes `termhood_weights.npz`: `python -m nlp.train_termhood STATISTICS.parquet ALIASES.parquet --labels LABELS.csv --cache FOLDER`.

STATISTICS and ALIASES have the rows of flows/warehouse/reads/term_statistics.sql and term_aliases.sql at one day; LABELS has
`name` (a term key) and `is_technology`. Labels whose name falls to the test share (`is_held_out`) are never used here.

A teacher that also sees sentence vectors of the terms learns the labels; the shipped model, which needs no vectors, learns
what the teacher says of every well-formed term, so that it knows words that no label holds.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from nlp.technologies import find_explained
from nlp.termhood import BUCKETS, MODEL_PATH, TermhoodModel, bucket, describe, describe_terms, save_model
from nlp.terminology import Term, is_technical, read_terms

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from nlp.embeddings import Encoder

HELD_OUT_PARTS = 4
"""One name in so many is for the test only, chosen by its hash."""
FOLDS = 5
PRECISION, SINGLE_PRECISION = 0.92, 0.80
"""Aimed at when the thresholds are set, on labels that the fold's model did not see. These are harder than what the lists hold, for
many were chosen because a model was in doubt. Single words are few in the lists, and at .92 of them hardly one would be known."""
LABEL_WEIGHT, TEACHER_WEIGHT, LABEL_TRUST = 3.0, 0.5, 0.96
Numbers = npt.NDArray[np.float64]


def is_held_out(key: str) -> bool:
    """Whether the label of this term key is for the test only."""
    return int(hashlib.sha256(f"technology:{key}".encode()).hexdigest()[:8], 16) % HELD_OUT_PARTS == 0


def read_labels(path: Path) -> dict[str, bool]:
    """Label by term key."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: row["is_technology"] == "1" for row in csv.DictReader(lines)}


def labels_digest(labels: Mapping[str, bool]) -> str:
    """SHA-256 of the labels that were learned from; those held out may change without it."""
    return hashlib.sha256("\n".join(f"{key},{int(labels[key])}" for key in sorted(labels)).encode()).hexdigest()


def feature_matrix(terms: Mapping[str, Term], keys: Sequence[str], explained: Set[str], *, has_company: bool) -> csr_matrix:
    """Hashed features, shape (len(keys), BUCKETS). Without company each term is described as if it were the only one counted."""
    from scipy.sparse import csr_matrix

    def described() -> Iterator[Iterable[tuple[str, float]]]:
        if has_company:
            yield from (features for _, features in describe_terms(terms, keys, explained))
        else:
            yield from (describe(terms[key], {}, {}, is_explained=key in explained) for key in keys)

    places: list[int] = []
    values: list[float] = []
    ends = [0]
    for features in described():
        for name, value in features:
            places.append(bucket(name))
            values.append(value)
        ends.append(len(places))
    matrix = csr_matrix((np.array(values), np.array(places), np.array(ends)), shape=(len(keys), BUCKETS))
    matrix.sum_duplicates()
    return matrix


def fit(matrix: Any, targets: Numbers, weights: Numbers) -> tuple[Numbers, float]:
    """Logistic regression on probabilities as targets: coefficients and intercept."""
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=4.0, max_iter=1000)
    both = np.r_[np.ones(len(targets)), np.zeros(len(targets))]
    model.fit(vstack([matrix, matrix]).tocsr(), both, sample_weight=np.r_[targets * weights, (1.0 - targets) * weights])
    return model.coef_[0], float(model.intercept_[0])


def learn(plain: Any, bare: Any, rich: Any, labels: Numbers, *, seen: npt.NDArray[np.bool_]) -> tuple[Numbers, float]:
    """The shipped model from `labels` (NaN where there is none) of the rows in `seen`; other rows take no part at all.

    It learns every term twice, with its company and without, because a young archive holds hardly any longer terms.
    """
    from scipy.sparse import vstack

    known = ~np.isnan(labels) & seen
    teacher, intercept = fit(rich[known], labels[known], np.ones(int(known.sum())))
    told = 1.0 / (1.0 + np.exp(-(rich @ teacher + intercept)))
    targets = np.where(known, (1.0 - LABEL_TRUST) / 2 + LABEL_TRUST * np.nan_to_num(labels), told)
    weights = np.where(known, LABEL_WEIGHT, TEACHER_WEIGHT)
    return fit(vstack([plain[seen], bare[seen]]), np.tile(targets[seen], 2), np.tile(weights[seen], 2) / 2)


def cross_validate(plain: Any, bare: Any, rich: Any, labels: Numbers) -> Numbers:
    """Log-odds of every labelled row from a model that did not see it; NaN elsewhere. Folds go by place, which hashes chose."""
    known = np.flatnonzero(~np.isnan(labels))
    result = np.full(len(labels), np.nan)
    for fold in range(FOLDS):
        left_out = known[fold::FOLDS]
        seen = np.ones(len(labels), bool)
        seen[left_out] = False
        coefficients, intercept = learn(plain, bare, rich, labels, seen=seen)
        result[left_out] = plain[left_out] @ coefficients + intercept
    return result


def choose_threshold(scores: Numbers, truth: npt.NDArray[np.bool_], precision: float) -> tuple[float, float]:
    """The least score from which so many of the labelled terms are technologies, and the share of technologies it keeps."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    reached = np.flatnonzero(hits / np.arange(1, len(order) + 1) >= precision)
    last = int(reached[-1])
    return float(scores[order[last]]), float(hits[last] / truth.sum())


def vectors(keys: Sequence[str], model: Encoder, fast: Encoder) -> csr_matrix:
    """Sentence vectors of the terms, static ones of the terms and of their heads, scaled to weigh as much as the words."""
    from scipy.sparse import csr_matrix

    heads = [key.split()[-1] for key in keys]
    return csr_matrix(np.hstack([3.0 * model.encode(keys), 2.0 * fast.encode(keys), 2.0 * fast.encode(heads)]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, set the threshold, write; prints what cross-validation found."""
    parser = argparse.ArgumentParser(prog="python -m nlp.train_termhood", description="Make the weights of the termhood model.")
    parser.add_argument("statistics", type=Path)
    parser.add_argument("aliases", type=Path)
    parser.add_argument("--labels", required=True, type=Path)
    parser.add_argument("--cache", required=True, type=Path, help="Folder for the distilled vectors.")
    parser.add_argument("--out", default=MODEL_PATH, type=Path)
    options = parser.parse_args(arguments)
    import pandas as pd
    from scipy.sparse import hstack

    from nlp.embeddings import load_encoder

    terms = read_terms(pd.read_parquet(options.statistics))
    labelled = {key: value for key, value in read_labels(options.labels).items() if key in terms and not is_held_out(key)}
    wanted = {key for key, term in terms.items() if not (term.is_chinese or is_held_out(key)) and is_technical([term], False)}
    keys = sorted(wanted | set(labelled), key=lambda key: hashlib.sha256(key.encode()).hexdigest())
    explained = find_explained(pd.read_parquet(options.aliases), terms)
    plain, bare = (feature_matrix(terms, keys, explained, has_company=has_company) for has_company in (True, False))
    encoders = (load_encoder("model", options.cache), load_encoder("fast", options.cache))
    rich = hstack([plain, vectors(keys, *encoders)]).tocsr()
    labels = np.array([float(labelled[key]) if key in labelled else np.nan for key in keys])
    scores = cross_validate(plain, bare, rich, labels)
    is_single = np.array([" " not in key for key in keys])
    known = ~np.isnan(labels)
    parts = ((known & is_single, SINGLE_PRECISION), (known & ~is_single, PRECISION))
    single, several = (choose_threshold(scores[part], labels[part] > 0, precision) for part, precision in parts)
    coefficients, intercept = learn(plain, bare, rich, labels, seen=np.ones(len(keys), bool))
    provenance = {
        "command": "python -m nlp.train_termhood STATISTICS ALIASES --labels LABELS --cache FOLDER",
        "inputs": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (options.statistics, options.aliases)},
        "labels_sha256": labels_digest(labelled),
        "labels": len(labelled),
        "terms": len(keys),
        "cross_validated": {
            "single_precision": SINGLE_PRECISION,
            "precision": PRECISION,
            "recall_single": round(single[1], 4),
            "recall": round(several[1], 4),
        },
    }
    save_model(TermhoodModel(coefficients.astype(np.float32), intercept, single[0], several[0], provenance), options.out)
    sys.stdout.write(
        f"{provenance['cross_validated']} at {single[0]:.3f} and {several[0]:.3f}, {len(labelled)} labels, {len(keys)} terms\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
