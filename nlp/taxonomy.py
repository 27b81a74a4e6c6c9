"""The policy lexicon: six tracks, the names the policy gives them in English and Chinese, and further words that help to read.

Reads `tracks.yaml` beside this module, or a file of the user's own, which may say `extends: shipped` and then holds only
what it adds or replaces. The lexicon labels tracks and names; it never discovers a technology or scores one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from nlp.records import TRACKS, Track

TAXONOMY_PATH = Path(__file__).with_name("tracks.yaml")
ENTRY_FIELDS = frozenset({"name", "zh", "en", "zh_aliases", "tracks", "why", "weak"})

Group = Literal["name", "product", "component", "lexicon"]
POLICY_GROUPS: tuple[Group, ...] = get_args(Group)[:3]


class TaxonomyError(ValueError):
    """The taxonomy file cannot be used; the message says what to change, in one sentence."""


@dataclass(frozen=True, slots=True)
class TrackDefinition:
    """One track with its Chinese title and the sentence that says what belongs to it."""

    track: Track
    zh: str
    definition: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One named technology: canonical English and Chinese, other spellings, its track(s), and `why` where two share it.

    `group` says where it comes from: the policy's names, its landmark products, their components (`product` names
    theirs), or our own reading lexicon. `is_weak`: the phrase occurs outside its track too.
    """

    name: str
    zh: str
    en_aliases: tuple[str, ...]
    zh_aliases: tuple[str, ...]
    tracks: tuple[Track, ...]
    group: Group
    product: str | None = None
    why: str | None = None
    is_weak: bool = False

    def spellings(self) -> tuple[str, ...]:
        """Every spelling, canonical ones first."""
        return (self.name, self.zh, *self.en_aliases, *self.zh_aliases)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The loaded file. `digest` is the SHA-256 of its bytes; `known_from` the first day anyone could know the policy."""

    version: int
    known_from: date
    digest: str
    tracks: tuple[TrackDefinition, ...]
    entries: tuple[Entry, ...]

    def policy_entries(self) -> tuple[Entry, ...]:
        """The entries whose names the policy itself gives."""
        return tuple(entry for entry in self.entries if entry.group in POLICY_GROUPS)

    def names_by_key(self, key: Callable[[str], str]) -> dict[str, tuple[str, str]]:
        """Map the key of every policy spelling to its canonical (English, Chinese) name.

        `key` folds spellings as the caller's terms are folded. Where two entries share a spelling (a product named
        like a technology) the earlier in the file wins.
        """
        names: dict[str, tuple[str, str]] = {}
        for entry in self.policy_entries():
            for spelling in entry.spellings():
                names.setdefault(key(spelling), (entry.name, entry.zh))
        return names


def load_taxonomy(path: Path | None = None) -> Taxonomy:
    """Read and check a taxonomy file (default: the one that ships).

    Raises:
        TaxonomyError: the file is missing, is not YAML, or breaks a rule; one sentence says where.
    """
    source = TAXONOMY_PATH if path is None else path
    try:
        content = source.read_bytes()
        raw = yaml.safe_load(content)
    except OSError as error:
        raise TaxonomyError(f"the taxonomy {source} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TaxonomyError(f"the taxonomy {source.name} is not valid YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(raw, dict):
        raise TaxonomyError(f"the taxonomy {source.name} must be a mapping with version, known_from, tracks and names")
    if "extends" in raw:
        return _extended(raw, source.name)
    missing = {"version", "known_from", "tracks", "names", "products", "lexicon"} - raw.keys()
    if missing:
        raise TaxonomyError(f"the taxonomy {source.name} lacks {', '.join(sorted(missing))}")
    if not isinstance(raw["known_from"], date):
        raise TaxonomyError(f"known_from of {source.name} must be a date such as 2024-01-18")
    entries = (*_names(raw), *_products(raw), *_lexicon(raw))
    _refuse_shared_spellings(entries)
    digest = hashlib.sha256(content).hexdigest()
    return Taxonomy(int(raw["version"]), raw["known_from"], digest, tuple(_definitions(raw)), entries)


def with_entries(taxonomy: Taxonomy, items: Iterable[Mapping[str, Any]]) -> Taxonomy:
    """The taxonomy with more names: each item is written like an entry of `names`, and replaces the entry of that name.

    Raises:
        TaxonomyError: an item is no entry, or a spelling of it belongs to another one.
    """
    written = [dict(item) for item in items]
    return _with(taxonomy, tuple(_names({"names": written})), json.dumps(written, sort_keys=True, ensure_ascii=False, default=str))


def _extended(raw: Mapping[str, Any], name: str) -> Taxonomy:
    """The shipped taxonomy with the names, products and lexicon of a file on top."""
    surplus = raw.keys() - {"extends", "names", "products", "lexicon"}
    if raw["extends"] != "shipped" or surplus:
        reason = f"has an unknown field {sorted(surplus)[0]!r}" if surplus else "can extend `shipped` only"
        raise TaxonomyError(f"the taxonomy {name} {reason}")
    whole: dict[str, Any] = {"names": [], "products": [], "lexicon": {}, **raw}
    entries = (*_names(whole), *_products(whole), *_lexicon(whole))
    return _with(load_taxonomy(), entries, json.dumps(raw, sort_keys=True, ensure_ascii=False, default=str))


def _with(taxonomy: Taxonomy, added: tuple[Entry, ...], written: str) -> Taxonomy:
    """The taxonomy with `added` in place of entries of the same names; the digest follows what was written."""
    if not added:
        return taxonomy
    renewed = {(entry.name.casefold(), entry.group) for entry in added}
    entries = (*added, *(entry for entry in taxonomy.entries if (entry.name.casefold(), entry.group) not in renewed))
    _refuse_shared_spellings(entries)
    return replace(taxonomy, entries=entries, digest=hashlib.sha256(f"{taxonomy.digest}\n{written}".encode()).hexdigest())


def _definitions(raw: Mapping[str, Any]) -> Iterator[TrackDefinition]:
    found = {item.get("track") for item in raw["tracks"]}
    if found != set(TRACKS):
        raise TaxonomyError(f"tracks must define exactly {', '.join(TRACKS)}")
    for item in raw["tracks"]:
        if not item.get("definition") or not item.get("zh"):
            raise TaxonomyError(f"track {item['track']} needs zh and a definition")
        yield TrackDefinition(item["track"], item["zh"], item["definition"])


def _names(raw: Mapping[str, Any]) -> Iterator[Entry]:
    for item in raw["names"]:
        yield _entry(item, "name")


def _products(raw: Mapping[str, Any]) -> Iterator[Entry]:
    for item in raw["products"]:
        product = _entry(item["product"], "product")
        yield product
        for component in item["components"]:
            yield _entry(component, "component", product=product.name)


def _lexicon(raw: Mapping[str, Any]) -> Iterator[Entry]:
    for track, items in raw["lexicon"].items():
        for item in items:
            yield _entry({**item, "tracks": [track]}, "lexicon")


def _entry(item: Any, group: Group, product: str | None = None) -> Entry:
    """One entry, checked: a name and a Chinese name, known fields only, known tracks, a reason where two tracks share it."""
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        raise TaxonomyError(f"an entry of {group} has no name: {item!r:.80}")
    name = item["name"]
    unknown = item.keys() - ENTRY_FIELDS
    if unknown:
        raise TaxonomyError(f"entry {name!r} has an unknown field {sorted(unknown)[0]!r}")
    if not isinstance(item.get("zh"), str):
        raise TaxonomyError(f"entry {name!r} has no Chinese name (zh)")
    tracks = tuple(item.get("tracks", ()))
    if not tracks or any(track not in TRACKS for track in tracks):
        raise TaxonomyError(f"entry {name!r} must name one or more of the tracks {', '.join(TRACKS)}")
    if len(tracks) > 1 and not item.get("why"):
        raise TaxonomyError(f"entry {name!r} stands in {len(tracks)} tracks and does not say why")
    spellings = (*item.get("en", ()), *item.get("zh_aliases", ()))
    if not all(isinstance(spelling, str) and spelling.strip() for spelling in spellings):
        raise TaxonomyError(f"entry {name!r} has an alias that is not text")
    return Entry(
        name=name,
        zh=item["zh"],
        en_aliases=tuple(item.get("en", ())),
        zh_aliases=tuple(item.get("zh_aliases", ())),
        tracks=tracks,
        group=group,
        product=product,
        why=item.get("why"),
        is_weak=bool(item.get("weak", False)),
    )


def _refuse_shared_spellings(entries: tuple[Entry, ...]) -> None:
    """No spelling may lead to two policy technologies; a landmark product may be called like the technology it is made of."""
    owner: dict[str, Entry] = {}
    for entry in entries:
        if entry.group not in ("name", "component"):
            continue
        for spelling in entry.spellings():
            other = owner.setdefault(spelling.casefold(), entry)
            if other.name != entry.name:
                raise TaxonomyError(f"spelling {spelling!r} belongs to both {other.name!r} and {entry.name!r}")
