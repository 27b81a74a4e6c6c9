"""What the reading room takes and gives. Texts are read one by one: nothing here depends on which other texts exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Track = Literal["manufacturing", "information", "materials", "energy", "space", "health"]
EntityType = Literal["organisation", "region", "product", "standard", "programme"]
TRACKS: tuple[Track, ...] = ("manufacturing", "information", "materials", "energy", "space", "health")


@dataclass(frozen=True, slots=True)
class Text:
    """One document version to be read: cleaned title and abstract (no markup), language (en, zh, other), codes as (scheme, code)."""

    version_id: str
    kind: str
    title: str
    abstract: str
    lang: str
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A candidate term in one text.

    `term_key` folds case, hyphens, plural and spelling variants, so that equal keys mean the same term; `surface` is
    the most frequent spelling in this text; `mention_count` counts title and abstract; `is_acronym` marks single
    tokens such as CRISPR or 6G.
    """

    term_key: str
    surface: str
    mention_count: int
    is_in_title: bool
    is_acronym: bool


@dataclass(frozen=True, slots=True)
class Alias:
    """An equivalence stated inside one text: `brain-computer interface (BCI)`, `脑机接口（brain-computer interface）`.

    `alias_key` is the short or foreign form, `term_key` the long or English one.
    """

    alias_key: str
    alias_surface: str
    term_key: str
    term_surface: str
    pattern: Literal["acronym", "bilingual"]


@dataclass(frozen=True, slots=True)
class Entity:
    """A named thing that is not a technology. `name_key` is normalised, for countries their ISO 3166 alpha-2 code in small letters.

    `country` is the alpha-2 code of the country that the text, or common knowledge, gives an organisation; None where neither does.
    """

    entity_type: EntityType
    name_key: str
    surface: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read in one text."""

    version_id: str
    mentions: tuple[Mention, ...]
    aliases: tuple[Alias, ...]
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a track was given: kind of reason (term, code, definition), what matched, and its share of the score."""

    reason: Literal["term", "code", "definition"]
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class TrackScore:
    """One track of one text. `score` in [0, 1]; `code_score` is the same from classification codes alone (None without codes),
    for as-of dates before the policy lexicon was known."""

    version_id: str
    track: Track
    score: float
    is_assigned: bool
    code_score: float | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Technology:
    """A concept with one canonical name and its aliases, as discovered from the texts available at one as-of.

    `technology_id` is derived from the canonical term key and never from a running number; `term_keys` holds every
    spelling family that belongs to it, the canonical first. `taxonomy_name` is the policy name it was matched to, or None.
    """

    technology_id: str
    name: str
    name_zh: str | None
    term_keys: tuple[str, ...]
    aliases: tuple[str, ...]
    first_on: date
    taxonomy_name: str | None


@dataclass(frozen=True, slots=True)
class Topic:
    """A neighbourhood of texts. `topic_id` never changes meaning; `centroid` has unit length."""

    topic_id: str
    label: str
    keywords: tuple[str, ...]
    centroid: tuple[float, ...]
    document_count: int


@dataclass(frozen=True, slots=True)
class LineageEvent:
    """What became of a topic at a refit: born, continued, split, merged or retired. `overlap_share` of the older topic's documents."""

    event: Literal["born", "continued", "split", "merged", "retired"]
    from_topic_id: str | None
    to_topic_id: str | None
    overlap_share: float
