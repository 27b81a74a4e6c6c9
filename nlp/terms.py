"""Reads texts: the terms they name, the equivalences they state, the organisations, standards and programmes they mention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from nlp.aliases import chinese_aliases, english_aliases
from nlp.candidates import Candidate, EnglishCandidates
from nlp.chinese import chinese_candidates, last_term
from nlp.entities import find_entities
from nlp.records import Alias, Entity, Mention, Reading, Text
from nlp.spelling import is_acronym, term_key
from nlp.wordlists import digest, english_words

__all__ = ["Pipeline", "load_pipeline", "read", "term_key"]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What reads the texts. `name` says which rules or model did, and changes with the word lists."""

    name: str
    english: EnglishCandidates
    trained: Any | None


TRAINED_PIPELINES = ("en_core_web_trf", "en_core_web_lg", "en_core_web_md", "en_core_web_sm")
"""English pipelines that find entities better than rules, the best first."""


def installed_pipeline() -> str | None:
    """The best trained pipeline that is installed, None where there is none: then rules find the entities."""
    return next((name for name in TRAINED_PIPELINES if find_spec(name)), None)


def load_pipeline(name: str | None = None) -> Pipeline:
    """The blank English tokenizer with our word lists; with `name`, a trained spaCy pipeline finds entities besides.

    Raises ValueError when no pipeline of that name is installed.
    """
    import spacy

    blank = spacy.blank("en")
    blank.tokenizer = _tokenizer(blank)
    trained = None
    if name is not None:
        try:
            trained = spacy.load(name)
        except OSError as error:
            raise ValueError(f"the spaCy pipeline {name} is not installed; without a name the built-in rules read") from error
    return Pipeline(f"{name or 'blank_en'}+{digest()}", EnglishCandidates(blank, english_words()), trained)


def read(texts: Iterable[Text], pipeline: Pipeline) -> Iterator[Reading]:
    """One reading per text, in the same order. Only English (`en`) and Chinese (`zh`) texts yield terms."""
    for text in texts:
        whole = f"{text.title}. {text.abstract}"
        annotated = pipeline.trained(whole) if pipeline.trained and text.lang == "en" else None
        aliases = _aliases(text)
        title, abstract = (list(_candidates(part, text.lang, pipeline)) for part in (text.title, text.abstract))
        phrases = [candidate.surface for candidate in (*title, *abstract)] if text.lang == "zh" else []
        entities = find_entities(whole, phrases, annotated)
        yield Reading(text.version_id, _mentions(title, abstract, aliases, entities), aliases, entities)


def _candidates(part: str, lang: str, pipeline: Pipeline) -> Iterator[Candidate]:
    if lang == "en":
        yield from pipeline.english.find(part)
    elif lang == "zh":
        yield from chinese_candidates(part)


def _aliases(text: Text) -> tuple[Alias, ...]:
    """Each equivalence once, in order of the text."""
    found: dict[tuple[str, str], Alias] = {}
    for part in (text.title, text.abstract):
        if "(" in part or "（" in part:
            stated = chinese_aliases(part, last_term) if text.lang == "zh" else english_aliases(part) if text.lang == "en" else ()
            for alias in stated:
                found.setdefault((alias.alias_key, alias.term_key), alias)
    return tuple(found.values())


def _mentions(
    title: list[Candidate], abstract: list[Candidate], aliases: tuple[Alias, ...], entities: tuple[Entity, ...]
) -> tuple[Mention, ...]:
    """Every candidate that is no entity, once, in order of key. Spellings of the abstract win: titles capitalise all."""
    counts = Counter(candidate.key for candidate in title)
    in_title = frozenset(counts)
    spellings: dict[str, dict[str, int]] = {}
    short = set()
    for candidate in abstract:
        counts[candidate.key] += 1
        known = spellings.setdefault(candidate.key, {})
        known[candidate.surface] = known.get(candidate.surface, 0) + 1
        if candidate.is_acronym:
            short.add(candidate.key)
    for candidate in title:
        spellings.setdefault(candidate.key, {candidate.surface: 1})
        if candidate.is_acronym:
            short.add(candidate.key)
    for alias in aliases:  # a term that its author explains is a term, whatever the rules say
        for key, surface in ((alias.alias_key, alias.alias_surface), (alias.term_key, alias.term_surface)):
            if key not in counts:
                counts[key] = 1
                spellings[key] = {surface: 1}
                if is_acronym(surface):
                    short.add(key)
    for entity in entities:
        counts.pop(term_key(entity.surface), None)
    return tuple(Mention(key, _most_frequent(spellings[key]), counts[key], key in in_title, key in short) for key in sorted(counts))


def _most_frequent(spellings: dict[str, int]) -> str:
    if len(spellings) == 1:
        return next(iter(spellings))
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))


def _tokenizer(pipeline: Any) -> Any:
    """Splits at everything but letters, digits and the signs inside C++, R&D, 4.0; spaCy's own would part 6 and G."""
    from spacy.tokenizer import Tokenizer
    from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

    return Tokenizer(
        pipeline.vocab,
        prefix_search=compile_prefix_regex([r"(?:[^\w\s]|_)"]).search,
        suffix_search=compile_suffix_regex([r"(?:[^\w\s+#]|_)"]).search,
        infix_finditer=compile_infix_regex([r"[^\w\s.'’&+#]|_", r"(?<=[a-z])\.(?=[A-Z])"]).finditer,
    )
