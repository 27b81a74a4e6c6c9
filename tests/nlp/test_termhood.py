"""The learned filter: what it is told of a term, and that it tells ways of doing things from objects of science."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from nlp.static_vectors import unit_rows
from nlp.termhood import BUCKETS, MODEL_PATH, TermhoodModel, bucket, describe, find_company, hash_name, load_model, score_terms
from nlp.termhood_teacher import RIDGE, compare, learn_teacher
from nlp.terminology import Term

SIZE_LIMIT_BYTES = 5_000_000


def term(key: str, works: int = 40) -> Term:
    return Term(key, key, works, 0.3, date(2010, 1, 1), True, 0.0, 1.2, 4.0)


def counted(*terms: Term) -> dict[str, Term]:
    return {one.key: one for one in terms}


def test_company_is_counted_in_shares_of_the_shorter_terms_works() -> None:
    behind, before = find_company(counted(term("kalman filter", 40), term("kalman filter design", 10), term("filter design", 20)))
    assert behind["kalman filter"] == {"design": 0.25}
    assert before["filter design"] == {"kalman": 0.5}
    assert "kalman filter design" not in behind


def test_a_score_is_the_sum_of_what_its_features_weigh() -> None:
    weights = np.zeros(BUCKETS, np.float32)
    weights[bucket("head filter")], weights[bucket("behind design")] = 2.0, 1.0
    terms = counted(term("kalman filter", 40), term("kalman filter design", 10))
    scores = score_terms(terms, ["kalman filter"], set(), TermhoodModel(weights, -1.0, 0.0, 0.0, {}))
    assert scores["kalman filter"] == pytest.approx(-1.0 + 2.0 + 2.0 * 0.5)
    assert dict(describe(terms["kalman filter"], {}, {}, is_explained=True))["explained"] == 1.0


def test_a_name_known_by_heart_is_corrected_and_no_other() -> None:
    keys = ["gene therapy", "heat pump"]
    order = sorted(keys, key=hash_name)
    names, corrections = (
        np.array([hash_name(key) for key in order]),
        np.array([{"gene therapy": 3.0, "heat pump": -2.0}[key] for key in order]),
    )
    model = TermhoodModel(np.zeros(BUCKETS, np.float32), -1.0, 0.0, 0.0, {}, names, corrections.astype(np.float32))
    scores = score_terms(counted(*map(term, [*keys, "soft robot"])), [*keys, "soft robot"], set(), model)
    assert scores == {"gene therapy": 2.0, "heat pump": -3.0, "soft robot": -1.0}


def test_the_teacher_s_left_out_scores_are_those_of_teachers_without_the_label() -> None:
    random = np.random.default_rng(1)
    features, labels = csr_matrix(random.random((40, 6))), (random.random(40) < 0.5).astype(float)
    alike = compare(features, unit_rows(random.normal(size=(40, 8))), np.arange(40))
    whole, targets, rest = learn_teacher(alike, labels), 2.0 * labels - 1.0, np.arange(40) != 7
    coefficients = np.linalg.solve(alike[np.ix_(rest, rest)] + RIDGE * np.eye(39), (targets - whole.mean)[rest])
    expected = whole.slope * (alike[7, rest] @ coefficients + whole.mean) + whole.intercept
    assert whole.left_out[7] != pytest.approx(whole.log_odds(alike)[7], abs=0.01)
    assert whole.left_out[7] == pytest.approx(expected, abs=1e-5)


def test_the_shipped_model_tells_methods_and_devices_from_objects_of_science_and_plain_words() -> None:
    good = ["convolutional neural network", "wireless sensor network", "mobile robot", "unmanned aerial vehicle", "image segmentation"]
    bad = ["dark matter", "neutron star", "ground state energy", "exact solution", "human brain", "upper bound", "breast cancer"]
    terms = counted(*map(term, [*good, *bad]))
    model = load_model()
    scores = score_terms(terms, terms, set(), model)
    assert min(scores[key] for key in good) > max(scores[key] for key in bad)
    assert [key for key in terms if model.passes(key, scores[key])] == good


def test_the_weights_are_small_and_say_where_they_come_from() -> None:
    assert MODEL_PATH.stat().st_size <= SIZE_LIMIT_BYTES
    assert load_model().provenance["command"]
    assert load_model().provenance["inputs"]
