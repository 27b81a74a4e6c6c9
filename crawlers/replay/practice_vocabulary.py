"""What the practice archive is made of: planted technologies, ordinary terms, sentence patterns and names, from YAML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

TRACKS = ("manufacturing", "information", "materials", "energy", "space", "health")


@dataclass(frozen=True, slots=True)
class Technology:
    """One planted technology. `is_counted` marks names that take a plural; `works` are planted over the whole span."""

    name: str
    name_zh: str
    abbreviation: str
    aliases: tuple[str, ...]
    kind: str
    track: str
    born_on: date
    works: int
    is_counted: bool
    arxiv: tuple[str, ...]
    cpc: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A phrase that belongs to no technology. `share` of the documents of `streams` carry it (at the end, when rising)."""

    name: str
    name_zh: str | None
    streams: tuple[str, ...]
    is_rising: bool
    share: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All of it. `terms[track]` maps things, methods, properties, settings (and zh_...) to ordinary terms."""

    technologies: tuple[Technology, ...]
    formulas: tuple[Formula, ...]
    terms: dict[str, dict[str, list[str]]]
    sentences: dict[str, dict[str, Any]]
    people: dict[str, Any]


@cache
def read_vocabulary() -> Vocabulary:
    """Read the YAML files that lie beside this module."""
    planted = _read("practice_technologies.yaml")
    return Vocabulary(
        technologies=tuple(_technology(row) for row in planted["technologies"]),
        formulas=tuple(
            Formula(row["name"], row.get("zh"), tuple(row["streams"]), row["rising"], row["share"]) for row in planted["boilerplate"]
        ),
        terms=_read("practice_terms.yaml"),
        sentences={"en": _read("practice_sentences_en.yaml"), "zh": _read("practice_sentences_zh.yaml")},
        people=_read("practice_people.yaml"),
    )


def _technology(row: dict[str, Any]) -> Technology:
    return Technology(
        name=row["name"],
        name_zh=row["zh"],
        abbreviation=row["abbreviation"],
        aliases=tuple(row["aliases"]),
        kind=row["kind"],
        track=row["track"],
        born_on=row["born"],
        works=row["works"],
        is_counted=row.get("plural", False),
        arxiv=tuple(row["arxiv"]),
        cpc=tuple(row["cpc"]),
    )


def _read(name: str) -> Any:
    # libyaml reads these files ten times faster; PyYAML may be built without it
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(files("crawlers.replay").joinpath(name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
