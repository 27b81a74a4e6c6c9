"""Which counted terms are technical terms and which are boilerplate, judged on statistics as of one day.

The rules in order of value found by experiment: standing in titles, codes of its own, ending like a noun, stop words (gone
before), not a fragment of a longer term.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from nlp.spelling import LINKS, term_key
from nlp.wordlists import chinese_words, english_words

if TYPE_CHECKING:
    import pandas as pd

MINIMUM_WORKS = 5
TITLE_SHARE = 0.10
"""Least share of recent works that put the term in their title: what works are about, they say there."""
GENERIC_TITLE_SHARE = 0.20
"""The same for general words only that end in method, model, system ... or begin with high, low, large ..."""
SINGLE_TITLE_SHARE = 0.25
"""The same for one ordinary word. Found for words in -ing, -ment ..., but era, sky and greedy pass as easily as those."""
SHORT_CHINESE_TITLE_SHARE = 0.5
"""The same for two Chinese signs: 储能 is a technology, most such words (安全, 攻击) are not."""
CODE_DIVERGENCE = 0.6
"""Least divergence (nats) of a term's codes from the corpus's, if those hold CODE_ENTROPY nats; in proportion below."""
CODE_ENTROPY = 4.0
EPONYM_SHARE = 0.35
"""A name in front of nouns in so many of its works is its discoverer's (Majorana), and no product (Kinect)."""
FRAGMENT_COVER = 0.75
"""A term is a fragment when one longer term holds so many of its works."""
EXPLAINED_COVER = 0.5
"""The same where authors give the longer form an acronym and the shorter none."""
_PRIOR_WORKS = 5.0
_OPEN_PREFIXES = ("multi-", "non-", "semi-", "inter-", "intra-", "pre-", "post-", "sub-", "low-", "high-", "self-", "mini-")
_ACTION = re.compile(r"(?:ing|ed|ly|able|ment|ance|ence|ness)$")
_INNER_CAPITAL = re.compile(r"\w[A-Z]|\d")
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the statistics, as far as the rules need it. `title_share` is None where hardly any work has an abstract."""

    key: str
    surface: str
    works: int
    title_share: float | None
    first_on: date
    is_read_in_abstracts: bool
    acronym_share: float
    code_divergence: float | None
    code_entropy: float | None

    @property
    def is_chinese(self) -> bool:
        return _HAN.search(self.key) is not None

    @property
    def is_acronym(self) -> bool:
        return self.acronym_share > 0.5


def read_terms(statistics: pd.DataFrame) -> dict[str, Term]:
    """The rows of reads/term_statistics.sql by key, in order of key, with the shrunk share of titles among recent works.

    Shrunk twice: recent works towards all works, these towards the mean of all terms. Works without an abstract are left
    out, for they are nothing but title.
    """
    rows = statistics[statistics["works"] >= MINIMUM_WORKS].sort_values("term_key")
    if rows.empty:
        return {}
    total = float(rows["abstract_works"].sum())
    mean = float(rows["abstract_title_works"].sum()) / total if total else 0.0
    ever = (rows["abstract_title_works"] + _PRIOR_WORKS * mean) / (rows["abstract_works"] + _PRIOR_WORKS)
    recent = (rows["recent_abstract_title_works"] + _PRIOR_WORKS * ever) / (rows["recent_abstract_works"] + _PRIOR_WORKS)
    share = recent.where(rows["abstract_works"] >= MINIMUM_WORKS)
    columns = ["term_key", "surface", "works", "first_on", "abstract_works", "acronym_share", "code_divergence", "code_entropy"]
    terms = {}
    for row, part in zip(rows[columns].itertuples(index=False, name=None), share, strict=True):
        key, surface, works, first_on, abstracts, acronyms, divergence, entropy = row
        day = first_on.date() if hasattr(first_on, "date") else first_on
        is_read = bool(2 * abstracts >= works)
        terms[key] = Term(key, surface, int(works), _known(part), day, is_read, float(acronyms), _known(divergence), _known(entropy))
    return terms


def find_fragments(terms: Mapping[str, Term], explained: frozenset[str], names: frozenset[str]) -> frozenset[str]:
    """Keys that hardly occur outside one longer term ("key distribution"), and names that wait for a noun (Majorana).

    `explained` are the keys of terms with an acronym, `names` the words that keep their capital.
    """
    covered = set()
    before_noun = Counter[str]()
    for key, term in terms.items():
        for part in _parts(term):
            shorter = terms.get(part)
            cover = EXPLAINED_COVER if key in explained and part not in explained else FRAGMENT_COVER
            if shorter is not None and term.works >= cover * shorter.works:
                covered.add(part)
        first, _, second = key.partition(" ")
        if second and " " not in second:
            before_noun[first] += term.works
    eponyms = {
        key
        for key, term in terms.items()
        if before_noun[key] >= EPONYM_SHARE * term.works
        and term.surface.removesuffix("'s") in names
        and not _INNER_CAPITAL.search(term.surface)
    }
    return frozenset(covered | eponyms)


def is_technical(members: list[Term], is_explained: bool, title_part: float = 1.0) -> bool:
    """Whether the spellings of one term (the canonical first) pass. `is_explained`: authors give it an acronym.

    `title_part` is the part of the usual share of titles that is enough.
    """
    leading = members[0]
    if not _is_well_formed(leading, is_explained) or not _has_own_codes(members):
        return False
    if is_explained:
        return True
    least = _least_title_share(leading)
    known = [(term.title_share * term.works, term.works) for term in members if term.title_share is not None]
    if not known:  # nothing but titles: no share to go by, so general words get no benefit of the doubt
        return least == TITLE_SHARE or (least == SINGLE_TITLE_SHARE and not _ACTION.search(leading.key))
    return sum(part for part, _ in known) / sum(works for _, works in known) >= title_part * least


def _is_well_formed(term: Term, is_explained: bool) -> bool:
    """Whether the word lists let the term pass. Asked again here, so that a changed list judges stored readings too."""
    words = english_words()
    if term.is_chinese:
        return term.key not in chinese_words().generic
    if term.is_acronym:
        return term.key not in words.initials
    parts = term.key.split()
    # Words joined by hyphens were never cut apart: "self-driving car" holds no verb, "peer-to-peer network" no link.
    units = [term_key(unit) for unit in term.surface.split()] if "-" in term.surface else parts
    if units[0] in words.dangling or not words.can_end(parts[-1]) or term.key in words.barred:
        return False
    if not is_explained and any(words.is_breaking(unit) and unit not in LINKS for unit in units):
        return False
    if not LINKS.isdisjoint(units):
        return is_explained  # "Internet of Things" has its acronym, "spectrum of graphene" has none
    if len(parts) > 1 or is_explained:
        return True
    is_prefixed = term.surface.lower().startswith(_OPEN_PREFIXES)  # "multi-label" waits for its noun
    return not is_prefixed and parts[0] not in words.generic and parts[0] not in words.places


def _least_title_share(term: Term) -> float:
    if term.is_chinese:
        if len(term.key) <= 3:
            return SHORT_CHINESE_TITLE_SHARE if len(term.key) == 2 else SINGLE_TITLE_SHARE
        return GENERIC_TITLE_SHARE if term.key.endswith(chinese_words().weak_heads) else TITLE_SHARE
    if term.is_acronym or any(sign.isdigit() for sign in term.key):
        return TITLE_SHARE
    words = english_words()
    parts = term.key.split()
    if len(parts) == 1:
        return SINGLE_TITLE_SHARE
    is_general = all(part in words.generic or part in words.unfinished for part in parts)
    is_general = is_general and (parts[-1] in words.weak_heads or parts[0] in words.degrees)
    return GENERIC_TITLE_SHARE if is_general else TITLE_SHARE


def _has_own_codes(members: Iterable[Term]) -> bool:
    """Whether the codes of the works differ enough from the corpus's; True where works carry no codes."""
    coded = [
        (term.code_divergence * term.works, term.code_entropy * term.works, term.works)
        for term in members
        if term.code_divergence is not None and term.code_entropy is not None
    ]
    if not coded:
        return True
    divergence, entropy, works = (sum(column) for column in zip(*coded, strict=True))
    return bool(divergence / works >= CODE_DIVERGENCE * min(1.0, entropy / works / CODE_ENTROPY))


def _parts(term: Term) -> Iterable[str]:
    """Every shorter run of words (of signs, in Chinese) inside a key."""
    units: str | list[str] = term.key if term.is_chinese else term.key.split()
    joiner = "" if term.is_chinese else " "
    for length in range(1, len(units)):
        for start in range(len(units) - length + 1):
            yield joiner.join(units[start : start + length])


def _known(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)
