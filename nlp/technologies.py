"""From counted terms to technologies: what is boilerplate goes, what means the same is one, and each gets its name.

Everything rests on statistics as of one day, so appending later documents changes nothing. The filter follows the order
of value found by experiment: title share, distance of the codes, endings, stop words (already gone), fragments, variants.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from nlp.naming import choose_name, lower_case_words
from nlp.records import Technology
from nlp.wordlists import english_words

if TYPE_CHECKING:
    import pandas as pd

MINIMUM_WORKS = 5
TITLE_SHARE = 0.10
"""Least share of recent works that put the term in their title: what works are about, they say there."""
ENDING_TITLE_SHARE = 0.25
CODE_DIVERGENCE = 0.6
"""Least divergence (nats) of a term's codes from the corpus's, for a corpus of CODE_ENTROPY nats or more; in proportion below."""
CODE_ENTROPY = 4.0
FRAGMENT_COVER = 0.75
ALIAS_MAJORITY = 0.6
_PRIOR_WORKS = 5.0
_NOUN_OF_ACTION = re.compile(r"(?:ing|ed|ly|able|ment|ance|ence|ness)$")
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(slots=True)
class Term:
    """One row of the statistics, as far as the filter needs it."""

    key: str
    surface: str
    works: int
    title_share: float
    first_on: date
    acronym_share: float
    code_divergence: float | None
    code_entropy: float | None


@dataclass(frozen=True, slots=True)
class Equivalence:
    """The long or English term that a short or foreign form stands for, and how many works say so."""

    alias_key: str
    term_key: str
    alias_surface: str
    term_surface: str
    pattern: str
    works: int


def discover(
    statistics: pd.DataFrame,
    aliases: pd.DataFrame,
    *,
    as_of: date,
    taxonomy_names: Mapping[str, tuple[str, str]] | None,
) -> list[Technology]:
    """The technologies that the works available at `as_of` speak of, in order of their ids.

    `statistics` and `aliases` are the rows of reads/term_statistics.sql and reads/term_aliases.sql at the same day.
    `taxonomy_names` (term key -> English and Chinese name) only labels, and joins the two languages of one entry; None
    before the taxonomy was public. Raises ValueError when the statistics know a term first seen after `as_of`.
    """
    terms = _terms(statistics)
    late = [term.key for term in terms.values() if term.first_on > as_of]
    if late:
        raise ValueError(f"the statistics hold terms first seen after {as_of}, such as {min(late)!r}: they are of another day")
    stated = _majorities(aliases, terms)
    ambiguous = _ambiguous(aliases)
    fragments = _fragments(terms)
    families = _families(terms, stated, taxonomy_names)
    explained = {key for one in stated if one.works >= 2 for key in (one.alias_key, one.term_key)}
    small = lower_case_words(term.surface for term in terms.values())
    found = []
    for members in families:
        kept = [term for term in members if term.key not in ambiguous and (term.key not in fragments or len(members) > 1)]
        if kept and _is_technology(kept, explained):
            found.append(_technology(kept, stated, small, taxonomy_names))
    return sorted(found, key=lambda technology: technology.technology_id)


def technology_id(canonical_key: str) -> str:
    """`T` and twelve hexadecimal digits of the SHA-256 of the canonical term key."""
    return "T" + sha256(canonical_key.encode()).hexdigest()[:12]


def _terms(statistics: pd.DataFrame) -> dict[str, Term]:
    """Rows with enough works, by key, with the shrunk share of titles among recent works.

    Shrunk twice: recent works towards all works, these towards the mean of all terms. Works without an abstract are left
    out, for they are nothing but title.
    """
    rows = statistics[statistics["works"] >= MINIMUM_WORKS].sort_values("term_key")
    if rows.empty:
        return {}
    total = float(rows["abstract_works"].sum())
    mean = float(rows["abstract_title_works"].sum()) / total if total else 1.0
    ever = (rows["abstract_title_works"] + _PRIOR_WORKS * mean) / (rows["abstract_works"] + _PRIOR_WORKS)
    share = (rows["recent_abstract_title_works"] + _PRIOR_WORKS * ever) / (rows["recent_abstract_works"] + _PRIOR_WORKS)
    columns = ("term_key", "surface", "works", "first_on", "acronym_share", "code_divergence", "code_entropy")
    return {
        key: Term(key, surface, int(works), float(part), _day(first_on), float(acronyms), _known(divergence), _known(entropy))
        for (key, surface, works, first_on, acronyms, divergence, entropy), part in zip(
            rows[list(columns)].itertuples(index=False, name=None), share, strict=True
        )
    }


def _majorities(aliases: pd.DataFrame, terms: Mapping[str, Term]) -> list[Equivalence]:
    """For every short or foreign form the one term that most works mean by it, where most agree."""
    by_alias: dict[tuple[str, str], list[Equivalence]] = defaultdict(list)
    columns = ["alias_key", "term_key", "alias_surface", "term_surface", "pattern", "works"]
    for row in aliases[columns].itertuples(index=False, name=None):
        one = Equivalence(*row[:5], int(row[5]))
        by_alias[one.alias_key, one.pattern].append(one)
    kept = []
    for candidates in by_alias.values():
        squashed = Counter[str]()
        for one in candidates:
            squashed[_squash(one.term_key)] += one.works
        best_form, most = max(squashed.items(), key=lambda item: (item[1], item[0]))
        best = max((one for one in candidates if _squash(one.term_key) == best_form), key=lambda one: (one.works, one.term_key))
        used = terms[best.alias_key].works if best.alias_key in terms else 0
        # Two letters mean many things; a form that hardly anyone explains is not explained by the few who do.
        needed = max(2.0, 0.1 * used if len(best.alias_key) <= 2 else 0.02 * used) if best.pattern == "acronym" else 1.0
        if most >= needed and most >= ALIAS_MAJORITY * sum(squashed.values()):
            kept.append(Equivalence(best.alias_key, best.term_key, best.alias_surface, best.term_surface, best.pattern, most))
    return sorted(kept, key=lambda one: (one.alias_key, one.term_key))


def _ambiguous(aliases: pd.DataFrame) -> frozenset[str]:
    """Acronyms that works explain in different ways, none of them prevailing: they name no one thing."""
    acronyms = aliases[aliases["pattern"] == "acronym"]
    if acronyms.empty:
        return frozenset()
    forms = acronyms.assign(form=acronyms["term_key"].map(_squash)).groupby(["alias_key", "form"])["works"].sum()
    totals = forms.groupby("alias_key").sum()
    shares = forms.groupby("alias_key").max() / totals
    return frozenset(totals.index[(totals >= 3) & (shares < 0.5)])


def _fragments(terms: Mapping[str, Term]) -> frozenset[str]:
    """Terms that hardly occur outside one longer term: "key distribution" in "quantum key distribution"."""
    covered = set()
    for term in terms.values():
        for part in _parts(term.key):
            shorter = terms.get(part)
            if shorter is not None and term.works >= FRAGMENT_COVER * shorter.works:
                covered.add(part)
    return frozenset(covered)


def _parts(key: str) -> Iterable[str]:
    """Every shorter run of words (of signs, in Chinese) inside a key."""
    units: list[str] | str = key if _HAN.search(key) else key.split()
    joiner = "" if _HAN.search(key) else " "
    for length in range(1, len(units)):
        for start in range(len(units) - length + 1):
            yield joiner.join(units[start : start + length])


def _families(
    terms: Mapping[str, Term], stated: Iterable[Equivalence], taxonomy_names: Mapping[str, tuple[str, str]] | None
) -> list[list[Term]]:
    """Terms that mean the same, the canonical first: spelled together or apart, stated equivalent, one taxonomy entry."""
    root = {key: key for key in terms}

    def find(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    def join(keys: list[str]) -> None:
        for key in keys[1:]:
            root[find(key)] = find(keys[0])

    same: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in terms:
        same["spelling", _squash(key)].append(key)
        if taxonomy_names is not None and key in taxonomy_names:
            same["taxonomy", taxonomy_names[key][0]].append(key)
    for one in stated:
        long_form = next((key for key in same.get(("spelling", _squash(one.term_key)), ())), None)
        if long_form is not None and one.alias_key in terms:
            same["stated", f"{one.alias_key}\t{one.term_key}"] = [long_form, one.alias_key]
    for keys in same.values():
        join(keys)
    members: dict[str, list[Term]] = defaultdict(list)
    for key, term in terms.items():
        members[find(key)].append(term)
    return [sorted(group, key=_canonical_first) for group in members.values()]


def _canonical_first(term: Term) -> tuple[bool, bool, int, str]:
    """English before Chinese, written out before abbreviated, then the most used."""
    return _HAN.search(term.key) is not None, term.acronym_share > 0.5, -term.works, term.key


def _is_technology(members: list[Term], explained: set[str]) -> bool:
    works = sum(term.works for term in members)
    leading = members[0]
    is_explained = any(term.key in explained for term in members)
    share = sum(term.title_share * term.works for term in members) / works
    if share < TITLE_SHARE and not is_explained:
        return False
    coded = [(term.code_divergence, term.code_entropy, term.works) for term in members]
    measured = [(value, entropy, count) for value, entropy, count in coded if value is not None and entropy is not None]
    if measured:
        weight = sum(count for _, _, count in measured)
        divergence = sum(value * count for value, _, count in measured) / weight
        entropy = sum(value * count for _, value, count in measured) / weight
        if divergence < CODE_DIVERGENCE * min(1.0, entropy / CODE_ENTROPY):
            return False
    is_single = " " not in leading.key and not _HAN.search(leading.key) and leading.acronym_share <= 0.5
    if is_single and not is_explained:
        words = english_words()
        if leading.key in words.generic or not words.can_end(leading.key):
            return False
        return not _NOUN_OF_ACTION.search(leading.key) or share >= ENDING_TITLE_SHARE
    return True


def _technology(
    members: list[Term], stated: Iterable[Equivalence], small: frozenset[str], taxonomy_names: Mapping[str, tuple[str, str]] | None
) -> Technology:
    keys = tuple(term.key for term in members)
    known = set(keys)
    labels = [taxonomy_names[key] for key in keys if key in taxonomy_names] if taxonomy_names is not None else []
    chinese = [term.surface for term in members if _HAN.search(term.key)]
    told = [one for one in stated if one.alias_key in known or one.term_key in known]
    foreign = [one.alias_surface for one in told if one.pattern == "bilingual"]
    name = choose_name([(term.surface, term.works, term.acronym_share > 0.5) for term in members], small)
    spellings = {term.surface for term in members} | {one.alias_surface for one in told if one.term_key in known}
    spellings |= {one.term_surface for one in told if one.alias_key in known}
    return Technology(
        technology_id=technology_id(keys[0]),
        name=name,
        name_zh=labels[0][1] if labels else next(iter([*chinese, *foreign]), None),
        term_keys=keys,
        aliases=tuple(sorted(spelling for spelling in spellings if spelling.casefold() != name.casefold())),
        first_on=min(term.first_on for term in members),
        taxonomy_name=labels[0][0] if labels else None,
    )


def _squash(key: str) -> str:
    return key.replace(" ", "")


def _known(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)  # noqa: PLR0124 - NaN is the only number unlike itself


def _day(value: object) -> date:
    return value.date() if hasattr(value, "date") else value  # type: ignore[return-value]
