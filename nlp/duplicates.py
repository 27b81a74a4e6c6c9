"""Which records tell of the same work: a patent family, a preprint and its journal version, a story told twice.

Two steps, so that the warehouse can do the join: `keys` turns one document into keys that its doubles share, `group`
decides among the documents that share one. A document is only ever linked to one that was available before it, and the
verdict on a document looks at nothing later: what arrives tomorrow never changes how the past was grouped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b, sha256

import numpy as np
import numpy.typing as npt

# Strongest first; the first reason that holds is the one recorded.
REASONS = ("doi", "arxiv", "family", "exact", "title", "near")
# Two texts of which four fifths of the shingles agree differ by edits, not by subject (Broder's resemblance; .8 is the
# usual bar for pages, and edited abstracts of one paper stay above it in our corpus).
NEAR_SIMILARITY = 0.8
# Under one distinctive title an abstract may have been rewritten for the journal, but not replaced.
TITLE_SIMILARITY = 0.3
_BARS = {"title": TITLE_SIMILARITY, "near": NEAR_SIMILARITY}
# Shorter titles ("Quantum computing", "Unmanned aerial vehicle") are shared by strangers.
TITLE_WORDS = 6
# Below this many shingles a few common phrases would make two texts alike.
NEAR_SHINGLES = 12

# 64 permutations in 16 bands of 4: pairs at .8 meet with probability .9998, pairs at .2 with .03; `group` verifies.
_PERMUTATIONS, _BANDS = 64, 16
_SEED = 20240118
# A key that so many works share marks boilerplate; comparing with the earliest of them keeps the cost linear.
_CROWD = 50
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile("[\u3400-\u9fff]")
_ARXIV = re.compile(r"(?:arxiv[:./]\s*|abs/)?((?:[a-z-]+(?:\.[a-z]{2})?/\d{7})|\d{4}\.\d{4,5})(?:v\d+)?$", re.I)
_Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document in its *first* version: later versions may carry later knowledge and have no say in the grouping.

    `keys` as given by `keys`; those nobody else holds may be left out. `available_on` None (undated) sorts last.
    """

    document_id: str
    kind: str
    available_on: date | None
    title: str
    abstract: str
    keys: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """The work a document belongs to. `linked_to_document_id` is the work's first document, None for that one itself;
    `similarity` is the Jaccard resemblance to it (1.0 for a shared identifier or an exact copy), None when unlinked."""

    document_id: str
    work_id: str
    linked_to_document_id: str | None
    reason: str
    similarity: float | None


def keys(document_id: str, kind: str, title: str, abstract: str, identifiers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The (reason, key) pairs under which doubles of a document are found; keys carry the kind, for kinds never mix.

    Identifier keys (doi, arxiv, family), `exact` and `title` (hash of the folded text, where it is long enough to be
    distinctive; a patent's title never is), `near` (MinHash bands over 3-word shingles, 3-sign shingles for Chinese).
    Raises ValueError when `document_id` is empty.
    """
    if not document_id:
        raise ValueError("a document without an id cannot be compared with others")
    found = [(reason, f"{kind}:{key}") for reason, key in _identifier_keys(identifiers)]
    title_words, words = _units(title), _units(f"{title} {abstract}")
    if _is_distinctive(kind, title_words, words):
        found.append(("exact", f"{kind}:{_digest(words)}"))
    if kind != "patent" and len(title_words) >= TITLE_WORDS:
        found.append(("title", f"{kind}:{_digest(title_words)}"))
    shingles = _shingles(words)
    if len(shingles) >= NEAR_SHINGLES:
        found.extend(("near", f"{kind}:{band}") for band in _bands(shingles))
    return tuple(found)


def group(documents: Iterable[Candidate]) -> list[Membership]:
    """One row per document, in order of (available_on, document_id); the answer does not depend on the order given.

    Every later member is linked straight to the first document of its work. Identifier keys count whoever of the work
    holds them; `title` and `near` keys only propose, and the resemblance to the work's first document decides.
    """
    ordered = sorted(documents, key=lambda one: (one.available_on or date.max, one.document_id))
    roots: dict[str, Candidate] = {}
    holders: dict[tuple[str, str], list[str]] = {}
    shingles: dict[str, frozenset[int]] = {}
    rows: list[Membership] = []
    for document in ordered:
        link = _link(document, holders, roots, shingles)
        root_id = link[0] if link else document.document_id
        roots.setdefault(root_id, document)
        for key in document.keys:
            held = holders.setdefault(key, [])
            if root_id not in held and len(held) < _CROWD:
                held.append(root_id)
        rows.append(Membership(document.document_id, work_id(root_id), *(link or (None, "first", None))))
    return rows


def work_id(root_document_id: str) -> str:
    """`W` and 16 hexadecimal digits of the SHA-256 of the id of the work's first document."""
    return "W" + sha256(root_document_id.encode()).hexdigest()[:16]


def _link(
    document: Candidate,
    holders: Mapping[tuple[str, str], list[str]],
    roots: Mapping[str, Candidate],
    shingles: dict[str, frozenset[int]],
) -> tuple[str, str, float] | None:
    """(first document of the work, reason, similarity) of the strongest link to something earlier."""
    met: dict[str, list[str]] = {}
    for key in sorted(document.keys):
        for root_id in holders.get(key, ()):
            if root_id not in met.setdefault(key[0], []):
                met[key[0]].append(root_id)
    for reason in REASONS:
        bar = _BARS.get(reason)
        if reason in met and bar is None:
            return met[reason][0], reason, 1.0
        if reason in met and bar is not None:
            similarity = {root_id: _resemblance(document, roots[root_id], reason, shingles) for root_id in met[reason]}
            best = max(similarity, key=lambda root_id: similarity[root_id])
            if similarity[best] >= bar:
                return best, reason, similarity[best]
    return None


def _resemblance(one: Candidate, other: Candidate, reason: str, shingles: dict[str, frozenset[int]]) -> float:
    if reason == "title" and not (one.abstract and other.abstract):
        return 1.0  # one side is only a title, and the titles are equal
    sides = []
    for side in (one, other):
        if side.document_id not in shingles:
            shingles[side.document_id] = frozenset(_shingles(_units(f"{side.title} {side.abstract}")).tolist())
        sides.append(shingles[side.document_id])
    union = len(sides[0] | sides[1])
    return len(sides[0] & sides[1]) / union if union else 0.0


def _identifier_keys(identifiers: Mapping[str, str]) -> list[tuple[str, str]]:
    found = set()
    for scheme, value in identifiers.items():
        text = value.strip().lower()
        if scheme == "doi":
            doi = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", text)
            # arXiv registers every preprint with DataCite: such a DOI is the arXiv number in other clothes.
            arxiv = re.fullmatch(r"10\.48550/arxiv\.(.+)", doi)
            found.add(("arxiv", _ARXIV.sub(r"\1", arxiv[1])) if arxiv else ("doi", doi))
        elif scheme == "arxiv":
            number = _ARXIV.search(text)
            found.add(("arxiv", number[1] if number else text))
        elif scheme == "family":
            found.add(("family", text))
    return sorted((reason, key) for reason, key in found if key)


def _units(text: str) -> list[str]:
    """Words in lower case; a Chinese text gives single signs, for it does not write spaces."""
    folded = text.casefold()
    if not text.isascii() and _HAN.search(folded):
        return [unit for word in _WORD.findall(folded) for unit in (word if _HAN.search(word) else [word])]
    return _WORD.findall(folded)


def _is_distinctive(kind: str, title_words: Sequence[str], words: Sequence[str]) -> bool:
    has_abstract = len(words) >= len(title_words) + NEAR_SHINGLES
    return has_abstract or (kind != "patent" and len(title_words) >= TITLE_WORDS)


def _digest(units: Sequence[str]) -> str:
    return blake2b(" ".join(units).encode(), digest_size=8).hexdigest()


def _shingles(units: Sequence[str]) -> _Hashes:
    """Distinct 64-bit hashes of three neighbouring units, sorted (own arithmetic: stored keys outlive library versions)."""
    if len(units) < 3:
        return np.empty(0, dtype=np.uint64)
    hashes = np.fromiter((_unit_hash(unit) for unit in units), dtype=np.uint64, count=len(units))
    first, second, third = (np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
    mixed = hashes[:-2] * first ^ hashes[1:-1] * second ^ hashes[2:] * third
    mixed ^= mixed >> np.uint64(31)
    return np.unique(mixed)


def _unit_hash(unit: str) -> int:
    known = _UNIT_HASHES.get(unit)
    if known is None:
        if len(_UNIT_HASHES) > 500_000:
            _UNIT_HASHES.clear()
        known = int.from_bytes(blake2b(unit.encode("utf-8", "replace"), digest_size=8).digest(), "little")
        _UNIT_HASHES[unit] = known
    return known


_UNIT_HASHES: dict[str, int] = {}
_RANDOM = np.random.default_rng(_SEED)
_FACTORS: _Hashes = _RANDOM.integers(1, 2**63, size=_PERMUTATIONS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_OFFSETS: _Hashes = _RANDOM.integers(0, 2**63, size=_PERMUTATIONS, dtype=np.uint64)


def _bands(shingles: _Hashes) -> list[str]:
    """MinHash by multiply-add-shift (Dietzfelbinger et al. 1997), in bands (Mining of Massive Datasets, section 3.4)."""
    signature = ((shingles[:, None] * _FACTORS + _OFFSETS) >> np.uint64(32)).min(axis=0)
    rows = signature.reshape(_BANDS, -1)
    return [f"{band}:{blake2b(row.tobytes(), digest_size=8).hexdigest()}" for band, row in enumerate(rows)]
