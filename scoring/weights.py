"""The published weights: which components exist and what share of the score each has."""

from __future__ import annotations

import json
import math
from difflib import get_close_matches

from scoring.records import Weights

COMPONENTS = (
    "vitality",
    "freshness",
    "code_growth",
    "field_momentum",
    "growth",
    "acceleration",
    "persistence",
    "community",
    "entrants",
    "novelty",
    "coherence",
    "convergence",
    "track_convergence",
    "transition",
)


def parse_weights(text: str) -> Weights:
    """Read the text of weights.json: `version`, and `parts` per component, which are divided by their sum.

    Raises ValueError with one sentence when the text is no such file, names an unknown component or gives no weight at
    all.
    """
    try:
        read = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"the weights are not JSON: {error.msg} in line {error.lineno}") from None
    if not isinstance(read, dict) or not isinstance(read.get("version"), str) or not isinstance(read.get("parts"), dict):
        raise ValueError("the weights need a `version` (text) and `parts` (component to number)")
    parts: dict[str, float] = {}
    for name, part in read["parts"].items():
        if isinstance(part, bool) or not isinstance(part, int | float):
            raise ValueError(f"the weight of {name} is not a number")
        parts[name] = float(part)
    total = sum(parts.values())
    if not math.isfinite(total) or total <= 0:
        raise ValueError("the weights must be finite and at least one of them above 0")
    weights = Weights(read["version"], {name: part / total for name, part in parts.items()})
    require_usable(weights)
    return weights


def require_usable(weights: Weights) -> None:
    """Raise ValueError unless the shares name known components, lie in [0, 1] and sum to 1."""
    for name, share in weights.shares.items():
        if name not in COMPONENTS:
            near = get_close_matches(name, COMPONENTS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(COMPONENTS)}"
            raise ValueError(f"there is no component {name}; {hint}")
        if not 0 <= share <= 1:
            raise ValueError(f"the share of {name} is {share}, outside 0 to 1")
    total = sum(weights.shares.values())
    if not math.isclose(total, 1, abs_tol=1e-6):
        raise ValueError(f"the shares sum to {total:.6g}, not to 1")
