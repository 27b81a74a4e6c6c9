"""How alike two texts are, and keys under which texts that are alike meet.

A text is the set of its pairs of neighbouring content words (threes of neighbouring signs in Chinese): function words are
left out, so that strangers share next to nothing and one edited word costs two pairs. Two measures look at two ways of
retelling: Jaccard's resemblance (Broder 1997) at edits, containment at cuts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

# Below this many pairs a few common phrases would make two texts alike.
FEWEST_PAIRS = 12
# Words of a headline: with fewer, one shared name is half of it.
FEWEST_WORDS = 5
# What the beginning of a text is: a cut leaves it as it was.
HEAD_UNITS = 40

# Three rows a band: pairs of texts that resemble each other at .5 meet in 14 bands with probability .85, strangers at .02 with
# .0001; those cut to less than half meet in the bands of their heads.
_SEED = 20240118
_ROWS, _BODY_BANDS, _HEAD_BANDS = 3, 14, 8
# A headline has few words: four rows keep strangers apart, and ten bands find .75 with probability .98.
_HEADLINE_ROWS, _HEADLINE_BANDS = 4, 10

_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile("[\u3400-\u9fff]")
_FUNCTION_WORDS = frozenset(
    """a about after all also an and any are as at be been both but by can could do does each either for from had has have he her his how
    however i if in into is it its itself may more most much no nor not of on one only or other our over s said same she should so some such
    than that the their them then there thereby therefore therein thereof these they this those thus to under until up upon us very was we
    were what when where wherein which while who whose why will with within without would you your""".split()  # noqa: SIM905 - words are read as words
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """`jaccard`: share of the pairs of both that are common; `containment`: of those of the shorter text; `pairs`: how many that has."""

    jaccard: float
    containment: float
    pairs: int


def units(text: str) -> list[str]:
    """Words in lower case; a Chinese text gives single signs, for it does not write spaces."""
    folded = text.casefold()
    if not text.isascii() and _HAN.search(folded):
        return [unit for word in _WORD.findall(folded) for unit in (word if _HAN.search(word) else [word])]
    return _WORD.findall(folded)


def digest(found: Sequence[str]) -> str:
    """16 hexadecimal digits that stand for these units in this order."""
    return blake2b(" ".join(found).encode("utf-8", "replace"), digest_size=8).hexdigest()


def pairs(found: Sequence[str]) -> Hashes:
    """Distinct hashes of neighbouring content words, or of three neighbouring signs, sorted.

    Own arithmetic, for stored keys must outlive the versions of libraries.
    """
    content = [unit for unit in found if unit not in _FUNCTION_WORDS]
    width = 3 if any(_HAN.match(unit) for unit in content) else 2
    if len(content) < width:
        return np.empty(0, dtype=np.uint64)
    hashes = _hashes(content)
    mixed = hashes[: len(hashes) - width + 1] * _ODD[0]
    for place in range(1, width):
        mixed ^= hashes[place : len(hashes) - width + 1 + place] * _ODD[place]
    mixed ^= mixed >> np.uint64(31)
    return np.unique(mixed)


def words(found: Sequence[str]) -> Hashes:
    """Distinct hashes of the content words (pairs of signs in Chinese) of a headline, sorted."""
    content = [unit for unit in found if unit not in _FUNCTION_WORDS]
    if any(_HAN.match(unit) for unit in content):
        content = [first + second for first, second in pairwise(content)]
    return np.unique(_hashes(content))


def likeness(one: frozenset[int], other: frozenset[int]) -> Likeness:
    """Compare two sets of hashes made by `pairs` or by `words`. Empty sets are like nothing."""
    shared = len(one & other)
    fewer = min(len(one), len(other))
    return Likeness(shared / max(1, len(one) + len(other) - shared), shared / max(1, fewer), fewer)


def body_bands(title: Sequence[str], body: Sequence[str]) -> list[str]:
    """Keys of a text: of all of it, and of the head of its body, which a cut and another title leave alone. Empty for a short text."""
    whole = pairs([*title, *body])
    if len(whole) < FEWEST_PAIRS:
        return []
    found = [f"b{band}" for band in _bands(whole, _ROWS, _BODY_BANDS, 0)]
    head = pairs([unit for unit in body if unit not in _FUNCTION_WORDS][:HEAD_UNITS])
    if len(head) >= FEWEST_PAIRS:
        found += [f"h{band}" for band in _bands(head, _ROWS, _HEAD_BANDS, _ROWS * _BODY_BANDS)]
    return found


def headline_bands(title: Sequence[str]) -> list[str]:
    """Keys of a headline that stands alone. Empty for a short one."""
    found = words(title)
    return [f"t{band}" for band in _bands(found, _HEADLINE_ROWS, _HEADLINE_BANDS, 0)] if len(found) >= FEWEST_WORDS else []


def _bands(hashes: Hashes, rows: int, bands: int, start: int) -> list[str]:
    """MinHash by multiply-add-shift (Dietzfelbinger et al. 1997), in bands (Mining of Massive Datasets, section 3.4)."""
    chosen = slice(start, start + rows * bands)
    signature = ((hashes[:, None] * _FACTORS[chosen] + _OFFSETS[chosen]) >> np.uint64(32)).min(axis=0)
    return [f"{band}:{blake2b(row.tobytes(), digest_size=8).hexdigest()}" for band, row in enumerate(signature.reshape(bands, rows))]


def _hashes(found: Sequence[str]) -> Hashes:
    return np.fromiter((_unit_hash(unit) for unit in found), dtype=np.uint64, count=len(found))


def _unit_hash(unit: str) -> int:
    known = _UNIT_HASHES.get(unit)
    if known is None:
        if len(_UNIT_HASHES) > 500_000:
            _UNIT_HASHES.clear()
        known = int.from_bytes(blake2b(unit.encode("utf-8", "replace"), digest_size=8).digest(), "little")
        _UNIT_HASHES[unit] = known
    return known


_UNIT_HASHES: dict[str, int] = {}
_ODD = tuple(np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_RANDOM = np.random.default_rng(_SEED)
_PERMUTATIONS = _ROWS * (_BODY_BANDS + _HEAD_BANDS)
_FACTORS: Hashes = _RANDOM.integers(1, 2**63, size=_PERMUTATIONS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_OFFSETS: Hashes = _RANDOM.integers(0, 2**63, size=_PERMUTATIONS, dtype=np.uint64)
