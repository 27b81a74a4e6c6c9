"""Makes `termhood_weights.npz`: `python -m nlp.train_termhood STATISTICS.parquet ALIASES.parquet --labels LABELS.csv --cache FOLDER`.

STATISTICS and ALIASES have the rows of flows/warehouse/reads/term_statistics.sql and term_aliases.sql at one day; LABELS has
`name` (a term key) and `is_technology`. Labels whose name falls to the test share (`is_held_out`) are never used here.

A teacher that also sees sentence vectors of the terms learns the labels. The shipped model, which needs no vectors, learns what
the teacher says of every well-formed term, so that it knows words that no label holds; then it is told the teacher's verdict on
each of these terms by heart. What it is worth on names it never met is cross-validated without that.
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

from nlp.technologies import SURE_TITLE_PART, find_explained
from nlp.termhood import BUCKETS, MODEL_PATH, TermhoodModel, bucket, describe, describe_terms, hash_name, save_model
from nlp.termhood_teacher import Numbers, compare, learn_teacher
from nlp.terminology import Term, is_technical, read_terms

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

HELD_OUT_PARTS = 4
"""One name in so many is for the test only, chosen by its hash."""
FOLDS = 3
PRECISION, SINGLE_PRECISION = 0.88, 0.85
"""Aimed at when the thresholds are set, on labels that were left out. These are harder than what the lists hold, for many were chosen
because a model was in doubt: at these aims .94 of the labelled names among the 1,000 most frequent are technologies."""
LABEL_WEIGHT, TEACHER_WEIGHT, LABEL_TRUST = 3.0, 0.5, 0.96
LABEL_MARGIN = 3.0
"""How far from the threshold a labelled name is put, on its side of it."""


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

    model = LogisticRegression(C=4.0, max_iter=1000, solver="newton-cg")
    both = np.r_[np.ones(len(targets)), np.zeros(len(targets))]
    model.fit(vstack([matrix, matrix]).tocsr(), both, sample_weight=np.r_[targets * weights, (1.0 - targets) * weights])
    return model.coef_[0], float(model.intercept_[0])


def learn(plain: Any, bare: Any, told: Numbers, labels: Numbers, *, seen: npt.NDArray[np.bool_]) -> tuple[Numbers, float]:
    """The linear model from `labels` (NaN where there is none) and the teacher's log-odds, of the rows in `seen` only.

    It learns every term twice, with its company and without, because a young archive holds hardly any longer terms.
    """
    from scipy.sparse import vstack

    known = ~np.isnan(labels)
    targets = np.where(known, (1.0 - LABEL_TRUST) / 2 + LABEL_TRUST * np.nan_to_num(labels), 1.0 / (1.0 + np.exp(-told)))
    weights = np.where(known, LABEL_WEIGHT, TEACHER_WEIGHT)
    return fit(vstack([plain[seen], bare[seen]]), np.tile(targets[seen], 2), np.tile(weights[seen], 2) / 2)


def cross_validate(plain: Any, bare: Any, alike: npt.NDArray[np.float32], labels: Numbers) -> Numbers:
    """Log-odds of every labelled row from a linear model, and a teacher of it, that never met the name; NaN elsewhere.

    `alike` compares every row with the labelled ones. Folds go by place, which hashes chose.
    """
    known = np.flatnonzero(~np.isnan(labels))
    result = np.full(len(labels), np.nan)
    for fold in range(FOLDS):
        is_left_out = np.arange(len(known)) % FOLDS == fold
        taught = known[~is_left_out]
        told = learn_teacher(alike[np.ix_(taught, ~is_left_out)], labels[taught]).log_odds(alike[:, ~is_left_out])
        seen = np.ones(len(labels), bool)
        seen[known[is_left_out]] = False
        coefficients, intercept = learn(plain, bare, told, labels, seen=seen)
        result[~seen] = plain[~seen] @ coefficients + intercept
    return result


def choose_threshold(scores: Numbers, truth: npt.NDArray[np.bool_], precision: float) -> tuple[float, float]:
    """The least score from which so many of the labelled terms are technologies, and the share of technologies it keeps."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    reached = np.flatnonzero(hits / np.arange(1, len(order) + 1) >= precision)
    last = int(reached[-1])
    return float(scores[order[last]]), float(hits[last] / truth.sum())


def choose_thresholds(scores: Numbers, labels: Numbers, is_single: npt.NDArray[np.bool_]) -> tuple[tuple[float, float], dict[str, float]]:
    """The thresholds for one word and for several on labelled rows, and the recall at each."""
    parts = ((is_single, SINGLE_PRECISION), (~is_single, PRECISION))
    (single, found_single), (several, found) = (choose_threshold(scores[part], labels[part] > 0, precision) for part, precision in parts)
    return (single, several), {"recall_single": round(found_single, 4), "recall": round(found, 4)}


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

    from nlp.embeddings import load_encoder

    terms = read_terms(pd.read_parquet(options.statistics))
    labelled = {key: value for key, value in read_labels(options.labels).items() if key in terms and not is_held_out(key)}
    wanted = {key for key, term in terms.items() if not term.is_chinese and is_technical([term], False, SURE_TITLE_PART)}
    keys = sorted(wanted | set(labelled), key=lambda key: hashlib.sha256(key.encode()).hexdigest())
    explained = find_explained(pd.read_parquet(options.aliases), terms)
    plain, bare = (feature_matrix(terms, keys, explained, has_company=has_company) for has_company in (True, False))
    vectors = load_encoder("model", options.cache).encode(keys)
    labels = np.array([float(labelled[key]) if key in labelled else np.nan for key in keys])
    known, everything = ~np.isnan(labels), np.ones(len(keys), bool)
    is_single = np.array([" " not in key for key in keys])

    alike = compare(plain, vectors, np.flatnonzero(known))
    teacher = learn_teacher(alike[known], labels[known])
    of_teacher, found_by_teacher = choose_thresholds(teacher.left_out, labels[known], is_single[known])
    unmet = cross_validate(plain, bare, alike, labels)
    (single, several), found = choose_thresholds(unmet[known], labels[known], is_single[known])
    told = teacher.log_odds(alike)
    coefficients, intercept = learn(plain, bare, told, labels, seen=everything)
    least = np.where(is_single, single, several)
    wished = least + told - np.where(is_single, *of_teacher)
    wished[known] = least[known] + LABEL_MARGIN * (2.0 * labels[known] - 1.0)
    names = np.array([hash_name(key) for key in keys])
    order = np.argsort(names)
    missing = wished - (plain @ coefficients + intercept)
    # Only towards the verdict: in another archive a name has other company, and a good one must not be held back for having had much.
    corrections = np.where(wished >= least, np.maximum(missing, 0.0), np.minimum(missing, 0.0))[order]
    provenance = {
        "command": "python -m nlp.train_termhood STATISTICS ALIASES --labels LABELS --cache FOLDER",
        "inputs": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (options.statistics, options.aliases)},
        "labels_sha256": labels_digest(labelled),
        "labels": len(labelled),
        "terms": len(keys),
        "precision_aimed_at": {"single": SINGLE_PRECISION, "several": PRECISION},
        "teacher_without_the_label": found_by_teacher,
        "names_never_met": found,
    }
    weights = coefficients.astype(np.float32)
    model = TermhoodModel(weights, intercept, single, several, provenance, names[order], corrections.astype(np.float32))
    save_model(model, options.out)
    sys.stdout.write(f"{len(labelled)} labels, {len(keys)} terms; teacher {found_by_teacher}; names never met {found}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
