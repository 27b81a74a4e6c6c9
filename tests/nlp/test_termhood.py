"""The learned filter: what it is told of a term, and that it tells ways of doing things from objects of science."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from nlp.termhood import BUCKETS, MODEL_PATH, TermhoodModel, bucket, describe, find_company, load_model, score_terms
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
