"""What a page says of itself in JSON-LD (schema.org): several blocks, graphs and lists, sloppily written. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from crawlers.text import fold, plain

_MAX_BLOCK = 512 * 1024
_MAX_THINGS = 2000
_MAX_DEPTH = 8
_WRAPPED = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$")
_ARTICLE = re.compile(r"(?:\w*Article|\w*BlogPosting|LiveBlogPosting|SocialMediaPosting|DiscussionForumPosting|Report|PressRelease)$")
_DATES = ("datePublished", "pubDate", "dateCreated", "uploadDate", "dateModified", "upDate")


@dataclass(frozen=True, slots=True)
class Node:
    """One schema.org object. `dates` maps datePublished, dateModified and the like to what is written there."""

    types: tuple[str, ...]
    headline: str
    description: str
    address: str
    dates: dict[str, str]
    authors: tuple[str, ...]
    publisher: str
    lang: str
    licence: str
    is_free: bool | None

    @property
    def is_article(self) -> bool:
        """Whether it tells of one article, post or report."""
        return any(_ARTICLE.fullmatch(one) for one in self.types)

    @property
    def is_list(self) -> bool:
        """Whether it tells of a list of things."""
        return bool({"CollectionPage", "ItemList", "SearchResultsPage"} & set(self.types))


def read_nodes(root: Any) -> tuple[Node, ...]:
    """Return every object of the page's JSON-LD blocks that is an article, a list or has dates; a broken block has none."""
    scripts = (script for script in root.iter("script") if "ld+json" in (script.get("type") or "").lower())
    things = list(islice((thing for script in scripts for thing in _things(_load(script.text or ""), 0)), _MAX_THINGS))
    names = {thing["@id"]: _word(thing.get("name")) for thing in things if isinstance(thing.get("@id"), str)}
    nodes = (_node(thing, names) for thing in things)
    return tuple(node for node in nodes if node.is_article or node.is_list or node.dates)


def main_article(nodes: Sequence[Node], addresses: Sequence[str]) -> Node | None:
    """Return the node that tells of the page itself: an article of one of its addresses, else the first dated one, else the first."""
    articles = [node for node in nodes if node.is_article]
    bare = {_bare(one) for one in addresses if one}
    same = [node for node in articles if node.address and _bare(node.address) in bare]
    dated = [node for node in same or articles if node.dates]
    return next(iter(dated or same or articles), None)


def _bare(address: str) -> str:
    return address.partition("#")[0].partition("?")[0].rstrip("/").rpartition("://")[2].lower()


def _load(block: str) -> Any:
    if not 2 < len(block) <= _MAX_BLOCK:
        return None
    text = _WRAPPED.sub("", block).strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _things(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Yield objects from the outside in; what an object only mentions (an author, an image) is looked through for a graph."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from _things(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart"):
            yield from _things(value.get(name), depth + 1)


def _node(thing: dict[str, Any], names: Mapping[str, str]) -> Node:
    """`names` are those of all objects by their @id: graphs name a person once and refer to it."""
    types = tuple(str(one).rpartition("/")[2] for one in _listed(thing.get("@type")))
    free = thing.get("isAccessibleForFree")
    return Node(
        types=types,
        headline=plain(_word(thing.get("headline")) or _word(thing.get("name")) or _word(thing.get("title"))),
        description=plain(_word(thing.get("description"))),
        address=_word(thing.get("url")) or _word(thing.get("mainEntityOfPage")) or _word(thing.get("@id")),
        dates={name: said for name in _DATES if (said := _word(thing.get(name)))},
        authors=tuple(dict.fromkeys(name for one in _listed(thing.get("author")) if (name := plain(_name(one, names))))),
        publisher=plain(_name(thing.get("publisher"), names)),
        lang=_word(thing.get("inLanguage")),
        licence=_word(thing.get("license")),
        is_free=None if free is None else str(free).strip().lower() not in {"false", "0", "no"},
    )


def _name(value: Any, names: Mapping[str, str]) -> str:
    said = _word(value)
    return names.get(said) or said


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _word(value: Any) -> str:
    """The text of a value that may be a string, a number, a list, or an object with a name."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = next((value[name] for name in ("name", "@value", "@id", "url", "alternateName") if isinstance(value.get(name), str)), None)
    return fold(str(value))[:5000] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
