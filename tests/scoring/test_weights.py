import json
import re

import pytest

from scoring.records import Weights
from scoring.weights import COMPONENTS, parse_weights, require_usable


def test_the_published_weights_are_five_parts_freshness_and_one_part_growth_of_codes(published):
    weighty = {name: share for name, share in published.shares.items() if share}
    assert weighty == pytest.approx({"freshness": 5 / 6, "code_growth": 1 / 6})
    assert published.shares.keys() == set(COMPONENTS)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "the weights are not JSON"),
        ("[]", "the weights need"),
        (json.dumps({"version": "1", "parts": {"vitalty": 1}}), "no component vitalty; did you mean vitality?"),
        (json.dumps({"version": "1", "parts": {"vitality": 0}}), "at least one of them above 0"),
        (json.dumps({"version": "1", "parts": {"vitality": 2, "growth": -1}}), "outside 0 to 1"),
        (json.dumps({"version": "1", "parts": {"vitality": "two"}}), "the weight of vitality is not a number"),
        ('{"version": "1", "parts": {"vitality": NaN}}', "must be finite"),
    ],
)
def test_unusable_weights_are_refused_in_one_sentence(text, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse_weights(text)


def test_shares_must_sum_to_one():
    with pytest.raises(ValueError, match=r"sum to 0\.9"):
        require_usable(Weights("x", {"vitality": 0.9}))
