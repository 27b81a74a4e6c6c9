"""From counted terms to technologies: boilerplate goes, what means the same is one, and each gets an id and a name.

Everything rests on statistics as of one day, so appending later documents changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from nlp.curation import Act, Group, apply
from nlp.naming import choose_name, proper_words
from nlp.records import Technology
from nlp.spelling import is_formula
from nlp.termhood import load_model, score_terms
from nlp.terminology import Term, find_fragments, is_technical, read_terms
from nlp.wordlists import digest as words_digest

if TYPE_CHECKING:
    import pandas as pd

ALIAS_MAJORITY = 0.6
"""Share of the works explaining an acronym that must mean the same by it."""
EXPLAINED_SHARE = 0.05
"""Least share of a term's works that state its acronym (and two of them) for the acronym to vouch for it."""
SURE_TITLE_PART = 0.5
"""Part of the usual share of titles that is enough where the learned model is sure."""
TaxonomyNames = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Equivalence:
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
    taxonomy_names: TaxonomyNames | None,
    acts: Sequence[Act] = (),
    use_model: bool = True,
) -> list[Technology]:
    """The technologies that the works available at `as_of` speak of, in order of their ids.

    `statistics` and `aliases` are the rows of reads/term_statistics.sql and reads/term_aliases.sql at the same day.
    `taxonomy_names` (term key -> English and Chinese name) only labels, and joins the two languages of one entry; None
    before the taxonomy was public. `acts` are a person's decisions in force. `use_model` False leaves the rules alone to
    decide: the learned model knows what its labellers knew, which a back-test must not. Raises ValueError when the statistics know a
    term first seen after `as_of`.
    """
    terms = read_terms(statistics)
    late = min((term.key for term in terms.values() if term.first_on > as_of), default=None)
    if late is not None:
        raise ValueError(f"the statistics hold {late!r}, first seen after {as_of}: they are of another day")
    names = proper_words((term.surface, term.is_read_in_abstracts) for term in terms.values())
    meanings = _meanings(aliases)
    stated = _majorities(meanings, terms)
    explained = _explained(stated, terms)
    fragments = find_fragments(terms, explained, names)
    ambiguous = {key for key, pattern in meanings if pattern == "acronym" and _is_ambiguous(meanings[key, pattern])}
    told_of: dict[str, list[_Equivalence]] = defaultdict(list)
    for one in stated:
        told_of[one.alias_key].append(one)
        told_of[one.term_key].append(one)
    passed = []
    title_part = SURE_TITLE_PART if use_model else 1.0
    for group in apply(_families(terms, stated), acts):
        if group.is_accepted is None:
            _leave_out(group, ambiguous, fragments)
        if group.members and (_is_technical(group, explained, title_part) if group.is_accepted is None else group.is_accepted):
            passed.append(group)
    if use_model:
        passed = _technologies_only(passed, terms, explained)
    found = [
        _technology(group, [one for term in group.members for one in told_of[term.key]], names, taxonomy_names or {})
        for group in _labelled_alike(passed, taxonomy_names or {})
    ]
    return sorted(found, key=lambda technology: technology.technology_id)


def technology_id(canonical_key: str) -> str:
    """`T` and twelve hexadecimal digits of the SHA-256 of the canonical term key."""
    return "T" + sha256(canonical_key.encode()).hexdigest()[:12]


def discovery_digest() -> str:
    """Changes whenever the same statistics could give other technologies: with the word lists and the learned model."""
    return sha256(f"{words_digest()}\n{load_model().provenance}".encode()).hexdigest()[:12]


def find_explained(aliases: pd.DataFrame, terms: Mapping[str, Term]) -> frozenset[str]:
    """Keys of the terms and acronyms whose equivalence enough works state to show that the term is one."""
    return _explained(_majorities(_meanings(aliases), terms), terms)


def _meanings(aliases: pd.DataFrame) -> dict[tuple[str, str], list[_Equivalence]]:
    """Everything stated, by (alias key, pattern), in an order that does not depend on the order given."""
    columns = ["alias_key", "term_key", "alias_surface", "term_surface", "pattern", "works"]
    grouped: dict[tuple[str, str], list[_Equivalence]] = defaultdict(list)
    for row in sorted(aliases[columns].itertuples(index=False, name=None)):
        alias_key, term_key, alias_surface, term_surface, pattern, works = row
        one = _Equivalence(alias_key, term_key, alias_surface, term_surface, pattern, int(works))
        grouped[one.alias_key, one.pattern].append(one)
    return dict(grouped)


def _by_spelling(meanings: Sequence[_Equivalence]) -> Counter[str]:
    """Works per long form, written together or apart."""
    counts = Counter[str]()
    for one in meanings:
        counts[_squash(one.term_key)] += one.works
    return counts


def _is_ambiguous(meanings: Sequence[_Equivalence]) -> bool:
    """Explained in different ways, none prevailing: such an acronym names no one thing."""
    counts = _by_spelling(meanings)
    return counts.total() >= 3 and max(counts.values()) < 0.5 * counts.total()


def _majorities(meanings: Mapping[tuple[str, str], Sequence[_Equivalence]], terms: Mapping[str, Term]) -> list[_Equivalence]:
    """For every short or foreign form the one term that most works mean by it, where most agree."""
    kept = []
    for (alias_key, pattern), told in sorted(meanings.items()):
        candidates = _spelled_alike(told, terms[alias_key].surface) if alias_key in terms else told
        if not candidates:
            continue
        counts = _by_spelling(candidates)
        form, works = min(counts.items(), key=lambda item: (-item[1], item[0]))
        best = min((one for one in candidates if _squash(one.term_key) == form), key=lambda one: (-one.works, one.term_key))
        used = terms[alias_key].works if alias_key in terms else 0
        # Two letters mean many things; a form that hardly anyone explains is not explained by the few who do.
        needed = max(2.0, (0.1 if len(alias_key) <= 2 else 0.02) * used) if pattern == "acronym" else 1.0
        if works >= needed and works >= ALIAS_MAJORITY * counts.total():
            kept.append(_Equivalence(alias_key, best.term_key, best.alias_surface, best.term_surface, pattern, works))
    return kept


def _spelled_alike(meanings: Sequence[_Equivalence], surface: str) -> list[_Equivalence]:
    """The meanings given to the spelling that most works use: who explains GAN says nothing of GaN, which has the same key."""
    return [one for one in meanings if is_formula(one.alias_surface) == is_formula(surface)]


def _explained(stated: Iterable[_Equivalence], terms: Mapping[str, Term]) -> frozenset[str]:
    """Both sides of the equivalences that enough works state to show that the term is one."""
    found: set[str] = set()
    for one in stated:
        used = terms[one.term_key].works if one.term_key in terms else 0
        if one.works >= max(2.0, EXPLAINED_SHARE * used):
            found |= {one.alias_key, one.term_key}
    return frozenset(found)


def _families(terms: Mapping[str, Term], stated: Iterable[_Equivalence]) -> list[list[Term]]:
    """Terms that mean the same, the canonical first: spelled together or apart, stated equivalent, or the same but for a stated acronym."""
    root = {key: key for key in terms}

    def find(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    spelled: dict[str, str] = {}
    for key in terms:
        root[find(key)] = find(spelled.setdefault(_squash(key), key))
    for one in stated:
        long_form = spelled.get(_squash(one.term_key))
        if long_form is not None and one.alias_key in terms:
            root[find(one.alias_key)] = find(long_form)
    written_out = {one.alias_key: one.term_key for one in stated if one.pattern == "acronym"}
    for key in terms:  # bidirectional LSTM, bidirectional long short-term memory
        words = key.split()
        if len(words) > 1 and not written_out.keys().isdisjoint(words):
            long_form = spelled.get(_squash("".join(written_out.get(word, word) for word in words)))
            if long_form is not None:
                root[find(key)] = find(long_form)
    members: dict[str, list[Term]] = defaultdict(list)
    for key, term in terms.items():
        members[find(key)].append(term)
    return [sorted(family, key=_canonical_first) for family in members.values()]


def _leave_out(group: Group[Term], ambiguous: Set[str], fragments: Set[str]) -> None:
    """Take acronyms of many meanings out of a group, and fragments that stand alone."""
    is_alone = len(group.members) == 1
    group.members = [term for term in group.members if term.key not in ambiguous and not (is_alone and term.key in fragments)]
    if group.members:
        group.canonical_key = group.members[0].key


def _is_technical(group: Group[Term], explained: Set[str], title_part: float) -> bool:
    return is_technical(group.members, any(term.key in explained for term in group.members), title_part)


def _technologies_only(groups: Sequence[Group[Term]], terms: Mapping[str, Term], explained: Set[str]) -> list[Group[Term]]:
    """The groups whose leading term the learned model takes for a technology; it knows no Chinese, so there the rules decide alone."""
    model = load_model()
    judged = [group.members[0].key for group in groups if group.is_accepted is None and not group.members[0].is_chinese]
    scores = score_terms(terms, judged, explained, model)
    kept = []
    for group in groups:
        key = group.members[0].key
        is_refused = key in scores and not model.passes(key, scores[key])
        is_free = group.is_accepted is not None or (key in scores and model.is_sure(key, scores[key]))
        if not is_refused and (is_free or _is_technical(group, explained, 1.0)):
            kept.append(group)
    return kept


def _labelled_alike(groups: Iterable[Group[Term]], taxonomy_names: TaxonomyNames) -> list[Group[Term]]:
    """Discovered groups, those that bear one taxonomy name joined: the English and the Chinese form of an entry."""
    by_label: dict[str, Group[Term]] = {}
    for group in groups:
        own = group.canonical_key
        label = next((f"taxonomy {taxonomy_names[term.key][0]}" for term in group.members if term.key in taxonomy_names), f"term {own}")
        first = by_label.setdefault(f"term {own}" if group.is_apart else label, group)
        if first is not group:
            members = sorted([*first.members, *group.members], key=_canonical_first)
            canonical_key = next(one.canonical_key for one in (first, group) if members[0] in one.members)
            by_label[label] = Group(canonical_key, members, first.name or group.name, first.name_zh or group.name_zh)
    return list(by_label.values())


def _canonical_first(term: Term) -> tuple[bool, bool, int, str]:
    """English before Chinese, written out before abbreviated, then the most used."""
    return term.is_chinese, term.is_acronym, -term.works, term.key


def _technology(group: Group[Term], told: Iterable[_Equivalence], names: frozenset[str], taxonomy_names: TaxonomyNames) -> Technology:
    members = group.members
    keys = tuple(term.key for term in members)
    chosen = choose_name([(term.surface, term.works, term.acronym_share) for term in members], names)
    name = group.name or chosen
    told = sorted(set(told), key=lambda one: (-one.works, one.alias_key, one.term_key))
    label = next((taxonomy_names[key] for key in keys if key in taxonomy_names), None)
    chinese = [term.surface for term in members if term.is_chinese]
    chinese += [one.alias_surface for one in told if one.pattern == "bilingual"]
    spellings = {chosen, *(term.surface for term in members)} | {
        surface for one in told for surface in (one.alias_surface, one.term_surface)
    }
    return Technology(
        technology_id=technology_id(group.canonical_key),
        name=name,
        name_zh=group.name_zh or (label[1] if label else next(iter(chinese), None)),
        term_keys=keys,
        aliases=tuple(sorted(spelling for spelling in spellings if spelling.casefold() != name.casefold())),
        first_on=min(term.first_on for term in members),
        taxonomy_name=label[0] if label else None,
    )


def _squash(key: str) -> str:
    return key.replace(" ", "")
